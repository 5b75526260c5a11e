from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.library.samples import DIMENSION, encode_text, hash_text
from videobert_demo.errors import LibraryError, UnreadableClipError
from videobert_demo.library.embedded import EmbeddedLibrary
from videobert_demo.library.indexing import IndexReport, Workers, index_folder
from videobert_demo.library.opening import open_temporary_library
from videobert_demo.types import EncodedClip

ROOT = Path(__file__).resolve().parents[2]
TWO = ("--multi_gpu", "--num_processes", "2", "--main_process_port", "0")

PROGRAM = """
import json, os, sys
from pathlib import Path
from tests.library.samples import DIMENSION
from tests.library.test_indexing import encode
from tests.library.samples import hash_text
from videobert_demo.library.embedded import EmbeddedLibrary
from videobert_demo.library.indexing import Workers, index_folder

workers = Workers.from_accelerate()
encoded = []
def note(path):
    encoded.append(path.name)
    return encode(path)
with EmbeddedLibrary(Path(sys.argv[2]), model="model", dimension=DIMENSION) as library:
    report = index_folder(Path(sys.argv[1]), library, note, hash_text, workers=workers)
line = {"rank": workers.rank, "encoded": encoded, "report": report.to_json()}
Path(sys.argv[2] + f".rank{workers.rank}.json").write_text(json.dumps(line))
"""


