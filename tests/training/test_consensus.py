"""The training's own CIDEr-D gives pycocoevalcap's numbers."""

from __future__ import annotations

import pytest
from pycocoevalcap.cider.cider import Cider

from tests.tiny import CAPTIONS
from videobert_demo.training.consensus import Consensus, KnownPhrases, has_two_verbs, normalise

CANDIDATES = (
    "a man is playing a piano",
    "the dog is running running running on the grass and in the grass",
    "a man is cooking",
    "car",
    "the cat is a cat is a cat on the water",
    "two zebras",
)


def test_scores_are_those_of_pycocoevalcap() -> None:
    references = {number: [normalise(text) for text in texts] for number, texts in enumerate(CAPTIONS)}
    candidates = {number: [text] for number, text in enumerate(CANDIDATES)}
    _, expected = Cider().compute_score(references, candidates)
    consensus = Consensus(CAPTIONS, end_mark=False)
    found = [
        consensus.score(consensus.cook(text), [consensus.cook(other) for other in CAPTIONS[number]])
        for number, text in enumerate(CANDIDATES)
    ]
    assert found == pytest.approx(expected.tolist(), abs=1e-9)
    assert max(found) > 3
    assert min(found) < 0.5


def test_case_and_points_do_not_count() -> None:
    consensus = Consensus(CAPTIONS)
    assert consensus.cook("A Man, playing!") == consensus.cook("a man playing")


def test_a_sentence_that_stops_in_the_middle_earns_less() -> None:
    consensus = Consensus(CAPTIONS)
    references = [consensus.cook(text) for text in CAPTIONS[0]]
    whole, cut = (consensus.score(consensus.cook(text), references) for text in (CAPTIONS[0][0], "a man is playing a"))
    assert whole > 1.5 * cut
    plain = Consensus(CAPTIONS, end_mark=False)
    with_mark = consensus.score(consensus.cook("a man is playing a"), references)
    without = plain.score(plain.cook("a man is playing a"), [plain.cook(text) for text in CAPTIONS[0]])
    assert with_mark < without


def test_agreement_is_highest_for_what_all_say() -> None:
    texts = ("a dog is running", "a dog is running fast", "the dog is running", "my holiday video")
    consensus = Consensus([texts, *CAPTIONS])
    agreement = consensus.agreement([consensus.cook(text) for text in texts])
    assert len(agreement) == 4
    assert agreement[3] == min(agreement)
    assert agreement[0] == max(agreement)


def test_empty_sentences_score_nothing() -> None:
    consensus = Consensus(CAPTIONS)
    assert consensus.score(consensus.cook("!?"), [consensus.cook("a dog")]) < 1
    plain = Consensus(CAPTIONS, end_mark=False)
    assert plain.score(plain.cook(""), [plain.cook("a dog")]) == 0
    assert plain.score(plain.cook("a dog"), []) == 0


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("there is a man is talking", True),
        ("there are two girls are dancing on stage", True),
        ("there is a man talking", False),
        ("there is a man who is talking", False),
        ("there is a woman and she is singing", False),
        ("a man is talking while there is a dog", False),
        ("a man is talking", False),
        ("", False),
    ],
)
def test_sentences_with_two_verbs_are_known(sentence: str, expected: bool) -> None:
    assert has_two_verbs(sentence) is expected


def test_phrases_are_unknown_where_nobody_wrote_them() -> None:
    phrases = KnownPhrases(["a man is playing a piano", "two dogs run"])
    assert phrases.unknown("a man is playing a piano") == 0
    assert phrases.unknown("two dogs run") == 0
    assert phrases.unknown("a man is playing") == 1  # nobody ended there
    assert phrases.unknown("a man is is playing a piano") == 3  # "a man is is" and the two after it
    assert phrases.unknown("dogs") == 1
    assert phrases.unknown("") == 1
