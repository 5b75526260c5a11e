"""Reads Chinese captions of images and videos, and pairs of an English sentence with a Chinese one.

    DIR/flickr8k_cn.jsonl  {"file", "split", "captions_zh", "machine": [[en, zh]], "human": [[en, zh]] of some}
    DIR/msvd_cn.jsonl      {"video", "captions", "captions_zh"}: of one video, but no translations of each other

Of the images with human pairs every tenth, in the order of the file, is held out. Knows the formats; knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videobert_demo.data.jsonl import read_records
from videobert_demo.errors import DataError

IMAGES_FILE, VIDEOS_FILE = "flickr8k_cn.jsonl", "msvd_cn.jsonl"
HELD_OUT_EVERY = 10

Pair = tuple[str, str]
"""An English sentence and a Chinese one that says the same."""


@dataclass(frozen=True)
class ChineseImage:
    """What is said of one image in Chinese, and pairs of sentences that are translations of each other.

    Attributes:
        file: the image's name, as in Flickr8k.
        split: train, val or test.
        captions: in Chinese, by people who saw the image.
        machine: pairs by a machine. human: pairs by people; none for most images.
        is_held_out: whether the human pairs are for evaluation; then the machine's pairs are as well.
    """

    file: str
    split: str
    captions: tuple[str, ...]
    machine: tuple[Pair, ...]
    human: tuple[Pair, ...] = ()
    is_held_out: bool = False


@dataclass(frozen=True)
class ChineseVideo:
    """What people said of one video in English and in Chinese; the sentences are no translations of each other."""

    video: str
    english: tuple[str, ...]
    chinese: tuple[str, ...]


def read_chinese_images(folder: Path) -> list[ChineseImage]:
    """Reads `flickr8k_cn.jsonl`.

    Raises:
        DataError: it is missing, a record lacks a field, or a pair is not two sentences.
    """
    records = read_records(folder / IMAGES_FILE, dict)
    seen = 0
    images = []
    for number, record in enumerate(records, 1):
        try:
            human = _pairs(record.get("human", ()))
            images.append(
                ChineseImage(
                    file=record["file"],
                    split=record["split"],
                    captions=tuple(record["captions_zh"]),
                    machine=_pairs(record["machine"]),
                    human=human,
                    is_held_out=bool(human) and seen % HELD_OUT_EVERY == 0,
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{folder / IMAGES_FILE}:{number} lacks or misuses a field ({error})") from error
        seen += bool(human)
    return images


def read_chinese_videos(folder: Path) -> list[ChineseVideo]:
    """Reads `msvd_cn.jsonl`.

    Raises:
        DataError: it is missing, or a record lacks a field.
    """

    def convert(record: dict[str, Any]) -> ChineseVideo:
        return ChineseVideo(record["video"], tuple(record["captions"]), tuple(record["captions_zh"]))

    return read_records(folder / VIDEOS_FILE, convert)


def held_out_pairs(images: Sequence[ChineseImage]) -> tuple[list[Pair], list[Pair]]:
    """The human and the machine's pairs of the images that are held out.

    Raises:
        DataError: there are none.
    """
    human = [pair for image in images if image.is_held_out for pair in image.human]
    if not human:
        raise DataError("there are no human pairs to measure translations with")
    return human, [pair for image in images if image.is_held_out for pair in image.machine]


def _pairs(values: Sequence[Sequence[str]]) -> tuple[Pair, ...]:
    pairs = [(english, chinese) for english, chinese in values]
    if not all(isinstance(text, str) for pair in pairs for text in pair):
        raise TypeError("a pair must be two sentences")
    return tuple(pairs)
