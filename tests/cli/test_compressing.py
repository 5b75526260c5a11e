"""The command `compress`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.eight_bits import has_eight_bits


def test_a_smaller_checkpoint_is_written(run: Run, tmp_path: Path) -> None:
    source, out = write_tiny_checkpoint(tmp_path / "tiny", half=True), tmp_path / "small"
    status, printed, _ = run("compress", str(source), "--int8", "--out", str(out))
    assert status == 0
    assert printed.startswith(f"{out}: ")
    assert has_eight_bits(out)
    status, _, error = run("compress", str(source), "--int8", "--out", str(out))
    assert status == 1
    assert error.startswith("compress: ")
    assert "not empty" in error
