"""What learns, at which rate, and the average of the weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import tiny_tokenizer
from tests.training.runs import make_batches, make_config, make_model
from videobert_demo.errors import DataError
from videobert_demo.model.adapters import ADAPTERS
from videobert_demo.training.averaging import WeightAverage
from videobert_demo.training.loop import HEADS, build_optimizer, train
from videobert_demo.training.schedule import rate_of_step


def test_rates_warm_up_and_fall_to_the_final_one() -> None:
    config = make_config(steps=100, warmup_steps=10, final_rate=0.2)
    factors = [
        rate_of_step(step, config.steps, warmup_steps=config.warmup_steps, final=config.final_rate)
        for step in range(101)
    ]
    assert factors[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
    assert factors[10] == 1.0
    assert factors[55] == pytest.approx(0.6)
    assert factors[100] == pytest.approx(0.2)
    assert factors[10:] == sorted(factors[10:], reverse=True)


def test_the_pretrained_stack_learns_at_its_own_rate() -> None:
    model = make_model()
    names = {id(value): name for name, value in model.named_parameters()}
    config = make_config(learning_rate=1.0, encoder_learning_rate=0.5, weight_decay=0.1)
    found: dict[str, tuple[float, float]] = {}
    for group in build_optimizer(model, config).param_groups:
        found |= {names[id(value)]: (group["lr"], group["weight_decay"]) for value in group["params"]}
    assert found["encoder.layers.layer.0.attention.self.query.weight"] == (0.5, 0.1)
    assert found["encoder.layers.layer.0.attention.self.query.bias"] == (0.5, 0.0)
    assert found["encoder.text_embeddings.word_embeddings.weight"] == (0.5, 0.0)
    assert found["encoder.video_embeddings.patch_projection.weight"][0] == 1.0
    assert found["decoder.layers.1.fc1.weight"] == (1.0, 0.1)
    assert found["decoder.embed_tokens.weight"] == (1.0, 0.0)
    assert {name for name in names.values() if name.startswith("encoder.frame_tower.")}.isdisjoint(found)
    assert len(found) == sum(value.requires_grad for value in model.parameters())


def test_both_streams_are_pretrained_but_not_what_comes_of_reading_the_other() -> None:
    model = make_model(streams=2)
    names = {id(value): name for name, value in model.named_parameters()}
    config = make_config(learning_rate=1.0, encoder_learning_rate=0.5)
    rates: dict[str, float] = {}
    for group in build_optimizer(model, config).param_groups:
        rates |= {names[id(value)]: group["lr"] for value in group["params"]}
    layers = {name.removeprefix("encoder.layers.layer.1."): rate for name, rate in rates.items() if ".layer.1." in name}
    assert {layers[f"attention.{part}.self.query.weight"] for part in ("text", "video", "text_to_video")} == {0.5}
    assert {layers[f"{stream}_feed_forward.output.dense.weight"] for stream in ("text", "video")} == {0.5}
    assert {layers[f"attention.{stream}.output.dense.weight"] for stream in ("text", "video")} == {0.5}
    assert {layers[f"attention.{part}.output.dense.weight"] for part in ("text_to_video", "video_to_text")} == {1.0}
    assert len(rates) == sum(value.requires_grad for value in model.parameters())


def test_the_average_follows_the_weights() -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        model.weight.fill_(0.0)
    average = WeightAverage(model, 0.9)
    expected = 0.0
    for update in range(1, 31):
        with torch.no_grad():
            model.weight.fill_(float(update))
        average.update(model)
        decay = min(0.9, (1 + update) / (10 + update))
        expected = decay * expected + (1 - decay) * update
    assert float(average.weights["weight"]) == pytest.approx(expected, rel=1e-5)
    with average.swapped_in(model):
        assert model.weight.item() == pytest.approx(expected, rel=1e-5)
    assert model.weight.item() == 30.0


def test_the_heads_can_learn_alone(tmp_path: Path) -> None:
    weights = {"caption": 0.0, "masked_words": 1.0, "masked_visual_words": 1.0, "alignment": 1.0}
    config = make_config(weights, steps=2, trained="heads", contrasted_per_step=4)
    batches = make_batches(tmp_path, config, frames=3)
    model = make_model(pool=batches.store)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    train(model, tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    changed = {name for name, value in model.named_parameters() if not torch.equal(value, before[name])}
    assert changed == {name for name in before if name.startswith(HEADS)}
    assert {name.split(".")[0] for name in changed} == {
        "word_transform", "word_bias", "word_evidence", "visual_word_transform", "visual_word_head",
        "alignment_transform", "alignment_head", "alignment_weights", "alignment_middle",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("trained", ["answers", "heads_and_answers"])
def test_answers_can_learn_alone_or_beside_the_heads(trained: str, tmp_path: Path) -> None:
    weights = {"caption": 0.0, "answer": 1.0}
    if "heads" in trained:
        weights |= {"masked_words": 1.0, "masked_visual_words": 1.0, "alignment": 1.0}
    config = make_config(weights, steps=2, trained=trained, answer_rank=2, questions_per_step=4)
    batches = make_batches(tmp_path, config, frames=3)
    model = make_model(pool=batches.store, answer_rank=2)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    train(model, tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    changed = {name for name, value in model.named_parameters() if not torch.equal(value, before[name])}
    adapters = {name for name in before if name.endswith(ADAPTERS)}
    heads = {name for name in before if name.startswith(HEADS)} if "heads" in trained else set()
    assert changed == adapters | heads
    assert {name.split(".")[0] for name in adapters} == {"encoder", "decoder"}


def test_what_is_trained_is_all_or_a_part_that_there_is() -> None:
    with pytest.raises(DataError, match="all, heads, answers, heads_and_answers"):
        make_config(trained="decoder")
    for trained in ("answers", "heads_and_answers"):
        with pytest.raises(DataError, match="no adapter"):
            make_config(trained=trained)


def test_more_blocks_than_there_are_cannot_learn() -> None:
    with pytest.raises(DataError, match="tower_blocks is 99: the encoder has"):
        build_optimizer(make_model(), make_config(tower_blocks=99))
