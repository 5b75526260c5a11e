"""Each format is told by what lies in a folder and read into the same records."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.folders import DescribedClips, read_clips
from videobert_demo.errors import DataError

FILMS = {
    name: {"duration": 60, "timestamps": [[1, 5.5], [5, 9]], "sentences": ["A dog.", " It runs. "]} for name in "abc"
}


def make(folder: Path, clips: tuple[str, ...], **files: Any) -> Path:
    """Empty clips and annotations; of the annotations' names the last `_` stands for the dot."""
    for clip in clips:
        (folder / clip).parent.mkdir(parents=True, exist_ok=True)
        (folder / clip).touch()
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / ".".join(name.rsplit("_", 1))).write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> DescribedClips:
    return read_clips(folder, folder / "unpacked")


def test_msrvtt(tmp_path: Path) -> None:
    splits = {"video0": "train", "video1": "validate", "video2": "test", "video3": "test"}
    videos = [{"video_id": name, "split": split, "start time": 1.0} for name, split in splits.items()]
    sentences = [{"video_id": name, "caption": text} for name in splits for text in ("a dog runs", "...", "a dog")]
    clips = ("all/video0.mp4", "all/video1.mp4", "all/video2.avi")
    found = read(make(tmp_path, clips, info_json={"videos": videos, "sentences": sentences}))
    assert (found.format, found.folder) == ("msrvtt", tmp_path)
    assert found.records == tuple(
        ClipRecord(clip, ("a dog runs", "a dog"), split=split)
        for clip, split in zip(clips, ("train", "val", "test"), strict=True)
    )


def test_msvd(tmp_path: Path) -> None:
    lines = "# names and sentences\n-4w_5_15 a squirrel eats\n-4w_5_15 an animal eats a nut\nnone_0_1 a dog\n\nx_1_2 \n"
    found = read(make(tmp_path, ("-4w_5_15.avi", "x_1_2.avi"), captions_txt=lines))
    assert found == DescribedClips(
        "msvd", tmp_path, (ClipRecord("-4w_5_15.avi", ("a squirrel eats", "an animal eats a nut")),)
    )
    head = "VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description\n"
    rows = "-4w,5,15,1,clean,1,English,a squirrel eats\n-4w,5,15,1,clean,1,French,un animal\n"
    again = read(make(tmp_path, (), corpus_csv=head + rows))
    assert again.records == (ClipRecord("-4w_5_15.avi", ("a squirrel eats",)),)


def test_vatex(tmp_path: Path) -> None:
    rows = [{"videoID": name, "enCap": [f"a {name} dog"], "chCap": ["一只狗"]} for name in ("P_1_2", "Q_1_2")]
    found = read(make(tmp_path, ("P_1_2.mp4",), vatex_training_json=rows))
    assert found == DescribedClips("vatex", tmp_path, (ClipRecord("P_1_2.mp4", ("a P_1_2 dog",)),))


def test_activitynet(tmp_path: Path) -> None:
    one = {"a": {**FILMS["a"], "timestamps": [[1, 5.5], [9, 9]]}}
    files = {"train_json": one, "val_1_json": {"b": FILMS["b"]}, "val_2_json": {"c": FILMS["c"]}}
    found = read(make(tmp_path, ("a.mp4", "b.mkv", "c.webm"), **files))
    assert found.format == "activitynet"
    assert [(record.name, record.split) for record in found.records] == [
        ("a.mp4@1-5.5", "train"),  # the moment without length is left out
        ("b.mkv@1-5.5", "val"),
        ("b.mkv@5-9", "val"),
        ("c.webm@1-5.5", "test"),
        ("c.webm@5-9", "test"),
    ]
    assert found.records[2].captions == ("It runs.",)


def test_youcook2_whose_clips_are_split_anew_without_a_test_part(tmp_path: Path) -> None:
    steps = [{"segment": [90, 102], "id": 0, "sentence": "spread margarine"}, {"segment": [110, 120], "id": 1}]
    films = {
        name: {"subset": subset, "annotations": steps} for name, subset in (("x", "training"), ("y", "validation"))
    }
    found = read(make(tmp_path, ("training/113/x.mp4", "y.mp4"), youcook_json={"database": films}))
    assert found.format == "youcook2"
    assert [(record.file, record.span_seconds, record.split) for record in found.records] == [
        ("training/113/x.mp4", (90, 102), None),
        ("y.mp4", (90, 102), None),
    ]


