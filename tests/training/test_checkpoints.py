"""Models and their averages on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import tiny_model, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.training.checkpoints import export_average


def test_an_average_is_the_mean_of_its_models_in_half_precision(tmp_path: Path) -> None:
    sources = [write_tiny_checkpoint(tmp_path / str(seed), seed=seed) for seed in range(3)]
    export_average(sources, tmp_path / "average")
    stored = load_file(tmp_path / "average" / "model.safetensors")
    states = [tiny_model(seed).state_dict() for seed in range(3)]
    for name, value in stored.items():
        if value.is_floating_point():
            expected = torch.stack([state[name] for state in states]).mean(0)
            torch.testing.assert_close(value, expected.half())
        else:
            assert torch.equal(value, states[0][name])
    loaded = load_checkpoint(str(tmp_path / "average"))
    assert loaded.processor(text="a dog")["input_ids"].shape == (1, 4)


def test_one_model_is_exported_as_it_is(tmp_path: Path) -> None:
    source = write_tiny_checkpoint(tmp_path / "source", seed=5)
    export_average([source], tmp_path / "export")
    found, expected = (load_file(folder / "model.safetensors") for folder in (tmp_path / "export", source))
    for name, value in expected.items():
        assert torch.equal(found[name], value.half() if value.is_floating_point() else value), name


def test_models_of_other_sizes_are_not_averaged(tmp_path: Path) -> None:
    sources = [write_tiny_checkpoint(tmp_path / "a"), write_tiny_checkpoint(tmp_path / "b", projection_size=8)]
    with pytest.raises(CheckpointError, match="another architecture"):
        export_average(sources, tmp_path / "average")
    assert not (tmp_path / "average").exists()


def test_what_is_no_checkpoint_is_not_averaged(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="nothing"):
        export_average([write_tiny_checkpoint(tmp_path / "a"), tmp_path / "nothing"], tmp_path / "average")
