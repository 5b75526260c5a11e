"""Slides of one layout are told apart, however one follows the other; what is added to a slide is no cut."""

import numpy as np
import pytest
from numpy.typing import NDArray

from videobert_demo.evaluation.scenes import score_cuts
from videobert_demo.timeline.jumps import JumpFinder, weigh
from videobert_demo.timeline.pages import turned_share
from videobert_demo.timeline.shots import _mean_colours, find_shots

Picture = NDArray[np.uint8]
RATE = 10
WORDS_PER_LINE, LINES = 7, 6


def slide(seed: int, lines: int = LINES, paper: int = 255, ink: int = 30) -> Picture:
    """A page with a bar and a footer that all pages have, a title, and lines of words of random lengths."""
    random = np.random.default_rng(seed)
    page = np.full((180, 320, 3), paper, np.uint8)
    page[:26] = (60, 90, 160)
    page[170:174, 10:110] = 128
    page[9:17, 12 : 60 + int(random.integers(0, 180))] = 240
    for line in range(LINES):
        left = 16
        for length in random.integers(10, 60, WORDS_PER_LINE):
            if line < lines and left + length < 310:
                page[40 + 21 * line : 48 + 21 * line, left : left + length : 2] = ink
            left += int(length) + 8
    return page


def starts(pictures: list[Picture]) -> list[float]:
    moments = ((number / RATE, picture) for number, picture in enumerate(pictures))
    return [shot.start_seconds for shot in find_shots(moments, len(pictures) / RATE)][1:]


def show(slides: list[Picture], change: str) -> tuple[list[Picture], list[float]]:
    """A film of slides that stand for one to four seconds, and its cuts."""
    random = np.random.default_rng(0)
    film: list[Picture] = []
    cuts: list[float] = []
    for page in slides:
        count = 0 if change == "hard" or not film else int(random.integers(3, 7))
        for number in range(1, count + 1):
            share, before = number / (count + 1), film[-number]
            edge = int(share * page.shape[1])
            mixed = ((1 - share) * before + share * page).astype(np.uint8)
            film.append(mixed if change == "mixed" else np.concatenate([before[:, edge:], page[:, :edge]], axis=1))
        if film:
            cuts.append((len(film) - count / 2) / RATE)
        film += [page] * int(random.uniform(1, 4) * RATE)
    return film, cuts


@pytest.mark.parametrize(
    ("change", "paper", "ink"), [("hard", 24, 230), ("hard", 255, 30), ("mixed", 24, 230), ("moved", 255, 30)]
)
def test_slides_of_one_layout(change: str, paper: int, ink: int) -> None:
    film, cuts = show([slide(seed, paper=paper, ink=ink) for seed in range(7)], change)
    found = starts(film)
    if change == "hard":
        assert found == cuts
    assert score_cuts(found, cuts).f1 >= 0.9, (found, cuts)


def test_what_is_added_to_a_slide_is_no_cut() -> None:
    film = [page for lines in range(1, LINES + 1) for page in [slide(1, lines)] * 12]
    assert starts(film + [slide(2)] * 12) == [len(film) / RATE]


def test_a_subtitle_below_a_standing_picture_is_no_cut() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (18, 32, 3), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
    film: list[Picture] = []
    for seed in range(4):
        titled = picture.copy()
        titled[150:] = slide(seed)[36:66]
        film += [titled] * 20
    assert starts(film) == []


def test_pictures_that_stand_between_black_bars_are_no_pages() -> None:
    """An upright film of a picture a second, in which half of the fields change from one to the next."""
    random = np.random.default_rng(0)
    shown = random.integers(60, 200, (18, 12, 3)).astype(np.float32)
    film: list[Picture] = []
    for _ in range(8):
        shown[:, :5] = 0.5 * shown[:, :5] + 0.5 * random.integers(60, 200, (18, 5, 3))
        picture = np.zeros((180, 320, 3), np.uint8)
        picture[:, 100:220] = shown.repeat(10, 0).repeat(10, 1)
        film += [picture] * 10
    assert starts(film) == []
    assert turned_share(_mean_colours(film[0]), _mean_colours(film[-1])) == 0.0


def test_slides_of_a_film_that_is_skimmed() -> None:
    """Their turns count whatever a model of clips thinks of them; to it all slides are alike."""
    colours = np.stack([_mean_colours(slide(seed)) for seed in (1, 1, 2, 2, 2, 3)])
    moments, alike = np.arange(0.0, 60.0, 10.0, dtype=np.float64), np.tile(np.array([[1, 0]], np.float32), (6, 1))
    jumps = JumpFinder().add(moments, colours)
    assert [cut.seconds for cut in weigh(jumps, moments, alike)] == [20.0, 50.0]


def text_page(first: int, pitch: int = 14) -> Picture:
    """What one sees of a long text from a line on, below a bar: lines of words of random lengths, indented."""
    page = np.full((360, 640, 3), 250, np.uint8)
    page[:24] = (60, 90, 160)
    for row, top in enumerate(range(24, 360 - pitch, pitch)):
        random = np.random.default_rng(first + row)
        left = 12 + 32 * int(random.integers(0, 4))
        for length in random.integers(15, 70, int(random.integers(2, 9))):
            page[top + 3 : top + pitch - 3, left : left + length : 2] = 20
            left += int(length) + 9
    return page


@pytest.mark.parametrize(("lines", "pitch"), [(1, 14), (3, 14), (3, 28)])
def test_a_text_that_is_scrolled_is_one_page(lines: int, pitch: int) -> None:
    read = [page for first in range(0, 8 * lines, lines) for page in [text_page(first, pitch=pitch)] * 10]
    assert turned_share(_mean_colours(read[0]), _mean_colours(read[10])) > 0.3  # the ink of one place is gone
    assert starts(read) == []
    assert starts(read[:40] + [slide(1).repeat(2, 0).repeat(2, 1)] * 20) == [4.0]


def test_a_text_that_is_scrolled_in_a_film_that_is_skimmed() -> None:
    pages = [text_page(0), text_page(1), text_page(2), slide(3).repeat(2, 0).repeat(2, 1)]
    jumps = JumpFinder().add(np.arange(4.0), np.stack([_mean_colours(page) for page in pages]))
    assert [cut.seconds for cut in jumps] == [3.0]
