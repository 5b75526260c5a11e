"""The training loop: an accelerate program, seeded, resumable, with an averaged copy of the weights.

Every random draw comes from (seed, step, process): a resumed run repeats exactly what an uninterrupted one does.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Sequence
from pathlib import Path

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from accelerate.utils import set_seed
from torch import nn
from tqdm.auto import tqdm

from videobert_demo.errors import DataError
from videobert_demo.model.adapters import ADAPTERS
from videobert_demo.model.encoders.building import digest_weights
from videobert_demo.model.encoders.contract import train_blocks
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import Words
from videobert_demo.training.averaging import WeightAverage
from videobert_demo.training.batches import Batch, BatchMaker, TextBatch
from videobert_demo.training.checkpoints import load_state, save_model, save_state
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.objectives import Objectives

_LARGE_PRIME = 1_000_003
HEADS = ("word_transform.", "word_bias", "word_evidence", "visual_word_", "alignment_")
"""Where the names of the heads' weights begin; the word head's matrix is the encoder's word embeddings, and stays."""

PRETRAINED = ("encoder.text_embeddings.", "encoder.layers.", "encoder.frame_tower.", "text_projection.")
CROSSING_OUTPUTS = (".text_to_video.output.", ".video_to_text.output.")
"""The parts of pre-trained layers that start at zero (training/initialise.py)."""


def build_optimizer(model: VideoBertForConditionalGeneration, config: TrainingConfig) -> torch.optim.AdamW:
    """AdamW; the pre-trained text stack learns at `encoder_learning_rate`, all else at `learning_rate`.

    Both streams' stacks are pre-trained, except for the outputs of the attention to the other stream.
    Freezes the frame encoder except for its last `tower_blocks` blocks, and all but the heads or the adapters if only
    those are trained.
    """
    train_blocks(model.encoder.frame_tower, config.tower_blocks)
    if config.trained == "heads":
        for name, value in model.named_parameters():
            value.requires_grad_(name.startswith(HEADS))
    if config.trained == "answers":
        for name, value in model.named_parameters():
            value.requires_grad_(name.endswith(ADAPTERS))
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            pretrained = name.startswith(PRETRAINED)
            pretrained = pretrained and not any(part in name for part in CROSSING_OUTPUTS)
            decays = value.ndim > 1 and "embeddings" not in name and "embed_" not in name
            groups.setdefault((pretrained, decays), []).append(value)
    return torch.optim.AdamW(
        [
            {
                "params": values,
                "lr": config.encoder_learning_rate if pretrained else config.learning_rate,
                "weight_decay": config.weight_decay if decays else 0.0,
            }
            for (pretrained, decays), values in groups.items()
        ],
        betas=(0.9, 0.98),
    )


def rate_factor(step: int, config: TrainingConfig) -> float:
    """Linear warm-up, then a cosine down to `final_rate`."""
    if step < config.warmup_steps:
        return (step + 1) / config.warmup_steps
    done = (step - config.warmup_steps) / max(1, config.steps - config.warmup_steps)
    return config.final_rate + (1 - config.final_rate) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def train(
    model: VideoBertForConditionalGeneration,
    tokenizer: Words,
    batches: BatchMaker,
    config: TrainingConfig,
    out: Path,
    *,
    resume: bool = False,
    cpu: bool = False,
    stop_after: int | None = None,
) -> dict[str, float]:
    """Trains and writes the averaged weights to `out`; returns the mean losses of the last logging window.

    Of several processes only the main one writes and returns something.

    Args:
        resume: continue from the state in `out`, if there is one.
        stop_after: stop after this many steps in all, as an interruption would; the state is kept.

    Raises:
        CheckpointError: the state in `out` was written by a run with other settings.
        DataError: no objective is wanted.
        FloatingPointError: a gradient is not finite.
    """
    _check_something_to_learn(config)
    accelerator = _make_accelerator(config, out, cpu=cpu)
    optimizer = build_optimizer(model, config)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate_factor(step, config))
    objectives = Objectives(model, tokenizer, config, batches.consensus, batches.references, batches.known_phrases)
    objectives, optimizer = accelerator.prepare(objectives, optimizer)
    accelerator.init_trackers("videobert_demo")
    plain: VideoBertForConditionalGeneration = accelerator.unwrap_model(objectives).model
    average = WeightAverage(plain, config.average_decay)
    first = load_state(out, plain, optimizer, scheduler, average, config) if resume else 0
    rank, world, is_main = accelerator.process_index, accelerator.num_processes, accelerator.is_main_process
    window, means = dict[str, list[float]](), dict[str, float]()
    last = min(config.steps, stop_after or config.steps)
    progress = tqdm(range(first, last), initial=first, total=config.steps, desc="train", disable=not is_main)
    objectives.train()
    for step in progress:
        seed = (config.seed * _LARGE_PRIME + step) * 64 + rank
        set_seed(seed % 2**32)
        for name, loss in _accumulate_gradients(accelerator, objectives, batches.of_step(step, rank, world), seed):
            window.setdefault(name, []).append(loss)
        _clip_gradients(accelerator, plain, config.gradient_norm, step)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        average.update(plain)
        if (step + 1) % config.log_every == 0 or step + 1 == last:
            means = {name: sum(values) / len(values) for name, values in window.items()}
            window.clear()
            _report(accelerator, out, step + 1, means, progress)
        if ((step + 1) % config.save_every == 0 or step + 1 == last) and is_main:
            save_state(out, step + 1, plain, optimizer, scheduler, average, config)
            with average.swapped_in(plain):
                if config.tower_blocks:  # its features are no longer those of the encoder that it was
                    weights = digest_weights(plain.encoder.frame_tower)
                    plain.config.vision = {**plain.config.vision, "weights": weights}
                save_model(out / "model", plain, tokenizer)
    accelerator.end_training()
    return means if is_main else {}


