"""Chinese captions and pairs of sentences: what is read, and what is held out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import write_jsonl
from videobert_demo.data.chinese import (
    IMAGES_FILE,
    VIDEOS_FILE,
    held_out_pairs,
    read_chinese_images,
    read_chinese_videos,
)
from videobert_demo.errors import DataError


def image(number: int, *, human: bool) -> dict[str, object]:
    pairs = [[f"a dog {number}", f"狗{number}"]]
    record = {"file": f"{number}.avif", "split": "train", "captions_zh": ["一只狗"], "machine": pairs}
    return record | ({"human": [[f"a dog {number}", f"一只狗{number}"]]} if human else {})


def test_every_tenth_image_with_human_pairs_is_held_out(tmp_path: Path) -> None:
    records = [image(number, human=number % 2 == 1) for number in range(44)]
    write_jsonl(tmp_path / IMAGES_FILE, records)
    images = read_chinese_images(tmp_path)
    assert [one.file for one in images if one.is_held_out] == ["1.avif", "21.avif", "41.avif"]
    human, machine = held_out_pairs(images)
    assert human == [("a dog 1", "一只狗1"), ("a dog 21", "一只狗21"), ("a dog 41", "一只狗41")]
    assert machine == [("a dog 1", "狗1"), ("a dog 21", "狗21"), ("a dog 41", "狗41")]
    assert (images[0].human, images[0].captions, images[0].split) == ((), ("一只狗",), "train")


def test_without_human_pairs_nothing_can_be_measured(tmp_path: Path) -> None:
    write_jsonl(tmp_path / IMAGES_FILE, [image(0, human=False)])
    with pytest.raises(DataError, match="no human pairs"):
        held_out_pairs(read_chinese_images(tmp_path))


@pytest.mark.parametrize("change", [{"machine": [["a dog"]]}, {"machine": [["a dog", 3]]}, {"captions_zh": None}])
def test_a_wrong_record_is_named(tmp_path: Path, change: dict[str, object]) -> None:
    write_jsonl(tmp_path / IMAGES_FILE, [image(0, human=True), image(1, human=True) | change])
    with pytest.raises(DataError, match=f"{IMAGES_FILE}:2 lacks or misuses"):
        read_chinese_images(tmp_path)


def test_videos_have_captions_in_both_languages(tmp_path: Path) -> None:
    write_jsonl(tmp_path / VIDEOS_FILE, [{"video": "v", "captions": ["a man"], "captions_zh": ["男人", "人"]}])
    (video,) = read_chinese_videos(tmp_path)
    assert (video.video, video.english, video.chinese) == ("v", ("a man",), ("男人", "人"))
