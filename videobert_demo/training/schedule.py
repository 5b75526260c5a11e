"""How the learning rate goes over the steps of a run. Knows numbers; knows no optimizer."""

from __future__ import annotations

import math


def rate_of_step(step: int, steps: int, *, warmup_steps: int, final: float) -> float:
    """The share of the highest learning rate at a step: up in a line, then down along a cosine to `final`."""
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    done = (step - warmup_steps) / max(1, steps - warmup_steps)
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
