"""docs/quickstart.ipynb runs from its first cell to its last, and prints what it promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "quickstart.ipynb"


def cells(kind: str) -> list[str]:
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_it_is_a_notebook_without_outputs_of_someones_machine() -> None:
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4
    assert all(not cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    titles = [text.splitlines()[0] for text in cells("markdown")]
    assert titles == ["# Quickstart", "## Caption", "## Ask", "## Search", "## Attend", "## Tokens"]


@pytest.mark.slow
def test_every_cell_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    printed = []
    for number, source in enumerate(cells("code")):
        exec(compile(source, f"cell {number}", "exec"), names)  # as a kernel does, all in one namespace
        printed.append(capsys.readouterr().out)
    assert all(printed)
    assert "efficientnet-lite0" in printed[0]
    assert "dog" in printed[1]
    assert "Dog" in printed[3] or "dog" in printed[3]
    assert len(printed[4].splitlines()) == len(names["clip"].frames)
    assert "dog" in printed[5]
