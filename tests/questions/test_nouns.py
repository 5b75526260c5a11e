"""Which words are nouns, as many captions use them."""

from __future__ import annotations

from tests.tiny import CAPTIONS
from videobert_demo.questions.nouns import find_nouns, mentions


def test_nouns_are_told_from_their_neighbours() -> None:
    captions = [caption for texts in CAPTIONS for caption in texts * 5]
    nouns = find_nouns(captions)
    assert nouns >= {"man", "piano", "woman", "kitchen", "cat", "road", "grass"}
    assert not nouns & {"a", "the", "red", "small", "white", "playing", "running", "is", "on"}
    assert "girl" in find_nouns(["a girl dancing"] * 10)
    assert find_nouns(["a girl dancing"] * 9) == frozenset()  # seen too rarely to tell
    assert find_nouns(["a video is on"] * 10) == frozenset()


def test_a_noun_is_mentioned_in_either_number() -> None:
    assert mentions({"a", "dogs"}, "dog")
    assert mentions({"a", "dog"}, "dogs")
    assert not mentions({"a", "dog"}, "do")
    assert not mentions({"a", "hotdog"}, "dog")
