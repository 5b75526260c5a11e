"""Films joined from real clips: the cuts that are there are found, and each scene says what its stretch says alone."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.timeline.films import EXAMPLES, example_shots
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import DataError
from videobert_demo.evaluation import timelines
from videobert_demo.evaluation.timelines import cut_figures, evaluate_scenes, score_chapters
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.timeline.timeline import Scene
from videobert_demo.types import Frames


@pytest.mark.slow
def test_figures_of_a_film_of_two_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    (tmp_path / "clips").mkdir()
    for name in ("cat.mp4", "surfer.mp4"):
        shutil.copy(EXAMPLES / name, tmp_path / "clips" / name)
    monkeypatch.setattr(timelines, "read_examples", tuple)
    figures = evaluate_scenes(loaded, tmp_path, variants=("hard", "dark"), progress=False)
    assert set(figures) == {
        *(f"{variant}_{name}" for variant in ("hard", "dark") for name in ("f1", "precision", "recall", "f1_filmed")),
        *(
            "scenes_found",
            "captions_same",
            "captions_same_encoded",
            "captions_same_opened",
            "chapters_joined",
            "chapters_apart",
            "cuts_filmed",
            "stretches",
        ),
    }
    assert (figures["cuts_filmed"], figures["stretches"]) == (1, 2)
    assert figures["hard_f1"] == 100
    assert figures["scenes_found"] == 100
    assert figures["captions_same"] == 100


def test_films_of_few_pictures_have_figures_of_their_own() -> None:
    filmed = example_shots()[:2]
    sparse = [Frames(shot.pixels[::12], shot.timestamps_seconds[::12]) for shot in example_shots()[2:5]]
    figures = cut_figures([*filmed, *sparse], ["hard"], progress=False)
    assert (figures["cuts_filmed"], figures["cuts_sparse"]) == (1, 2)
    assert figures["hard_f1_filmed"] == 100
    assert figures["hard_recall"] == 100


def test_halves_are_one_chapter_and_neighbours_are_not() -> None:
    axes = np.eye(2, dtype=np.float32)

    def half(caption: str, axis: int) -> Scene:
        return Scene(0.0, 1.0, caption, 0.5, True, vector=axes[axis])

    film = [half("a dog runs", 0), half("a dog runs", 0), half("a cat sleeps", 1), half("a cat sleeps", 0)]
    assert score_chapters(film) == ([True, False], [True])
    film[2:] = [half("a wolf sits", 0), half("it rains", 0)]
    assert score_chapters(film) == ([True, True], [False])


def test_a_folder_without_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no"):
        timelines._find_clips(tmp_path)
