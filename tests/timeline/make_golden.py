"""Writes tests/timeline/golden: `python -m tests.timeline.make_golden`. Look at the difference before you commit it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.timeline.samples import RATES, sample_alarm, sample_cuts, sample_timeline
from videobert_demo.timeline.exports.alarms import alarm_values
from videobert_demo.timeline.exports.cuts import CUT_FORMATS
from videobert_demo.timeline.exports.formats import FORMATS

GOLDEN = Path(__file__).parent / "golden"
COUNT_FRAMES = ("json", "edl", "fcpxml", "otio")


def golden_texts() -> dict[str, str]:
    """The text of every golden file by its name: formats that count frames at each rate, the others at one."""
    timelines = {
        f"{rate}_{name}{form.suffix}": form.write(sample_timeline(rate))
        for name, form in FORMATS.items()
        for rate in (RATES if name in COUNT_FRAMES else ["25"])
    }
    cuts = {
        f"{rate}_cut_{name}{suffix}": write(sample_cuts(rate))
        for name, (write, suffix) in CUT_FORMATS.items()
        for rate in (("25", "29.97", "variable") if name in COUNT_FRAMES else ["25"])
    }
    return {**timelines, **cuts, "alarm.jsonl": json.dumps(alarm_values(sample_alarm(), file="street.mp4")) + "\n"}


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for file_name, text in golden_texts().items():
        (GOLDEN / file_name).write_bytes(text.encode())
