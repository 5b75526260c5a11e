"""Reads labelled stills of everyday actions, sports, instruments and places.

Knows the two formats and which stills are held out; knows nothing about models, features or objectives.

    everyday style  DIR/captions.jsonl + DIR/images.tar    {"file", "kind", "label", "captions", "verb", "object"}
    msrvtt style    DIR/videos.jsonl + DIR/frames.tar      as msrvtt.py has it, with "kind" and "label" beside

In the everyday style a still whose number, the last part of its file's name, is a multiple of ten is held out: its
split is val, that of all others train.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.jsonl import read_records
from videobert_demo.data.msrvtt import SPLITS
from videobert_demo.errors import DataError

KINDS = ("action", "sport", "instrument", "place")
HELD_OUT_EVERY = 10


@dataclass(frozen=True)
class LabelledClip:
    """A still or a clip with what it shows.

    Attributes:
        clip: its frames' names and its captions.
        kind: one of KINDS.
        label: "cycling", "air hockey": one of its kind's classes.
        verb: the lemma of what is done ("ride"); None where nothing is, or where the data does not tell.
        object: what it is done with ("bicycle"), or the thing that is seen; None likewise.
    """

    clip: CaptionedVideo
    kind: str
    label: str
    verb: str | None = None
    object: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DataError(f"{self.clip.video_id} is of kind {self.kind!r}, not one of {', '.join(KINDS)}")
        if not self.label:
            raise DataError(f"{self.clip.video_id} has no label")


def is_held_out(file: str) -> bool:
    """Whether a still's number, the last part of its name, is a multiple of ten.

    Raises:
        DataError: the name does not end in a number.
    """
    number = PurePosixPath(file).stem
    if not number.isdigit():
        raise DataError(f"{file} does not end in a number, by which stills are held out")
    return int(number) % HELD_OUT_EVERY == 0


def read_labelled(directory: Path, split: str | None = None) -> list[LabelledClip]:
    """Reads DIR/captions.jsonl (everyday style) or DIR/videos.jsonl (msrvtt style), all splits or one.

    Raises:
        DataError: neither file is there, a line lacks a field, or the split is unknown.
    """
    if split is not None and split not in SPLITS:
        raise DataError(f"split {split!r} is not one of {', '.join(SPLITS)}")
    is_video = (directory / "videos.jsonl").exists()
    path = directory / ("videos.jsonl" if is_video else "captions.jsonl")
    found = read_records(path, lambda record: _labelled(record, _video(record) if is_video else _still(record)))
    return [one for one in found if split is None or one.clip.split == split]


def read_everyday_stills(directory: Path) -> list[CaptionedVideo]:
    """The stills of `read_labelled` without their labels, as features are computed of them."""
    return [one.clip for one in read_labelled(directory)]


def archive_of(directory: Path) -> Path:
    """Where the images of `read_labelled` are."""
    return directory / ("frames.tar" if (directory / "videos.jsonl").exists() else "images.tar")


def label_sentences(clips: Sequence[LabelledClip]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Per (kind, label), in the order of the clips, the sentences that say it, the most exact one first.

    A caption with which another label begins is left out: "people are playing basketball" is no sentence for wheelchair
    basketball.
    """
    captions: dict[tuple[str, str], dict[str, None]] = {}
    for one in clips:
        captions.setdefault((one.kind, one.label), {}).update(dict.fromkeys(one.clip.captions))
    first = {next(iter(texts)): label for label, texts in captions.items()}
    return {
        label: tuple(text for text in texts if first.get(text, label) == label) for label, texts in captions.items()
    }


def _labelled(record: dict[str, Any], clip: CaptionedVideo) -> LabelledClip:
    return LabelledClip(clip, record["kind"], record["label"], record.get("verb"), record.get("object"))


def _still(record: dict[str, Any]) -> CaptionedVideo:
    file = record["file"]
    split = "val" if is_held_out(file) else "train"
    return CaptionedVideo(file, split, None, (file,), tuple(record["captions"]))


def _video(record: dict[str, Any]) -> CaptionedVideo:
    frames = tuple(frame["file"] for frame in record["frames"])
    return CaptionedVideo(record["video_id"], record["split"], None, frames, tuple(record["captions"]))
