"""Hidden words: what is read, what is guessed, and what cannot be read."""

from __future__ import annotations

import pytest
import torch

from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.cloze import MASK, MAX_WORDS, fill_blanks, read_masks, read_words, word_probabilities


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("A man, playing a ___.", ["a", "man", "playing", "a", MASK]),
        ("a [MASK] is [mask] on the grass!", ["a", MASK, "is", MASK, "on", "the", "grass"]),
        ("the dog is ?", ["the", "dog", "is", MASK]),
        ("what is it?", ["what", "is", "it"]),
        ("the man’s dog", ["the", "man's", "dog"]),
    ],
)
def test_sentences_are_read_as_words_and_blanks(loaded: LoadedModel, sentence: str, words: list[str]) -> None:
    assert read_words(loaded, sentence) == words


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("  ", "no sentence yet"),
        ("!?.", "no sentence yet"),
        ("a " * (MAX_WORDS + 1), "too long"),
        ("a" * 501, "too long"),
        ("一只狗", "English"),
    ],
)
def test_what_is_no_sentence_is_refused(loaded: LoadedModel, sentence: str, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        read_words(loaded, sentence)


def test_each_blank_is_guessed_with_and_without_the_clip(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    words = ["a", "dog", "is", "running"]
    blanks = fill_blanks(loaded, clips[0], words, {3, 1}, count=4)
    assert [blank.position for blank in blanks] == [1, 3]
    for blank in blanks:
        for guesses in (blank.with_clip, blank.without_clip):
            probabilities = [guess.probability for guess in guesses]
            assert len(guesses) == 4
            assert probabilities == sorted(probabilities, reverse=True)
            assert 0 < probabilities[-1] <= probabilities[0] < 1
            assert all(guess.text.isalpha() for guess in guesses)
        assert blank.with_clip != blank.without_clip
    assert fill_blanks(loaded, clips[0], words, ()) == ()


def test_the_hidden_word_itself_tells_nothing(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    first, second = (fill_blanks(loaded, clips[0], ["a", word, "runs"], {1}) for word in ("dog", "cat"))
    assert first == second
    assert fill_blanks(loaded, clips[0], ["the", "dog", "runs"], {1}) != first


def test_hidden_segments_are_not_seen(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    everything = word_probabilities(loaded, [f"a {MASK}"], [clips[0]], hidden_segments=range(4))
    other = ClipTensors(clips[0].frame_features + 1, clips[0].patch_features * 2)
    torch.testing.assert_close(
        everything[0], word_probabilities(loaded, [f"a {MASK}"], [other], hidden_segments=range(4))[0]
    )
    assert not torch.equal(everything[0], word_probabilities(loaded, [f"a {MASK}"], [clips[0]])[0])


def test_beside_a_clip_the_sentence_alone_counts_as_much(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    video = stack_clips(clips[:1], loaded.device, loaded.model.dtype)
    beside, alone = (read_masks(loaded, [f"a {MASK} is running"], given) for given in (video, {}))
    assert beside.beside is not None
    assert not torch.allclose(alone.states, beside.beside)
    torch.testing.assert_close(beside.states, 0.5 * alone.states + 0.5 * beside.beside)


def test_probabilities_are_of_all_word_pieces(loaded: LoadedModel) -> None:
    (one, both) = word_probabilities(loaded, [f"a {MASK} is running", f"{MASK} {MASK}"], None)
    assert one.shape == (1, loaded.model.config.encoder.vocab_size)
    assert both.shape[0] == 2
    torch.testing.assert_close(one.sum(1), torch.ones(1))
