"""What the Ask tab shows in each state."""

from __future__ import annotations

import re

import numpy as np

from videobert_demo.types import Answer, AnswerResult, Frames
from videobert_demo.ui.ask import view as views
from videobert_demo.ui.texts.english import ENGLISH

FRAMES = Frames(np.zeros((3, 12, 16, 3), np.uint8), np.array([0.0, 1.5, 72.34]))
SHARES = np.array([0.2, 0.5, 0.3])
SURE = AnswerResult("who is <b>it</b>?", (Answer("dog & cat", 0.61), Answer("man", 0.2)), 0.12)
UNSURE = AnswerResult("what is it?", (Answer("cup", 0.12),), 0.12)


def test_a_sure_answer_is_given_with_all_that_it_rests_on() -> None:
    html = views.answer_view(views.Answered(SURE), FRAMES, SHARES, (), ENGLISH)
    assert "who is &lt;b&gt;it&lt;/b&gt;?" in html
    assert ">dog &amp; cat</p>" in html
    assert "61\u00a0%" in html
    assert html.count("<li>") == 2 + 3
    assert 'data-seek-seconds="72.340"' in html
    assert "1:12.3 · 30\u00a0%" in re.sub("<[^>]+>", "", html)
    assert re.findall(r"opacity:([\d.]+)", html) == ["0.61", "1.00", "0.74"]  # what counts for less is fainter
    assert ENGLISH.ask_earlier_heading not in html


def test_an_unsure_answer_says_so_and_shows_the_likeliest() -> None:
    html = views.answer_view(views.Answered(UNSURE), FRAMES, SHARES, (views.Answered(SURE),), ENGLISH)
    assert 'data-sure="unsure"' in html
    assert ">Not sure, perhaps cup</p>" in html
    assert ENGLISH.ask_earlier_heading in html
    assert html.count("<dd>dog &amp; cat") == 1


def test_the_other_states() -> None:
    assert 'data-ask="empty"' in views.empty_view(ENGLISH)
    assert "&lt;x&gt;" in views.clip_error_view("<x>", ENGLISH)
    assert "&lt;x&gt;" in views.refusal_view("<x>")
    assert "“who?”" in views.busy_view(" who? ", ENGLISH)
    assert ENGLISH.ask_busy_blank in views.busy_view("  ", ENGLISH)
    assert views.suggestions_view((), ENGLISH).count("vb-blank") == 4
    assert views.suggestions_view(("a<b?",), ENGLISH).count("a&lt;b?") == 1


def test_of_a_thing_that_is_not_seen_only_that_is_said() -> None:
    result = AnswerResult("what colour is the dog?", (Answer("there is no dog, I think", 0.9),), 0.1, "dog")
    html = views.answer_view(views.Answered(result), FRAMES, SHARES, (), ENGLISH)
    assert "There is no dog, I think" in html
    assert ENGLISH.ask_likeliest_heading not in html
    assert ENGLISH.ask_frames_heading not in html
    assert ENGLISH.ask_frames_heading in views.answer_view(views.Answered(SURE), FRAMES, SHARES, (), ENGLISH)
