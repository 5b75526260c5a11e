"""The approximate index of a folder: it finds what an exact search finds, whatever happened to library and file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.library.samples import DIMENSION, make_clip, unit
from videobert_demo.errors import LibraryError
from videobert_demo.library import approximate, graph, graphed
from videobert_demo.library.approximate import Quality, recall_of
from videobert_demo.library.base import Library
from videobert_demo.library.graphed import GraphedLibrary
from videobert_demo.library.opening import open_library, open_temporary_library
from videobert_demo.library.resident import ResidentIndex

pytest.importorskip("usearch")
CLIPS = 1500  # of three segments: 4,500 vectors in the graph
SEARCHES = unit(np.random.default_rng(7).standard_normal((40, DIMENSION)))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a library of this size a large one."""
    monkeypatch.setattr(graphed, "LEAST_VECTORS", 4 * CLIPS)
    monkeypatch.setattr(approximate, "WIDTHS", (128,))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library and its index."""
    folder = tmp_path_factory.mktemp("graphed")
    with pytest.MonkeyPatch.context() as patch, open(folder) as library:
        patch.setattr(graphed, "LEAST_VECTORS", 4 * CLIPS)
        for number in range(CLIPS):
            library.add(make_clip(f"clip {number}"))
        told: list[int] = []
        quality = library.build_graph(1, told.append)
        assert sum(told) == CLIPS
        assert quality.recall >= approximate.RECALL
    return folder


def open(folder: Path) -> GraphedLibrary:
    library = open_library(folder, model="model", dimension=DIMENSION)
    assert isinstance(library, GraphedLibrary)
    return library


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    copy = tmp_path / "library"
    copy.mkdir()
    for path in filled.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def check(library: GraphedLibrary, *, approximately: bool = True) -> None:
    """Searches find the clips of an exact search, with the same scores and moments."""
    assert library.is_approximate is approximately
    found = [library.rank(vector, 20) for vector in SEARCHES]
    exact = [library._index.rank(vector, 20) for vector in SEARCHES]
    assert recall_of(found, exact, 20) >= approximate.RECALL
    known = {clip.content_hash: clip for ranked in exact for clip in ranked}
    for ranked in found:
        assert [clip.score for clip in ranked] == sorted((clip.score for clip in ranked), reverse=True)
        for clip in ranked:
            if clip.content_hash in known:
                np.testing.assert_array_equal(clip.vector, known[clip.content_hash].vector)


def graphs(folder: Path) -> list[Path]:
    return sorted(folder.glob("library.graph-*"))


def used(library: GraphedLibrary, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many clips each search compares from here on."""
    compared: list[int] = []
    rank = ResidentIndex.rank

    def counted(self: ResidentIndex, vector: NDArray[np.float32], limit: int, among=None, after: int = -1):  # type: ignore[no-untyped-def]
        compared.append(len(self) if among is None else len(among) + self.count_after(after))
        return rank(self, vector, limit, among, after)

    monkeypatch.setattr(ResidentIndex, "rank", counted)
    return compared


