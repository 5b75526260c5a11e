"""Films joined from real clips: the cuts that are there are found, and each scene says what its stretch says alone."""

import shutil
from pathlib import Path

import pytest

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import DataError
from videobert_demo.evaluation import timelines
from videobert_demo.evaluation.timelines import evaluate_scenes
from videobert_demo.model.loading import load_checkpoint


@pytest.mark.slow
def test_figures_of_a_film_of_two_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    (tmp_path / "clips").mkdir()
    for name in ("cat.mp4", "surfer.mp4"):
        shutil.copy(EXAMPLES / name, tmp_path / "clips" / name)
    monkeypatch.setattr(timelines, "read_examples", tuple)
    figures = evaluate_scenes(loaded, tmp_path, variants=("hard", "dark"), progress=False)
    assert set(figures) == {
        *(f"{variant}_{name}" for variant in ("hard", "dark") for name in ("f1", "precision", "recall")),
        *("scenes_found", "captions_same", "cuts", "stretches"),
    }
    assert (figures["cuts"], figures["stretches"]) == (1, 2)
    assert figures["hard_f1"] == 100
    assert figures["scenes_found"] == 100
    assert figures["captions_same"] == 100


def test_a_folder_without_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no"):
        timelines._find_clips(tmp_path)
