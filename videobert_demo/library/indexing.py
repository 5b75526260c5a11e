"""Puts a folder of clips into a library. It can be resumed and shared among processes, and no file stops it.

Knows neither model nor video: `hash_file` and `encode` are given. Every process adds what it encoded to the library by
itself, and the same clips are there in the end, under the same titles, however many processes there were.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from videobert_demo.data.fetching import reason_of
from videobert_demo.data.listing import find_files
from videobert_demo.errors import ClipError, LibraryError, VideoBertDemoError
from videobert_demo.library.base import Library
from videobert_demo.library.batches import in_batches
from videobert_demo.types import EncodedClip

_PATIENCE = timedelta(days=7)  # one process may have far longer clips than another


@dataclass(frozen=True)
class Workers:
    """The processes that share the work.

    Attributes:
        rank: this process's number, from 0.
        count: how many there are.
        gather: every process's list -> all lists joined, the same in all processes; waits for all.
    """

    rank: int = 0
    count: int = 1
    gather: Callable[[list[Any]], list[Any]] = field(default=lambda items: items)

    def __post_init__(self) -> None:
        if not 0 <= self.rank < self.count:
            raise ValueError(f"rank must be in [0, {self.count}), got {self.rank}")

    @classmethod
    def from_accelerate(cls) -> Workers:
        """The processes that `accelerate launch` started, on CPUs; one if it did not."""
        from accelerate import PartialState
        from accelerate.utils import gather_object

        state = PartialState(cpu=True, timeout=_PATIENCE)
        atexit.register(state.destroy_process_group)  # a process that ends before its threads aborts
        return cls(state.process_index, state.num_processes, gather_object)


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What happened to a folder's files.

    Attributes:
        added: paths of the clips that are new in the library.
        known: paths of the clips that it had already, or that another run added meanwhile.
        repeated: paths of files with the same content as another one of the folder.
        unreadable: path and reason (one sentence) of the files that cannot be used as clips.
    """

    added: tuple[str, ...]
    known: tuple[str, ...]
    repeated: tuple[str, ...]
    unreadable: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "added": len(self.added),
            "known": len(self.known),
            "repeated": len(self.repeated),
            "unreadable": [{"file": path, "reason": reason} for path, reason in self.unreadable],
        }


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file that was looked at: its hash, or what is wrong with it."""

    path: str
    content_hash: str
    known: bool
    reason: str


def index_folder(
    folder: Path,
    library: Library,
    encode: Callable[[Path], EncodedClip],
    hash_file: Callable[[Path], str],
    *,
    workers: Workers | None = None,
    progress: bool = True,
) -> IndexReport:
    """Adds the clips of a folder and its subfolders. Clips that the library has are not encoded again.

    Every file is tried, whatever its name, except hidden ones (named .something). Of files with the same content the
    first one by path gives the title.

    Args:
        folder: searched without following links to folders.
        encode: a clip's file -> what goes into the library.
        hash_file: a file -> SHA-256 of its bytes, hexadecimal.
        workers: the processes that share the work; by default this one alone.
        progress: show progress bars, in the first process.

    Returns:
        The same report in every process.

    Raises:
        LibraryError: the folder is missing, or the library cannot be written; a file that is no clip raises nothing.
    """
    workers = workers or Workers()
    if not folder.is_dir():
        raise LibraryError(f"There is no folder {folder.name}; name one that holds video files.")
    # All processes use one list, because the folder may be changing.
    paths = workers.gather(find_files(folder.absolute()) if workers.rank == 0 else [])
    bars: dict[str, Any] = {"disable": not (progress and workers.rank == 0), "unit": "file"}

    own = paths[workers.rank :: workers.count]
    looked = [_look(path, library, hash_file) for path in tqdm(own, desc="reading", **bars)]
    # No process adds anything before all have looked, so that all agree on what there is to do.
    first: dict[str, _Looked] = {}
    repeated: list[str] = []
    failed: list[tuple[str, str]] = []
    for item in sorted(workers.gather(looked), key=lambda item: item.path):
        if item.reason:
            failed.append((item.path, item.reason))
        elif item.content_hash in first:
            repeated.append(item.path)
        else:
            first[item.content_hash] = item
    new = [item.path for item in first.values() if not item.known]

    added, known, refused = _add_all(tqdm(new[workers.rank :: workers.count], desc="encoding", **bars), library, encode)
    return IndexReport(
        added=tuple(sorted(workers.gather(added))),
        known=tuple(sorted([item.path for item in first.values() if item.known] + workers.gather(known))),
        repeated=tuple(repeated),
        unreadable=tuple(sorted(failed + workers.gather(refused))),
    )


def _add_all(
    paths: Iterable[str], library: Library, encode: Callable[[Path], EncodedClip]
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Encodes clips and adds them, as many at once as the library takes best.

    Returns:
        The paths that were added, those that someone else added meanwhile, and path and reason of those that are not
        readable.
    """
    added: list[str] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []

    def encoded() -> Iterator[tuple[str, EncodedClip]]:
        for path in paths:
            try:
                clip = encode(Path(path))
            except (VideoBertDemoError, OSError, ValueError, RuntimeError, MemoryError) as error:
                refused.append((path, reason_of(path, error)))
                continue
            yield path, clip

    for some in in_batches(encoded(), library.batch):
        for (path, _), is_new in zip(some, library.add_all([clip for _, clip in some]), strict=True):
            (added if is_new else known).append(path)
    return added, known, refused


def _look(path: str, library: Library, hash_file: Callable[[Path], str]) -> _Looked:
    try:
        content_hash = hash_file(Path(path))
    except (ClipError, OSError) as error:
        return _Looked(path, "", False, reason_of(path, error))
    return _Looked(path, content_hash, library.contains(content_hash), "")
