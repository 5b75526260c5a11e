"""The training loop: it learns, it can be interrupted, and every objective's loss falls."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import CAPTIONS, tiny_tokenizer
from tests.training.runs import NOTHING, make_batches, make_config, make_model, read_losses, run
from videobert_demo.errors import CheckpointError, DataError
from videobert_demo.model.adapters import ADAPTERS
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.training.averaging import WeightAverage
from videobert_demo.training.checkpoints import STATE_FILE
from videobert_demo.training.config import LossWeights, TrainingConfig
from videobert_demo.training.dry_run import counting_kept
from videobert_demo.training.loop import HEADS, Run, build_optimizer, rate_factor, train
from videobert_demo.training.objectives import Objectives
from videobert_demo.training.store import FeatureStore

FAST = {"learning_rate": 8e-3, "encoder_learning_rate": 8e-3}


def write_greedily(model: VideoBertForConditionalGeneration, folder: Path) -> list[str]:
    """Captions of all stored videos."""
    store, written = FeatureStore(folder / "msrvtt"), []
    for row in range(len(store.videos)):
        clip = store.load(row).to_tensors()
        video = {"frame_features": clip.frame_features[None], "patch_features": clip.patch_features[None]}
        ids = model.generate(**video, do_sample=False, num_beams=1, max_new_tokens=22)
        written += tiny_tokenizer().batch_decode(ids, skip_special_tokens=True)
    return written


@pytest.mark.slow
def test_four_clips_are_learned_by_heart(tmp_path: Path) -> None:
    captions = [texts[:1] for texts in CAPTIONS[:4]]
    config = make_config(steps=100, videos_per_step=4, captions_per_video=1, final_rate=0.1, **FAST)
    model, losses = run(tmp_path, config, captions=captions, std=0.1)
    assert losses[-1]["caption"] < 0.1 < 2 < losses[0]["caption"]
    assert write_greedily(model, tmp_path) == [texts[0] for texts in captions]


def measure(model: VideoBertForConditionalGeneration, folder: Path, config: TrainingConfig) -> dict[str, float]:
    """The mean losses of a model over the stored videos, with many draws of masks."""
    batches = make_batches(folder, config, frames=config.max_frames)
    objectives = Objectives(model.eval(), tiny_tokenizer(), config)
    losses: dict[str, list[float]] = {}
    for draw in range(20):
        for name, loss in objectives(batches.of_step(draw)[0], 1000 + draw).items():
            losses.setdefault(name, []).append(loss.item())
    return {name: sum(values) / len(values) for name, values in losses.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("weights", "share", "std", "settings"),
    [
        ({"caption": 1.0}, 0.3, 0.1, {"steps": 40, "max_frames": 1, **FAST}),
        ({"contrast": 1.0}, 0.3, 0.1, {"steps": 40, "max_frames": 1}),
        ({"masked_words": 1.0}, 0.8, 0.1, {"steps": 80, "max_frames": 1, **FAST}),
        ({"masked_visual_words": 1.0}, 0.6, 0.2, {"steps": 100, "max_frames": 2}),
        ({"alignment": 1.0, "contrast": 0.3}, 0.6, 0.2, {"steps": 200, "max_frames": 1}),
        ({"infilling": 1.0}, 0.5, 0.1, {"steps": 60, "max_frames": 1, "sentences_per_step": 6, **FAST}),
        ({"paraphrase": 1.0}, 0.5, 0.1, {"steps": 40, "max_frames": 1, "sentences_per_step": 6, **FAST}),
        ({"answer": 1.0}, 0.5, 0.1, {"steps": 60, "max_frames": 2, "questions_per_step": 12, **FAST}),
        ({"grounding": 1.0}, 0.8, 0.2, {"steps": 80, "max_frames": 2, "composites_per_step": 8, **FAST}),
    ],
    ids=[
        *("caption", "contrast", "masked_words", "masked_visual_words", "alignment", "infilling", "paraphrase"),
        *("answer", "grounding"),
    ],
)
def test_the_loss_of_each_objective_falls(
    tmp_path: Path, weights: dict[str, float], share: float, std: float, settings: dict[str, Any]
) -> None:
    config, name = make_config(NOTHING | weights, **settings), next(iter(weights))
    frames = config.max_frames
    first, _ = run(tmp_path / "untrained", replace(config, steps=1, warmup_steps=1000), frames=frames, std=std)
    trained, _ = run(tmp_path / "trained", config, frames=frames, std=std)
    before, after = (measure(model, tmp_path / "trained", config)[name] for model in (first, trained))
    assert after < share * before


def test_a_run_without_an_objective_is_refused(tmp_path: Path) -> None:
    config = make_config(NOTHING | {"infilling": 1.0})  # but no sentences
    with pytest.raises(DataError, match="nothing to learn"):
        train(make_model(), tiny_tokenizer(), make_batches(tmp_path, config), config, tmp_path / "out", cpu=True)


@pytest.mark.slow
def test_the_reward_of_self_critical_training_rises(tmp_path: Path) -> None:
    first, _ = run(tmp_path / "first", make_config(steps=25))
    weights = NOTHING | {"self_critical": 1.0}
    config = make_config(weights, steps=40, learning_rate=1e-3, encoder_learning_rate=1e-3, final_rate=1.0)
    batches = make_batches(tmp_path, config)
    train(first, tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    rewards = [window["reward"] for window in read_losses(tmp_path / "out")]
    assert rewards[-1] > 1.3 * rewards[0], rewards


def every_objective(**settings: object) -> TrainingConfig:
    weights = LossWeights(1.0, 0.5, 0.2, 0.1, 0.2, 0.3)
    return replace(
        make_config(videos_per_step=3, stills_per_step=2, sentences_per_step=2, steps=6, log_every=2, save_every=3),
        weights=weights,
        **settings,
    )


@pytest.mark.slow
@pytest.mark.parametrize("reward", [0.0, 1.0])
def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path: Path, reward: float) -> None:
    config = every_objective()
    config = replace(config, weights=replace(config.weights, self_critical=reward), consensus_temperature=0.5)
    batches = make_batches(tmp_path, config, views=2)
    for name, stops in (("whole", [None]), ("cut", [2, 3, None])):
        for number, stop in enumerate(stops):
            model = make_model(0 if number == 0 else 7, dropout=0.1)  # a resumed one takes its weights from the state
            train(
                model, tiny_tokenizer(), batches, config, tmp_path / name, resume=number > 0, cpu=True, stop_after=stop
            )
    whole, cut = (load_file(tmp_path / name / "model" / "model.safetensors") for name in ("whole", "cut"))
    assert whole.keys() == cut.keys()
    assert all(torch.equal(whole[name], cut[name]) for name in whole)
    states = [torch.load(tmp_path / name / STATE_FILE, weights_only=True) for name in ("whole", "cut")]
    assert states[0]["step"] == states[1]["step"] == 6
    assert all(torch.equal(value, states[1]["model"][name]) for name, value in states[0]["model"].items())
    for place, moments in states[0]["optimizer"]["state"].items():
        for name, value in moments.items():
            assert torch.equal(value, states[1]["optimizer"]["state"][place][name])
    assert states[0]["scheduler"] == states[1]["scheduler"]
    assert read_losses(tmp_path / "whole")[-1] == read_losses(tmp_path / "cut")[-1]


def test_runs_of_one_process_have_a_precision_each(tmp_path: Path) -> None:
    for precision in ("no", "bf16", "no"):
        config = make_config(steps=1, mixed_precision=precision)
        batches = make_batches(tmp_path / precision, config)
        run = Run(make_model(), tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
        assert run.accelerator.mixed_precision == precision


def test_a_finished_run_stays_as_it_is(tmp_path: Path) -> None:
    config = make_config(steps=2)
    batches = make_batches(tmp_path, config)
    train(make_model(), tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    before = (tmp_path / "out" / "model" / "model.safetensors").read_bytes()
    assert train(make_model(1), tiny_tokenizer(), batches, config, tmp_path / "out", resume=True, cpu=True) == {}
    assert (tmp_path / "out" / "model" / "model.safetensors").read_bytes() == before


def test_a_state_of_other_settings_is_not_resumed(tmp_path: Path) -> None:
    config = make_config(steps=2)
    batches = make_batches(tmp_path, config)
    train(make_model(), tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    with pytest.raises(CheckpointError, match="other settings"):
        train(make_model(), tiny_tokenizer(), batches, replace(config, seed=1), tmp_path / "out", resume=True, cpu=True)


def test_resuming_without_a_state_starts(tmp_path: Path) -> None:
    config = make_config(steps=1)
    losses = train(
        make_model(), tiny_tokenizer(), make_batches(tmp_path, config), config, tmp_path / "out", resume=True, cpu=True
    )
    assert set(losses) == {"caption"}


@pytest.mark.slow
def test_the_tower_and_the_codebook_do_not_learn(tmp_path: Path) -> None:
    config = make_config({"contrast": 1.0}, steps=3)
    batches = make_batches(tmp_path, config)
    model = make_model(pool=FeatureStore(tmp_path / "msrvtt"))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    train(model, tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    after = VideoBertForConditionalGeneration.from_pretrained(tmp_path / "out" / "model").state_dict()
    for name, value in before.items():
        if name.startswith(("encoder.frame_tower.", "encoder.codebook.")):
            assert torch.equal(after[name], value), name
    changed = {name.split(".")[0] for name, value in before.items() if not torch.equal(after[name], value)}
    assert changed == {"encoder", "decoder", "caption_bias", "text_projection", "video_projection", "logit_scale"}


def test_a_state_from_before_a_setting_was_there_is_resumed(tmp_path: Path) -> None:
    config = make_config(steps=2)
    batches = make_batches(tmp_path, config)
    train(make_model(), tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    state = torch.load(tmp_path / "out" / STATE_FILE, weights_only=True)
    settings = json.loads(state["config"])
    assert settings.pop("streams") == 1
    torch.save({**state, "config": json.dumps(settings)}, tmp_path / "out" / STATE_FILE)
    assert train(make_model(), tiny_tokenizer(), batches, config, tmp_path / "out", resume=True, cpu=True) == {}
    two = make_config(steps=2, streams=2)
    with pytest.raises(CheckpointError, match="other settings"):
        train(make_model(), tiny_tokenizer(), batches, two, tmp_path / "out", resume=True, cpu=True)


def test_rates_warm_up_and_fall_to_the_final_one() -> None:
    config = make_config(steps=100, warmup_steps=10, final_rate=0.2)
    factors = [rate_factor(step, config) for step in range(101)]
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


@pytest.mark.parametrize("streams", [1, 2])
def test_layers_computed_twice_give_the_same_gradients_for_less_memory(tmp_path: Path, streams: int) -> None:
    config = make_config({"contrast": 1.0})
    batch = make_batches(tmp_path, config).videos(0)
    found, kept_bytes = [], []
    for computes_twice in (False, True):
        model = make_model(dropout=0.2, streams=streams)
        if computes_twice:
            model.activation_checkpointing_enable()
        objectives = Objectives(model.train(), tiny_tokenizer(), config)
        torch.manual_seed(1)
        with counting_kept() as kept:
            objectives.total(objectives(batch, 0)).backward()
        found.append({name: value.grad for name, value in model.named_parameters() if value.grad is not None})
        kept_bytes.append(kept.most_bytes)
    assert found[0].keys() == found[1].keys()
    for name, gradient in found[0].items():
        torch.testing.assert_close(found[1][name], gradient, msg=name)
    assert kept_bytes[1] < 0.7 * kept_bytes[0]


def test_more_blocks_than_there_are_cannot_learn() -> None:
    with pytest.raises(DataError, match="tower_blocks is 99: the encoder has"):
        build_optimizer(make_model(), make_config(tower_blocks=99))
