"""Reads captioned data sets from disk: MSR-VTT style frame archives, Flickr8k style stills, whole clips, text.

Knows the files' formats and checks them; knows nothing about models, features or objectives.

    msrvtt style    DIR/videos.jsonl + DIR/frames.tar      {"video_id", "split", "category", "frames", "captions"}
                                                           with "frames": [{"file"}, ...]
    flickr8k style  DIR/captions.jsonl + DIR/images.tar    {"file", "captions"}
    whole clips     DIR/*.jsonl + DIR/*.mp4                {"file", "video_id", "captions"}
    text            any .jsonl                             {"captions"}
"""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import DataError

SPLITS = ("train", "val", "test")

_LEAST_SEEN = 10
_LEAST_NOUN_SHARE = 0.4
_DETERMINERS = frozenset({"a", "an", "the", "his", "her", "their", "its", "my", "this", "two", "three", "four", "some"})
# What follows a noun, and hardly ever an adjective or the first half of a compound.
_FOLLOWING_WORDS = """
    is are was were and or in on at of to with from for by while as that who which has have into onto over around near
    under through about being
"""
_FOLLOWERS = frozenset(_FOLLOWING_WORDS.split())
# Nouns that name no thing that a picture shows in one place.
_UNSEEN_WORDS = """
    video clip scene scenes footage show movie film screen image picture pictures people person someone group couple
    bunch lot number variety series set pair kind type part side front back top bottom middle end background camera way
    time day night one two something somebody thing things other another others each different various several recipe
    song music topic game story voice talk trailer episode
"""
_UNSEEN = frozenset(_UNSEEN_WORDS.split())


@dataclass(frozen=True)
class CaptionedVideo:
    """One captioned video: its frames' names in the archive (in order of time), or the name of a whole clip."""

    video_id: str
    split: str
    category: int | None
    frame_files: tuple[str, ...]
    captions: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.video_id:
            raise DataError("a video without video_id")
        if not self.captions:
            raise DataError(f"video {self.video_id} has no captions")
        if not self.frame_files:
            raise DataError(f"video {self.video_id} has no frames")


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the objects of a .jsonl file; raises DataError with file and line number when one is not an object."""
    if not path.is_file():
        raise DataError(f"{path} does not exist; point --data at a folder in the format of docs/training.md")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise DataError(f"{path}:{number} is not JSON ({error.msg})") from error
            if not isinstance(record, dict):
                raise DataError(f"{path}:{number} is not a JSON object")
            yield record


def _read_records(path: Path, convert: Callable[[dict[str, Any]], CaptionedVideo]) -> list[CaptionedVideo]:
    videos = []
    for number, record in enumerate(read_jsonl(path), start=1):
        try:
            videos.append(convert(record))
        except (KeyError, TypeError) as error:
            raise DataError(f"{path}:{number} lacks or misuses the field {error}") from error
    return videos


def read_videos(directory: Path, split: str | None = None) -> list[CaptionedVideo]:
    """Reads DIR/videos.jsonl (MSR-VTT style), all splits or one."""
    if split is not None and split not in SPLITS:
        raise DataError(f"split {split!r} is not one of {', '.join(SPLITS)}")
    videos = _read_records(
        directory / "videos.jsonl",
        lambda record: CaptionedVideo(
            video_id=record["video_id"],
            split=record["split"],
            category=record.get("category"),
            frame_files=tuple(frame["file"] for frame in record["frames"]),
            captions=tuple(record["captions"]),
        ),
    )
    return [video for video in videos if split is None or video.split == split]


def read_categories(directory: Path) -> list[str]:
    """Reads DIR/categories.txt (MSR-VTT style), `name<tab>number` a line; the names in the order of their numbers."""
    path = directory / "categories.txt"
    try:
        lines = [line.rsplit(None, 1) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        names = {int(number): name.strip() for name, number in lines}
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a list of categories, `name<tab>number` a line") from error
    if sorted(names) != list(range(len(names))):
        raise DataError(f"{path} does not number its categories from 0 without gaps")
    return [names[number] for number in range(len(names))]


def read_stills(directory: Path) -> list[CaptionedVideo]:
    """Reads DIR/captions.jsonl (Flickr8k style); every still is a one-frame training video."""
    return _read_records(
        directory / "captions.jsonl",
        lambda record: CaptionedVideo(record["file"], "train", None, (record["file"],), tuple(record["captions"])),
    )


def read_whole_clips(annotations: Path) -> list[CaptionedVideo]:
    """Reads a captions .jsonl of whole clips; `frame_files` holds the one clip file's name, beside the annotations."""
    return _read_records(
        annotations,
        lambda record: CaptionedVideo(
            video_id=record.get("video_id", Path(record["file"]).stem),
            split=record.get("split", "test"),
            category=record.get("category"),
            frame_files=(record["file"],),
            captions=tuple(record["captions"]),
        ),
    )


