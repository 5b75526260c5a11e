"""A published checkpoint before anything is taken out of it: it is there, of a kind that is known, in safetensors.

Whatever is wrong is told in a sentence that says what to do. Code that lies beside a checkpoint is never run, and
nobody is asked whether it may be: transformers would ask whoever sits at the terminal. Knows no single kind of part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoConfig, PreTrainedConfig
from transformers.utils import logging as transformers_logging

from videobert_demo.errors import CheckpointError

OWN_CODE: dict[str, Any] = {"trust_remote_code": False}
"""What each call of an Auto class needs; without it transformers asks at the terminal, and runs code on a "y"."""


def read_part_config(source: str, revision: str | None = None) -> PreTrainedConfig:
    """The config of a published checkpoint, which is a folder or a Hub id.

    Raises:
        CheckpointError: there is none, it needs code of its own, or its weights are in no format that is read.
    """
    is_folder = bool(source.strip()) and Path(source).is_dir()
    described: Any = {}
    if not is_folder:
        _check_name(source)
    elif not (Path(source) / "config.json").is_file():
        raise CheckpointError(f"{source} holds no config.json; give a folder that save_pretrained wrote, or a Hub id.")
    try:
        with quiet_loading():
            described, _ = PreTrainedConfig.get_config_dict(source, revision=revision)
            if not isinstance(described, dict):
                raise CheckpointError(f"The config.json of {source} is no JSON object; fetch it again.")
            config: PreTrainedConfig = AutoConfig.from_pretrained(source, revision=revision, **OWN_CODE)
    except OSError as error:
        if is_folder:
            raise CheckpointError(f"The config.json of {source} cannot be read ({first_line(error)}).") from error
        raise CheckpointError(
            f"There is no folder {source}, and the Hub does not give it; check its name, the revision and the network."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        if "auto_map" in described:
            raise CheckpointError(
                f"{source} needs code of its own, which is never run; choose a model that transformers itself has."
            ) from error
        raise CheckpointError(
            f"The config.json of {source} describes no model that this version of transformers knows "
            f"({described.get('model_type')!r}); choose another one, or install a newer transformers."
        ) from error
    if is_folder and not any(Path(source).glob("*.safetensors")):
        raise CheckpointError(no_safetensors(source))
    return config


def _check_name(source: str) -> None:
    if Path(source).is_file():
        raise CheckpointError(f"{source} is a file; give the folder that it lies in, or a Hub id.")
    if not source.strip() or source.count("/") > 1 or source.startswith(("/", ".", "~")):
        raise CheckpointError(f"There is no folder {source!r}; give a folder or a Hub id such as user/repo.")


def no_safetensors(source: str) -> str:
    """The sentence about weights in another format, which can hold code."""
    return (
        f"{source} has no weights in safetensors format; load it once with transformers, and write it to a folder "
        "with save_pretrained."
    )


def explain(source: str, part: str, error: Exception) -> str:
    """The sentence about a part that cannot be read."""
    if isinstance(error, OSError) and "safetensors" in str(error):
        return no_safetensors(source)
    if isinstance(error, ImportError):
        return f"The {part} of {source} needs a package that is missing ({first_line(error)}); install it."
    return f"No {part} can be taken out of {source} ({first_line(error)}); fetch it again, or choose another one."


def first_line(error: Exception) -> str:
    """The first line of what an error says, without its full stop."""
    return (str(error).strip() or type(error).__name__).split("\n")[0][:200].rstrip(" .")


def check_finite(source: str, weights: Mapping[str, Tensor]) -> None:
    """Refuses weights that are no finite numbers.

    Raises:
        CheckpointError: some are not.
    """
    broken = [name for name, value in weights.items() if not torch.isfinite(value).all()]
    if broken:
        raise CheckpointError(f"{source} holds weights that are no finite numbers ({broken[0]}); fetch it again.")


@contextmanager
def quiet_loading() -> Iterator[None]:
    """Inside, transformers shows no bars, and does not list the weights that a part leaves unread."""
    before, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(before)
        if bars:
            transformers_logging.enable_progress_bar()
