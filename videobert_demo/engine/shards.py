"""The rows of a job, in Parquet files of some hundred rows: the manifest of what is done, so that a job goes on.

    OUT/manifest.json        what the job is: its kind, its checkpoint, its options
    OUT/shard-000000.parquet rows of the first shard; it appears whole or not at all

A shard is a list of clips, and its file says that all of them are done: each has one row, with its result or with its
error. A job that was killed does again what was in no shard yet. Knows neither Ray nor clips.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from videobert_demo.data.listing import ListedClip
from videobert_demo.errors import DataError

MANIFEST = "manifest.json"
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
                if folder.exists() and any(folder.iterdir()):
                    raise DataError(f"{folder} holds other files; choose an empty folder, or a new one.")
                folder.mkdir(parents=True, exist_ok=True)
                self._write(manifest, lambda path: path.write_text(json.dumps(wanted, indent=1), encoding="utf-8"))
            found = json.loads(manifest.read_text(encoding="utf-8"))
        except OSError as error:
            raise DataError(f"{folder} cannot be used: {error.strerror}.") from error
        except ValueError as error:
            raise DataError(f"{manifest} is damaged; choose another folder.") from error
        if found != wanted:
            raise DataError(
                f"{folder} holds the rows of another job ({found.get('job')}, not {dict(job)}); choose another folder."
            )
        for left in folder.glob(".*.new"):  # what a killed run was writing
            left.unlink(missing_ok=True)

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
        wanted = {clip.address: clip for clip in clips}
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
            new.replace(path)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise DataError(f"{path} cannot be written: {error.strerror}.") from error
