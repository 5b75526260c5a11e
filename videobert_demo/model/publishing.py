"""Puts a checkpoint folder on the Hugging Face Hub, with its model card. Knows folders and the Hub; knows no training.

The token is the usual one of huggingface_hub: that of `hf auth login`, or HF_TOKEN.
"""

from __future__ import annotations

from pathlib import Path

import httpx
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError, OfflineModeIsEnabled

from videobert_demo.errors import CheckpointError
from videobert_demo.model.card import FIGURES_FILE, read_figures, write_card
from videobert_demo.model.description import describe_model
from videobert_demo.model.finding import CHECKPOINT_FILES
from videobert_demo.model.loading import load_checkpoint

CARD = "README.md"


def push_checkpoint(folder: Path, repository: str, *, is_private: bool = False) -> str:
    """Uploads a checkpoint, and a card where the folder has none of its own; returns the address of the repository.

    A repository that is there gets one more commit.

    Args:
        folder: a checkpoint that loads.
        repository: user/repo.
        is_private: of a new repository, whether others can see it.

    Raises:
        CheckpointError: the folder is no checkpoint, or the Hub refuses it.
    """
    if not folder.is_dir():
        raise CheckpointError(f"There is no checkpoint folder {folder}; give the folder of a checkpoint.")
    described = describe_model(load_checkpoint(str(folder)).model)
    api = HfApi()
    try:
        address = str(api.create_repo(repository, private=is_private, exist_ok=True))
        if not (folder / CARD).exists():
            card = write_card(repository, described, read_figures(folder))
            api.upload_file(path_or_fileobj=card.encode(), path_in_repo=CARD, repo_id=repository)
        wanted = [*CHECKPOINT_FILES, CARD, FIGURES_FILE]
        api.upload_folder(
            repo_id=repository, folder_path=folder, allow_patterns=wanted, commit_message="Upload a checkpoint"
        )
    except HFValidationError as error:
        raise CheckpointError(f"{repository} cannot be the name of a repository; give user/repo.") from error
    except OfflineModeIsEnabled as error:
        raise CheckpointError("HF_HUB_OFFLINE is set, so nothing can be uploaded; unset it.") from error
    except (HfHubHTTPError, LocalTokenNotFoundError) as error:
        raise CheckpointError(
            f"The Hub refuses {repository}; log in with `hf auth login`, or set HF_TOKEN to a token that may write."
        ) from error
    except (httpx.HTTPError, OSError) as error:
        raise CheckpointError(f"{repository} cannot be uploaded; check the network and try again.") from error
    return address
