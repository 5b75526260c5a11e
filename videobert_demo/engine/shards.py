"""The rows of a job, in Parquet files of some hundred rows: the manifest of what is done, so that a job goes on.

    OUT/manifest.json        what the job is: its kind, its checkpoint, its options
    OUT/shard-000000.parquet rows of the first shard; it appears whole or not at all
    OUT/.lock                locked by the process that works on the job

A shard is a list of clips, and its file says that all of them are done: each has one row, with its result or with its
error. A job that was killed does again what was in no shard yet. Knows neither Ray nor clips.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as parquet

from videobert_demo.data.listing import ListedClip
from videobert_demo.errors import DataError

if sys.platform != "win32":
    import fcntl

MANIFEST, LOCK = "manifest.json", ".lock"
FORMAT = 1
COMMON = [("file", pa.string()), ("version", pa.string()), ("error", pa.string())]
"""Columns that all jobs have; `error` is null where there is a result."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """Clips that are written together.

    Attributes:
        number: of its file.
        clips: those to do.
        kept: rows of an earlier run that stay.
    """

    number: int
    clips: tuple[ListedClip, ...]
    kept: tuple[Row, ...] = field(default=(), repr=False)


def written(text: str) -> str:
    r"""A path as Parquet holds it: a byte in a name that is no Unicode, which Python keeps as half a pair, is \\xff."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class ShardFolder:
    """The shards of one job.

    Args:
        folder: where they are, or will be.
        job: what makes two jobs the same, such as kind, checkpoint and options.
        columns: name and type of each column beside `COMMON`.

    Raises:
        DataError: the folder holds something else, or another job's shards.
    """

    def __init__(self, folder: Path, job: Mapping[str, str], columns: Sequence[tuple[str, pa.DataType]]) -> None:
        self._folder, self._schema = folder, pa.schema([*COMMON, *columns])
        manifest = folder / MANIFEST
        wanted = {"format": FORMAT, "job": dict(job)}
        try:
            if not manifest.exists():
                if folder.exists() and not all(path.name.startswith(".") for path in folder.iterdir()):
                    raise DataError(f"{folder} holds other files; choose an empty folder, or a new one.")
                folder.mkdir(parents=True, exist_ok=True)
                self._write(manifest, lambda path: path.write_text(json.dumps(wanted, indent=1), encoding="utf-8"))
            found = json.loads(manifest.read_text(encoding="utf-8"))
        except OSError as error:
            raise DataError(f"{folder} cannot be used: {error.strerror or error}.") from error
        except ValueError as error:
            raise DataError(f"{manifest} is damaged; choose another folder.") from error
        if found != wanted:
            raise DataError(
                f"{folder} holds the rows of another job ({_difference(found, job)}); choose another folder."
            )

    @contextlib.contextmanager
    def claimed(self) -> Iterator[None]:
        """Keeps other processes off for as long as the block runs; one that is killed lets go.

        Raises:
            DataError: another process works on this job: its files and numbers would be taken for ours.
        """
        with self._open_lock():
            for left in self._folder.glob(".*.new"):  # what a killed run was writing
                left.unlink(missing_ok=True)
            yield

    def _open_lock(self) -> IO[bytes]:
        try:
            lock = (self._folder / LOCK).open("wb")
            if sys.platform != "win32":
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataError(f"Another process works on {self._folder}; wait until it is done, or end it.") from error
        except OSError as error:
            raise DataError(f"{self._folder} cannot be used: {error.strerror or error}.") from error
        return lock

    @property
    def paths(self) -> list[Path]:
        """The files of finished shards, in order."""
        return sorted(self._folder.glob("shard-*.parquet"))

    def rows(self) -> Iterator[Row]:
        """All rows."""
        for path in self.paths:
            yield from self._read(path)

    def plan(
        self, clips: Iterable[ListedClip], size: int, *, again: Callable[[Row], bool] = lambda _row: False
    ) -> Iterator[Shard]:
        """What is left to do of these clips: first shards in which something is to be done again, then new ones.

        Args:
            clips: all clips of the job.
            size: how many clips a new shard has.
            again: whether a row of an earlier run does not count. A row whose clip has changed since never counts.
        """
        wanted = {written(clip.address): clip for clip in clips}
        number = -1
        for path in self.paths:
            number = int(path.stem.removeprefix("shard-"))
            kept, todo = [], []
            for row in self._read(path):
                clip = wanted.pop(row["file"], None)
                if clip is None or (clip.version == row["version"] and not again(row)):
                    kept.append(row)
                else:
                    todo.append(clip)
            if todo:
                yield Shard(number, tuple(todo), tuple(kept))
        rest = iter(wanted.values())
        while part := tuple(islice(rest, size)):
            number += 1
            yield Shard(number, part)

    def finish(self, shard: Shard, rows: Sequence[Row]) -> None:
        """Writes a shard's rows, in place of those that it had.

        Args:
            rows: one for each of its clips.

        Raises:
            ValueError: a clip has no row, or two.
            DataError: they cannot be written.
        """
        if sorted(row["file"] for row in rows) != sorted(clip.address for clip in shard.clips):
            raise ValueError(f"the rows of shard {shard.number} are not those of its clips")
        rows = [{**row, "file": written(row["file"]), "error": row["error"] and written(row["error"])} for row in rows]
        table = pa.Table.from_pylist([*shard.kept, *rows], schema=self._schema)
        path = self._folder / f"shard-{shard.number:06}.parquet"
        self._write(path, lambda new: parquet.write_table(table, new))

    def _read(self, path: Path) -> list[Row]:
        try:
            rows: list[Row] = parquet.read_table(path, schema=self._schema).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise DataError(f"{path} is damaged ({error}); delete it, and its clips are done again.") from error
        return rows

    def _write(self, path: Path, write: Callable[[Path], object]) -> None:
        new = path.with_name(f".{path.name}.new")
        try:
            write(new)
            with new.open("rb+") as file:
                os.fsync(file.fileno())  # so that it is whole after a power failure too
            new.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise DataError(
                f"{path} cannot be written: {error.strerror or error}. What was finished before is kept; the same "
                "command goes on."
            ) from error


def _difference(found: Any, job: Mapping[str, str]) -> str:
    """In what a manifest differs from a job, for people."""
    there = found.get("job") if isinstance(found, dict) else None
    if not isinstance(there, dict) or found.get("format") != FORMAT:
        return "of another version of this program"
    names = sorted(name for name in {*there, *job} if there.get(name) != job.get(name))
    return ", ".join(f"{name} {there.get(name, 'not set')}, now {job.get(name, 'not set')}" for name in names)
