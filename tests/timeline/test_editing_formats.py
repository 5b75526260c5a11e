"""The formats of editing programs, each read by another program's reader or held to its rules."""

import re
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import opentimelineio
import pytest

from tests.timeline.samples import CAPTIONS, CHAPTERS, RATES, sample_timeline
from tests.timeline.test_exports import FULL, written
from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.exports.frames import frame_spans, grid_rate
from videobert_demo.timeline.timecode import parse_timecode
from videobert_demo.timeline.timeline import Scene

EVENT = re.compile(r"(\d{3})  AX       V     C        (\S{11}) (\S{11}) (\S{11}) (\S{11})")

MARKER = re.compile(r"\* LOC: (\S{11}) (GREEN |YELLOW )  ?(.+)")


@pytest.mark.parametrize("rate", RATES)
def test_edl_events_are_the_scenes_with_exclusive_ends(rate: str) -> None:
    timeline = sample_timeline(rate)
    lines = written("edl", timeline).splitlines()
    assert lines[0] == "TITLE: my <film> & 1.mp4"
    assert lines[1] == ("FCM: DROP FRAME" if rate in ("29.97", "59.94") else "FCM: NON-DROP FRAME")
    frames, markers = [], []
    for line in lines[2:]:
        if event := EVENT.fullmatch(line):
            assert int(event[1]) == len(frames) + 1
            assert event.group(2, 3) == event.group(4, 5)
            (start, start_drops), (end, end_drops) = (
                parse_timecode(event[group], grid_rate(timeline)) for group in (2, 3)
            )
            assert start_drops == end_drops == timeline.is_drop_frame
            frames.append((start - timeline.start_frame, end - timeline.start_frame))
        elif line and not line.startswith("* FROM CLIP NAME: my <film> & 1.mp4"):
            marker = MARKER.fullmatch(line)
            assert marker is not None, line
            markers.append(marker[3])
    assert frames == [(span.start, span.end) for span in frame_spans(timeline)]
    assert frames[0][1] == frames[1][0]
    assert markers == list(CAPTIONS)


@pytest.mark.parametrize(
    ("rate", "first"),
    [
        ("25", "01:00:00:00 01:00:12:08"),
        ("29.97", "00:59:58;00 01:00:10;10"),
        ("59.94", "10:00:59;58 10:01:12;22"),
        ("23.976", "00:00:00:00 00:00:12:08"),
        ("variable", "00:00:00:00 00:00:12:10"),
    ],
)
def test_edl_timecode_worked_out_by_hand(rate: str, first: str) -> None:
    assert f"C        {first} " in written("edl", sample_timeline(rate))


@pytest.mark.parametrize("rate", ["23.976", "25", "29.97", "30", "50", "59.94", "60"])
def test_opentimelineio_reads_the_edl(rate: str) -> None:
    timeline = sample_timeline(rate)
    number = float(grid_rate(timeline).fraction)
    read = opentimelineio.adapters.read_from_string(written("edl", timeline), adapter_name="cmx_3600", rate=number)
    clips = list(read.find_clips())
    spans = frame_spans(timeline)
    assert [clip.source_range.start_time.to_frames() for clip in clips] == [
        timeline.start_frame + span.start for span in spans
    ]
    assert [clip.source_range.duration.to_frames() for clip in clips] == [span.length for span in spans]
    # Its reader of markers knows no ";", so that it finds none in drop-frame lists; our own parser above does.
    markers = [marker.name for clip in clips for marker in clip.markers]
    assert markers == ([] if timeline.is_drop_frame else list(CAPTIONS))


def test_an_edl_numbers_999_events() -> None:
    scenes = tuple(Scene(number / 20, (number + 1) / 20, "x", 0.5, True) for number in range(1000))
    with pytest.raises(TimelineExportError, match="999"):
        written("edl", replace(FULL, scenes=scenes))


