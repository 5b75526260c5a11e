"""Scenes as an OpenTimelineIO file: one video track with a clip a scene, and markers for scenes and chapters.

Source: OpenTimelineIO's serialized data, schemas Timeline.1 to Marker.2. Writing it needs no library.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from videobert_demo.timeline.exports.frames import FrameSpan, frame_count, frame_spans, grid_rate
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timeline import Timeline


def to_otio(timeline: Timeline) -> str:
    """The file's text."""
    rate = grid_rate(timeline)
    chapters = [
        _marker(chapter.title, timeline.start_frame + rate.frame_at(chapter.start_seconds), rate, "PURPLE")
        for chapter in timeline.chapters
    ]
    track = {
        "OTIO_SCHEMA": "Track.1",
        "name": "Scenes",
        "kind": "Video",
        "metadata": {},
        "effects": [],
        "markers": [],
        "children": [_clip(timeline, span) for span in frame_spans(timeline)],
    }
    stack = {
        "OTIO_SCHEMA": "Stack.1",
        "name": "tracks",
        "metadata": {},
        "effects": [],
        "markers": chapters,
        "children": [track],
    }
    document = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": timeline.media.name,
        "metadata": {},
        "global_start_time": _time(timeline.start_frame, rate),
        "tracks": stack,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _clip(timeline: Timeline, span: FrameSpan) -> dict[str, Any]:
    rate, scene = grid_rate(timeline), span.scene
    start = timeline.start_frame + span.start
    reference = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "name": timeline.media.name,
        "metadata": {},
        "target_url": quote(timeline.media.name),
        "available_range": _range(timeline.start_frame, frame_count(timeline), rate),
    }
    return {
        "OTIO_SCHEMA": "Clip.1",
        "name": scene.caption,
        "metadata": {"videobert_demo": {"probability": scene.probability, "is_sure": scene.is_sure}},
        "effects": [],
        "markers": [_marker(scene.caption, start, rate, "GREEN" if scene.is_sure else "YELLOW")],
        "media_reference": reference,
        "source_range": _range(start, span.length, rate),
    }


def _marker(name: str, frame: int, rate: FrameRate, colour: str) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "name": name,
        "metadata": {},
        "color": colour,
        "marked_range": _range(frame, 1, rate),
    }


def _range(start: int, length: int, rate: FrameRate) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": _time(start, rate),
        "duration": _time(length, rate),
    }


def _time(frame: int, rate: FrameRate) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "value": float(frame), "rate": float(rate.fraction)}
