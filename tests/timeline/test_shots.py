"""Cuts are found in films joined from the bundled examples, and none where there is none."""

import os
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.timeline.films import EXAMPLES, STREET_CUTS, example_shots
from videobert_demo.evaluation.scenes import FRAMES_PER_SECOND, join_shots, score_cuts, score_film
from videobert_demo.timeline.shots import find_shots
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import stream_clip
from videobert_demo.video.write import stream_webm

Picture = NDArray[np.uint8]


def starts(pictures: list[Picture], rate: float = FRAMES_PER_SECOND) -> list[float]:
    moments = ((number / rate, picture) for number, picture in enumerate(pictures))
    return [shot.start_seconds for shot in find_shots(moments, len(pictures) / rate)]


def noise(seed: int, level: int = 255) -> Picture:
    fields = np.random.default_rng(seed).integers(0, level, (6, 8, 3), dtype=np.uint8)
    return fields.repeat(16, axis=0).repeat(16, axis=1)


@pytest.mark.parametrize(
    ("variant", "bar"),
    [("hard", 0.95), ("dark", 0.95), ("flashes", 0.9), ("moving", 0.9), ("faded", 0.95), ("dissolved", 0.8)],
)
def test_cuts_of_joined_examples(variant: str, bar: float) -> None:
    score = score_film(example_shots(), variant, seed=7)
    assert score.true == len(example_shots()) - 1
    assert score.f1 >= bar, score


def test_cuts_survive_an_encoder_and_our_reader(tmp_path: Path) -> None:
    pictures, cuts = join_shots(example_shots()[:5], "hard", np.random.default_rng(3))
    path = tmp_path / "film.webm"
    stream_webm(path, ((number / 25, picture) for number, picture in enumerate(pictures)), 25.0)
    frames = stream_clip(path, len(pictures), limits=ClipLimits(), max_side=160)
    shots = list(find_shots(frames, len(pictures) / 25))
    assert score_cuts([shot.start_seconds for shot in shots][1:], cuts, 0.05).f1 == 1.0


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.mp4")), ids=os.path.basename)
def test_real_clips_have_the_cuts_that_one_sees(path: Path) -> None:
    frames = list(stream_clip(path, 1000, limits=ClipLimits(), max_side=160))
    shots = list(find_shots(iter(frames), frames[-1][0] + 0.6))
    found = [round(shot.start_seconds, 2) for shot in shots][1:]
    assert found == (list(STREET_CUTS) if path.stem == "street" else [])


@pytest.mark.parametrize("rate", [5.0, 12.5, 60.0])
def test_other_frame_rates(rate: float) -> None:
    pictures, cuts = join_shots(example_shots(), "hard", np.random.default_rng(1))
    positions = np.arange(0, len(pictures) * rate / 25).astype(int)
    sampled = [pictures[min(len(pictures) - 1, int(position * 25 / rate))] for position in positions]
    assert score_cuts(starts(sampled, rate)[1:], cuts).f1 >= 0.85


def test_shots_cover_the_film_without_gaps() -> None:
    film = [noise(1)] * 30 + [noise(2)] * 30 + [noise(3)] * 40
    shots = list(find_shots(((number / 25, picture) for number, picture in enumerate(film)), 4.0))
    assert [(shot.start_seconds, shot.end_seconds) for shot in shots] == [(0.0, 1.2), (1.2, 2.4), (2.4, 4.0)]
    assert all(first.end_seconds == second.start_seconds for first, second in pairwise(shots))
    assert shots[0].cut_strength == 0 < shots[1].cut_strength


def test_a_flash_is_no_cut_but_another_picture_is() -> None:
    white = np.full_like(noise(1), 255)
    assert starts([noise(1)] * 50 + [white] * 3 + [noise(1)] * 50) == [0.0]
    assert starts([noise(1)] * 50 + [white] * 3 + [noise(2)] * 50)[1:] == [pytest.approx(2.06, abs=0.07)]


def test_light_that_changes_is_no_cut() -> None:
    dim = (noise(1) * 0.4).astype(np.uint8)
    assert starts([noise(1)] * 40 + [dim] * 40) == [0.0]


def test_black_between_pictures() -> None:
    black = np.zeros_like(noise(1))
    assert starts([noise(1)] * 50 + [black] * 10 + [noise(2)] * 50) == [0.0, pytest.approx(2.2)]
    assert starts([noise(1)] * 50 + [black] * 75 + [noise(2)] * 50) == [0.0, pytest.approx(2.0), pytest.approx(5.0)]
    assert starts([black] * 200) == [0.0]


def test_a_film_of_one_frame_is_one_shot() -> None:
    (shot,) = find_shots([(0.0, noise(1))], 0.04)
    assert (shot.start_seconds, shot.end_seconds) == (0.0, 0.04)


def test_memory_does_not_grow_and_shots_come_while_the_film_runs() -> None:
    taken = 0

    def film(count: int) -> Iterator[tuple[float, Picture]]:
        nonlocal taken
        for number in range(count):
            taken = number
            yield number / 25, noise(number // 100)

    shots = find_shots(film(3000), 120.0)
    assert next(shots).end_seconds == pytest.approx(4.0)
    assert taken < 225
    tracemalloc.start()
    peaks = []
    for count in (500, 3000):
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        assert sum(1 for _ in find_shots(film(count), count / 25)) == count // 100
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
    tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
