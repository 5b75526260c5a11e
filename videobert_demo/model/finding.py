"""Finds a checkpoint: a folder, or a copy of a repository of the Hugging Face Hub."""

from __future__ import annotations

import json
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from videobert_demo.errors import CheckpointError
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.tokenizers import DECODER_FOLDER
from videobert_demo.model.translator import FOLDER as TRANSLATOR_FOLDER

CHECKPOINT_FILES = [
    "config.json",
    "generation_config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer*",
    "*.txt",
    f"{DECODER_FOLDER}/*",
    f"{TRANSLATOR_FOLDER}/*",
]


def find_checkpoint(checkpoint: str, revision: str | None = None) -> Path:
    """The folder of a checkpoint; one of the Hub is fetched.

    Raises:
        CheckpointError: there is no such folder, the Hub does not give it, or it is of another model type.
    """
    folder = Path(checkpoint) if Path(checkpoint).is_dir() else _fetch(checkpoint, revision)
    check_model_type(folder, checkpoint)
    return folder


def _fetch(checkpoint: str, revision: str | None) -> Path:
    if checkpoint.count("/") != 1 or checkpoint.startswith(("/", ".", "~")):
        raise CheckpointError(
            f"There is no checkpoint folder {checkpoint}; give a folder or a Hub id such as user/repo."
        )
    try:
        return Path(snapshot_download(checkpoint, revision=revision, allow_patterns=CHECKPOINT_FILES))
    except RepositoryNotFoundError as error:  # that of a gated one is a subclass
        raise CheckpointError(
            f"The checkpoint {checkpoint} is gated or private: accept its terms on its page, and log in with "
            "`hf auth login` or set HF_TOKEN. Or there is none of this name."
        ) from error
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError) as error:
        raise CheckpointError(
            f"The checkpoint {checkpoint} cannot be fetched from the Hub; check its name, the revision and the network."
        ) from error


def check_model_type(folder: Path, checkpoint: str) -> None:
    """Refuses a folder that holds no checkpoint of this kind.

    Args:
        checkpoint: what the person named.

    Raises:
        CheckpointError: it has no config, another model type, or no weights.
    """
    try:
        model_type = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise CheckpointError(f"{checkpoint} holds no readable config.json, so it is not a checkpoint.") from error
    if model_type != VideoBertConfig.model_type:
        raise CheckpointError(
            f"{checkpoint} is a {model_type!r} model; this app needs a {VideoBertConfig.model_type!r} checkpoint."
        )
    if not any(folder.glob("*.safetensors")):
        raise CheckpointError(f"{checkpoint} has no weights in safetensors format.")
