"""The gradients of one step: of the losses of all its batches, added up, and then clipped.

Knows batches and losses; knows no optimiser, no learning rate and no file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from videobert_demo.training.adversarial import accumulate_against_changes
from videobert_demo.training.batches import Batch, TextBatch
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.sharding import gather


def accumulate_gradients(
    accelerator: Accelerator,
    objectives: nn.Module,
    work: Sequence[Batch],
    seed: int,
    config: TrainingConfig,
    *,
    is_last: bool,
) -> list[tuple[str, float]]:
    """Adds up the gradients of batches; only the step's last batch waits for the other processes.

    Args:
        config: says into how many such lists of batches the step is divided, and whether embeddings are changed.
        is_last: whether this is the last list of the step.

    Returns:
        The losses by name; those of the second batch are called "caption/1" and so on.
    """
    found = []
    for number, batch in enumerate(work):
        waits, share = is_last and number == len(work) - 1, 1 / (len(work) * config.accumulation_steps)
        batch = _to_device(batch, accelerator.device)
        if config.adversarial_steps:
            losses = accumulate_against_changes(
                accelerator, objectives, batch, seed + number, config, share, waits=waits
            )
            found += _named(losses, number)
            continue
        with contextlib.nullcontext() if waits else accelerator.no_sync(objectives):
            with accelerator.autocast():
                losses = objectives(batch, seed + number)
            accelerator.backward(accelerator.unwrap_model(objectives).total(losses) * share)
        found += _named(losses, number)
    return found


def _named(losses: Mapping[str, Tensor], number: int) -> list[tuple[str, float]]:
    return [(name if number == 0 else f"{name}/{number}", float(loss.detach())) for name, loss in losses.items()]


def clip_gradients(accelerator: Accelerator, model: nn.Module, max_norm: float, step: int) -> None:
    """Scales all gradients down where their common norm is above `max_norm`.

    Raises:
        FloatingPointError: a gradient is not finite. With fp16 such a step is left out instead.
    """
    norm = accelerator.clip_grad_norm_(model.parameters(), max_norm)
    if accelerator.scaler is not None:  # it leaves the step out, and scales the next ones down
        return
    if not torch.isfinite(torch.as_tensor(gather(norm))):
        raise FloatingPointError(f"the gradient is not finite at step {step}; lower the learning rate")


def _to_device(batch: Batch, device: torch.device) -> Batch:
    if not isinstance(batch, TextBatch):
        for name, value in batch.video.items():
            batch.video[name] = value.to(device)
    return batch
