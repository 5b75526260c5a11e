"""Labelled stills are read in both formats; every tenth is held out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tiny import write_jsonl
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.everyday import (
    LabelledClip,
    archive_of,
    is_held_out,
    label_sentences,
    read_everyday_stills,
    read_labelled,
)
from videobert_demo.errors import DataError

RIDING: dict[str, Any] = {
    "file": "action/cycling/10.avif",
    "kind": "action",
    "label": "cycling",
    "captions": ["a person is riding a bicycle"],
    "verb": "ride",
    "object": "bicycle",
}


def labelled(label: str, *captions: str) -> LabelledClip:
    return LabelledClip(CaptionedVideo(f"{label}/1.avif", "train", None, ("x",), captions), "sport", label)


def test_a_stills_number_tells_its_split(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "captions.jsonl", [RIDING, RIDING | {"file": "action/cycling/11.avif"}])
    held_out, trained_on = read_labelled(tmp_path)
    assert (held_out.clip.split, trained_on.clip.split) == ("val", "train")
    assert (held_out.kind, held_out.label, held_out.verb, held_out.object) == ("action", "cycling", "ride", "bicycle")
    assert read_labelled(tmp_path, "val") == [held_out]
    assert read_everyday_stills(tmp_path) == [held_out.clip, trained_on.clip]
    assert archive_of(tmp_path).name == "images.tar"


@pytest.mark.parametrize(
    ("file", "held_out"), [("sport/judo/9000.avif", True), ("100.avif", True), ("a/101.avif", False)]
)
def test_multiples_of_ten_are_held_out(file: str, held_out: bool) -> None:
    assert is_held_out(file) == held_out


def test_a_name_without_a_number_is_refused() -> None:
    with pytest.raises(DataError, match="does not end in a number"):
        is_held_out("judo/first.avif")


def test_videos_with_labels_keep_their_own_split(tmp_path: Path) -> None:
    record = {"video_id": "v1", "split": "test", "frames": [{"file": "1.webp"}, {"file": "2.webp"}]}
    write_jsonl(
        tmp_path / "videos.jsonl", [record | {"kind": "sport", "label": "judo", "captions": ["people are doing judo"]}]
    )
    (found,) = read_labelled(tmp_path, "test")
    assert found.clip.frame_files == ("1.webp", "2.webp")
    assert (found.label, found.verb, found.object) == ("judo", None, None)
    assert read_labelled(tmp_path, "val") == []
    assert archive_of(tmp_path).name == "frames.tar"


@pytest.mark.parametrize(
    ("change", "message"), [({"kind": "animal"}, "of kind 'animal'"), ({"label": ""}, "has no label")]
)
def test_what_is_of_no_class_is_refused(tmp_path: Path, change: dict[str, str], message: str) -> None:
    write_jsonl(tmp_path / "captions.jsonl", [RIDING | change])
    with pytest.raises(DataError, match=message):
        read_labelled(tmp_path)


def test_a_missing_field_is_named_with_its_line(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "captions.jsonl", [{name: RIDING[name] for name in RIDING if name != "label"}])
    with pytest.raises(DataError, match=r"captions\.jsonl:1 lacks or misuses the field 'label'"):
        read_labelled(tmp_path)
    with pytest.raises(DataError, match="split 'all' is not one of"):
        read_labelled(tmp_path, "all")


def test_a_sentence_with_which_another_label_begins_says_only_that_one() -> None:
    clips = [
        labelled("basketball", "people are playing basketball", "a group is playing basketball"),
        labelled("wheelchair basketball", "people in wheelchairs are playing", "people are playing basketball"),
    ]
    assert label_sentences(clips) == {
        ("sport", "basketball"): ("people are playing basketball", "a group is playing basketball"),
        ("sport", "wheelchair basketball"): ("people in wheelchairs are playing",),
    }
