"""Captions and questions without pictures."""

from __future__ import annotations

from pathlib import Path

from tests.tiny import write_jsonl
from videobert_demo.data.texts import read_questions, read_sentences


def test_sentences_without_pictures(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "text.jsonl", [{"captions": ["a", "b"]}, {"captions": []}, {"captions": ["c"]}])
    assert read_sentences(path) == [("a", "b"), ("c",)]


def test_questions_come_with_the_captions_of_their_video(tmp_path: Path) -> None:
    write_jsonl(
        tmp_path / "captions.jsonl",
        [{"video": 1, "captions": ["a dog runs", "a dog"]}, {"video": 2, "captions": ["nobody asked about this one"]}],
    )
    write_jsonl(
        tmp_path / "qa.jsonl",
        [
            {"video": 1, "question": "who runs?", "answer": "dog"},
            {"video": 3, "question": "what is this video, which has no captions?", "answer": "lost"},
            {"video": 1, "question": "how many?", "answer": 1},
        ],
    )
    assert read_questions(tmp_path) == [(("a dog runs", "a dog"), [("who runs?", "dog"), ("how many?", "1")])]
