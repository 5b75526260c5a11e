"""What a run will cost, measured on two of its steps: parameters, memory, time per step. Nothing is kept.

    memory = weights + gradients + two moments of AdamW + average of the weights + what the backward pass needs

The last term is measured: every tensor that autograd keeps is counted once while it is alive. What libraries need for
themselves, and on GPUs the allocator's waste, is not in it. Knows steps; knows no objective.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import Words
from videobert_demo.training.batches import BatchMaker
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.loop import Run
from videobert_demo.training.trackers import NONE

COPIES = 4
"""A weight that learns has a gradient, AdamW's two moments and an average beside itself."""


@dataclass(frozen=True)
class StepCost:
    """What a step needs.

    Attributes:
        parameters, learning: how many numbers the model has, and how many of them learn.
        weight_bytes: of all parameters and buffers.
        learning_bytes: of gradients, moments and average.
        kept_bytes: the most that the backward pass of one batch needs.
        seconds: of a step, the first one not counted.
        steps: how many the run has.
    """

    parameters: int
    learning: int
    weight_bytes: int
    learning_bytes: int
    kept_bytes: int
    seconds: float
    steps: int

    @property
    def memory_bytes(self) -> int:
        """All of it."""
        return self.weight_bytes + self.learning_bytes + self.kept_bytes

    def to_dict(self) -> dict[str, float]:
        """As a report holds it; memory in MB of a million bytes."""
        return {
            "parameters": self.parameters,
            "learning": self.learning,
            "weights_mb": round(self.weight_bytes / 1e6, 1),
            "gradients_and_optimizer_mb": round(self.learning_bytes / 1e6, 1),
            "kept_for_backward_mb": round(self.kept_bytes / 1e6, 1),
            "memory_mb": round(self.memory_bytes / 1e6, 1),
            "seconds_per_step": round(self.seconds, 3),
            "steps": self.steps,
            "minutes": round(self.seconds * self.steps / 60, 1),
        }


def measure_step(
    model: VideoBertForConditionalGeneration,
    tokenizer: Words,
    batches: BatchMaker,
    config: TrainingConfig,
    *,
    cpu: bool = False,
) -> StepCost:
    """Runs two steps and throws them away; the model's weights change.

    Raises:
        DataError: no objective is wanted.
    """
    with tempfile.TemporaryDirectory() as folder:
        run = Run(model, tokenizer, batches, replace(config, log_with=NONE), Path(folder), cpu=cpu)
        run.step(0)
        with counting_kept() as kept:
            started = time.perf_counter()
            run.step(1)
            seconds = time.perf_counter() - started
        run.accelerator.end_training()
    learning = [value for value in model.parameters() if value.requires_grad]
    return StepCost(
        parameters=sum(value.numel() for value in model.parameters()),
        learning=sum(value.numel() for value in learning),
        weight_bytes=sum(value.nbytes for value in (*model.parameters(), *model.buffers())),
        learning_bytes=COPIES * sum(value.nbytes for value in learning),
        kept_bytes=kept.most_bytes,
        seconds=seconds,
        steps=config.steps,
    )


class Kept:
    """Counts bytes that are alive; storage that several tensors share counts once.

    Attributes:
        most_bytes: the most at any time.
    """

    def __init__(self) -> None:
        self.most_bytes = 0
        self._bytes = 0
        self._holders: dict[int, int] = {}

    def add(self, tensor: Tensor) -> None:
        """One more holder of a tensor's storage."""
        storage = tensor.untyped_storage()
        address = storage.data_ptr()
        if address not in self._holders:
            self._bytes += storage.nbytes()
            self.most_bytes = max(self.most_bytes, self._bytes)
        self._holders[address] = self._holders.get(address, 0) + 1

    def remove(self, tensor: Tensor) -> None:
        """One holder fewer."""
        storage = tensor.untyped_storage()
        address = storage.data_ptr()
        self._holders[address] -= 1
        if not self._holders[address]:
            del self._holders[address]
            self._bytes -= storage.nbytes()


class _Held:
    """A tensor that the backward pass holds; it is counted until nobody holds it."""

    def __init__(self, tensor: Tensor, kept: Kept) -> None:
        self.tensor, self._kept = tensor, kept
        kept.add(tensor)

    def __del__(self) -> None:
        self._kept.remove(self.tensor)


@contextlib.contextmanager
def counting_kept() -> Iterator[Kept]:
    """Inside, what autograd keeps for backward passes is counted; parameters are not, they are there anyway."""
    kept = Kept()

    def hold(tensor: Tensor) -> Any:
        # detached, for a tensor that knows the operation which keeps it would never be freed
        return tensor if isinstance(tensor, torch.nn.Parameter) else _Held(tensor.detach(), kept)

    def give(held: Any) -> Tensor:
        tensor: Tensor = held.tensor if isinstance(held, _Held) else held
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(hold, give):
        yield kept