def test_the_index_finds_what_an_exact_search_finds_with_fewer_comparisons(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(folder) as library:
        check(library)
        compared = used(library, monkeypatch)
        library.search(SEARCHES[0], 5)
        assert max(compared) < CLIPS / 4
        library.rank(SEARCHES[0], CLIPS)  # all of them: a graph gains nothing
        assert compared[-1] == CLIPS


def test_clips_that_are_added_removed_and_replaced_later_count_at_once(folder: Path) -> None:
    (vector,) = SEARCHES[:1]
    with open(folder) as library, open(folder) as other:
        best = [hit.entry.content_hash for hit in library.search(vector, 3)]
        other.remove([best[0]])
        assert [hit.entry.content_hash for hit in library.search(vector, 2)] == best[1:]
        other.add(make_clip("the very thing", near=vector))
        assert library.search(vector, 1)[0].entry.title == "the very thing"
        library.add(make_clip("clip 1", near=SEARCHES[1]), replace=True)
        assert library.search(SEARCHES[1], 1)[0].entry.title == "clip 1"
        check(library)
        assert library.search(vector, 2, without={best[1]})[1].entry.content_hash == best[2]
    with open(folder) as again:
        check(again)
        assert again.search(vector, 1)[0].entry.title == "the very thing"
        again.build_graph(1)
        check(again)
        assert again._index.count_after(again._graph.last_number) == 0  # type: ignore[union-attr]
    assert len(graphs(folder)) == 1


def test_a_search_goes_on_where_most_of_what_the_graph_finds_was_removed(folder: Path) -> None:
    with open(folder) as library:
        near = [clip.content_hash for clip in library.rank(SEARCHES[0], 200)]
        library.remove(near)
        found = library.rank(SEARCHES[0], 20)
        assert len(found) == 20
        assert not {clip.content_hash for clip in found} & set(near)
        check(library)


def test_an_index_that_is_much_older_than_the_library_says_so(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with open(folder) as library:
        for number in range(CLIPS // 2):
            library.add(make_clip(f"new clip {number}", segments=1))
    assert caplog.messages == []
    with open(folder) as library:
        check(library)
    assert caplog.messages == [
        "750 of 2250 clips of the library library are newer than its approximate index and are compared one and all; "
        "index --approximate builds it anew."
    ]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def turn_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("damage", "reason"), [(cut, "damaged"), (turn_a_bit, "damaged"), (Path.unlink, "No such")])
def test_a_damaged_or_missing_index_leaves_an_exact_search_that_says_so(
    folder: Path, damage: object, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    damage(graphs(folder)[0])  # type: ignore[operator]
    with open(folder) as library:
        check(library, approximately=False)
        assert reason in caplog.text
        assert "is searched exactly" in caplog.text
        library.build_graph(1)
        check(library)
    assert len(graphs(folder)) == 1


@pytest.mark.parametrize("noted", ["", "[]", '{"name": "../x", "digest": "", "rows": 1}', '{"name": 1}'])
def test_a_note_that_cannot_be_read_leaves_an_exact_search(folder: Path, noted: str) -> None:
    with sqlite3.connect(folder / "library.sqlite") as database:
        database.execute("UPDATE notes SET text = ? WHERE name = 'file'", (noted,))
    database.close()
    with open(folder) as library:
        check(library, approximately=False)


def test_without_usearch_the_search_is_exact_and_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "usearch.index", None)
    with open(folder) as library:
        check(library, approximately=False)
        assert "videobert-demo[approximate]" in caplog.text
        with pytest.raises(LibraryError, match="approximate"):
            library.build_graph(1)


def test_another_process_takes_a_new_index_over_and_lets_a_removed_one_go(folder: Path) -> None:
    with open(folder) as library, open(folder) as other:
        before = graphs(folder)
        library.build_graph(1)
        assert graphs(folder) != before
        other.contains("")
        check(other)
        assert library.drop_graph()
        assert not library.drop_graph()
        other.contains("")
        check(other, approximately=False)
    assert graphs(folder) == []


def test_a_new_database_in_the_folder_does_not_use_the_graph_of_another(folder: Path) -> None:
    for path in folder.glob("library.sqlite*"):
        path.unlink()
    with open(folder) as library:
        library.add(make_clip("alone"))
        check(library, approximately=False)


def test_what_gains_nothing_gets_no_index(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(tmp_path / "small") as library:
        library.add(make_clip("alone"))
        with pytest.raises(LibraryError, match="has 4 vectors; an approximate index is worth it from 6000 on"):
            library.build_graph(1)
    temporary: Library = open_temporary_library(dimension=DIMENSION)
    with temporary, pytest.raises(LibraryError, match="in a folder"):
        temporary.build_graph(1)
    assert not temporary.drop_graph()
    monkeypatch.setattr(graphed, "judge", lambda *_: Quality(128, 0.9, 50.0))
    before = graphs(folder)
    with open(folder) as library:
        with pytest.raises(LibraryError, match=r"only 90.0 % of the best"):
            library.build_graph(1)
        check(library)
    assert graphs(folder) == before


def test_a_full_disk_leaves_the_earlier_index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path) -> str:
        raise OSError(28, "No space left on device")

    before = graphs(folder)
    with open(folder) as library:
        with monkeypatch.context() as patch:
            patch.setattr(graph, "_digest", fail)
            with pytest.raises(LibraryError, match="No space left"):
                library.build_graph(1)
        check(library)
    assert graphs(folder) == before
