"""How far a clip supports a sentence."""

from __future__ import annotations

import math

import pytest
import torch

from videobert_demo.tasks.support import UNKNOWN_PROBABILITY, caption_evidence, logistic, mention_table, support_of

MENTIONS = {"man": 0.8, "play": 0.5, "guitar": 0.2}


def test_a_row_of_the_head_is_a_table_by_word() -> None:
    tables = mention_table(["man", "play"], torch.tensor([[0.25, 0.5], [0.75, 1.0]]))
    assert tables == [{"man": 0.25, "play": 0.5}, {"man": 0.75, "play": 1.0}]
    assert mention_table([], torch.zeros(2, 0)) == [{}, {}]


def test_support_is_the_geometric_mean_of_nouns_and_verbs() -> None:
    assert support_of("a man is playing guitars", MENTIONS) == pytest.approx((0.8 * 0.5 * 0.2) ** (1 / 3))
    assert support_of("a man is playing a violin", MENTIONS) == pytest.approx((0.4 * UNKNOWN_PROBABILITY) ** (1 / 3))
    assert support_of("it is there", MENTIONS) == UNKNOWN_PROBABILITY


def test_evidence_speaks_of_verb_and_main_noun() -> None:
    found = caption_evidence("a man is playing a guitar", 0.3, MENTIONS)
    mean = (math.log(0.8 / 0.2) + math.log(0.2 / 0.8) + math.log(1)) / 3
    assert found.tolist() == pytest.approx([mean, math.log(1), math.log(0.8 / 0.2), math.log(0.3)])
    without_verb = caption_evidence("a man", 0.3, MENTIONS)
    assert without_verb[1] == 0.0


def test_the_logistic_function() -> None:
    assert logistic(0.0, [1.0, 2.0], [1.0, -0.5]) == pytest.approx(0.5)
    assert logistic(1.0, [1.0], [1.0]) == pytest.approx(1 / (1 + math.exp(-2)))
    assert logistic(-1e9, [], []) == pytest.approx(0.0, abs=1e-9)
