"""Scenes as the CSV that LosslessCut reads: start, end and label, in seconds, without a heading."""

from __future__ import annotations

import csv
import io

from videobert_demo.timeline.timeline import Timeline


def to_csv(timeline: Timeline) -> str:
    """One line a scene, with microseconds, in the manner of RFC 4180 but with single line feeds."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for scene in timeline.scenes:
        writer.writerow([f"{scene.start_seconds:.6f}", f"{scene.end_seconds:.6f}", scene.caption])
    return text.getvalue()
