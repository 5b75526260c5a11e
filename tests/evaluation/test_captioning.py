"""Captioning over made-up folders, in both formats."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tiny import CAPTIONS, write_jsonl
from videobert_demo.errors import ClipError, DataError
from videobert_demo.evaluation import captioning
from videobert_demo.evaluation.captioning import evaluate_captioning
from videobert_demo.evaluation.metrics import score_captions
from videobert_demo.evaluation.truth import score_truth
from videobert_demo.model.loading import LoadedModel


def test_captioning_scores_what_the_model_wrote(loaded: LoadedModel, data: Path) -> None:
    report = evaluate_captioning(loaded, data, progress=False)
    assert list(report.captions) == [f"video{number}" for number in range(6)]
    references = {f"video{n}": texts for n, texts in enumerate(CAPTIONS)}
    assert report.scores == {
        **score_captions(report.captions, references),
        **score_truth(report.captions, references),
    }
    assert report.scores["videos"] == 6


def test_a_model_that_writes_the_references_scores_well(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from videobert_demo.types import Caption

    texts = iter(CAPTIONS)
    monkeypatch.setattr(
        captioning, "caption_clips", lambda _loaded, clips, beams: [(Caption(next(texts)[0], 1.0),) for _ in clips]
    )
    monkeypatch.setattr(captioning, "VIDEOS_PER_BATCH", 4)  # so that the last batch is a small one
    report = evaluate_captioning(loaded, data, progress=False)
    assert report.scores["BLEU-4"] == report.scores["ROUGE-L"] == 100.0
    assert report.captions["video5"] == CAPTIONS[5][0]


def test_whole_clips_are_captioned_the_same_way(loaded: LoadedModel, whole: Path) -> None:
    report = evaluate_captioning(loaded, whole, progress=False)
    assert list(report.captions) == ["first", "second"]
    assert report.scores["videos"] == 2


@pytest.mark.parametrize("name", ["videos.jsonl", "frames.tar"])
def test_folders_in_no_known_format(loaded: LoadedModel, data: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(data, tmp_path / "data"))
    (folder / name).unlink()
    with pytest.raises(DataError, match=r"\.jsonl|frames\.tar"):
        evaluate_captioning(loaded, folder, progress=False)


def test_a_whole_clip_that_is_no_clip(loaded: LoadedModel, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("not a video")
    write_jsonl(tmp_path / "clips.jsonl", [{"file": "a.mp4", "captions": ["x"]}])
    with pytest.raises(ClipError):
        evaluate_captioning(loaded, tmp_path, progress=False)