def encode(path: Path) -> EncodedClip:
    """Refuses files named broken."""
    if "broken" in path.name:
        raise UnreadableClipError(f"{path.name} is damaged; choose another.")
    return encode_text(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve clips in two folders, one of them twice, two broken files, and a hidden one."""
    root = tmp_path / "videos"
    (root / "deeper" / "still").mkdir(parents=True)
    for number in range(12):
        place = root if number % 2 else root / "deeper" / "still"
        (place / f"clip {number:02}.mp4").write_text(f"words {number}")
    (root / "twin of 3.mp4").write_text("words 3")
    (root / "broken 1.mp4").write_text("nonsense 1")
    (root / "deeper" / "broken 2.mp4").write_text("nonsense 2")
    (root / ".hidden.mp4").write_text("hidden")
    return root


def test_adds_every_clip_once_and_reports_what_it_cannot_read(folder: Path) -> None:
    with open_temporary_library(dimension=DIMENSION) as library:
        report = index_folder(folder, library, encode, hash_text, progress=False)
        assert [entry.title for entry in library.entries()] == [f"clip {number:02}" for number in range(12)]
        assert library.entries()[3].source == str(folder / "clip 03.mp4")
    assert len(report.added) == 12
    assert report.repeated == (str(folder / "twin of 3.mp4"),)
    assert report.unreadable == (
        (str(folder / "broken 1.mp4"), "broken 1.mp4 is damaged; choose another."),
        (str(folder / "deeper" / "broken 2.mp4"), "broken 2.mp4 is damaged; choose another."),
    )


def test_encodes_nothing_that_the_library_knows(folder: Path) -> None:
    encoded: list[str] = []

    def note(path: Path) -> EncodedClip:
        encoded.append(path.name)
        if len(encoded) == 5:
            raise KeyboardInterrupt
        return encode(path)

    with open_temporary_library(dimension=DIMENSION) as library:
        with pytest.raises(KeyboardInterrupt):
            index_folder(folder, library, note, hash_text, progress=False)
        interrupted = set(encoded[:4]) - {"broken 1.mp4"}
        assert len(library.entries()) == len(interrupted) == 3
        report = index_folder(folder, library, note, hash_text, progress=False)
        assert len(report.known) == 3
        assert len(report.added) == 9
        assert not interrupted & set(encoded[5:])
        again = index_folder(folder, library, note, hash_text, progress=False)
        assert again.added == ()
        assert len(again.known) == 12


def test_a_library_that_takes_many_at_once_gets_them_even_when_the_run_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmbeddedLibrary, "batch", 4)
    monkeypatch.setattr("videobert_demo.library.batches.SECONDS", 600)
    encoded: list[str] = []

    def note(path: Path) -> EncodedClip:
        encoded.append(path.name)
        if len(encoded) == 8:
            raise KeyboardInterrupt
        return encode(path)

    with open_temporary_library(dimension=DIMENSION) as library:
        given: list[int] = []
        add_all = library.add_all
        monkeypatch.setattr(library, "add_all", lambda clips: (given.append(len(clips)), add_all(clips))[1])
        with pytest.raises(KeyboardInterrupt):
            index_folder(folder, library, note, hash_text, progress=False)
        assert given == [4, 2]  # seven were encoded, one of them is broken
        assert len(library.entries()) == 6
        report = index_folder(folder, library, note, hash_text, progress=False)
        assert given[2:] == [4, 2]
        assert (len(report.added), len(report.known), len(report.unreadable)) == (6, 6, 2)


@pytest.mark.parametrize("error", [OSError("no"), ValueError("odd"), RuntimeError("codec"), MemoryError()])
def test_no_file_stops_the_others(folder: Path, error: BaseException) -> None:
    def fail(path: Path) -> EncodedClip:
        if path.name == "clip 01.mp4":
            raise error
        return encode(path)

    with open_temporary_library(dimension=DIMENSION) as library:
        report = index_folder(folder, library, fail, hash_text, progress=False)
        assert len(library.entries()) == 11
    reasons = dict(report.unreadable)
    assert f"({type(error).__name__}: {error})" in reasons[str(folder / "clip 01.mp4")]


def test_a_file_that_cannot_be_hashed_is_reported(folder: Path) -> None:
    def refuse(path: Path) -> str:
        if path.name == "clip 02.mp4":
            raise UnreadableClipError("clip 02.mp4 cannot be read.")
        return hash_text(path)

    with open_temporary_library(dimension=DIMENSION) as library:
        report = index_folder(folder, library, encode, refuse, progress=False)
        assert len(library.entries()) == 11
    assert (str(folder / "deeper" / "still" / "clip 02.mp4"), "clip 02.mp4 cannot be read.") in report.unreadable


def test_a_library_that_cannot_be_written_is_no_matter_of_a_file(folder: Path) -> None:
    library = open_temporary_library(dimension=DIMENSION)

    def encode_and_close(path: Path) -> EncodedClip:
        library.close()
        return encode_text(path)

    with pytest.raises(LibraryError, match="closed"):
        index_folder(folder, library, encode_and_close, hash_text, progress=False)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    library = open_temporary_library(dimension=DIMENSION)
    with library, pytest.raises(LibraryError, match="no folder absent"):
        index_folder(tmp_path / "absent", library, encode, hash_text)


def test_a_rank_beyond_the_count_is_refused() -> None:
    with pytest.raises(ValueError, match="rank"):
        Workers(2, 2)


def launch(tmp_path: Path, folder: Path, library: Path, *options: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "accelerate.commands.launch", *options, str(tmp_path / "program.py")]
    done = subprocess.run(
        [*command, str(folder), str(library)], capture_output=True, text=True, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stderr[-9000:]


@pytest.mark.slow
@pytest.mark.parametrize("options", [TWO, ("--num_processes", "2", "--cpu")], ids=["two", "cpu"])
def test_two_processes_share_the_work_and_fill_the_same_library(
    tmp_path: Path, folder: Path, options: tuple[str, ...]
) -> None:
    launch(tmp_path, folder, tmp_path / "library", *options)
    lines = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("library.rank*.json"))]
    if options is TWO:
        assert [len(line["encoded"]) for line in lines] == [7, 7]
        assert not set(lines[0]["encoded"]) & set(lines[1]["encoded"])
    with EmbeddedLibrary(tmp_path / "alone", model="model", dimension=DIMENSION) as alone:
        expected: IndexReport = index_folder(folder, alone, encode, hash_text, progress=False)
        assert [line["report"] for line in lines] == [expected.to_json()] * len(lines)
        with EmbeddedLibrary(tmp_path / "library", model="model", dimension=DIMENSION) as together:
            assert together.entries() == alone.entries()
            vector = encode_text(folder / "clip 05.mp4").vector
            assert together.search(vector) == alone.search(vector)


def test_two_runs_at_once_count_what_each_added(tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    for name in "abcd":
        (folder / f"{name}.mp4").write_text(name)
    with (
        EmbeddedLibrary(tmp_path / "library", model="model", dimension=DIMENSION) as library,
        EmbeddedLibrary(tmp_path / "library", model="model", dimension=DIMENSION) as other,
    ):

        def encode_late(path: Path) -> EncodedClip:
            if path.name == "b.mp4":  # the other run overtakes this one
                index_folder(folder, other, encode, hash_text, progress=False)
            return encode(path)

        report = index_folder(folder, library, encode_late, hash_text, progress=False)
        assert [Path(path).name for path in report.added] == ["a.mp4"]
        assert [Path(path).name for path in report.known] == ["b.mp4", "c.mp4", "d.mp4"]
        assert len(library.entries()) == 4
