"""Sentences from patterns, swapped words, and embeddings that begin where their translations are."""

from __future__ import annotations

import re

import numpy as np
import torch
from torch.nn import functional

from videobert_demo.model.translator import is_chinese
from videobert_demo.training.translation_embeddings import align_tokens, place_translations
from videobert_demo.training.translation_words import pattern_pairs, swapped_pairs, word_sources


def test_patterns_give_pairs_without_open_slots() -> None:
    pairs = pattern_pairs(3000, np.random.default_rng(0))
    assert len(set(pairs)) > 1500
    for english, chinese in pairs:
        assert english.isascii(), english
        assert is_chinese(chinese), chinese
        assert not re.search(r"[{}]", english + chinese), (english, chinese)
    assert pairs == pattern_pairs(3000, np.random.default_rng(0))


def test_a_word_is_swapped_on_both_sides_with_its_measure_word() -> None:
    pairs = [("A dog runs on the grass .", "一只狗在草地上奔跑。")] * 60
    swapped = swapped_pairs(pairs, 60, np.random.default_rng(1))
    assert ("a horse runs on the grass .", "一匹马在草地上奔跑。") in swapped_pairs(
        pairs * 20, 1200, np.random.default_rng(1)
    )
    assert all(english != "a dog runs on the grass ." for english, _ in swapped)
    assert swapped_pairs([("hello there", "你好")], 5, np.random.default_rng(0)) == []


def test_sources_go_both_ways() -> None:
    sources = word_sources([("a dog", "一只狗")], seed=1, patterns=10, swapped=10)
    assert len(sources["patterns"]) == 20
    assert {language for _, _, language in sources["patterns"]} == {"zh", "en"}


def test_a_token_starts_beside_its_translation() -> None:
    english, chinese = [[1, 2], [1, 3], [4, 2]], [[5, 6], [5, 7], [8, 6]]
    aligned = align_tokens(english, chinese, 10)
    best = {tail: max((count, head) for head, other, count in aligned if other == tail)[1] for tail in (5.0, 6.0, 7.0)}
    assert best == {5.0: 1.0, 6.0: 2.0, 7.0: 3.0}
    torch.manual_seed(0)
    vectors = torch.randn(10, 32)
    before = vectors.clone()
    place_translations(vectors, aligned)
    assert torch.equal(vectors[:5], before[:5])
    torch.testing.assert_close(vectors.norm(dim=1), before.norm(dim=1))
    cosine = functional.cosine_similarity(vectors[5], vectors[1], dim=0)
    assert cosine > 0.7 > functional.cosine_similarity(before[5], before[1], dim=0)
    assert torch.equal(vectors[9], before[9])
