"""MSVD (the YouTube2Text corpus): a text file with a clip's name and a sentence a line, or the table of all sentences.

    AllVideoDescriptions.txt    -4wsuPCjDBc_5_15 a squirrel is eating a peanut
    video_corpus.csv            VideoID,Start,End,WorkerID,Source,AnnotationTime,Language,Description

The clips are named by the video and the seconds that were cut out of it: -4wsuPCjDBc_5_15.avi.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.sources import Files, build_records, usable
from videobert_demo.errors import DataError

COLUMNS = {"VideoID", "Start", "End", "Language", "Description"}


def read_lines(path: Path, files: Files) -> list[ClipRecord]:
    """The records of a text file."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not text in UTF-8") from error
    pairs = (line.split(None, 1) for line in lines if line.strip() and not line.startswith("#"))
    return _group(path, ((pair[0], pair[1]) for pair in pairs if len(pair) == 2), files)


def read_corpus(path: Path, files: Files) -> list[ClipRecord]:
    """The records of the table: its English sentences."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row.get("Language") == "English"]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table ({error})") from error
    named = ((f"{row['VideoID']}_{row['Start']}_{row['End']}", row["Description"] or "") for row in rows)
    return _group(path, named, files)


def _group(path: Path, pairs: Iterable[tuple[str, str]], files: Files) -> list[ClipRecord]:
    captions: dict[str, list[str]] = defaultdict(list)
    for name, text in pairs:
        captions[name].append(text.strip())
    names = [name for name in captions if name in files and usable(captions[name])]
    return build_records(path, names, lambda name: [ClipRecord(files[name], usable(captions[name]))])
