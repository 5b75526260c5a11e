"""The settings of a run are read from YAML and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from videobert_demo.errors import DataError
from videobert_demo.training.config import LossWeights, TrainingConfig, read_config

FOLDER = Path(__file__).resolve().parents[2] / "configs"
CONFIGS = sorted(
    path
    for path in FOLDER.glob("*.yaml")
    if path.stem not in ("recipe", "translator", "chinese_search", "chinese_decoder", "finetune", "gpu-base", "fsdp")
)  # they have tests of their own


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_not_set_has_its_default(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, "steps: 7\nlearning_rate: 1.0e-3\nweights:\n  contrast: 0.5\n"))
    assert config == TrainingConfig(steps=7, learning_rate=1e-3, weights=LossWeights(contrast=0.5))
    assert read_config(write(tmp_path, "# nothing\n")) == TrainingConfig()


@pytest.mark.parametrize("text", ["stepz: 7\n", "weights:\n  captoin: 1\n"])
def test_an_unknown_setting_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(
        DataError, match=r"config\.yaml: unknown setting '(stepz|captoin)'; known are .*(steps|caption)"
    ):
        read_config(write(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        "steps: [1\n",
        "- steps\n",
        "just words\n",
        "weights: 3\n",
        "weights:\n",
        "steps: many\n",
        "steps: true\n",
        "steps: 2.5\n",
        "learning_rate: 1e-4\n",
        "1: 2\n",
    ],
)
def test_what_is_no_config_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match=r"config\.yaml"):
        read_config(write(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.yaml"):
        read_config(tmp_path / "none.yaml")


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_the_projects_configs_are_right_and_open_with_their_command(path: Path) -> None:
    config = read_config(path)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(f"# python -m videobert_demo train configs/{path.name} ")
    if config.init != "new":
        assert f"--init {config.init} " in first
    assert config.warmup_steps < config.steps


@pytest.mark.parametrize("setting", ["steps: 0", "videos_per_step: -1", "samples_per_video: 1", "log_every: 0"])
def test_a_number_out_of_range_is_refused(tmp_path: Path, setting: str) -> None:
    name, value = setting.split(": ")
    with pytest.raises(DataError, match=f"{name} is {value}; it must be at least"):
        read_config(write(tmp_path, setting))


@pytest.mark.parametrize("streams", [0, 3])
def test_there_are_one_or_two_streams(tmp_path: Path, streams: int) -> None:
    assert read_config(write(tmp_path, "# nothing\n")).streams == 1
    assert read_config(write(tmp_path, "streams: 2\n")).streams == 2
    with pytest.raises(DataError, match=f"streams is {streams}; it must be 1 or 2"):
        read_config(write(tmp_path, f"streams: {streams}\n"))
