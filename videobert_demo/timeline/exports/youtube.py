"""Chapters as lines for a YouTube description.

Source: YouTube Help, "Video chapters": the first at 0:00, at least three, in order, each at least 10 seconds long.
"""

from __future__ import annotations

from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.exports.clock import clock_seconds
from videobert_demo.timeline.timeline import Timeline

MIN_CHAPTERS = 3
MIN_CHAPTER_SECONDS = 10

_BRACKETS = str.maketrans("<>", "‹›")  # YouTube takes no angle brackets in descriptions.


def to_youtube(timeline: Timeline) -> str:
    """One line a chapter: when it starts, in whole seconds, and its title.

    Raises:
        TimelineExportError: YouTube would not make chapters of these; the message says why.
    """
    spans = timeline.chapter_spans()
    if len(spans) < MIN_CHAPTERS:
        raise TimelineExportError(
            "YouTube needs at least {least} chapters, and this clip has {count}; export it as WebVTT or JSON instead.",
            least=MIN_CHAPTERS,
            count=len(spans),
        )
    if int(spans[0][0]) != 0:
        raise TimelineExportError(
            "YouTube needs the first chapter at 0:00, and here it starts at {start}; move it to the beginning.",
            start=clock_seconds(spans[0][0]),
        )
    for start_seconds, end_seconds, title in spans:
        # Lengths are those of the written moments, which are cut to whole seconds.
        if int(end_seconds) - int(start_seconds) < MIN_CHAPTER_SECONDS:
            raise TimelineExportError(
                "YouTube needs chapters of at least {least} seconds, and “{title}” at {start} has {length:.1f}; "
                "join it with a neighbour.",
                least=MIN_CHAPTER_SECONDS,
                title=title,
                start=clock_seconds(start_seconds),
                length=end_seconds - start_seconds,
            )
    return "".join(f"{clock_seconds(start)} {title.translate(_BRACKETS)}\n" for start, _, title in spans)
