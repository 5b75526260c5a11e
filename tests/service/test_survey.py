"""A film is surveyed whole, or, if it is long, skimmed: either way its cuts are found and its parts have pictures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.timeline.films import example_shots
from videobert_demo.evaluation.scenes import join_shots, score_cuts
from videobert_demo.evaluation.timelines import write_film
from videobert_demo.service import survey as survey_module
from videobert_demo.service.scenes_progress import Work
from videobert_demo.service.survey import survey, survey_closer, unpack
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip
from videobert_demo.video.film import read_film


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float], float]:
    """A film of the examples' shots, where it is cut, and when it ends."""
    pictures, cuts = join_shots(example_shots(), "hard", np.random.default_rng(4))
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    write_film(path, pictures)
    return path, cuts, len(pictures) / 25


def idle(*, stops: bool = False) -> Work:
    return Work(lambda _progress: None, lambda: stops)


def test_a_film_is_read_whole(joined: tuple[Path, list[float], float]) -> None:
    path, cuts, end = joined
    film = read_film(path, ClipLimits())
    found = survey(path, film, ClipLimits(), idle())
    assert not found.is_skimmed
    assert found.end_seconds == pytest.approx(end)
    assert score_cuts(sorted(cut.seconds for cut in found.cuts), cuts, 0.05).f1 >= 0.95
    shots = list(pairwise([0.0, *sorted(cut.seconds for cut in found.cuts), end]))
    for start, stop in shots:
        pictures = [picture for _, picture in found.album.choose(start, stop, 8)]
        assert unpack(pictures).shape == (8, 96, 160, 3)
    # Of a shot of up to five seconds every frame is at hand until its end is known.
    start, stop = max((shot for shot in shots if shot[1] - shot[0] <= 5), key=lambda shot: shot[1] - shot[0])
    alone = read_clip(path, 8, limits=ClipLimits(), span_seconds=(start, stop))[1]
    assert [moment for moment, _ in found.album.choose(start, stop, 8)] == pytest.approx(alone.timestamps_seconds)


def test_a_long_film_is_skimmed(joined: tuple[Path, list[float], float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_module, "LONG_FILM_SECONDS", 10.0)
    path, cuts, end = joined
    film = read_film(path, ClipLimits())
    found = survey(path, film, ClipLimits(), idle())
    assert found.is_skimmed
    before = len(found.album.kept(0, end))
    assert before < film.table.frame_count / 10
    assert score_cuts(sorted(cut.seconds for cut in found.cuts), cuts, 0.05).recall >= 0.8
    spans = list(pairwise([0.0, *cuts, end]))
    survey_closer(path, film, ClipLimits(), found, spans, idle())
    counts = [len(found.album.kept(start, stop)) for start, stop in spans]
    assert sum(counts) > before
    assert np.median(counts) >= survey_module.PICTURES_OF_SKIMMED_SCENES
    moments = [moment for moment, _ in found.album.kept(0, end)]
    assert moments == sorted(set(moments))


def test_what_is_cancelled_ends_there(joined: tuple[Path, list[float], float]) -> None:
    path, _, _ = joined
    found = survey(path, read_film(path, ClipLimits()), ClipLimits(), idle(stops=True))
    assert found.end_seconds < 0.1
    assert len(found.album.kept(0, 100)) == 1
