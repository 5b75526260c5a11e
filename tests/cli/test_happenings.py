"""Commands that tell what happens in a film."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_events_for_people_and_programs(run: Run, checkpoint: str, clip: str) -> None:
    status, out, _ = run("events", clip, "a number", "--checkpoint", checkpoint)
    assert status == 0
    assert "in all" in out
    report = json.loads(run("events", clip, "a number", "--checkpoint", checkpoint, "--json")[1])
    assert out.startswith(f"{report['count']} time")


def test_a_clip_of_one_scene_has_no_slots(run: Run, checkpoint: str, clip: str) -> None:
    status, out, _ = run("slots", clip, "--checkpoint", checkpoint, "--text", "a car")
    assert (status, out) == (0, "the clip is one scene: there is no such place\n")
    status, _, error = run("slots", clip, "--gap", "-1")
    assert (status, "--gap" in error) == (1, True)


def test_a_clip_shares_itself(run: Run, checkpoint: str, clip: str) -> None:
    status, out, _ = run("compare", clip, clip, "--checkpoint", checkpoint, "--json")
    (passage,) = json.loads(out)["passages"]
    assert (status, passage["offset_seconds"], passage["first_seconds"]) == (0, 0.0, [0.0, 0.8])
