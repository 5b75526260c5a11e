"""What the translator learns from: batches, what is held out, and which captions of a video make a pair."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch

from tests.training.pairs import IMAGES, PAIRS
from videobert_demo.errors import DataError
from videobert_demo.model.translator import Translator, new_translator, train_tokenizer
from videobert_demo.training.translation_examples import (
    Examples,
    likeliest_pairs,
    make_batch,
    pair_sources,
    token_losses,
)

SHARES = {"machine": 0.5, "human": 0.5}
PER_STEP = 48


@pytest.fixture(scope="module")
def translator() -> Translator:
    torch.manual_seed(0)
    return new_translator(train_tokenizer([text for pair in PAIRS for text in pair], 150), width=64, layers=1)


def draw(shares: Mapping[str, float] = SHARES, number: int = 0) -> Examples:
    return Examples(pair_sources(IMAGES), shares, number=number, seed=1, per_step=PER_STEP, into_chinese=0.5)


def test_nothing_that_is_held_out_is_trained_on() -> None:
    examples = [text for source in pair_sources(IMAGES).values() for one in source for text in one]
    assert "a dog runs" in examples
    assert "a held dog" not in examples
    assert "举着的狗。" not in examples


def test_a_batch_depends_on_seed_round_and_step_alone() -> None:
    examples = draw()
    batches = [examples.of_step(step) for step in range(16)]
    assert batches == [draw().of_step(step) for step in range(16)]
    assert batches[0] != draw(number=1).of_step(0)
    assert all(len(batch) == PER_STEP for batch in batches)
    drawn = [one for batch in batches for one in batch]
    assert sum(language == "zh" for _, _, language in drawn) == pytest.approx(len(drawn) / 2, abs=48)
    with pytest.raises(DataError, match="no examples of 'same_clip'"):
        draw({"same_clip": 1.0})


def test_padding_costs_nothing(translator: Translator) -> None:
    short, long = ("a dog", "一只狗。", "zh"), ("a man plays the guitar and sings", "一个男人在弹吉他。", "zh")
    alone = token_losses(translator, make_batch(translator, [short]))
    beside = token_losses(translator, make_batch(translator, [short, long]))
    torch.testing.assert_close(beside[0].sum(), alone.sum(), rtol=1e-4, atol=1e-4)


def test_a_pair_is_the_caption_of_least_loss_per_token_if_it_is_of_the_likelier_half(translator: Translator) -> None:
    targets = [english for english, _ in PAIRS] + [PAIRS[0][0]]
    sources = [PAIRS[4][1], PAIRS[7][1]]
    losses = {
        source: [
            float(token_losses(translator, make_batch(translator, [(source, one, "en")])).detach().mean())
            for one in targets
        ]
        for source in sources
    }
    likelier = min(sources, key=lambda source: min(losses[source]))
    best = targets[losses[likelier].index(min(losses[likelier]))]
    assert likeliest_pairs(translator, [(targets, sources)]) == [(best, likelier)]
    both = likeliest_pairs(translator, [(targets, sources), (targets, ["一只狗。", "狗"])])
    assert len(both) == 2
    assert likeliest_pairs(translator, [((), ("狗",))]) == []
