"""Recall of time ranges on films joined from clips with captions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import DataError
from videobert_demo.evaluation.moments import _probability_by_chance, _rank, evaluate_moments
from videobert_demo.model.loading import load_checkpoint


@pytest.mark.slow
def test_figures_of_a_film_of_two_clips(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    (tmp_path / "clips").mkdir()
    rows = []
    for name in ("game.mp4", "dog.mp4"):
        shutil.copy(EXAMPLES / name, tmp_path / "clips" / name)
        rows.append(json.dumps({"file": name, "captions": ["one", "two"]}))
    (tmp_path / "clips" / "clips.jsonl").write_text("\n".join(rows), encoding="utf-8")
    figures = evaluate_moments(loaded, tmp_path, progress=False)
    assert (figures["captions"], figures["clips"], figures["films"]) == (4, 2, 1)
    assert 0 <= figures["recall_1"] <= figures["recall_5"] <= 100


def test_a_range_counts_from_an_overlap_of_one_half() -> None:
    assert _rank([(5.0, 6.0), (0.0, 1.0), (0.0, 2.0)], (0.0, 2.0)) == 1
    assert _rank([(5.0, 6.0)], (0.0, 2.0)) > 5
    assert _probability_by_chance((0.0, 10.0), 10.0) == 1.0
    assert _probability_by_chance((20.0, 30.0), 60.0) == pytest.approx(2 * (10 / 3) / 50)


def test_a_folder_without_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="whole clips"):
        evaluate_moments(None, tmp_path)  # type: ignore[arg-type]
