"""The model's sentences on the page in the person's language, where the checkpoint speaks it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from videobert_demo.types import Answer, AnswerResult, Caption, CaptionResult, ClipInfo, Frames
from videobert_demo.ui.ask.view import Answered, answer_view, suggestions_view
from videobert_demo.ui.attend.view import words_view
from videobert_demo.ui.describe.view import done_view
from videobert_demo.ui.page.speaking import glosses, shown, spoken, suggested
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH

FRAMES = Frames(np.zeros((1, 24, 32, 3), np.uint8), np.array([0.5]))
INFO = ClipInfo("mp4", "h264", 320, 240, 4.0, 25.0, 100, 0, 1000)


def service(*languages: str) -> Any:
    return SimpleNamespace(
        languages=languages,
        in_language=lambda value, code: f"{code}:{value}",
        ask_in=lambda questions, code: tuple(f"{code}:{one}" for one in questions),
        gloss=lambda words, code: tuple("狗" if word == "dog" else "" for word in words),
    )


def test_the_page_speaks_the_persons_language_if_the_checkpoint_does() -> None:
    both, one = service("en", "zh"), service("en")
    assert [spoken(both, CHINESE), spoken(both, ENGLISH), spoken(one, CHINESE)] == ["zh", "en", "en"]
    assert [shown(both, "a dog", CHINESE), shown(one, "a dog", CHINESE)] == ["zh:a dog", "a dog"]
    assert suggested(both, ("who?",), CHINESE) == ("zh:who?",)
    assert suggested(both, ("who?",), ENGLISH) == ("who?",)
    assert glosses(both, ["a", "dog"], CHINESE) == ("", "狗")
    assert glosses(one, ["a", "dog"], CHINESE) == ()


def test_the_english_sentence_stands_small_beneath_its_translation() -> None:
    said = CaptionResult((Caption("一只狗在奔跑", 0.9, english="a dog runs"),), 0.1)
    html = done_view(INFO, FRAMES, said, seconds=0.1, texts=CHINESE)
    assert '<p class="vb-caption">一只狗在奔跑</p>' in html
    assert '<p class="vb-english" lang="en">a dog runs</p>' in html
    plain = done_view(INFO, FRAMES, CaptionResult((Caption("a dog runs", 0.9),), 0.1), seconds=0.1, texts=CHINESE)
    assert '<p class="vb-caption" lang="en">a dog runs</p>' in plain
    assert "vb-english" not in plain


def test_questions_and_words_are_shown_as_they_are_said() -> None:
    result = AnswerResult("what is it doing?", (Answer("跑步", 0.9, "run"),), 0.1, asked="它在做什么？")
    html = answer_view(Answered(result), FRAMES, np.ones(1), (), CHINESE)
    assert '<p class="vb-asked">它在做什么？</p>' in html
    assert '<p class="vb-english" lang="en">what is it doing? run</p>' in html
    assert 'lang="en"' not in suggestions_view(("狗在做什么？",), CHINESE)
    assert 'lang="en"' in suggestions_view(("what is it doing?",), CHINESE)
    words = words_view("a dog", None, CHINESE, ("", "狗"))
    assert 'data-word="1"' in words
    assert 'data-word="0"' not in words
    assert '狗 <small lang="en">dog</small>' in words
