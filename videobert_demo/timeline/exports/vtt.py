"""Captions of scenes as WebVTT, which browsers show. Source: W3C WebVTT, section 4.1 for cues, 4.2.2 for escapes."""

from __future__ import annotations

from videobert_demo.timeline.exports.clock import clock_milliseconds
from videobert_demo.timeline.timeline import Timeline


def to_vtt(timeline: Timeline) -> str:
    """One cue a scene."""
    cues = [
        f"{number}\n{clock_milliseconds(scene.start_seconds, '.')} --> {clock_milliseconds(scene.end_seconds, '.')}\n"
        f"{_escape(scene.caption)}\n"
        for number, scene in enumerate(timeline.scenes, start=1)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
