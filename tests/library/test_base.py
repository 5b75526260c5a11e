"""What every library does, whatever stands behind it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from tests.library.conftest import Opener
from tests.library.samples import DIMENSION, THUMBNAIL, axis, make_clip, unit, with_vectors
from videobert_demo.errors import LibraryError
from videobert_demo.library.base import Library

TITLES = (
    """Robert'); DROP TABLE clips;-- "quoted" `and` \\ %s {0}""",
    "长" * 500,
    "سلام 🐈‍⬛ e\u0301 \u202e ~ line\nbreak\ttab",
    '" or content_hash != "',
)


def test_finds_the_clip_that_was_added_with_all_that_is_shown_of_it(library: Library) -> None:
    clips = [make_clip(f"clip {number}", source=f"/somewhere/{number}.mp4") for number in range(5)]
    assert all(library.add(clip) for clip in clips)
    hit = library.search(clips[3].vector, 1)[0]
    assert hit.entry == clips[3].entry
    assert hit.entry.thumbnail == THUMBNAIL
    assert [entry.title for entry in library.entries()] == [f"clip {number}" for number in range(5)]


def test_an_empty_library_finds_nothing(library: Library) -> None:
    assert library.search(axis(0)) == ()
    assert library.entries() == ()
    assert not library.contains(make_clip("absent").entry.content_hash)


def test_score_is_the_mean_of_whole_and_best_segment_and_the_hit_starts_there(library: Library) -> None:
    library.add(with_vectors("moment", unit(np.eye(DIMENSION)[0] + np.eye(DIMENSION)[1]), [axis(0), axis(2), axis(1)]))
    (hit,) = library.search(axis(1))
    assert hit.score == pytest.approx((np.sqrt(0.5) + 1) / 2, abs=1e-5)
    assert hit.start_seconds == 4.0
    assert library.search(axis(2))[0].start_seconds == 2.0


def test_hits_agree_with_scores_computed_one_by_one(library: Library) -> None:
    clips = [make_clip(f"clip {number}", segments=1 + number % 4) for number in range(40)]
    for clip in clips:
        library.add(clip)
    query = unit(np.random.default_rng(1).standard_normal(DIMENSION))
    scores = {clip.entry.title: float(clip.vector @ query + (clip.segment_vectors @ query).max()) / 2 for clip in clips}
    hits = library.search(query, 10)
    assert [hit.entry.title for hit in hits] == sorted(scores, key=lambda title: -scores[title])[:10]
    assert [hit.score for hit in hits] == pytest.approx(sorted(scores.values(), reverse=True)[:10], abs=1e-5)


def test_the_same_clip_twice_is_one_entry(library: Library) -> None:
    assert library.add(make_clip("same", title="first"))
    assert not library.add(make_clip("same", title="second"))
    assert [entry.title for entry in library.entries()] == ["first"]
    assert len(library.search(make_clip("same").vector)) == 1


def test_many_clips_at_once_are_there_as_if_added_one_by_one(library: Library) -> None:
    clips = [make_clip(f"clip {number:02}", source=f"/{number}.mp4", segments=1 + number % 4) for number in range(40)]
    library.add(clips[7])
    given = [*clips[:20], make_clip("clip 03", title="the same bytes"), make_clip("clip 07", title="too"), *clips[20:]]
    outcomes = library.add_all(given)
    assert [number for number, is_new in enumerate(outcomes) if not is_new] == [7, 20, 21]
    assert library.entries() == tuple(clip.entry for clip in clips)
    for clip in (clips[3], clips[39]):
        (hit,) = library.search(clip.vector, 1)
        assert hit.entry == clip.entry
        best = float((clip.segment_vectors @ clip.vector).max())
        assert hit.score == pytest.approx((1 + best) / 2, abs=1e-5)
    assert not any(library.add_all(given))
    assert library.add_all([]) == []
    assert library.remove([clips[3].entry.content_hash]) == 1
    assert library.add_all(clips[:4]) == [False, False, False, True]


@pytest.mark.parametrize("title", TITLES)
def test_any_title_comes_back_as_it_was(library: Library, title: str) -> None:
    clip = make_clip("hostile", title=title, source="/clips/\udce4 ' \".mp4")
    library.add(make_clip("other"))
    library.add(clip)
    assert library.search(clip.vector, 1)[0].entry == clip.entry
    assert library.remove([clip.entry.content_hash]) == 1
    assert [entry.title for entry in library.entries()] == ["other"]


