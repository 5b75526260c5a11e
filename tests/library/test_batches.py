from __future__ import annotations

from collections.abc import Iterator

import pytest

from videobert_demo.library import batches
from videobert_demo.library.batches import in_batches


@pytest.fixture(autouse=True)
def seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SECONDS", 600)


def test_a_batch_is_passed_on_when_it_is_full() -> None:
    assert list(in_batches(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(in_batches(range(3), 1)) == [[0], [1], [2]]
    assert list(in_batches([], 3)) == []


def test_a_batch_does_not_wait_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(batches, "SECONDS", 0.8)
    monkeypatch.setattr(batches.time, "monotonic", lambda: clock[0])

    def slowly() -> Iterator[int]:
        for number in range(6):
            clock[0] += 0.4
            yield number

    assert list(in_batches(slowly(), 100)) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_came_before_an_error_is_passed_on_first(error: type[BaseException]) -> None:
    def broken() -> Iterator[int]:
        yield from range(5)
        raise error

    got: list[list[int]] = []
    with pytest.raises(error):
        got.extend(in_batches(broken(), 3))
    assert got == [[0, 1, 2], [3, 4]]
