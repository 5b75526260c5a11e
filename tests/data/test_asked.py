"""Questions about videos with frames are read by the videos' names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import write_jsonl
from videobert_demo.data.asked import read_asked
from videobert_demo.errors import DataError


def test_questions_are_grouped_by_video(tmp_path: Path) -> None:
    assert read_asked(tmp_path) == {}
    rows = [{"video_id": name, "question": f"what {n}?", "answer": "dog"} for n, name in enumerate("aba")]
    write_jsonl(tmp_path / "questions.jsonl", rows)
    assert read_asked(tmp_path) == {"a": [("what 0?", "dog"), ("what 2?", "dog")], "b": [("what 1?", "dog")]}


def test_a_question_without_its_video_is_refused(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "questions.jsonl", [{"question": "what?", "answer": "dog"}])
    with pytest.raises(DataError, match=r"questions\.jsonl:1 .*video_id"):
        read_asked(tmp_path)
