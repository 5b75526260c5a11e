"""A checkpoint goes to the Hub and comes back, also where a repository is gated; against a stand-in of the Hub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hub import Hub, running_hub
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.publishing import push_checkpoint

ROOT = Path(__file__).resolve().parents[2]
CALLS = """
import json, os, sys
import huggingface_hub.utils._http as http
from videobert_demo.cli.main import main

for token, arguments in json.loads(sys.argv[1]):
    os.environ.pop("HF_TOKEN", None)
    if token:
        os.environ["HF_TOKEN"] = token
    print("status", main(arguments), flush=True)
"""


def call(hub: Hub, home: Path, *calls: tuple[str, list[str]]) -> tuple[list[str], str]:
    """Runs commands in one process whose Hub is the stand-in; each with a token. Gives what was printed, and stderr."""
    environment = {**os.environ, "HF_ENDPOINT": hub.endpoint, "HF_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment |= {"HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    command = [sys.executable, "-c", CALLS, json.dumps(calls)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines(), done.stderr


@pytest.mark.slow
def test_a_checkpoint_is_pushed_and_loaded_again_with_the_usual_token(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny", half=True)
    figures = {"before": {"caption_loss": 3.5}, "after": {"caption_loss": 1.25}, "clips": {"train": 4}}
    (checkpoint / "figures.json").write_text(json.dumps(figures))
    (checkpoint / "notes.md").write_text("not for others")
    push, info = ["push", str(checkpoint), "someone/tiny"], ["info", "someone/tiny", "--json"]
    with running_hub() as hub:
        printed, errors = call(
            hub, tmp_path / "home", ("", push), ("writer", [*push, "--private"]), ("", info), ("reader", info)
        )
    refused, address, pushed, gated, described, loaded = printed
    assert (refused, pushed, gated, loaded) == ("status 1", "status 0", "status 1", "status 0")
    assert address == f"{hub.endpoint}/someone/tiny"
    assert "push: The Hub refuses someone/tiny; log in with `hf auth login`" in errors
    assert "info: The checkpoint someone/tiny is gated or private: accept its terms" in errors
    assert json.loads(described)["checkpoint"] == "someone/tiny"
    assert hub.visibility == {"someone/tiny": "private"}
    files = hub.repositories["someone/tiny"]
    assert {"README.md", "config.json", "model.safetensors", "tokenizer.json", "figures.json"} <= set(files)
    assert "notes.md" not in files
    assert files["model.safetensors"] == (checkpoint / "model.safetensors").read_bytes()
    card = files["README.md"].decode()
    assert "library_name: transformers" in card
    assert "tags: [video-captioning" in card
    assert "| caption_loss | 3.5 | 1.25 |" in card


def test_what_is_no_checkpoint_is_not_pushed(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint folder"):
        push_checkpoint(tmp_path / "none", "a/b")
    with pytest.raises(CheckpointError, match=r"no readable config\.json"):
        push_checkpoint(tmp_path, "a/b")
