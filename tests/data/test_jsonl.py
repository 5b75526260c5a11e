"""Lines that are no records are refused with their number."""

from __future__ import annotations

from pathlib import Path

import pytest

from videobert_demo.data.jsonl import read_jsonl
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
