"""Writes and reads training states (for resuming) and models (for using)."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from videobert_demo.errors import CheckpointError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import Words, as_processor
from videobert_demo.model.sources import quiet_loading
from videobert_demo.training.averaging import WeightAverage
from videobert_demo.training.config import TrainingConfig, has_settings
from videobert_demo.training.patience import Patience
from videobert_demo.training.sharding import gather, share_out, share_out_moments, share_out_weights

STATE_FILE = "state.pt"


def save_model(folder: Path, model: VideoBertForConditionalGeneration, tokenizer: Words, *, half: bool = False) -> None:
    """Writes the model and its tokenizers as safetensors in fp32 or fp16; a crash leaves no half-written file."""
    temporary = folder.with_name(folder.name + ".new")
    saved = copy.deepcopy(model).half() if half else model  # type: ignore[no-untyped-call]
    with quiet_loading():
        saved.save_pretrained(temporary)
    as_processor(tokenizer).save_tokenizers(temporary)
    for path in sorted(temporary.rglob("*")):
        target = folder / path.relative_to(temporary)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    shutil.rmtree(temporary)


def export_average(sources: Sequence[Path], out: Path, *, name: str = "") -> None:
    """Averages the weights of models of one architecture and writes them to `out` in half precision.

    Raises:
        CheckpointError: a source is no checkpoint of this kind, or the architectures differ.
    """
    loaded = [load_checkpoint(str(source)) for source in sources]
    model = loaded[0].model
    states = [item.model.state_dict() for item in loaded]
    for source, state in zip(sources, states, strict=True):
        shapes = {key: value.shape for key, value in state.items()}
        if shapes != {key: value.shape for key, value in states[0].items()}:
            raise CheckpointError(f"{source} has another architecture than {sources[0]}; average models of one run")
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if value.is_floating_point():
                value.copy_(torch.stack([state[key].float() for state in states]).mean(0))
    model.config.model_name = name
    model.config.patch_dropout = model.config.layer_dropout = 0.0
    save_model(out, model, loaded[0].processor, half=True)


def save_state(
    out: Path,
    step: int,
    model: VideoBertForConditionalGeneration,
    optimizer: Any,
    scheduler: Any,
    average: WeightAverage,
    config: TrainingConfig,
    patience: Patience,
    *,
    is_main: bool = True,
) -> None:
    """Writes everything that `load_state` needs, replacing the previous state atomically.

    Args:
        is_main: whether this process writes; the others help to gather what is shared out.
    """
    state = {
        "step": step,
        "config": json.dumps(asdict(config)),
        "model": gather(model.state_dict()),
        "optimizer": gather(optimizer.state_dict()),
        "scheduler": scheduler.state_dict(),
        "average": gather(average.weights),
        "average_updates": average.updates,
        "best": patience.best,
        "misses": patience.misses,
    }
    if not is_main:
        return
    out.mkdir(parents=True, exist_ok=True)
    temporary = out / f"{STATE_FILE}.new"
    torch.save(state, temporary)
    temporary.replace(out / STATE_FILE)


def load_state(
    out: Path,
    model: VideoBertForConditionalGeneration,
    optimizer: Any,
    scheduler: Any,
    average: WeightAverage,
    config: TrainingConfig,
    patience: Patience,
) -> int:
    """Restores a state and returns its step, or 0 when there is none.

    Raises:
        CheckpointError: the state was written by a run with other settings.
    """
    path = out / STATE_FILE
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    if not has_settings(config, json.loads(state["config"])):
        raise CheckpointError(f"{path} belongs to a run with other settings; choose another --out or its own config")
    model.load_state_dict(share_out_weights(state["model"], model))
    learned = [value for group in optimizer.param_groups for value in group["params"]]
    optimizer.load_state_dict(share_out_moments(state["optimizer"], learned))
    scheduler.load_state_dict(state["scheduler"])
    for name, value in state["average"].items():
        average.weights[name].copy_(share_out(value, average.weights[name]))
    average.updates = state["average_updates"]
    patience.best, patience.misses = state.get("best", patience.best), state.get("misses", 0)
    return int(state["step"])
