"""How cuts are counted, and that the joined films are what they say."""

import numpy as np
import pytest

from videobert_demo.evaluation.scenes import CutScore, join_shots, score_cuts
from videobert_demo.types import Frames


def still(level: int, seconds: float = 2.0) -> Frames:
    count = int(seconds * 25) + 1
    return Frames(np.full((count, 30, 40, 3), level, np.uint8), np.arange(count) / 25)


@pytest.mark.parametrize(
    ("reported", "true", "score"),
    [
        ([1.0, 2.0], [1.1, 2.3], CutScore(1, 2, 2)),
        ([1.0, 1.1], [1.05], CutScore(1, 2, 1)),
        ([1.05], [1.0, 1.1], CutScore(1, 1, 2)),
        ([], [1.0], CutScore(0, 0, 1)),
        ([], [], CutScore(0, 0, 0)),
        ([0.81], [1.0], CutScore(1, 1, 1)),
    ],
)
def test_a_cut_counts_once(reported: list[float], true: list[float], score: CutScore) -> None:
    assert score_cuts(reported, true) == score


def test_precision_recall_and_f1() -> None:
    score = CutScore(3, 4, 6) + CutScore(0, 0, 0)
    assert (score.precision, score.recall, score.f1) == (0.75, 0.5, 0.6)
    assert CutScore(0, 0, 0).f1 == 1.0


def test_hard_films_change_at_their_cuts() -> None:
    film, cuts = join_shots([still(10), still(100), still(200)], "hard", np.random.default_rng(0))
    assert cuts == [51 / 25, 102 / 25]
    levels = [int(picture[0, 0, 0]) for picture in film]
    assert sorted({levels[0], levels[51], levels[102]}) == [10, 100, 200]
    assert levels[50] != levels[51]


def test_dissolves_are_half_way_at_their_cuts() -> None:
    film, cuts = join_shots([still(0), still(200)], "dissolved", np.random.default_rng(0))
    assert int(film[round(cuts[0] * 25)][0, 0, 0]) == pytest.approx(100, abs=12)


def test_fades_are_black_at_their_cuts() -> None:
    film, cuts = join_shots([still(150), still(200)], "faded", np.random.default_rng(0))
    assert film[round(cuts[0] * 25)].max() == 0


def test_an_unknown_variant_is_refused() -> None:
    with pytest.raises(ValueError, match="wavy"):
        join_shots([still(1)], "wavy", np.random.default_rng(0))
