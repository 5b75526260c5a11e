"""Writes tests/timeline/golden: `python -m tests.timeline.make_golden`. Look at the difference before you commit it."""

from __future__ import annotations

from pathlib import Path

from tests.timeline.samples import RATES, sample_timeline
from videobert_demo.timeline.exports.formats import FORMATS

GOLDEN = Path(__file__).parent / "golden"
COUNT_FRAMES = ("json", "edl", "fcpxml", "otio")


def golden_texts() -> dict[str, str]:
    """The text of every golden file by its name: formats that count frames at each rate, the others at one."""
    return {
        f"{rate}_{name}{form.suffix}": form.write(sample_timeline(rate))
        for name, form in FORMATS.items()
        for rate in (RATES if name in COUNT_FRAMES else ["25"])
    }


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for file_name, text in golden_texts().items():
        (GOLDEN / file_name).write_bytes(text.encode())
