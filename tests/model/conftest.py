"""Fixtures of the model's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import tiny_model, write_tiny_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor


@pytest.fixture(scope="session")
def tiny() -> VideoBertForConditionalGeneration:
    """A tiny random model in eval mode. Not to be changed."""
    return tiny_model()


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random checkpoint. Not to be changed."""
    return write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")


@pytest.fixture(scope="session")
def processor(tiny_checkpoint: Path) -> VideoBertProcessor:
    """The processor of the tiny checkpoint."""
    from transformers import BertTokenizer

    return VideoBertProcessor(BertTokenizer.from_pretrained(tiny_checkpoint))
