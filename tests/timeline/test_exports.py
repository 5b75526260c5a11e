"""Every export against its golden file, and read back by a library that is not ours, or by a strict parser."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import av
import jsonschema
import pysubs2
import pytest
import webvtt

from tests.timeline.make_golden import GOLDEN, golden_texts
from tests.timeline.samples import CAPTIONS, CHAPTERS, RATES, sample_timeline
from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.timeline.exports.json import from_json
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


def test_json_of_another_language_has_the_models_own_sentence_as_well() -> None:
    first, *others = FULL.scenes
    chinese = replace(FULL, scenes=(replace(first, caption="一只狗在跑", english="a dog is running"), *others))
    text = written("json", chinese)
    jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [scene.english for scene in from_json(text).scenes] == ["a dog is running", *[""] * len(others)]


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