def test_a_removed_clip_is_gone_and_can_come_again(library: Library) -> None:
    clips = [make_clip(name) for name in "abc"]
    for clip in clips:
        library.add(clip)
    gone = clips[1].entry.content_hash
    assert library.remove([gone, gone, "../*", '" or true or "', "f" * 64]) == 1
    assert not library.contains(gone)
    assert library.entry(gone) is None
    asked = [
        *(clip.entry.content_hash for clip in clips),
        *(f"{number:064x}" for number in range(250)),
        '" or true or "',
    ]
    assert library.known(asked) == {clips[0].entry.content_hash, clips[2].entry.content_hash}
    assert library.known([]) == set()
    assert [entry.title for entry in library.entries()] == ["a", "c"]
    assert {hit.entry.title for hit in library.search(clips[1].vector)} == {"a", "c"}
    assert library.add(clips[1])
    assert library.search(clips[1].vector, 1)[0].entry.title == "b"


def test_clips_that_look_the_same_are_one_hit(library: Library) -> None:
    for number in range(30):
        turned = np.eye(DIMENSION)[0] + 0.002 * number * np.eye(DIMENSION)[5]
        library.add(make_clip(f"copy {number:02}", near=unit(turned)))
    library.add(make_clip("other", near=unit(np.eye(DIMENSION)[0] + np.eye(DIMENSION)[1])))
    hits = library.search(axis(0), 2)
    assert [(hit.entry.title, hit.duplicates) for hit in hits] == [("copy 00", 29), ("other", 0)]


def test_a_search_can_leave_clips_out(library: Library) -> None:
    clips = [make_clip(name) for name in "abc"]
    for clip in clips:
        library.add(clip)
    hits = library.search(clips[0].vector, without={clips[0].entry.content_hash})
    assert {hit.entry.title for hit in hits} == {"b", "c"}


def test_vectors_of_another_length_are_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="16 numbers"):
        library.add(with_vectors("short", np.eye(4, dtype=np.float32)[0], [np.eye(4, dtype=np.float32)[1]]))
    assert library.entries() == ()


@pytest.mark.parametrize("vector", [np.zeros((1, DIMENSION), np.float32), np.full(DIMENSION, np.nan, np.float32)])
def test_a_search_refuses_what_is_no_vector(library: Library, vector: np.ndarray) -> None:
    with pytest.raises(ValueError, match="vector must be"):
        library.search(vector)


def test_two_threads_search_while_one_adds(library: Library) -> None:
    known = make_clip("known")
    library.add(known)
    done, failures, counts = threading.Event(), [], []

    def look() -> None:
        while not done.is_set():
            try:
                hit = library.search(known.vector, 1)[0]
                counts.append(len(library.entries()))
                assert hit.entry == known.entry
                assert hit.score == pytest.approx(1 / 2 + float((known.segment_vectors @ known.vector).max()) / 2)
            except (AssertionError, IndexError, LibraryError, ValueError) as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(25):
        assert library.add(make_clip(f"new {number}"))
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert counts
    assert len(library.entries()) == 26


def test_a_closed_library_says_so(library: Library) -> None:
    library.close()
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.search(axis(0))


def test_a_lasting_library_survives_a_restart(lasting: Opener) -> None:
    clips = [make_clip(f"clip {number}") for number in range(4)]
    with lasting() as first:
        for clip in clips:
            first.add(clip)
        first.remove([clips[0].entry.content_hash])
        expected = first.search(clips[2].vector)
    with lasting() as second:
        assert second.search(clips[2].vector) == expected
        assert second.entries() == tuple(clip.entry for clip in clips[1:])
        assert not second.add(clips[1])


def test_what_one_adds_or_removes_another_sees(lasting: Opener) -> None:
    with lasting() as one, lasting() as other:
        one.add(make_clip("a"))
        assert other.contains(make_clip("a").entry.content_hash)
        other.add(make_clip("b"))
        assert one.search(make_clip("b").vector, 1)[0].entry.title == "b"
        assert not one.add(make_clip("b"))
        other.remove([make_clip("a").entry.content_hash])
        assert [hit.entry.title for hit in one.search(make_clip("a").vector)] == ["b"]


def test_notes_are_kept_by_kind_and_name_and_stay(lasting: Opener) -> None:
    with lasting() as library:
        assert (library.note("label", "one"), library.notes("label")) == (None, {})
        assert not library.drop_note("label", "one")
        library.put_note("label", "two", "b")
        library.put_note("label", "one", "a" * 70_000 + "\u72d7" * 20_000)  # longer than a field of a server's
        library.put_note("other", "one", "c")
        library.put_note("label", "two", "b again")
        library.put_note("label", 'a " or true', "")
    with lasting() as library:
        expected = {"one": "a" * 70_000 + "\u72d7" * 20_000, "two": "b again", 'a " or true': ""}
        assert library.notes("label") == expected
        assert list(library.notes("label")) == list(expected)  # the oldest first
        assert (library.note("other", "one"), library.note("other", "two")) == ("c", None)
        assert library.drop_note("label", "one")
        assert not library.drop_note("label", "one")
        assert library.note("label", "one") is None
        assert library.drop_note("label", 'a " or true')
        assert library.notes("label") == {"two": "b again"}
        assert library.entries() == ()
