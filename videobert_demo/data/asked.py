"""Reads questions that people asked about videos with frames, and their answers.

DIR/questions.jsonl    {"video_id", "question", "answer"}
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from videobert_demo.data.jsonl import read_records

QUESTIONS_FILE = "questions.jsonl"


def read_asked(directory: Path) -> dict[str, list[tuple[str, str]]]:
    """(question, answer) pairs by the videos' names; none where the file is not there.

    Raises:
        DataError: a line lacks a field.
    """
    path = directory / QUESTIONS_FILE
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if path.exists():
        rows = read_records(path, lambda row: (str(row["video_id"]), str(row["question"]), str(row["answer"])))
        for video, question, answer in rows:
            found[video].append((question, answer))
    return dict(found)
