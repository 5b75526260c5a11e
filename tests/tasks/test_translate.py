"""Sentences from one language into the other, and questions that are put into Chinese."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.translator import Translator, new_translator, train_tokenizer
from videobert_demo.questions.chinese.putting import GENERAL, question_in_chinese
from videobert_demo.tasks import languages
from videobert_demo.tasks.translate import translate

TEXTS = ["a dog runs on the grass", "a man plays the guitar", "一只狗在草地上奔跑。", "一个男人在弹吉他。"] * 3


@pytest.fixture
def translator() -> Translator:
    """A random translator for which "dog" is by far the likeliest word, whatever it reads."""
    torch.manual_seed(0)
    translator = new_translator(train_tokenizer(TEXTS, 120), width=64, layers=1)
    head = nn.Linear(64, translator.model.config.vocab_size)
    with torch.no_grad():
        head.bias[translator.tokenizer.encode("dog").ids[0]] = 100.0
    translator.model.lm_head = head
    return translator


def test_a_chinese_sentence_has_no_latin_word(translator: Translator) -> None:
    (english,) = translate(translator, ["一只狗"], "en")
    assert "dog" in english
    (chinese,) = translate(translator, ["a dog runs"], "zh")
    assert chinese
    assert not any(letter.isascii() and letter.isalpha() for letter in chinese)


def test_a_question_that_another_one_became_is_not_suggested(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "who is the man with the hat next to?"
    assert question_in_chinese(question) is None
    for written, is_kept in (("谁在跳舞？", True), ("这是哪里？", False)):
        monkeypatch.setattr(languages, "say_in_chinese", lambda _loaded, texts, written=written: [written] * len(texts))
        (put,) = languages.put_in_chinese(loaded, [question])
        assert (put == written) is is_kept
        assert is_kept or put == next(iter(GENERAL.values()))