def read_sentences(path: Path) -> list[tuple[str, ...]]:
    """Reads the captions of a text-only .jsonl, one tuple a record (captions of the same image or video)."""
    return [tuple(record["captions"]) for record in read_jsonl(path) if record.get("captions")]


def read_questions(folder: Path) -> list[tuple[tuple[str, ...], list[tuple[str, str]]]]:
    """Reads `captions.jsonl` and `qa.jsonl` of videos without frames: their captions, and (question, answer) pairs."""
    asked = defaultdict(list)
    for record in read_jsonl(folder / "qa.jsonl"):
        asked[record["video"]].append((str(record["question"]), str(record["answer"])))
    return [
        (tuple(record["captions"]), asked[record["video"]])
        for record in read_jsonl(folder / "captions.jsonl")
        if record["video"] in asked
    ]


class FrameArchive:
    """Random access to the images of an uncompressed .tar, by name. Not shared between threads."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise DataError(f"{path} does not exist; point --data at a folder in the format of docs/training.md")
        self._file = path.open("rb")
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as archive:
                self._places = {member.name: (member.offset_data, member.size) for member in archive if member.isfile()}
        except tarfile.TarError as error:
            raise DataError(f"{path} is not an uncompressed .tar ({error})") from error

    def read(self, name: str) -> NDArray[np.uint8]:
        """The image `name` as (H, W, 3) RGB uint8; raises DataError when it is absent or not an image."""
        if name not in self._places:
            raise DataError(f"{name} is not in {self._file.name}")
        offset, size = self._places[name]
        self._file.seek(offset)
        image = cv2.imdecode(np.frombuffer(self._file.read(size), dtype=np.uint8), cv2.IMREAD_COLOR)
        if image is None:
            raise DataError(f"{name} in {self._file.name} is not an image")
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def close(self) -> None:
        """Closes the file; nothing can be read afterwards."""
        self._file.close()


def split_caption(caption: str) -> list[str]:
    """Lower-case words."""
    return re.findall(r"[a-z']+", caption.lower())


def find_nouns(captions: Sequence[str]) -> frozenset[str]:
    """The words that captions use as nouns: often after a determiner and before what follows a noun.

    a man is ..., the car on ..., a girl dancing    nouns
    a red car, she is cooking in ...                none
    """
    seen: Counter[str] = Counter()
    noun_like: Counter[str] = Counter()
    for caption in captions:
        words = split_caption(caption)
        for place, word in enumerate(words):
            seen[word] += 1
            before = words[place - 1] if place else ""
            after = words[place + 1] if place + 1 < len(words) else ""
            if before in _DETERMINERS and (not after or after in _FOLLOWERS or after.endswith("ing")):
                noun_like[word] += 1
    return frozenset(
        word
        for word, count in seen.items()
        if count >= _LEAST_SEEN and noun_like[word] >= _LEAST_NOUN_SHARE * count and word not in _UNSEEN
    )
