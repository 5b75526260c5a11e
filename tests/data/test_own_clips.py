"""What somebody wrote about their clips is read, and every wrong row is refused with its line and a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from videobert_demo.data.own_clips import read_own_clips
from videobert_demo.errors import DataError

ROW: dict[str, Any] = {"file": "a.mp4", "captions": ["a dog runs"]}


def write(folder: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "captions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_rows_are_read(tmp_path: Path) -> None:
    part = {"start_seconds": 3, "end_seconds": 9.5, "split": "test"}
    questions = [{"question": "what runs?", "answer": "dog"}]
    whole, cut = read_own_clips(write(tmp_path, ROW, "", ROW | part | {"questions": questions}))
    assert (whole.name, whole.span_seconds, whole.split) == ("a.mp4", None, None)
    assert (cut.name, cut.span_seconds, cut.split) == ("a.mp4@3-9.5", (3, 9.5), "test")
    assert cut.questions == (("what runs?", "dog"),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"file": "../a.mp4"}, "below the folder"),
        ({"file": "/etc/passwd"}, "below the folder"),
        ({"file": "C:\\a.mp4"}, "below the folder"),
        ({"file": 3}, "name of a clip"),
        ({"file": " "}, "file is empty"),
        ({"captions": []}, "0 captions"),
        ({"captions": "a dog"}, "list of texts"),
        ({"captions": ["a dog", ""]}, "a caption is empty"),
        ({"captions": ["a dog", None]}, "a caption is None"),
        ({"captions": ["dog " * 1000]}, "a caption has 4000 letters"),
        ({"captions": ["a\x00dog"]}, r"a caption holds U\+0000"),
        ({"captions": ["a \ud800"]}, r"a caption holds U\+D800"),
        ({"captions": ["a dog"] * 1001}, "1001 captions"),
        ({"start_seconds": -1}, "start_seconds is -1"),
        ({"start_seconds": float("nan")}, "start_seconds is nan"),
        ({"end_seconds": float("inf")}, "end_seconds is inf"),
        ({"end_seconds": "3"}, "end_seconds is '3'"),
        ({"end_seconds": True}, "end_seconds is True"),
        ({"start_seconds": 4, "end_seconds": 4}, "not after start_seconds"),
        ({"end_seconds": 0}, "not after start_seconds"),
        ({"split": "all"}, "split is 'all'"),
        ({"questions": ["what?"]}, "questions is"),
        ({"questions": [{"question": "what?"}]}, "questions is"),
        ({"questions": [{"question": "what?", "answer": 3}]}, "an answer is 3"),
        ({"caption": "a dog"}, "unknown field 'caption'"),
    ],
)
def test_a_wrong_row_is_refused_by_its_line(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=rf"captions\.jsonl:3.*{message}"):
        read_own_clips(write(tmp_path, ROW, "", ROW | change))


def test_a_row_without_captions_and_a_file_without_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="lacks the field 'captions'"):
        read_own_clips(write(tmp_path, {"file": "a.mp4"}))
    with pytest.raises(DataError, match="has no rows"):
        read_own_clips(write(tmp_path, ""))
    (tmp_path / "captions.jsonl").unlink()
    with pytest.raises(DataError, match="does not exist"):
        read_own_clips(tmp_path)
