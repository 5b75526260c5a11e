"""What the Tokens tab shows in each state."""

from __future__ import annotations

import re

import numpy as np
import pytest

from videobert_demo.library.entries import make_thumbnail
from videobert_demo.service.results import Alignment, Classification, Filled, Forecast, Inspection, Reel
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.tasks.cloze import MASK
from videobert_demo.tasks.visual_words import are_reel_numbers
from videobert_demo.types import Frames
from videobert_demo.types.visual_words import Blank, Guess, LabelScore, VisualWord
from videobert_demo.ui.page.pace import Progress
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.endpoint import read_positions

PICTURE = make_thumbnail(np.zeros((30, 40, 3), np.uint8))
LEVELS = 3


def segment(place: int, word_id: int, title: str = "") -> Segment:
    word = VisualWord(word_id, 0.5)
    return Segment(
        "0" * 64, title, "/x.mp4", place, place, place + 1, place + 0.5, word, np.zeros(2, np.float32), PICTURE
    )


OWN = (segment(0, 7), segment(1, 164), segment(2, 7))
SAME, NEAR, FAR = (
    Neighbour(segment(4, 7, "a <dog>"), 3, True),
    Neighbour(segment(5, 8, "a cat"), 2, False),
    Neighbour(segment(6, 9, "a car"), 0, False),
)


