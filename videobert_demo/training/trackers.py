"""Where a run logs its losses beside losses.jsonl: TensorBoard, Weights & Biases, by accelerate's own trackers.

Knows which are installed; knows no loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.errors import DataError

if TYPE_CHECKING:
    from accelerate import Accelerator

TRACKERS, NONE = ("tensorboard", "wandb"), "none"


def read_trackers(names: str) -> tuple[str, ...]:
    """The trackers that `log_with` names: "none", one of `TRACKERS`, or both with a comma between.

    Raises:
        DataError: there is no such tracker.
    """
    found = tuple(dict.fromkeys(name.strip() for name in names.split(",")))
    if found == (NONE,):
        return ()
    if not set(found) <= set(TRACKERS):
        raise DataError(f"log_with is {names!r}; it must be none, tensorboard, wandb, or tensorboard, wandb")
    return found


def choose_trackers(names: str) -> list[str]:
    """The trackers of `log_with` that can be used. A missing TensorBoard is left out; a missing W&B is an error.

    Raises:
        DataError: W&B is wanted, but not installed.
    """
    from accelerate.utils import is_tensorboard_available, is_wandb_available

    wanted = list(read_trackers(names))
    if "wandb" in wanted and not is_wandb_available():
        raise DataError("log_with names wandb, which is not installed: pip install 'videobert-demo[wandb]'")
    return [name for name in wanted if name != "tensorboard" or is_tensorboard_available()]


def start_trackers(accelerator: Accelerator, settings: Mapping[str, Any], out: Path) -> None:
    """Begins the run's logs, with its settings; W&B keeps what it has to send in `out`.

    Args:
        settings: of a TrainingConfig, as `asdict` gives them.
    """
    flat = {name: value for name, value in settings.items() if name != "weights"}
    flat |= {f"weights/{name}": value for name, value in settings["weights"].items()}
    options = {"wandb": {"dir": str(out)}} if "wandb" in read_trackers(settings["log_with"]) else {}
    accelerator.init_trackers("videobert_demo", config=flat, init_kwargs=options)
