"""Reads captions and questions that come without pictures.

captions         any .jsonl                                {"captions"}
with questions   DIR/captions.jsonl and DIR/qa.jsonl       {"video", "captions"} and {"video", "question", "answer"}
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from videobert_demo.data.jsonl import read_jsonl


def read_sentences(path: Path) -> list[tuple[str, ...]]:
    """Reads the captions of a text-only .jsonl, one tuple a record (captions of the same image or video)."""
    return [tuple(record["captions"]) for record in read_jsonl(path) if record.get("captions")]


def read_questions(folder: Path) -> list[tuple[tuple[str, ...], list[tuple[str, str]]]]:
    """Reads `captions.jsonl` and `qa.jsonl` of videos without frames: their captions, and (question, answer) pairs."""
    asked = defaultdict(list)
    for record in read_jsonl(folder / "qa.jsonl"):
        asked[record["video"]].append((str(record["question"]), str(record["answer"])))
    return [
        (tuple(record["captions"]), asked[record["video"]])
        for record in read_jsonl(folder / "captions.jsonl")
        if record["video"] in asked
    ]