def shots(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-shot="(\d+)"', html)]


def test_the_strip_has_a_panel_for_each_segment_and_the_first_is_open() -> None:
    html = views.strip_view(Inspection(OWN, ((SAME, NEAR), (FAR,), ()), LEVELS), ENGLISH)
    assert re.findall(r'data-segment="(\d)" data-leaf="(\d+)"', html) == [("0", "7"), ("1", "164"), ("2", "7")]
    assert html.count('aria-pressed="true"') == 1
    assert re.findall(r'data-panel="(\d)"( hidden)?', html) == [("0", ""), ("1", " hidden"), ("2", " hidden")]
    assert shots(html) == [0, 1, 2]
    assert "a &lt;dog&gt;" in html
    assert all(words in html for words in ("the same word", "2 of 3 levels", "another branch"))
    assert "Visual word 164" in html
    assert "also at 0:02.5" in html
    assert ENGLISH.tokens_neighbours_none in html
    assert "distance 0.50" in html


def test_segments_that_are_all_one_word_say_one_picture_throughout() -> None:
    one = tuple(segment(place, 7) for place in range(8))
    assert ENGLISH.tokens_one_picture in views.strip_view(Inspection(one, ((),) * 8, LEVELS), ENGLISH)
    assert ENGLISH.tokens_one_picture not in views.strip_view(Inspection(OWN, ((), (), ()), LEVELS), ENGLISH)


def test_one_segment_makes_a_strip_and_no_forecast() -> None:
    assert views.strip_view(Inspection(OWN[:1], ((SAME,),), LEVELS), ENGLISH).count("data-segment=") == 1
    html = views.forecast_view(OWN[:1], Forecast(1, (), (), ()), ENGLISH)
    assert 'data-tokens="idle"' in html
    assert ENGLISH.tokens_forecast_one in html


def test_the_forecast_marks_what_came_and_says_how_often_it_was_expected() -> None:
    expected = ((VisualWord(164, 0.4), VisualWord(3, 0.1)), (VisualWord(3, 0.05), VisualWord(4, 0.01)))
    truth = (OWN[1].word, OWN[2].word)
    html = views.forecast_view(OWN, Forecast(1, expected, truth, ((SAME, NEAR), (FAR, NEAR))), ENGLISH)
    assert "1 of 2 segments" in html
    assert html.count("vb-stood") == 1
    assert shots(html) == [0, 1, 2, 3]
    assert ENGLISH.tokens_unsure not in html
    in_an_empty_library = views.forecast_view(OWN, Forecast(1, expected, truth, ((), ())), ENGLISH)
    assert shots(in_an_empty_library) == []


def test_what_is_unlikely_is_called_unsure_and_missing_groups_are_left_out() -> None:
    low, high = (Guess("ru<n", 0.02),), (Guess("samoyed, samoyede", 0.84),)
    html = views.classification_view(Classification(low, low, (), (), (), high, ()), ENGLISH)
    assert html.count("vb-guesses") == 3
    assert ENGLISH.tokens_classification_category not in html
    assert html.count(ENGLISH.tokens_unsure) == 2
    assert "ru&lt;n" in html
    assert ">samoyed<" in html
    assert "2.0\u00a0%" in html
    assert "84\u00a0%" in html
    trained = views.classification_view(Classification(low, low, high, high, (), high, ()), ENGLISH)
    assert trained.count("vb-guesses") == 5
    assert trained.count(f"<small>{ENGLISH.tokens_classification_trained_hint}") == 2
    assert ENGLISH.tokens_classification_category in views.classification_view(
        Classification(low, low, (), (), high, high, ()), ENGLISH
    )


@pytest.mark.parametrize(("alignment", "sentence"), [(0.9, ""), (0.1, ENGLISH.tokens_typed_none)])
def test_typed_labels_have_two_scores(alignment: float, sentence: str) -> None:
    html = views.typed_view((LabelScore("a <b>", 0.9, alignment), LabelScore("a c", 0.1, 0.05)), ENGLISH)
    assert "a &lt;b&gt;" in html
    assert "fits 5.0\u00a0%" in html
    assert ("vb-unsure" in html) == bool(sentence)
    assert sentence in html


def test_words_and_segments_can_be_hidden_but_for_the_blank() -> None:
    html = views.masks_view(("a", "<dog>", MASK), OWN, ENGLISH)
    assert re.findall(r'data-hide-word="(\d)"', html) == ["0", "1"]
    assert html.count('class="vb-gap"') == 1
    assert re.findall(r'data-hide-segment="(\d)"', html) == ["0", "1", "2"]
    assert "&lt;dog&gt;" in html


def test_words_in_chinese_have_the_english_ones_beside_them() -> None:
    said = (Guess("在…上", 0.6, "on"), Guess("kayak", 0.1))
    filled = Filled(("sit", "on"), (Blank(1, said, said),), ())
    html = views.filled_view(filled, OWN, [], CHINESE, ("坐", "在…上"))
    assert "“在…上”" in html
    assert html.count('class="vb-stood"') == 2
    assert '在…上 <small lang="en">on</small>' in html
    assert '<span class="vb-bar-text" lang="en">kayak</span>' in html
    masks = views.masks_view(("sit", "on"), OWN, CHINESE, ("坐", "on"))
    assert '坐 <small lang="en">sit</small>' in masks
    assert '<span lang="en">on</span>' in masks
    named = VisualWord(7, 0.5, ("屏幕", "文字", "人"), ("screen", "text", "man"))
    assert (named.name, named.english_name) == ("屏幕、文字", "screen, text")


def test_both_sides_of_the_cloze_are_shown_and_what_stood_there_is_marked() -> None:
    blank = Blank(1, (Guess("dog", 0.6), Guess("cat", 0.1)), (Guess("man", 0.2), Guess("dog", 0.1)))
    filled = Filled(("a", "dog", "runs"), (blank,), ((1, (VisualWord(164, 0.5), VisualWord(2, 0.1))),))
    html = views.filled_view(filled, OWN, [(SAME, NEAR)], ENGLISH)
    assert "In place of “dog”" in html
    assert html.count("vb-stood") == 3  # with the clip, without it, and the segment's word
    assert html.count(ENGLISH.tokens_unsure) == 1  # without the clip
    assert "The hidden segment at 0:01.5" in html
    assert shots(html) == [0, 1]
    gap = Filled(("a", MASK), (Blank(1, blank.with_clip, blank.without_clip),), ())
    assert ENGLISH.tokens_cloze_blank_heading in views.filled_view(gap, OWN, [], ENGLISH)
    assert 'data-tokens="idle"' in views.filled_view(Filled(("a",), (), ()), OWN, [], ENGLISH)


def frames(count: int) -> Frames:
    return Frames(np.zeros((count, 24, 32, 3), np.uint8), np.arange(count, dtype=np.float64))


def alignment(sentence: str, probability: float, *moments: float) -> Alignment:
    return Alignment(sentence, probability, np.array(moments), np.arange(len(moments), dtype=np.float64))


@pytest.mark.parametrize(
    ("whole", "verdict"),
    [(0.9, ENGLISH.tokens_align_yes), (0.5, ENGLISH.tokens_align_unsure), (0.1, ENGLISH.tokens_align_no)],
)
def test_alignment_tells_its_peak(whole: float, verdict: str) -> None:
    html = views.align_view(alignment("a <dog>", whole, 0.2, 0.9, 0.3), frames(3), ENGLISH)
    assert verdict in html
    assert "highest at 0:01.0: 90\u00a0%" in html
    assert re.findall(r'data-moment="([\d.]+)"', html) == ["1.000", "0.000", "1.000", "2.000"]
    assert "a &lt;dog&gt;" in html


def test_alignment_without_a_peak_says_so_and_one_moment_makes_no_curve() -> None:
    assert ENGLISH.tokens_align_flat in views.align_view(alignment("x", 0.5, 0.5, 0.51, 0.5), frames(3), ENGLISH)
    assert "<svg" not in views.align_view(alignment("x", 0.5, 0.5), frames(1), ENGLISH)


def test_a_reel_names_every_word_with_its_probability() -> None:
    row = (VisualWord(7, 0.004), VisualWord(8, 0.05))
    html = views.reel_view(Reel("a <dog>", row, (SAME, NEAR), 1.0, 0), ENGLISH)
    assert "visual word 7" in html
    assert "0.4\u00a0%" in html
    assert shots(html) == [0, 1]
    assert ENGLISH.tokens_unsure in html
    assert "a &lt;dog&gt;" in html
    assert shots(views.reel_view(Reel("x", row, (), 1.0, 0), ENGLISH)) == []


def test_the_other_states() -> None:
    assert 'data-tokens="empty"' in views.empty_view(CHINESE)
    assert 'data-tokens="busy"' in views.busy_view("<x>", ENGLISH)
    own = views.busy_view("<x>", ENGLISH, Progress(expected_seconds=2.0, later_seconds=0.0), is_strip=False)
    assert "&lt;x&gt;" in own
    assert "data-cancel" in own
    assert 'data-expected="2.00"' in own
    assert "data-cancel" not in views.busy_view("<x>", ENGLISH)  # another part's work is not stopped here
    assert "&lt;x&gt;" in views.refusal_view("<x>")
    assert "&lt;x&gt;" in views.error_view("<y>", "<x>")


@pytest.mark.parametrize(
    ("value", "positions"),
    [
        (None, ()),
        ([], ()),
        ([0, 2], (0, 2)),
        ("0", None),
        ([0.5], None),
        ([True], None),
        ([-1], None),
        ({"a": 1}, None),
        ([0] * 1001, None),
    ],
)
def test_positions_are_read_or_refused(value: object, positions: tuple[int, ...] | None) -> None:
    assert read_positions(value) == positions


@pytest.mark.parametrize(
    ("numbers", "fit"),
    [
        ((6, 1.0, 0), True),
        ((1, 0, 2**31 - 1), True),
        ((0, 1, 0), False),
        ((9, 1, 0), False),
        ((6, 5.1, 0), False),
        ((6, float("nan"), 0), False),
        ((6, 1, -1), False),
        ((6, 1, 2**31), False),
        ((None, 1, 0), False),
    ],
)
def test_reel_numbers_are_checked(numbers: tuple[object, object, object], fit: bool) -> None:
    assert are_reel_numbers(*numbers, max_segments=8) is fit
