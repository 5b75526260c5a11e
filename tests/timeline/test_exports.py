"""Every export against its golden file, and read back by a library that is not ours, or by a strict parser."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import jsonschema
import opentimelineio
import pysubs2
import pytest
import webvtt

from tests.timeline.make_golden import GOLDEN, golden_texts
from tests.timeline.samples import CAPTIONS, CHAPTERS, RATES, sample_timeline
from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.timeline.exports.frames import frame_spans, grid_rate
from videobert_demo.timeline.exports.json import from_json
from videobert_demo.timeline.timecode import parse_timecode
from videobert_demo.timeline.timeline import Chapter, Scene, Timeline

SCHEMA = Path(__file__).parents[2] / "docs" / "timeline.schema.json"
FULL = sample_timeline("25")


def written(name: str, timeline: Timeline = FULL) -> str:
    return FORMATS[name].write(timeline)


def milliseconds(timeline: Timeline) -> list[tuple[int, int]]:
    return [(round(scene.start_seconds * 1000), round(scene.end_seconds * 1000)) for scene in timeline.scenes]


def test_the_golden_files_are_what_is_written() -> None:
    texts = golden_texts()
    assert {path.name for path in GOLDEN.iterdir()} == set(texts)
    assert [name for name, text in texts.items() if (GOLDEN / name).read_bytes() != text.encode()] == []


@pytest.mark.parametrize("rate", RATES)
def test_json_obeys_its_schema_and_comes_back(rate: str) -> None:
    timeline = sample_timeline(rate)
    text = written("json", timeline)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(text), schema, cls=jsonschema.Draft202012Validator)
    again = from_json(text)
    assert written("json", again) == text
    assert replace(again, scenes=timeline.scenes) == timeline
    assert [scene.caption for scene in again.scenes] == list(CAPTIONS)


@pytest.mark.parametrize(
    "change", [{"frame_rate": [25]}, {"scenes": []}, {"duration_seconds": 0}, {"more": 1}, {"is_complete": None}]
)
def test_the_schema_refuses_what_is_no_timeline(change: dict[str, Any]) -> None:
    values = {**json.loads(written("json")), **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("rate", RATES)
def test_csv_is_start_end_label(rate: str) -> None:
    timeline = sample_timeline(rate)
    rows = list(csv.reader(io.StringIO(written("csv", timeline)), strict=True))
    assert [row[2] for row in rows] == list(CAPTIONS)
    expected = [
        (pytest.approx(one.start_seconds, abs=1e-6), pytest.approx(one.end_seconds, abs=1e-6))
        for one in timeline.scenes
    ]
    assert [(float(row[0]), float(row[1])) for row in rows] == expected


@pytest.mark.parametrize("rate", RATES)
def test_pysubs2_reads_the_subtitles(rate: str) -> None:
    timeline = sample_timeline(rate)
    events = pysubs2.SSAFile.from_string(written("srt", timeline), format_="srt", keep_unknown_html_tags=True)
    assert [(event.start, event.end) for event in events] == milliseconds(timeline)
    assert [event.plaintext.replace("{\\b1}", "") for event in events][1:] == list(CAPTIONS[1:])


@pytest.mark.parametrize("rate", RATES)
def test_webvtt_reads_the_cues(rate: str) -> None:
    timeline = sample_timeline(rate)
    cues = list(webvtt.from_string(written("vtt", timeline)))
    spans = [(round(cue.start_in_seconds * 1000), round(cue.end_in_seconds * 1000)) for cue in cues]
    # webvtt-py gives whole seconds in these two fields; the text of the cue has the milliseconds.
    assert [(start // 1000, end // 1000) for start, end in milliseconds(timeline)] == [
        (start // 1000, end // 1000) for start, end in spans
    ]
    assert [cue.raw_text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for cue in cues] == list(
        CAPTIONS
    )
    assert all("<" not in cue.raw_text and "-->" not in cue.raw_text for cue in cues)


def test_subtitles_of_long_clips_have_hours() -> None:
    scene = Scene(7199.9996, 7200.5, "a dog runs", 0.5, True)
    timeline = replace(FULL, scenes=(scene,), chapters=(), duration_seconds=7201.0)
    assert "02:00:00,000 --> 02:00:00,500" in written("srt", timeline)
    assert "02:00:00.000 --> 02:00:00.500" in written("vtt", timeline)


@pytest.mark.parametrize("rate", RATES)
def test_youtube_lines_are_clock_and_title(rate: str) -> None:
    timeline = sample_timeline(rate)
    lines = [re.fullmatch(r"(\d+):([0-5]\d) (\S.*)", line) for line in written("youtube", timeline).splitlines()]
    assert [60 * int(line[1]) + int(line[2]) for line in lines if line] == [
        int(chapter.start_seconds + 1e-6) for chapter in timeline.chapters
    ]


def test_youtube_lines() -> None:
    assert written("youtube") == "0:00 Guitar & song\n0:12 Dogs ‹outside›; yes = no\n1:00 Cook #3\n"
    long = replace(FULL, duration_seconds=4000.0, chapters=(*FULL.chapters[:2], Chapter(3723.9, "Late")))
    assert written("youtube", long).splitlines()[-1] == "1:02:03 Late"


@pytest.mark.parametrize(
    ("starts", "reason"),
    [
        ((), "at least 3 chapters, and this clip has 0"),
        ((0.0, 20.0), "this clip has 2"),
        ((1.0, 20.0, 40.0), "starts at 0:01"),
        ((0.0, 9.9, 40.0), "“b” at 0:00|“a” at 0:00 has 9.9"),
        ((0.0, 20.0, 63.2), "“c” at 1:03 has 8.8"),
    ],
)
def test_youtube_says_why_not(starts: tuple[float, ...], reason: str) -> None:
    chapters = tuple(Chapter(start, title) for start, title in zip(starts, "abc", strict=False))
    with pytest.raises(TimelineExportError, match=reason):
        written("youtube", replace(FULL, chapters=chapters))


@pytest.mark.parametrize("rate", RATES)
def test_ffmpeg_reads_the_chapters(tmp_path: Path, rate: str) -> None:
    timeline, path = sample_timeline(rate), tmp_path / "chapters.txt"
    path.write_text(written("ffmetadata", timeline), encoding="utf-8")
    with av.open(str(path), format="ffmetadata") as container:
        assert container.metadata["title"] == timeline.media.name
        chapters = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in chapters] == list(CHAPTERS)
    edges = [*(chapter.start_seconds for chapter in timeline.chapters), timeline.duration_seconds]
    read = [(chapter["start"] * chapter["time_base"], chapter["end"] * chapter["time_base"]) for chapter in chapters]
    assert [float(start) for start, _ in read] == pytest.approx(edges[:-1], abs=5e-4)
    assert [float(end) for _, end in read] == pytest.approx(edges[1:], abs=5e-4)


def test_ffmetadata_without_chapters_has_the_scenes() -> None:
    assert written("ffmetadata", replace(FULL, chapters=())).count("[CHAPTER]") == len(FULL.scenes)


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


class Report(HTMLParser):
    """Collects captions and what a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.captions: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()
        self._is_caption = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        self._is_caption = values.get("class") == "caption"

    def handle_data(self, data: str) -> None:
        if self._is_caption:
            self.captions.append(data)
            self._is_caption = False


def test_the_report_is_one_file_and_escapes_what_it_shows() -> None:
    report = Report()
    report.feed(written("html"))
    assert report.captions == list(CAPTIONS)
    assert len(report.addresses) == len(FULL.scenes)
    assert all(address.startswith("data:image/jpeg;base64,") for address in report.addresses)
    assert not report.tags & {"script", "link", "iframe", "b", "film", "outside"}
    partial = written("html", replace(FULL, scenes_left_out=4, is_complete=False))
    assert "4 more left out, stopped before the end" in partial


def test_writing_needs_none_of_the_readers() -> None:
    script = (
        "import sys, videobert_demo.timeline.exports.formats\n"
        "print(sorted({'opentimelineio', 'torch', 'cv2', 'av', 'gradio', 'pysubs2', 'webvtt'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
