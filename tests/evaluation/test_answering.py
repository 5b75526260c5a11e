"""How often an answer is right, with the frames and without."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.resources.make_clips import encode
from tests.tiny import write_frames, write_jsonl
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.errors import DataError
from videobert_demo.evaluation import answering
from videobert_demo.evaluation.answering import (
    MAX_PER_VIDEO,
    choose_questions,
    evaluate_answering,
    read_clips_and_questions,
)
from videobert_demo.model.loading import LoadedModel
from videobert_demo.types import Answer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Six videos with captions."""
    return write_frames(tmp_path / "data")


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is replaced: with frames it says "man" or "yes" (60 %), without "cow" or "no" (20 %)."""

    def answer(
        _loaded: object,
        clips: list[object],
        questions: list[str],
        *,
        candidates: int,
        blank: bool,
    ) -> list[tuple[Answer, ...]]:
        assert len(clips) == len(questions)
        assert candidates == 1
        texts = [("no" if blank else "yes") if text.startswith(("is", "are")) else "man" for text in questions]
        return [(Answer("cow" if blank and text == "man" else text, 0.2 if blank else 0.6),) for text in texts]

    monkeypatch.setattr(answering, "answer_questions", answer)


def test_questions_are_those_most_captions_agree_on(data: Path) -> None:
    videos = read_videos(data)
    asked = choose_questions(videos, 0)
    assert asked == choose_questions(videos, 0)
    counts = Counter((one.video, one.question_type) for one in asked)
    assert all(count <= MAX_PER_VIDEO[kind] for (_, kind), count in counts.items())
    assert {(one.text, one.answer) for one in asked if one.video == 0 and one.question_type == "what"} >= {
        ("what is a man playing?", "piano")
    }
    answers = {one.video % 2: one.answer for one in asked if one.question_type == "yes/no"}
    assert answers == {0: "yes", 1: "no"}
    assert len({(one.video, one.text) for one in asked}) == len(asked)


def test_the_figures_are_counted(data: Path, loaded: LoadedModel, oracle: None) -> None:
    asked = choose_questions(read_videos(data), 0)
    report = evaluate_answering(loaded, data, progress=False)
    right = [one for one in asked if one.answer in ("man", "yes")]
    lucky = [one for one in asked if one.answer in ("cow", "no")]
    assert 0 < len(lucky) < len(right) < len(asked)
    assert report["questions"] == len(asked)
    assert report["accuracy"] == round(100 * len(right) / len(asked), 2)
    assert report["blank_accuracy"] == round(100 * len(lucky) / len(asked), 2)
    men = [one.answer == "man" for one in asked if one.question_type == "who"]
    assert report["by_type"]["who"]["accuracy"] == round(100 * sum(men) / len(men), 2)
    assert sum(kind["questions"] for kind in report["by_type"].values()) == len(asked)
    assert report["sure"] == {"share": 100.0, "accuracy": report["accuracy"]}


def test_whole_clips_are_asked_their_own_questions(tmp_path: Path, loaded: LoadedModel, oracle: None) -> None:
    for name in ("a", "b"):
        encode(tmp_path / f"{name}.mp4", "libx264", numbers=range(10))
    rows = [("a", "who is it?", "Man"), ("b", "is it red?", "no"), ("a", "when is it?", "noon")]
    write_jsonl(
        tmp_path / "qa.jsonl", [{"clip": clip, "question": text, "answer": answer} for clip, text, answer in rows]
    )
    videos, asked = read_clips_and_questions(tmp_path)
    assert [video.frame_files for video in videos] == [("a.mp4",), ("b.mp4",)]
    assert [(one.video, one.answer, one.question_type) for one in asked] == [
        (0, "man", "who"),
        (1, "no", "yes/no"),
        (0, "noon", "other"),
    ]
    report = evaluate_answering(loaded, tmp_path, progress=False)
    assert (report["accuracy"], report["blank_accuracy"], report["questions"]) == (33.33, 33.33, 3)
    assert report["by_type"]["yes/no"] == {"accuracy": 0.0, "blank_accuracy": 100.0, "questions": 1}


def test_the_real_model_is_asked(data: Path, loaded: LoadedModel) -> None:
    report = evaluate_answering(loaded, data, progress=False)
    assert report["questions"] == len(choose_questions(read_videos(data), 0))
    assert 0 <= report["accuracy"] <= 100


def test_what_is_wrong_with_the_data_is_said(tmp_path: Path, loaded: LoadedModel) -> None:
    write_jsonl(tmp_path / "qa.jsonl", [{"clip": "a", "question": "who?", "answer": "man"}])
    with pytest.raises(DataError, match="'a'"):
        evaluate_answering(loaded, tmp_path, progress=False)
    write_jsonl(tmp_path / "qa.jsonl", [{"clip": "a", "question": "who?"}])
    with pytest.raises(DataError, match="answer"):
        evaluate_answering(loaded, tmp_path, progress=False)
    mute = write_frames(tmp_path / "mute", [["blah"]])
    with pytest.raises(DataError, match="no questions"):
        evaluate_answering(loaded, mute, progress=False)
