"""What only a library in a folder does: files, kills, damage."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.library.samples import DIMENSION, make_clip
from videobert_demo.errors import LibraryError
from videobert_demo.library.embedded import DATABASE, EmbeddedLibrary
from videobert_demo.library.kept_files import CLIPS

ROOT = Path(__file__).resolve().parents[2]

# Adds clips and kills itself: at the n-th call of a function that SQLite makes every ten instructions, so anywhere
# inside a statement, or from another thread after some milliseconds, so anywhere at all.
KILLED = """
import os, signal, sys, threading
from pathlib import Path
from tests.library.samples import DIMENSION, make_clip
from videobert_demo.library.embedded import EmbeddedLibrary

def die():
    os.kill(os.getpid(), signal.SIGKILL)

library = EmbeddedLibrary(Path(sys.argv[1]), model="model", dimension=DIMENSION)
calls, last = 0, int(sys.argv[3])
def count():
    global calls
    calls += 1
    if calls == last:
        die()
    return 0
if sys.argv[2] == "inside":
    library._database.set_progress_handler(count, 10)
else:
    threading.Timer(last / 1000, die).start()
for number in range(100000):
    library.add(make_clip(f"clip {number}", segments=60), keep_file=False)
    print(number, flush=True)
"""


def open_folder(folder: Path, model: str = "model", dimension: int = DIMENSION) -> EmbeddedLibrary:
    return EmbeddedLibrary(folder, model=model, dimension=dimension)


@pytest.mark.parametrize(
    ("where", "last"), [("inside", 2), ("inside", 5), ("inside", 40), ("inside", 41), ("any", 30), ("any", 137)]
)
def test_a_kill_in_the_middle_leaves_whole_clips_only(tmp_path: Path, where: str, last: int) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "library"), where, str(last)]
    killed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    acknowledged = len(killed.stdout.split())
    with open_folder(tmp_path / "library") as library:
        found = library.entries()
        assert acknowledged <= len(found) <= acknowledged + 1
        for number in range(len(found)):
            clip = make_clip(f"clip {number}", segments=60)
            ranked = {one.content_hash: one for one in library.rank(clip.segment_vectors[59], len(found))}
            whole = ranked[clip.entry.content_hash]
            np.testing.assert_array_equal(whole.vector, clip.vector)
            assert whole.start_seconds == 118.0  # of the last segment
        assert library.add(make_clip(f"clip {len(found)}", segments=60))


def test_a_kept_file_outlives_its_source_and_moves_with_the_folder(tmp_path: Path) -> None:
    source = tmp_path / "upload.mp4"
    source.write_bytes(b"moving pictures")
    clip = make_clip("kept", source=str(source))
    with open_folder(tmp_path / "library") as library:
        library.add(clip, keep_file=True)
    source.unlink()
    (tmp_path / "library").rename(tmp_path / "moved")
    with open_folder(tmp_path / "moved") as library:
        kept = Path(library.entries()[0].source)
        assert kept.parent == tmp_path / "moved" / CLIPS
        assert kept.suffix == ".mp4"
        assert kept.read_bytes() == b"moving pictures"
        library.remove([clip.entry.content_hash])
        assert not kept.exists()


def test_removing_leaves_a_file_that_was_not_kept(tmp_path: Path) -> None:
    source = tmp_path / "mine.mp4"
    source.write_bytes(b"moving pictures")
    with open_folder(tmp_path / "library") as library:
        library.add(make_clip("mine", source=str(source)))
        assert library.remove([make_clip("mine").entry.content_hash]) == 1
    assert source.exists()


def test_a_file_that_cannot_be_kept_adds_nothing(tmp_path: Path) -> None:
    with open_folder(tmp_path / "library") as library:
        with pytest.raises(LibraryError, match=r"gone\.mp4 cannot be copied"):
            library.add(make_clip("gone", source=str(tmp_path / "gone.mp4")), keep_file=True)
        assert library.entries() == ()
        assert list((tmp_path / "library" / CLIPS).iterdir()) == []


def test_a_temporary_library_forgets_its_files_when_it_is_closed(tmp_path: Path) -> None:
    source = tmp_path / "upload.mp4"
    source.write_bytes(b"moving pictures")
    library = EmbeddedLibrary(None, model="temporary", dimension=DIMENSION)
    library.add(make_clip("visitor", source=str(source)), keep_file=True)
    kept = Path(library.entries()[0].source)
    assert kept.read_bytes() == b"moving pictures"
    library.close()
    assert not kept.parent.exists()


@pytest.mark.parametrize(("model", "dimension"), [("another", DIMENSION), ("model", 8)])
def test_a_library_of_another_checkpoint_is_refused(tmp_path: Path, model: str, dimension: int) -> None:
    open_folder(tmp_path / "library").close()
    with pytest.raises(LibraryError, match="library was made with another checkpoint"):
        open_folder(tmp_path / "library", model, dimension)


def test_what_is_no_library_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / DATABASE).write_bytes(b"no database" * 100)
    with pytest.raises(LibraryError, match="library is damaged"):
        open_folder(tmp_path / "library")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LibraryError, match="file cannot be used"):
        open_folder(tmp_path / "file")


def test_removing_most_clips_gives_their_memory_back(tmp_path: Path) -> None:
    with open_folder(tmp_path / "library") as library:
        clips = [make_clip(f"clip {number}", segments=20) for number in range(120)]
        for clip in clips:
            library.add(clip)
        assert library.remove(clip.entry.content_hash for clip in clips[:110]) == 110
        assert len(library._index._vectors.view) < 1500
        assert [hit.entry for hit in library.search(clips[115].vector, 1)] == [clips[115].entry]
        assert {hit.entry.title for hit in library.search(clips[0].vector, 50)} == {c.entry.title for c in clips[110:]}


def _fill(folder: str, process: int) -> None:
    with open_folder(Path(folder)) as library:
        for number in range(25):
            library.add(make_clip(f"process {process} clip {number}"))
            library.add(make_clip(f"common {number}"))
    os._exit(0)


def test_four_processes_open_and_fill_one_folder_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_fill, args=(str(tmp_path / "library"), number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0] * 4
    with open_folder(tmp_path / "library") as library:
        assert len(library.entries()) == 125


def test_many_may_open_a_new_library_at_once(tmp_path: Path) -> None:
    def open_and_close(folder: Path) -> None:
        EmbeddedLibrary(folder, model="model", dimension=DIMENSION).close()

    with ThreadPoolExecutor(8) as pool:
        for attempt in range(20):
            list(pool.map(open_and_close, [tmp_path / str(attempt)] * 8))


@pytest.mark.parametrize("damage", ["noise", "cut", "overwritten"])
def test_a_damaged_library_is_called_damaged_and_set_aside(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "films"
    with open_folder(folder) as library:
        for number in range(30):
            library.add(make_clip(f"clip {number}", segments=20))
    database = folder / DATABASE
    whole = database.read_bytes()
    changed = {"noise": b"noise" * 1000, "cut": whole[:9000], "overwritten": whole[:4096] + bytes(len(whole) - 4096)}
    database.write_bytes(changed[damage])
    with pytest.raises(LibraryError, match=r"films is damaged .*index the folders"):
        EmbeddedLibrary(folder, model="model", dimension=DIMENSION, create=False)
    assert database.read_bytes() == changed[damage], "reading changes nothing"
    with pytest.raises(LibraryError, match="is damaged"):
        open_folder(folder)
    assert (folder / f"{DATABASE}.damaged-1").read_bytes() == changed[damage]
    with open_folder(folder) as library:
        assert library.entries() == ()
        library.add(make_clip("new"))
    database.write_bytes(b"noise" * 1000)
    with pytest.raises(LibraryError, match="is damaged"):
        open_folder(folder)
    assert (folder / f"{DATABASE}.damaged-2").exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_library_that_is_damaged_while_it_is_used_is_set_aside(tmp_path: Path, create: bool) -> None:
    folder = tmp_path / "films"
    database = folder / DATABASE
    with open_folder(folder) as library:
        for number in range(30):
            library.add(make_clip(f"clip {number}", segments=20))
    with EmbeddedLibrary(folder, model="model", dimension=DIMENSION, create=create) as library:
        whole = database.read_bytes()
        damaged = whole[:4096] + b"\xff" * (len(whole) - 4096)
        with database.open("r+b") as file:  # the same file, as a failing disk damages it
            file.write(damaged)
        library._database.execute("PRAGMA shrink_memory")  # otherwise SQLite shows what it has read before
        for _ in range(2):  # and it does not go on using it
            with pytest.raises(LibraryError, match=r"films is damaged .*index the folders"):
                library.entries()
        with pytest.raises(LibraryError, match="films is damaged"):
            library.add(make_clip("another"))
        aside = folder / f"{DATABASE}.damaged-1"
        assert aside.exists() == create
        assert database.exists() != create
        assert (aside if create else database).read_bytes() == damaged, "nothing is written into it"
    assert (aside if create else database).read_bytes() == damaged, "nor when it is closed"
    if create:
        with open_folder(folder) as library:
            assert library.add(make_clip("new"))


def test_a_new_library_that_another_process_made_is_not_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "films"
    database = folder / DATABASE
    with open_folder(folder) as library:
        for number in range(30):
            library.add(make_clip(f"clip {number}", segments=20))
    with open_folder(folder) as library:
        whole = database.read_bytes()
        with database.open("r+b") as file:
            file.write(whole[:4096] + b"\xff" * (len(whole) - 4096))
        for part in sorted(folder.glob(f"{DATABASE}*")):  # as another process sets it aside that was faster
            part.rename(folder / f"elsewhere-{part.name}")
        library._database.execute("PRAGMA shrink_memory")
        with open_folder(folder) as new:
            new.add(make_clip("new"))
        with pytest.raises(LibraryError, match="films is damaged"):
            library.entries()
    with open_folder(folder) as new:
        assert [entry.title for entry in new.entries()] == ["new"]
    assert not list(folder.glob("*.damaged-*"))


def test_reading_makes_no_library(tmp_path: Path) -> None:
    for folder in (tmp_path / "typo", tmp_path):
        with pytest.raises(LibraryError, match=f"no library in {folder.name}"):
            EmbeddedLibrary(folder, model="model", dimension=DIMENSION, create=False)
    assert list(tmp_path.iterdir()) == []
    open_folder(tmp_path / "library").close()
    EmbeddedLibrary(tmp_path / "library", model="model", dimension=DIMENSION, create=False).close()
