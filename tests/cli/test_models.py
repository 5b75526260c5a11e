"""The command `models`."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_two_models_are_compared(run: Run, clip: str, checkpoint: str) -> None:
    asked = ("models", clip, "--checkpoint", checkpoint, "--second", checkpoint, "--word", "dog")
    status, printed, _ = run(*asked, "--json")
    assert status == 0
    first, second = json.loads(printed)["models"]
    assert (first["form"], second["form"]) == ("running", "named")
    assert first["caption"] == second["caption"]
    assert first["heatmap"]["moments"] == second["heatmap"]["moments"]
    status, printed, _ = run(*asked, "--question", "what is the man doing?")
    assert status == 0
    assert printed.count(" MB\n") == 2
    assert printed.count("heatmap ") == 2