def _report(accelerator: Accelerator, out: Path, step: int, means: dict[str, float], progress: tqdm[int]) -> None:
    """Tells the trackers, the progress bar and, in the main process, the list of losses."""
    accelerator.log(means, step=step)
    progress.set_postfix({name: f"{value:.3f}" for name, value in means.items()})
    if accelerator.is_main_process:
        _append_losses(out / "losses.jsonl", step, means)


def _make_accelerator(config: TrainingConfig, out: Path, *, cpu: bool) -> Accelerator:
    return Accelerator(
        cpu=cpu,
        mixed_precision=config.mixed_precision,
        log_with="tensorboard" if _has_tensorboard() else None,
        project_dir=str(out),
        kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
    )


def _check_something_to_learn(config: TrainingConfig) -> None:
    weights = config.weights
    of_sentences = weights.of_sentences and config.sentences_per_step
    of_questions = weights.answer > 0 and config.questions_per_step
    of_composites = weights.grounding > 0 and config.composites_per_step
    of_everyday = weights.of_everyday and config.everyday_per_step
    if not (weights.of_videos or of_sentences or of_questions or of_composites or of_everyday):
        raise DataError("the config leaves nothing to learn: no objective has a weight and data to read")


def _accumulate_gradients(
    accelerator: Accelerator, objectives: nn.Module, work: Sequence[Batch], seed: int
) -> list[tuple[str, float]]:
    """Adds up the gradients of one step's batches; only the last batch waits for the other processes.

    Returns:
        The losses by name; those of the second batch are called "caption/1" and so on.
    """
    found = []
    for part, batch in enumerate(work):
        last_part = part == len(work) - 1
        with contextlib.nullcontext() if last_part else accelerator.no_sync(objectives):
            with accelerator.autocast():
                losses = objectives(_to_device(batch, accelerator.device), seed + part)
            accelerator.backward(accelerator.unwrap_model(objectives).total(losses) / len(work))
        found += [(name if part == 0 else f"{name}/{part}", float(loss.detach())) for name, loss in losses.items()]
    return found


def _clip_gradients(accelerator: Accelerator, model: nn.Module, max_norm: float, step: int) -> None:
    norm = accelerator.clip_grad_norm_(model.parameters(), max_norm)
    if not torch.isfinite(torch.as_tensor(norm)):
        raise FloatingPointError(f"the gradient is not finite at step {step}; lower the learning rate")


def _append_losses(path: Path, step: int, means: dict[str, float]) -> None:
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps({"step": step, **{name: round(value, 4) for name, value in means.items()}}) + "\n")


def _to_device(batch: Batch, device: torch.device) -> Batch:
    if not isinstance(batch, TextBatch):
        for name, value in batch.video.items():
            batch.video[name] = value.to(device)
    return batch


def _has_tensorboard() -> bool:
    from accelerate.utils import is_tensorboard_available

    return bool(is_tensorboard_available())
