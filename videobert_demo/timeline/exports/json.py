"""A timeline as JSON, and back. The form is docs/timeline.schema.json; vectors and pictures are not in it."""

from __future__ import annotations

import json
from typing import Any

from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timeline import Chapter, Media, Scene, Timeline


def to_json(timeline: Timeline) -> str:
    """The timeline as text."""
    return json.dumps(as_values(timeline), ensure_ascii=False, indent=2) + "\n"


def as_values(timeline: Timeline) -> dict[str, Any]:
    """The timeline as JSON values."""
    rate, media = timeline.frame_rate, timeline.media
    return {
        "file": {
            "name": media.name,
            "width": media.width,
            "height": media.height,
            "has_sound": media.has_sound,
            "start_timecode": media.start_timecode,
        },
        "duration_seconds": timeline.duration_seconds,
        "frame_rate": None if rate is None else [rate.numerator, rate.denominator],
        "is_complete": timeline.is_complete,
        "scenes_left_out": timeline.scenes_left_out,
        "scenes": [_scene_values(scene, rate) for scene in timeline.scenes],
        "chapters": [{"start_seconds": chapter.start_seconds, "title": chapter.title} for chapter in timeline.chapters],
    }


def from_json(text: str) -> Timeline:
    """The timeline that `to_json` wrote.

    Raises:
        ValueError: It is no JSON, or a value is wrong.
        KeyError: A value is missing.
    """
    values = json.loads(text)
    rate = values["frame_rate"]
    return Timeline(
        media=Media(**values["file"]),
        duration_seconds=values["duration_seconds"],
        frame_rate=None if rate is None else FrameRate(*rate),
        scenes=tuple(_scene(entry) for entry in values["scenes"]),
        chapters=tuple(Chapter(entry["start_seconds"], entry["title"]) for entry in values["chapters"]),
        scenes_left_out=values["scenes_left_out"],
        is_complete=values["is_complete"],
    )


def _scene_values(scene: Scene, rate: FrameRate | None) -> dict[str, Any]:
    return {
        "start_seconds": scene.start_seconds,
        "end_seconds": scene.end_seconds,
        "start_frame": None if rate is None else rate.frame_at(scene.start_seconds),
        "end_frame": None if rate is None else rate.frame_at(scene.end_seconds),
        "caption": scene.caption,
        **({"english": scene.english} if scene.english else {}),
        "probability": scene.probability,
        "is_sure": scene.is_sure,
        "category": scene.category,
        "verb": scene.verb,
        "object": scene.object,
        "visual_words": list(scene.visual_words),
    }


def _scene(values: dict[str, Any]) -> Scene:
    derived = ("start_frame", "end_frame", "visual_words")
    kept = {name: value for name, value in values.items() if name not in derived}
    return Scene(**kept, visual_words=tuple(values["visual_words"]))
