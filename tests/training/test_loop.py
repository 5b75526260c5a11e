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
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.training.checkpoints import STATE_FILE
from videobert_demo.training.config import LossWeights, TrainingConfig
from videobert_demo.training.dry_run import counting_kept
from videobert_demo.training.loop import Run, train
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
