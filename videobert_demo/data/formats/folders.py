"""A folder of clips in any of the known formats -> records. Tells the format by what lies in the folder.

    captions.jsonl          own clips (own_clips.py)
    *.tar                   shards
    *.json                  MSR-VTT, VATEX, ActivityNet Captions or YouCook2, by what they hold; several are joined
    *.csv, *.tsv            a table, or MSVD's corpus by its columns
    *.txt                   MSVD

The splits of a public data set count only where all three are there: else clips are split by their hashes.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from videobert_demo.data.clip_records import ClipRecord, join_parts
from videobert_demo.data.formats.activitynet import is_activitynet, read_activitynet
from videobert_demo.data.formats.msrvtt_json import is_msrvtt, read_msrvtt
from videobert_demo.data.formats.msvd import COLUMNS, read_corpus, read_lines
from videobert_demo.data.formats.shards import read_shards
from videobert_demo.data.formats.sources import Files, find_clips, read_json
from videobert_demo.data.formats.tables import read_table
from videobert_demo.data.formats.vatex import is_vatex, read_vatex
from videobert_demo.data.formats.youcook2 import is_youcook2, read_youcook2
from videobert_demo.data.msrvtt import SPLITS
from videobert_demo.data.own_clips import ANNOTATIONS, read_own_clips
from videobert_demo.errors import DataError

Reader = Callable[[Path, Any, Files], list[ClipRecord]]
JSON_FORMATS: dict[str, tuple[Callable[[Any], bool], Reader]] = {
    "msrvtt": (is_msrvtt, read_msrvtt),
    "vatex": (is_vatex, read_vatex),
    "youcook2": (is_youcook2, read_youcook2),
    "activitynet": (is_activitynet, read_activitynet),
}


@dataclass(frozen=True)
class DescribedClips:
    """What a folder holds.

    Attributes:
        format: one of own, shards, msrvtt, vatex, youcook2, activitynet, table or msvd.
        folder: where the records' files lie: the folder itself, or where shards were unpacked.
        records: of the clips that are there.
    """

    format: str
    folder: Path
    records: tuple[ClipRecord, ...]


def read_clips(folder: Path, unpack_into: Path) -> DescribedClips:
    """Reads a folder in whatever format it is.

    Args:
        unpack_into: where the clips of shards go; nothing is written there for other formats.

    Raises:
        DataError: there is no such folder, nothing in it is known, or what is known is wrong; or none of the clips that
            are described is there.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder")
    if (folder / ANNOTATIONS).exists():
        return DescribedClips("own", folder, tuple(join_parts(read_own_clips(folder))))
    if any(folder.glob("*.tar")):
        format_name, records, folder = "shards", read_shards(folder, unpack_into), unpack_into
    else:
        format_name, records = _read_annotations(folder, find_clips(folder))
    if not records:
        raise DataError(f"{folder} describes clips ({format_name}), but none of them is there")
    return DescribedClips(format_name, folder, tuple(join_parts(_with_whole_splits(records))))


def _read_annotations(folder: Path, files: Files) -> tuple[str, list[ClipRecord]]:
    found = [(path, read_json(path)) for path in sorted(folder.glob("*.json"))]
    for format_name, (is_of, read) in JSON_FORMATS.items():
        of_format = [(path, value) for path, value in found if is_of(value)]
        if of_format:
            return format_name, [record for path, value in of_format for record in read(path, value, files)]
    tables = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".csv", ".tsv"))
    if tables:
        corpora = [path for path in tables if _is_corpus(path)]
        if corpora:
            return "msvd", [record for path in corpora for record in read_corpus(path, files)]
        return "table", [record for path in tables for record in read_table(path, files)]
    texts = sorted(folder.glob("*.txt"))
    if texts:
        return "msvd", [record for path in texts for record in read_lines(path, files)]
    raise DataError(
        f"{folder} has neither {ANNOTATIONS} nor annotations of a known format (.json, .csv, .tsv, .txt, .tar); "
        "docs/training.md lists them"
    )


def _is_corpus(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return set(next(csv.reader(file), [])) >= COLUMNS
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table ({error})") from error


def _with_whole_splits(records: Sequence[ClipRecord]) -> list[ClipRecord]:
    if {record.split for record in records} == set(SPLITS):
        return list(records)
    return [replace(record, split=None) for record in records]
