"""Training ends after so many losses in a row that are no better than the best one."""

from __future__ import annotations

import pytest

from videobert_demo.training.patience import Patience


def test_misses_are_counted_from_the_best_loss_on() -> None:
    patience = Patience(2)
    assert [patience.tell(loss) for loss in (3.0, 2.0, 2.5, 1.9)] == [True, True, False, True]
    assert (patience.best, patience.misses, patience.is_over) == (1.9, 0, False)
    assert [patience.tell(loss) for loss in (1.9, float("nan"))] == [False, False]
    assert patience.is_over


@pytest.mark.parametrize("misses", [0, 1, 100])
def test_no_patience_at_all_never_ends(misses: int) -> None:
    patience = Patience(0)
    for _ in range(misses):
        patience.tell(1.0)
    assert not patience.is_over
