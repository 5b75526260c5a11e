from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.library.samples import DIMENSION, axis, make_clip
from videobert_demo.library.base import Library
from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.library.opening import open_temporary_library


@pytest.fixture
def shared() -> Iterator[Library]:
    with open_temporary_library(dimension=DIMENSION) as library:
        for number in range(3):
            library.add(make_clip(f"shared {number}", near=axis(number)))
        yield library


def visit(shared: Library) -> LayeredLibrary:
    return LayeredLibrary(open_temporary_library(dimension=DIMENSION), shared)


def test_a_search_finds_both_and_the_best_first(shared: Library) -> None:
    with visit(shared) as visitor:
        visitor.add(make_clip("own", near=axis(7)))
        assert visitor.search(axis(7))[0].entry.title == "own"
        assert visitor.search(axis(1))[0].entry.title == "shared 1"
        assert [entry.title for entry in visitor.entries()] == ["own", "shared 0", "shared 1", "shared 2"]


def test_what_one_visitor_adds_nobody_else_sees_and_closing_forgets_it(shared: Library) -> None:
    own = make_clip("own", near=axis(7))
    with visit(shared) as one, visit(shared) as other:
        one.add(own)
        assert one.contains(own.entry.content_hash)
        assert one.owns(own.entry.content_hash)
        assert not other.contains(own.entry.content_hash)
        assert "own" not in {hit.entry.title for hit in other.search(axis(7))}
    assert not shared.contains(own.entry.content_hash)
    assert len(shared.entries()) == 3  # closing a visitor's library does not close the shared one


def test_a_visitor_cannot_remove_or_repeat_what_is_shared(shared: Library) -> None:
    clip = make_clip("shared 1", near=axis(1))
    with visit(shared) as visitor:
        assert not visitor.add(clip)
        assert visitor.remove([clip.entry.content_hash]) == 0
        assert not visitor.owns(clip.entry.content_hash)
        assert visitor.entry(clip.entry.content_hash) == clip.entry
        assert len(visitor.entries()) == 3


def test_clips_that_look_the_same_fold_across_layers(shared: Library) -> None:
    with visit(shared) as visitor:
        visitor.add(make_clip("copy", near=axis(1)))
        hits = visitor.search(axis(1), 1)
        assert [hit.duplicates for hit in hits] == [1]


def test_a_clip_that_was_shared_later_is_found_once(shared: Library) -> None:
    with visit(shared) as visitor:
        late = make_clip("late", near=axis(9))
        visitor.add(late)
        shared.add(late)
        assert [hit.duplicates for hit in visitor.search(axis(9), 1)] == [0]
        assert len(visitor.entries()) == 4
