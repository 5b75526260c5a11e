"""What a service remembers is bounded, and its own: two services never share it."""

from __future__ import annotations

from typing import Any

import pytest

from videobert_demo.service.memory import MAX_SEGMENTED_CLIPS, Memory


@pytest.mark.parametrize(
    ("name", "bound"), [("clips", 3), ("captions", 3), ("timelines", 3), ("segments", MAX_SEGMENTED_CLIPS)]
)
def test_every_cache_has_its_bound(name: str, bound: int) -> None:
    cache: Any = getattr(Memory(3), name)
    for number in range(bound + 2):
        cache.put(number, "value")
    assert len(cache) == bound
    assert cache.get(1) is None
    assert cache.get(2) == "value"


def test_two_memories_share_nothing() -> None:
    one, other = Memory(3), Memory(3)
    one.captions.put("content", ())
    assert other.captions.get("content") is None
    assert one.library_lock is not other.library_lock
