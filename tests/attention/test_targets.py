from __future__ import annotations

import pytest

from videobert_demo.attention.targets import Target, answer_word, caption_word, typed_word
from videobert_demo.errors import WordError
from videobert_demo.model.loading import LoadedModel


def pieces(loaded: LoadedModel, text: str) -> tuple[int, ...]:
    return tuple(loaded.processor.tokenizer(text, add_special_tokens=False).input_ids)


def test_the_places_of_a_word_are_those_of_its_pieces(loaded: LoadedModel) -> None:
    caption = "a zebra is playing"  # the tiny vocabulary spells zebra: z ##e ##b ##r ##a
    assert caption_word(loaded.processor, caption, 0).positions == (0,)
    zebra = caption_word(loaded.processor, caption, 1)
    assert (zebra.word, zebra.positions) == ("zebra", (1, 2, 3, 4, 5))
    playing = caption_word(loaded.processor, caption, 3)
    assert playing.sentence_ids == zebra.sentence_ids == pieces(loaded, caption)
    assert pieces(loaded, "playing") == tuple(playing.sentence_ids[position] for position in playing.positions)
    assert playing.is_written
    assert not playing.question


def test_an_answer_keeps_its_question(loaded: LoadedModel) -> None:
    target = answer_word(loaded.processor, "who is playing", "man")
    assert (target.question, target.word, target.positions) == ("who is playing", "man", (0,))
    with pytest.raises(ValueError, match="question"):
        answer_word(loaded.processor, " ", "man")


def test_a_typed_word_is_tidied(loaded: LoadedModel) -> None:
    target = typed_word(loaded.processor, "  small \n dog ")
    assert target == Target("small dog")
    assert not target.is_written


@pytest.mark.parametrize("text", ["", " \t", "狗", "dog 狗", "x" * 200])
def test_words_that_cannot_be_looked_for(loaded: LoadedModel, text: str) -> None:
    with pytest.raises(WordError):
        typed_word(loaded.processor, text)


@pytest.mark.parametrize("index", [-1, 2])
def test_no_such_word(loaded: LoadedModel, index: int) -> None:
    with pytest.raises(IndexError, match="of 2"):
        caption_word(loaded.processor, "a man", index)


@pytest.mark.parametrize(
    ("sentence_ids", "positions"),
    [((), (0,)), ((7,), ()), ((7,), (1,)), ((7, 8), (-1,)), ((7, 8), (1, 0)), ((7, 8), (0, 0))],
)
def test_impossible_targets(sentence_ids: tuple[int, ...], positions: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"positions|sentence"):
        Target("dog", sentence_ids=sentence_ids, positions=positions)


def test_a_target_has_a_word() -> None:
    with pytest.raises(ValueError, match="word"):
        Target(" ")
