"""Cut lists as files: JSON, LosslessCut's CSV, and a CMX 3600 edit decision list of the film that is left.

The CSV has a line a stretch that stays. In the EDL the source's times are those of the clip, record times are those
of the film, both exclusive at their ends:

    001  AX       V     C        00:00:04:00 00:00:06:00 00:00:00:00 00:00:02:00
    002  AX       V     C        00:00:09:00 00:00:10:00 00:00:02:00 00:00:03:00

Knows cut lists; does not know how they came about.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.cutlist import CutList
from videobert_demo.timeline.exports.edl import MAX_EVENTS
from videobert_demo.timeline.exports.frames import GRID_OF_VARIABLE_CLIPS
from videobert_demo.timeline.timecode import format_timecode, is_drop_frame_rate, parse_timecode


def cut_values(cuts: CutList) -> dict[str, Any]:
    """A cut list as JSON values."""
    rate = cuts.frame_rate
    return {
        "file": cuts.media.name,
        "duration_seconds": cuts.duration_seconds,
        "kept_seconds": round(cuts.kept_seconds, 3),
        "frame_rate": None if rate is None else [rate.numerator, rate.denominator],
        "sure": cuts.is_sure,
        "parts": [
            {
                "start_seconds": round(part.start_seconds, 3),
                "end_seconds": round(part.end_seconds, 3),
                "stays": part.stays,
                "score": None if part.score is None else round(part.score, 4),
            }
            for part in cuts.parts
        ],
    }


def cuts_to_json(cuts: CutList) -> str:
    """The cut list as text."""
    return json.dumps(cut_values(cuts), ensure_ascii=False, indent=2) + "\n"


def cuts_to_csv(cuts: CutList) -> str:
    """One line a stretch that stays: start, end, and its number as its label."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, (start, end) in enumerate(cuts.kept, start=1):
        writer.writerow([f"{start:.6f}", f"{end:.6f}", str(number)])
    return text.getvalue()


def cuts_to_edl(cuts: CutList) -> str:
    """One event a stretch that stays, picture and, where there is any, sound; a clip of varying rate is counted at 30.

    Raises:
        TimelineExportError: More stretches stay than the format can number.
    """
    spans, media = cuts.kept, cuts.media
    if len(spans) > MAX_EVENTS:
        raise TimelineExportError(
            "An EDL holds at most {most} scenes, and this clip has {count}; export it as OTIO or FCPXML instead.",
            most=MAX_EVENTS,
            count=len(spans),
        )
    rate = cuts.frame_rate or GRID_OF_VARIABLE_CLIPS
    timecode = media.start_timecode if cuts.frame_rate is not None else None
    is_drop_frame = ";" in timecode if timecode is not None else is_drop_frame_rate(rate)
    first = 0 if timecode is None else parse_timecode(timecode, rate)[0]
    lines = [f"TITLE: {media.name}", f"FCM: {'DROP FRAME' if is_drop_frame else 'NON-DROP FRAME'}", ""]
    tracks, record, number = "B" if media.has_sound else "V", 0, 0
    for start, end in spans:
        begin, length = rate.frame_at(start), rate.frame_at(end) - rate.frame_at(start)
        if length < 1:  # it lies between two frames
            continue
        number += 1
        frames = (first + begin, first + begin + length, record, record + length)
        times = " ".join(format_timecode(frame, rate, is_drop_frame=is_drop_frame) for frame in frames)
        lines += [f"{number:03}  {'AX':<8} {tracks:<5} {'C':<8} {times}", f"* FROM CLIP NAME: {media.name}", ""]
        record += length
    return "\n".join(lines)


CUT_FORMATS: Mapping[str, tuple[Callable[[CutList], str], str]] = MappingProxyType(
    {
        "json": (cuts_to_json, ".json"),
        "csv": (cuts_to_csv, ".csv"),
        "edl": (cuts_to_edl, ".edl"),
    }
)
"""How a cut list is written, and how such a file's name ends."""
