"""Chapters as FFmpeg's metadata file: `ffmpeg -i clip.mp4 -i chapters.txt -map_metadata 1 -codec copy out.mp4`.

Source: FFmpeg's documentation of formats, section "Metadata". A clip without chapters gives its scenes.
"""

from __future__ import annotations

from videobert_demo.timeline.timeline import Timeline

_ESCAPES = str.maketrans({letter: f"\\{letter}" for letter in "=;#\\\n"})
_TICKS_PER_SECOND = 1000


def to_ffmetadata(timeline: Timeline) -> str:
    """The file's text. Times are whole milliseconds, so that each chapter ends where the next one starts."""
    spans = timeline.chapter_spans() or [
        (scene.start_seconds, scene.end_seconds, scene.caption) for scene in timeline.scenes
    ]
    chapters = [
        f"[CHAPTER]\nTIMEBASE=1/{_TICKS_PER_SECOND}\nSTART={round(start * _TICKS_PER_SECOND)}\n"
        f"END={round(end * _TICKS_PER_SECOND)}\ntitle={title.translate(_ESCAPES)}\n"
        for start, end, title in spans
    ]
    return "".join([";FFMETADATA1\n", f"title={timeline.media.name.translate(_ESCAPES)}\n", *chapters])
