"""Training of a small part beside a model that stays as it is: the steps, their rate, and the state to go on from.

Knows weights and an optimizer; knows nothing of what is learned, whose loss the caller computes as a pure function of
the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from videobert_demo.training.schedule import rate_of_step

STATE_FILE = "state.pt"


@dataclass(frozen=True)
class RunSettings:
    """What a config says of the steps.

    Attributes:
        learning_rate: the highest; a parameter group with `times` gets that many times it.
        save_every: the state is written after so many steps, and after the last one.
    """

    seed: int = 1
    steps: int = 1000
    learning_rate: float = 1e-3
    warmup_steps: int = 50
    weight_decay: float = 0.01
    save_every: int = 100


def run_steps(
    weights: Mapping[str, nn.Parameter],
    optimizer: torch.optim.Optimizer,
    loss_of_step: Callable[[int], Tensor],
    save: Callable[[], object],
    out: Path,
    config: RunSettings,
    *,
    final_rate: float,
    label: str,
    stop_after: int | None = None,
    progress: bool = True,
) -> None:
    """Trains, or goes on from the state in `out`.

    Args:
        weights: what is learned, by name. optimizer: over the same.
        loss_of_step: the loss at a step; its random numbers are seeded.
        save: writes what was learned, beside the state.
        final_rate: what the rate falls to, as a share of the highest.
        label: what the bar says. stop_after: leave after this many steps of this call.
    """
    done, path = 0, out / STATE_FILE
    if path.exists():
        state = torch.load(path, weights_only=True)
        with torch.no_grad():
            for name, weight in weights.items():
                weight.copy_(state["weights"][name])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    last = config.steps if stop_after is None else min(config.steps, done + stop_after)
    bar = tqdm(range(done, last), initial=done, total=config.steps, desc=label, disable=not progress)
    for step in bar:
        share = rate_of_step(step, config.steps, warmup_steps=config.warmup_steps, final=final_rate)
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * share * group.get("times", 1.0)
        torch.manual_seed(hash((config.seed, step)) % 2**63)
        loss = loss_of_step(step)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
        optimizer.step()
        if step % 20 == 0:
            bar.set_postfix(loss=f"{float(loss.detach()):.3f}")
        if (step + 1) % config.save_every == 0 or step + 1 == last:
            save()
            temporary = path.with_suffix(".new")
            kept = {name: weight.detach() for name, weight in weights.items()}
            torch.save({"weights": kept, "optimizer": optimizer.state_dict(), "step": step + 1}, temporary)
            temporary.replace(path)
