"""Lines that are no records are refused with their number."""

from __future__ import annotations

from pathlib import Path

import pytest

from videobert_demo.data.jsonl import read_jsonl, read_numbered, read_records
from videobert_demo.errors import DataError


@pytest.mark.parametrize(
    ("text", "message"), [("{\n", "not JSON"), ("[1]\n", "not a JSON object"), ('"a"\n', "object")]
)
def test_lines_that_are_no_records(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(f'{{"captions": []}}\n\n{text}')
    with pytest.raises(DataError, match=rf"lines\.jsonl:3 .*{message}"):
        list(read_jsonl(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        list(read_jsonl(tmp_path / "lines.jsonl"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"\xff\xfe{}", "not text in UTF-8"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON that can be read"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_lines_that_nobody_can_read(tmp_path: Path, line: bytes, message: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"a": 1}\n' + line)
    with pytest.raises(DataError, match=rf"lines\.jsonl:2 .*{message}"):
        list(read_jsonl(path))


def test_a_byte_order_mark_is_no_fault_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n{"a": 2}\n')
    assert list(read_numbered(path)) == [(1, {"a": 1}), (3, {"a": 2})]
    with pytest.raises(DataError, match=r":3 lacks .*'b'"):
        read_records(path, lambda row: row["a"] if row["a"] == 1 else row["b"])
