"""Scenes as a CMX 3600 edit decision list, with a marker a scene.

Source: CMX 3600 as editors read it: event, reel, track, cut, then in and out of source and record; out is exclusive.
Markers are the comments "* LOC: timecode colour text" of Avid; OpenTimelineIO reads
them too, except in drop-frame lists.

    001  AX       V     C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00
    002  AX       V     C        01:00:02:00 ...         <- the frame after the last one of event 001
"""

from __future__ import annotations

from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.exports.frames import frame_spans, grid_rate
from videobert_demo.timeline.timecode import format_timecode
from videobert_demo.timeline.timeline import Timeline

MAX_EVENTS = 999
_SURE_COLOUR, _UNSURE_COLOUR = "GREEN", "YELLOW"


def to_edl(timeline: Timeline) -> str:
    """One event a scene, its marker at its first frame: green, or yellow where the caption is not sure.

    Record times are those of the source, so the list lays the clip out as it is, cut at its scenes. Drop-frame as the
    file's own timecode, else where the rate has it.

    Raises:
        TimelineExportError: There are more scenes than the format can number.
    """
    if len(timeline.scenes) > MAX_EVENTS:
        raise TimelineExportError(
            "An EDL holds at most {most} scenes, and this clip has {count}; export it as OTIO or FCPXML instead.",
            most=MAX_EVENTS,
            count=len(timeline.scenes),
        )
    rate, is_drop_frame = grid_rate(timeline), timeline.is_drop_frame
    lines = [
        f"TITLE: {timeline.media.name}",
        f"FCM: {'DROP FRAME' if is_drop_frame else 'NON-DROP FRAME'}",
        "",
    ]
    for number, span in enumerate(frame_spans(timeline), start=1):
        begin, end = (
            format_timecode(timeline.start_frame + frame, rate, is_drop_frame=is_drop_frame)
            for frame in (span.start, span.end)
        )
        colour = _SURE_COLOUR if span.scene.is_sure else _UNSURE_COLOUR
        lines += [
            f"{number:03}  {'AX':<8} {'V':<5} {'C':<8} {begin} {end} {begin} {end}",
            f"* FROM CLIP NAME: {timeline.media.name}",
            f"* LOC: {begin} {colour:<7} {span.scene.caption}",
            "",
        ]
    return "\n".join(lines)