def test_tables(tmp_path: Path) -> None:
    rows = [
        ("Video_ID", "caption", "start_seconds", "end_seconds", "question", "answer", "likes"),
        ("a.mp4", "a dog, running", "", "", "who runs?", "a dog", "3"),
        ("a", "the dog runs", "", "", "", "", ""),
        ("a", "it sits", "1.5", "2", "", "", ""),
        ("none", "a cat", "", "", "", "", ""),
    ]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    found = read(make(tmp_path, ("a.mp4",), captions_csv=text.getvalue()))
    assert found.format == "table"
    assert found.records == (
        ClipRecord("a.mp4", ("a dog, running", "the dog runs"), (("who runs?", "a dog"),)),
        ClipRecord("a.mp4", ("it sits",), start_seconds=1.5, end_seconds=2.0),
    )


def test_webvids_table(tmp_path: Path) -> None:
    rows = "videoid,contentUrl,duration,page_dir,name\n7,u,PT1S,01_02,a dog in snow\n8,u,PT1S,01_02,a cat\n"
    found = read(make(tmp_path, ("01_02/7.mp4",), results_csv=rows))
    assert found.records == (ClipRecord("01_02/7.mp4", ("a dog in snow",)),)


def test_shards(tmp_path: Path) -> None:
    files = {
        "../7.mp4": b"seven",
        "../7.txt": b"a dog\n",
        "8.json": json.dumps({"caption": "a cat", "url": "u"}).encode(),
        "8.mp4": b"eight",
        "9.mp4": b"nine, of which nobody says anything",
        "x/7.webm": b"another seven",
        "x/7.json": b"[]",
        "x/7.txt": b"a horse",
    }
    with tarfile.open(tmp_path / "00000.tar", "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("10.mp4")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = read(tmp_path)
    assert (found.format, found.folder) == ("shards", tmp_path / "unpacked")
    assert [record.captions for record in found.records] == [("a dog",), ("a cat",), ("a horse",)]
    assert [(found.folder / record.file).read_bytes() for record in found.records] == [
        b"seven",
        b"eight",
        b"another seven",
    ]
    assert {path.parent for path in tmp_path.rglob("*.*")} == {tmp_path, tmp_path / "unpacked"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a_json": "{"}, "cannot be read as JSON"),
        ({"a_json": "[" * 100_000}, "cannot be read as JSON"),
        ({"a_json": {"some": "thing"}}, "annotations of a known format"),
        ({}, "annotations of a known format"),
        ({"a_json": {"videos": [3], "sentences": []}}, "lacks or misuses"),
        ({"a_json": {"videos": [], "sentences": [{}]}}, "misuses the field 'video_id'"),
        ({"a_json": {"x": {"timestamps": [[1, 2], [2, 3]], "sentences": ["a dog"]}}}, "x lacks or misuses"),
        ({"a_json": {"x": {"timestamps": [["1", 2]], "sentences": ["a dog"]}}}, "x lacks or misuses"),
        ({"a_json": {"database": {"x": {"annotations": [{}]}}}}, "x lacks or misuses the field 'segment'"),
        ({"a_json": [{"videoID": "x", "enCap": 3}]}, "lacks or misuses"),
        ({"a_json": [{"videoID": "x", "enCap": ["dog " * 999]}]}, "a caption has 3996 letters"),
        ({"a_json": [{"videoID": "none", "enCap": ["a dog"]}]}, r"\(vatex\), but none of them is there"),
        ({"a_csv": "file,likes\nx,3\n"}, "no column for captions; name it 'caption'"),
        ({"a_csv": "file,caption,end_seconds\nx,a dog,soon\n"}, r"a\.csv:2: end_seconds is 'soon'"),
        ({"a_csv": "file,caption,end_seconds\nx,a dog,nan\n"}, r"a\.csv:2: end_seconds is nan"),
        ({"a_csv": "file,caption,split\nx,a dog,all\n"}, r"a\.csv:2: split is 'all'"),
        ({"a_tar": "no archive"}, "no .tar file that can be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, files: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(make(tmp_path, ("x.mp4",), **files))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no folder"):
        read(tmp_path / "none")
