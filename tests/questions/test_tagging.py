"""Lemmas and parts of speech of words as captions use them."""

from __future__ import annotations

import pytest

from videobert_demo.questions.tagging import ing_form, lemmas, tag


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dogs", {"NOUN": "dog"}),
        ("man's", {"NOUN": "man"}),
        ("playing", {"VERB": "play"}),
        ("running", {"NOUN": "running", "VERB": "run"}),  # "a running machine"
        ("sunglasses", {"NOUN": "sunglasses"}),  # the same in the singular
        ("t-shirt", {"NOUN": "shirt"}),
        ("leaves", {"NOUN": "leaf"}),  # of trees, where captions speak of them
        ("guitars", {"NOUN": "guitar"}),
        ("hairstyles", {"NOUN": "hairstyle"}),  # the lexicon does not know it, the lists do
        ("xyzzy", {}),
    ],
)
def test_lemmas(word: str, expected: dict[str, str]) -> None:
    assert dict(lemmas(word)) == expected


@pytest.mark.parametrize(
    ("caption", "tags"),
    [
        ("two men in suits are playing a guitar on a stage", "MSPSBGDNPDN"),
        ("a man is sitting on a running machine", "DNBGPDJN"),  # the second -ing form is no verb
        ("a woman cuts an onion", "DNZDN"),
        ("the cut is deep", "DNBJ"),  # after a determiner no verb
        ("a girl is swimming and a boy jumps", "DNBGCDNZ"),  # each clause has a verb of its own
        ("a band plays music", "DNZN"),
        ("a man is playing guitar covers", "DNBGNS"),  # the clause has its verb, so this is none
        ("a chef is putting onion slices on a plate", "DNBGNSPDN"),
        ("he is trying to sing", "OBGTV"),
        ("a man's dog barks", "DJNZ"),
        ("people walk quickly", "SVR"),
        ("xyzzy is dancing", "UBG"),
        ("", ""),
    ],
)
def test_tags(caption: str, tags: str) -> None:
    assert tag(caption.split()) == tags


@pytest.mark.parametrize(
    ("verb", "expected"), [("play", "playing"), ("run", "running"), ("make", "making"), ("lie", "lying")]
)
def test_ing_forms(verb: str, expected: str) -> None:
    assert ing_form(verb) == expected