# Of Apple's DTD for FCPXML 1.10: the attributes that an element has to have and may have, and the children it may have.
FCPXML_RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "fcpxml": ({"version"}, set(), {"resources", "library"}),
    "resources": (set(), set(), {"format", "asset"}),
    "format": ({"id"}, {"frameDuration", "width", "height"}, set()),
    "asset": ({"id"}, {"name", "start", "duration", "hasVideo", "hasAudio", "format"}, {"media-rep"}),
    "media-rep": ({"src"}, {"kind"}, set()),
    "library": (set(), set(), {"event"}),
    "event": (set(), {"name"}, {"project"}),
    "project": (set(), {"name"}, {"sequence"}),
    "sequence": ({"format"}, {"duration", "tcStart", "tcFormat"}, {"spine"}),
    "spine": (set(), set(), {"asset-clip"}),
    "asset-clip": ({"ref"}, {"name", "offset", "start", "duration", "tcFormat"}, {"marker", "chapter-marker"}),
    "marker": ({"start", "value"}, {"duration"}, set()),
    "chapter-marker": ({"start", "value"}, {"duration"}, set()),
}


def seconds(text: str | None) -> Fraction:
    match = re.fullmatch(r"(\d+)(?:/(\d+))?s", text or "")
    assert match is not None, text
    return Fraction(int(match[1]), int(match[2] or 1))


@pytest.mark.parametrize("rate", RATES)
def test_fcpxml_obeys_its_rules(rate: str) -> None:
    timeline = sample_timeline(rate)
    text = written("fcpxml", timeline)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n')
    root = ElementTree.fromstring(text)
    frame = 1 / grid_rate(timeline).fraction
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    for element in root.iter():
        required, optional, children = FCPXML_RULES[element.tag]
        assert required <= set(element.attrib) <= required | optional
        assert {child.tag for child in element} <= children
        for name in {"start", "duration", "offset", "tcStart", "frameDuration"} & set(element.attrib):
            assert (seconds(element.get(name)) / frame).denominator == 1
        for name in {"ref"} & set(element.attrib) | ({"format"} & set(element.attrib)):
            assert element.get(name) in ids
    clips, sequence, media = list(root.iter("asset-clip")), root.find(".//sequence"), root.find(".//media-rep")
    offset = timeline.start_frame * frame
    for clip, span in zip(clips, frame_spans(timeline), strict=True):
        assert clip.get("name") == span.scene.caption
        assert seconds(clip.get("offset")) == offset
        assert seconds(clip.get("start")) == (timeline.start_frame + span.start) * frame
        offset += seconds(clip.get("duration"))
    assert sequence is not None
    assert seconds(sequence.get("duration")) == sum(seconds(clip.get("duration")) for clip in clips)
    assert seconds(sequence.get("tcStart")) == timeline.start_frame * frame
    assert [marker.get("value") for marker in root.iter("chapter-marker")] == list(CHAPTERS)
    assert media is not None
    assert media.get("src") == "./my%20%3Cfilm%3E%20%26%201.mp4"


@pytest.mark.parametrize("rate", RATES)
def test_opentimelineio_reads_its_file(rate: str) -> None:
    timeline = sample_timeline(rate)
    read = opentimelineio.adapters.read_from_string(written("otio", timeline), adapter_name="otio_json")
    assert isinstance(read, opentimelineio.schema.Timeline)
    assert read.global_start_time.to_frames() == timeline.start_frame
    clips, spans = list(read.find_clips()), frame_spans(timeline)
    assert [clip.name for clip in clips] == list(CAPTIONS)
    for clip, span in zip(clips, spans, strict=True):
        assert clip.source_range.start_time.to_frames() == timeline.start_frame + span.start
        assert clip.source_range.duration.to_frames() == span.length
        assert clip.source_range.start_time.rate == float(grid_rate(timeline).fraction)
        whole, part = clip.available_range(), clip.source_range
        assert whole.start_time <= part.start_time < part.end_time_exclusive() <= whole.end_time_exclusive()
        assert clip.media_reference.target_url == "my%20%3Cfilm%3E%20%26%201.mp4"
        assert clip.markers[0].marked_range.start_time == clip.source_range.start_time
    assert [marker.name for marker in read.tracks.markers] == list(CHAPTERS)
