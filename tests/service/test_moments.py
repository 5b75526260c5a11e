"""`moments`: time ranges of one clip and of a library's clips."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.moments import moments_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.tasks.embed import embed_queries
from videobert_demo.timeline.moments import find_moments
from videobert_demo.types import Hit

STREET = EXAMPLES / "street.mp4"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    return VideoBertService(load_checkpoint(str(folder)), Settings())


def test_they_are_those_that_the_sentences_vector_finds(demo: VideoBertService) -> None:
    found = demo.moments(STREET, "  cars drive \n on a road ", count=2)
    vector = demo._call_model(embed_queries, ["cars drive on a road"])[0].numpy()
    assert tuple(one.moment for one in found) == find_moments(demo.content(STREET), vector, 2)
    assert all(one.entry is None for one in found)
    assert [one.is_sure for one in found] == [one.moment.score >= 0.3 for one in found]


def test_a_text_that_says_nothing_is_refused_before_the_clip_is_read(demo: VideoBertService, tmp_path: Path) -> None:
    for text in ("", " \n", "x" * 301):
        with pytest.raises(QuestionError):
            demo.moments(tmp_path / "none.mp4", text)


class Shelf:
    """Stands for a library that finds all its clips, in order; the tiny checkpoint cannot tell clips apart."""

    def __init__(self, demo: VideoBertService, paths: list[Path]) -> None:
        self._hits = tuple(Hit(demo.encode_for_library(path).entry, 0.5, 0.0) for path in paths)

    def search(self, vector: NDArray[np.float32], count: int = 12) -> tuple[Hit, ...]:
        return self._hits[:count]


def test_over_a_library_each_clip_has_its_best_range_first_and_gone_files_are_left_out(
    demo: VideoBertService, tmp_path: Path
) -> None:
    for name in ("street.mp4", "cat.mp4", "dog.mp4", "game.mp4"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    shelf = Shelf(demo, sorted(tmp_path.iterdir()))
    (tmp_path / "dog.mp4").unlink()
    (tmp_path / "cat.mp4").write_bytes(b"no longer a clip")
    found = demo.library_moments(shelf, "a car", count=9)  # type: ignore[arg-type]
    of_clips = [demo.moments(tmp_path / name, "a car", count=9) for name in ("street.mp4", "game.mp4")]
    assert {one.entry.title for one in found[:2] if one.entry is not None} == {"street", "game"}
    assert sorted(one.moment.score for one in found) == sorted(one.moment.score for of in of_clips for one in of)
    report = moments_report("a  car", found)
    assert report["text"] == "a car"
    assert {one["title"] for one in report["moments"][:2]} == {"street", "game"}
    assert len(demo.library_moments(shelf, "a car", count=1)) == 1  # type: ignore[arg-type]


def test_a_label_of_ones_own_finds_only_what_it_fits(demo: VideoBertService, monkeypatch: pytest.MonkeyPatch) -> None:
    direction = demo.content(STREET).vectors[3]
    for threshold in (-1.0, 1.01):
        label = SimpleNamespace(fit=SimpleNamespace(direction=direction, threshold=threshold))
        monkeypatch.setattr(demo, "find_label", lambda _library, _text, label=label: label)
        found = demo.moments(STREET, "my street", library=object())  # type: ignore[arg-type]
        assert tuple(one.moment for one in found) == (
            find_moments(demo.content(STREET), direction, 5) if threshold < 0 else ()
        )
