"""Takes somebody's clips in: cuts frames out of them and writes these in the format that training reads.

    FOLDER with clips --records--> OUT/msrvtt/videos.jsonl, frames.tar, questions.jsonl

Clips without a split are split by the hash of their bytes: copies of a clip, and all parts of it, stay together, and
from MANY_CLIPS clips on, what was held out stays so when others are added. Knows files and frames; knows no model.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.errors import ClipError, DataError
from videobert_demo.training.consensus import normalise
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip

FOLDER = "msrvtt"
SOURCE_FILE = "taken_from.json"
TEST_SHARE, VAL_SHARE = 0.15, 0.15
MIN_CLIPS = 8
MANY_CLIPS = 100
MIN_HELD_OUT = 2
JPEG_QUALITY = 92
_HASH_DIGITS = 8


def take_in(records: Sequence[ClipRecord], folder: Path, out: Path, *, frames: int, progress: bool = True) -> Path:
    """Writes the frames and captions of the records' clips; does nothing if that was done.

    Args:
        records: what is said of the clips in `folder`.
        out: the data folder; `out/msrvtt` is written.
        frames: how many of each clip.

    Returns:
        `out/msrvtt`.

    Raises:
        DataError: a clip is not there, lies outside the folder or cannot be read; two records are of one part; there
            are fewer than MIN_CLIPS clips; or `out` holds other clips.
    """
    paths = [_find_clip(folder, record) for record in records]
    _refuse_repetitions(records)
    _refuse_other_languages(records)
    digests = {path: _digest(path) for path in dict.fromkeys(paths)}
    splits = _splits_of(records, [digests[path] for path in paths])
    described = [
        [record.name, digests[path], list(record.captions), [list(pair) for pair in record.questions], split]
        for record, path, split in zip(records, paths, splits, strict=True)
    ]
    source = json.dumps({"frames": frames, "clips": described})
    target = out / FOLDER
    if _was_taken(target / SOURCE_FILE, source):
        return target
    target.mkdir(parents=True, exist_ok=True)
    with (
        tarfile.open(target / "frames.tar", "w") as archive,
        (target / "videos.jsonl").open("w", encoding="utf-8") as videos,
        (target / "questions.jsonl").open("w", encoding="utf-8") as questions,
    ):
        rows = list(zip(records, paths, splits, strict=True))
        for number, (record, path, split) in enumerate(tqdm(rows, desc="clips", unit="clip", disable=not progress)):
            names = [f"{number}/{frame}.jpg" for frame in range(frames)]
            pictures = _cut_frames(record, path, frames)
            for name, picture in zip(names, pictures, strict=False):
                _add_picture(archive, name, picture)
            row: dict[str, object] = {"video_id": record.name, "split": split, "captions": list(record.captions)}
            row["frames"] = [{"file": name} for name in names[: len(pictures)]]
            videos.write(json.dumps(row) + "\n")
            for question, answer in record.questions:
                pair = {"video_id": record.name, "question": question, "answer": answer}
                questions.write(json.dumps(pair) + "\n")
    (target / SOURCE_FILE).write_text(source, encoding="utf-8")  # last: a run that was cut off begins anew
    return target


def split_by_hash(digests: Sequence[str]) -> dict[str, str]:
    """The split of each clip, by the first digits of its bytes' hash: 15 % test, 15 % val, the rest train.

    Of fewer than MANY_CLIPS clips those with the lowest hashes are held out, exactly these shares: chance could leave
    hardly any to one of the splits.

    Raises:
        DataError: there are fewer than MIN_CLIPS different clips.
    """
    known = sorted(set(digests))
    if len(known) < MIN_CLIPS:
        raise DataError(
            f"there are {len(known)} different clips; {MIN_CLIPS} are the fewest to learn from and to measure with"
        )
    if len(known) < MANY_CLIPS:
        test, val = (max(MIN_HELD_OUT, round(share * len(known))) for share in (TEST_SHARE, VAL_SHARE))
        return {digest: _split_at(rank, test, val) for rank, digest in enumerate(known)}
    fractions = {digest: int(digest[:_HASH_DIGITS], 16) / 16**_HASH_DIGITS for digest in known}
    return {digest: _split_at(fraction, TEST_SHARE, VAL_SHARE) for digest, fraction in fractions.items()}


def _split_at(fraction: float, test: float, val: float) -> str:
    return "test" if fraction < test else "val" if fraction < test + val else "train"


def _splits_of(records: Sequence[ClipRecord], digests: Sequence[str]) -> list[str]:
    """The split of each record: what it says itself, else by its clip's hash."""
    unsplit = [digest for record, digest in zip(records, digests, strict=True) if record.split is None]
    found: Mapping[str, str] = split_by_hash(unsplit) if unsplit else {}
    splits = [record.split or found[digest] for record, digest in zip(records, digests, strict=True)]
    for split in ("train", "val", "test"):
        if splits.count(split) < MIN_HELD_OUT:
            raise DataError(
                f"there are {splits.count(split)} clips of the split {split}; at least {MIN_HELD_OUT} are needed"
            )
    return splits


def _find_clip(folder: Path, record: ClipRecord) -> Path:
    path = folder / record.file
    if not path.is_file():
        raise DataError(f"{record.file} is not in {folder}")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataError(f"{record.file} leads out of {folder}; put the clip itself there")
    return path


def _refuse_repetitions(records: Sequence[ClipRecord]) -> None:
    seen: set[str] = set()
    for record in records:
        if record.name in seen:
            raise DataError(f"{record.name} is there twice; put all its captions into one row")
        seen.add(record.name)


def _refuse_other_languages(records: Sequence[ClipRecord]) -> None:
    for record in records:
        for text in (*record.captions, *(text for pair in record.questions for text in pair)):
            if not normalise(text):
                raise DataError(f"{text!r}, said of {record.name}, has no word in English letters or digits")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _was_taken(path: Path, source: str) -> bool:
    if not path.exists():
        return False
    if path.read_text(encoding="utf-8") != source:
        raise DataError(f"{path.parent} holds other clips, captions or splits; choose another --out")
    return True


def _cut_frames(record: ClipRecord, path: Path, count: int) -> NDArray[np.uint8]:
    """At most `count` frames of a record's part, (T, H, W, 3) RGB."""
    try:
        info, found = read_clip(path, count, limits=ClipLimits(), span_seconds=record.span_seconds)
    except ClipError as error:
        raise DataError(f"{record.name} cannot be read: {error.message}") from error
    if record.start_seconds and record.start_seconds >= info.duration_seconds:
        raise DataError(f"{record.name} begins after the clip's end ({info.duration_seconds:.1f} s)")
    return found.pixels


def _add_picture(archive: tarfile.TarFile, name: str, pixels: NDArray[np.uint8]) -> None:
    picture = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))
