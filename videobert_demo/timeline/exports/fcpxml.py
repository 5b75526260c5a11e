"""Scenes as FCPXML 1.10, which Final Cut Pro and Resolve read: the clip cut at its scenes, with markers and chapters.

Source: Apple's FCPXML reference. Times are rational seconds, whole multiples of the frame duration. The clip has a
relative address: put the file beside the clip, or let the editor ask for it.
"""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

from videobert_demo.timeline.exports.frames import FrameSpan, frame_count, frame_spans, grid_rate
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timeline import Timeline

VERSION = "1.10"


def to_fcpxml(timeline: Timeline) -> str:
    """The document's text."""
    root = ElementTree.Element("fcpxml", version=VERSION)
    _add_resources(ElementTree.SubElement(root, "resources"), timeline)
    library = ElementTree.SubElement(root, "library")
    event = ElementTree.SubElement(library, "event", name=timeline.media.name)
    project = ElementTree.SubElement(event, "project", name=timeline.media.name)
    rate = grid_rate(timeline)
    spans = frame_spans(timeline)
    sequence = ElementTree.SubElement(
        project,
        "sequence",
        format="r1",
        duration=_time(sum(span.length for span in spans), rate),
        tcStart=_time(timeline.start_frame, rate),
        tcFormat=_timecode_format(timeline),
    )
    spine = ElementTree.SubElement(sequence, "spine")
    chapters = [(rate.frame_at(chapter.start_seconds), chapter.title) for chapter in timeline.chapters]
    offset = timeline.start_frame
    for span in spans:
        _add_clip(spine, timeline, span, offset, chapters)
        offset += span.length
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{body}\n'


def _add_resources(resources: ElementTree.Element, timeline: Timeline) -> None:
    media, rate = timeline.media, grid_rate(timeline)
    ElementTree.SubElement(
        resources,
        "format",
        id="r1",
        frameDuration=_time(1, rate),
        width=str(media.width),
        height=str(media.height),
    )
    asset = ElementTree.SubElement(
        resources,
        "asset",
        id="r2",
        name=media.name,
        start=_time(timeline.start_frame, rate),
        duration=_time(frame_count(timeline), rate),
        hasVideo="1",
        format="r1",
    )
    if media.has_sound:
        asset.set("hasAudio", "1")
    ElementTree.SubElement(asset, "media-rep", kind="original-media", src=f"./{quote(media.name)}")


def _add_clip(
    spine: ElementTree.Element, timeline: Timeline, span: FrameSpan, offset: int, chapters: list[tuple[int, str]]
) -> None:
    """One scene. Its markers' times are those of the source, as the clip's own `start` is."""
    rate, frame = grid_rate(timeline), timeline.start_frame + span.start
    clip = ElementTree.SubElement(
        spine,
        "asset-clip",
        ref="r2",
        name=span.scene.caption,
        offset=_time(offset, rate),
        start=_time(frame, rate),
        duration=_time(span.length, rate),
        tcFormat=_timecode_format(timeline),
    )
    one_frame = _time(1, rate)
    ElementTree.SubElement(clip, "marker", start=_time(frame, rate), duration=one_frame, value=span.scene.caption)
    for start, title in chapters:
        if span.start <= start < span.end:
            moment = _time(timeline.start_frame + start, rate)
            ElementTree.SubElement(clip, "chapter-marker", start=moment, duration=one_frame, value=title)


def _timecode_format(timeline: Timeline) -> str:
    return "DF" if timeline.is_drop_frame else "NDF"


def _time(frames: int, rate: FrameRate) -> str:
    """Frames as rational seconds."""
    if frames == 0:
        return "0s"
    return f"{frames * rate.denominator}/{rate.numerator}s"
