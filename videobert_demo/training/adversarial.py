"""Adversarial steps on embeddings: small changes of what the model reads that make its losses worse (VILLA).

    loss = clean + mean over K steps of (changed + 1.5 x KL between what the decoder says of both, both ways)

arXiv 2006.06195, equations 4 to 7, with the gradients of all K steps adding up ("free"). The tokens' vectors are
changed, of text and video, behind their embeddings. Each sample's change stays within a norm. Knows embeddings and
gradients; knows no objective.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.nn import functional

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.training.batches import Batch
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.objectives import Objectives

KL_WEIGHT = 1.5


def accumulate_against_changes(
    accelerator: Accelerator,
    objectives: nn.Module,
    batch: Batch,
    seed: int,
    config: TrainingConfig,
    share: float,
    *,
    waits: bool,
) -> dict[str, Tensor]:
    """Adds up the gradients of a batch as it is and as it is changed; every pass draws the same dropout.

    Args:
        share: what the batch counts in the step.
        waits: whether the last backward pass exchanges gradients with other processes.

    Returns:
        The clean losses, and "adversarial", what all losses together rise to with the last change.
    """
    plain: Objectives = accelerator.unwrap_model(objectives)
    with accelerator.no_sync(objectives):
        torch.manual_seed(seed)
        with accelerator.autocast(), recording(plain.model) as embedded:
            losses: dict[str, Tensor] = objectives(batch, seed)
        clean = [one.detach() for one in plain.log_probabilities]
        accelerator.backward(plain.total(losses) * share)
    changes = [_draw(vectors, config.adversarial_norm) for vectors in embedded]
    total = torch.zeros(())
    for turn in range(config.adversarial_steps):
        for change in changes:
            change.requires_grad_()
        last = turn + 1 == config.adversarial_steps
        with contextlib.nullcontext() if waits and last else accelerator.no_sync(objectives):
            torch.manual_seed(seed)
            with accelerator.autocast(), changing(plain.model, changes):
                total = plain.total(objectives(batch, seed))
                pairs = zip(plain.log_probabilities, clean, strict=True)
                drift = sum((_distance(changed, unchanged) for changed, unchanged in pairs), torch.zeros(()))
            accelerator.backward((total + KL_WEIGHT * drift) * share / config.adversarial_steps)
        changes = [_ascend(change, config.adversarial_rate, config.adversarial_norm) for change in changes]
    return {**losses, "adversarial": total.detach()}


def _embeddings(model: VideoBertForConditionalGeneration) -> tuple[nn.Module, ...]:
    return model.encoder.text_embeddings, model.encoder.video_embeddings


@contextlib.contextmanager
def recording(model: VideoBertForConditionalGeneration) -> Iterator[list[Tensor]]:
    """Inside, the output of every call of an embedding is listed, detached."""
    found: list[Tensor] = []

    def record(_module: nn.Module, _inputs: Any, output: Tensor) -> None:
        found.append(output.detach())

    with _hooked(model, record):
        yield found


@contextlib.contextmanager
def changing(model: VideoBertForConditionalGeneration, changes: Sequence[Tensor]) -> Iterator[None]:
    """Inside, the n-th call of an embedding returns its vectors plus the n-th change."""
    left = iter(changes)

    def change(_module: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
        return output + next(left).to(output.dtype)

    with _hooked(model, change):
        yield


@contextlib.contextmanager
def _hooked(model: VideoBertForConditionalGeneration, hook: Any) -> Iterator[None]:
    handles = [module.register_forward_hook(hook) for module in _embeddings(model)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _draw(vectors: Tensor, norm: float) -> Tensor:
    """A change of vectors (B, n, D) to begin with: uniform, and on the whole as long as `norm`, as in FreeLB."""
    size = vectors[0].numel() ** 0.5
    drawn: Tensor = torch.empty_like(vectors, dtype=torch.float32).uniform_(-1, 1) * (norm / size)
    return drawn


def _ascend(change: Tensor, rate: float, norm: float) -> Tensor:
    """A change after one step uphill: along each sample's normalised gradient, and back into the ball of the norm."""
    if change.grad is None:  # what was read did not reach a loss
        return change.detach()
    lengths = change.grad.flatten(1).norm(dim=1).clamp(min=1e-8)[:, None, None]
    moved = change.detach() + rate * change.grad / lengths
    inside: Tensor = moved * (norm / moved.flatten(1).norm(dim=1).clamp(min=1e-8)).clamp(max=1.0)[:, None, None]
    return inside


def _distance(new: Tensor, old: Tensor) -> Tensor:
    """KL divergence both ways between log-probabilities (tokens, vocabulary), the mean over tokens."""
    there = functional.kl_div(new, old, reduction="batchmean", log_target=True)
    back = functional.kl_div(old, new, reduction="batchmean", log_target=True)
    return there + back
