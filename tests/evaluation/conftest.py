"""Fixtures of the evaluation's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resources.make_clips import encode
from tests.tiny import CAPTIONS, write_frames, write_jsonl, write_tiny_checkpoint
from videobert_demo.model.loading import LoadedModel, load_checkpoint


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A tiny random checkpoint. Not to be changed."""
    return load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six videos of two frames, all in the test split."""
    return write_frames(tmp_path_factory.mktemp("msrvtt"))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two whole clips with captions beside them."""
    folder = tmp_path_factory.mktemp("clips")
    encode(folder / "first.mp4", "libx264", numbers=range(20))
    encode(folder / "second.webm", "libvpx", numbers=range(40, 50), options={"deadline": "realtime"})
    names = ("first.mp4", "second.webm")
    records = [{"file": name, "captions": texts} for name, texts in zip(names, CAPTIONS, strict=False)]
    write_jsonl(folder / "captions.jsonl", records)
    return folder
