"""Captions of scenes as SubRip subtitles."""

from __future__ import annotations

from videobert_demo.timeline.exports.clock import clock_milliseconds
from videobert_demo.timeline.timeline import Timeline


def to_srt(timeline: Timeline) -> str:
    """One subtitle a scene. The format has no escapes: a caption with tags in it is shown as players like."""
    blocks = [
        f"{number}\n{clock_milliseconds(scene.start_seconds, ',')} --> {clock_milliseconds(scene.end_seconds, ',')}\n"
        f"{scene.caption}\n"
        for number, scene in enumerate(timeline.scenes, start=1)
    ]
    return "\n".join(blocks)
