"""The commands `compress` and `int8-tower`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.eight_bits import has_eight_bits
from videobert_demo.model.encoders.eight_bit_tower import TowerCalibration
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.loading import load_checkpoint


def test_a_smaller_checkpoint_is_written(run: Run, tmp_path: Path) -> None:
    source, out = write_tiny_checkpoint(tmp_path / "tiny", half=True), tmp_path / "small"
    status, printed, _ = run("compress", str(source), "--int8", "--out", str(out))
    assert status == 0
    assert printed.startswith(f"{out}: ")
    assert has_eight_bits(out)
    assert TowerCalibration.read(out) is not None
    status, _, error = run("compress", str(source), "--int8", "--out", str(out))
    assert status == 1
    assert error.startswith("compress: ")
    assert "not empty" in error


@pytest.mark.parametrize("bits", [[], ["--int8"]], ids=["half", "int8"])
def test_a_narrower_checkpoint_is_written(run: Run, tmp_path: Path, bits: list[str]) -> None:
    source, out = write_tiny_checkpoint(tmp_path / "tiny", half=True), tmp_path / "narrow"
    (source / "README.md").write_text("a card", encoding="utf-8")
    status, printed, _ = run("compress", str(source), "--prune", "0.5", *bits, "--out", str(out))
    assert status == 0
    assert "of the parameters left" in printed
    whole, narrow = load_checkpoint(str(source)).model.config, load_checkpoint(str(out)).model.config
    assert narrow.encoder.intermediate_size == whole.encoder.intermediate_size // 2
    assert narrow.decoder.decoder_ffn_dim == whole.decoder.decoder_ffn_dim // 2
    assert (out / "README.md").read_text(encoding="utf-8") == "a card"
    assert has_eight_bits(out) == bool(bits)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "--int8, --prune SHARE or both"),
        (["--prune", "1.5"], "between 0 and 1"),
        (["--prune", "0"], "between 0 and 1"),
    ],
)
def test_how_it_gets_smaller_must_be_said(run: Run, tmp_path: Path, options: list[str], says: str) -> None:
    source, out = write_tiny_checkpoint(tmp_path / "tiny", half=True), tmp_path / "small"
    status, _, error = run("compress", str(source), *options, "--out", str(out))
    assert status == 1
    assert says in error
    assert not out.exists()


def test_a_tower_gets_what_8_bits_need(run: Run, tmp_path: Path) -> None:
    folder = write_tiny_checkpoint(tmp_path / "tiny")
    status, printed, _ = run("int8-tower", folder)
    assert status == 0
    assert str(folder) in printed
    tower = load_checkpoint(str(folder), int8=True).tower
    assert isinstance(tower, OnnxFrameTower)
    assert tower.bits == 8
    status, _, error = run("int8-tower", tmp_path / "missing")
    assert status == 1
    assert "missing" in error
