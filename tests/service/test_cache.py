"""The cache keeps as many entries as it may, and those that were used last."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from videobert_demo.service.cache import BoundedCache


def kept(cache: BoundedCache[str, int], keys: str) -> str:
    """Which of the keys are there; looking changes the order, so it is done last."""
    return "".join(key for key in keys if cache.get(key) is not None)


@pytest.mark.parametrize("max_entries", [0, 1, 3])
def test_it_keeps_exactly_as_many_as_it_may(max_entries: int) -> None:
    cache: BoundedCache[str, int] = BoundedCache(max_entries)
    for number, key in enumerate("abcde"):
        cache.put(key, number)
        assert len(cache) == min(number + 1, max_entries)
    assert kept(cache, "abcde") == "abcde"[5 - max_entries :]


def test_what_was_read_stays_and_what_was_not_goes() -> None:
    cache: BoundedCache[str, int] = BoundedCache(3)
    for key in "abc":
        cache.put(key, 0)
    assert cache.get("a") == 0
    cache.put("d", 0)
    assert kept(cache, "abcd") == "acd"


def test_what_was_written_again_stays_with_its_new_value() -> None:
    cache: BoundedCache[str, int] = BoundedCache(2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        cache.put(key, value)
    assert [cache.get(key) for key in "abc"] == [3, None, 4]


def test_a_missing_value_is_made_once_and_an_error_keeps_nothing() -> None:
    cache: BoundedCache[str, int] = BoundedCache(2)
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    assert [cache.get_or_make("a", make) for _ in range(3)] == [0, 0, 0]
    cache.put("b", 9)
    assert cache.get_or_make("a", make) == 0
    cache.put("c", 9)
    assert kept(cache, "abc") == "ac"
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("z", lambda: 1 // 0)
    assert cache.get("z") is None


def test_a_negative_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        BoundedCache(-1)


def test_many_threads_never_pass_the_bound() -> None:
    cache: BoundedCache[int, int] = BoundedCache(5)

    def use(seed: int) -> int:
        most = 0
        for number in range(500):
            key = (number * 7 + seed) % 20
            assert cache.get_or_make(key, lambda key=key: key * key) == key * key
            most = max(most, len(cache))
        return most

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(use, range(4))) == {5}
