"""Which of the sentences that the decoder writes in Chinese is shown, and that some are left to the translation."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import add_tiny_chinese_decoder, add_tiny_translator, random_clips, write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.tasks import chinese_caption
from videobert_demo.tasks.chinese_caption import Written, captions_in_chinese, choose
from videobert_demo.types import CANNOT_TELL

DOG = Written("一只狗在奔跑", -0.5, True)


def test_what_did_not_end_is_unlikely_unknown_or_contradicts_is_never_shown() -> None:
    english = "a dog is running"
    assert choose([DOG], english, {}) == DOG.text
    assert choose([DOG._replace(is_whole=False)], english, {}) == ""
    assert choose([DOG._replace(log_probability=-3.0)], english, {}) == ""
    assert choose([DOG._replace(text="一只狗在曌")], english, {}) == ""
    assert choose([DOG], "a cat is sleeping", {}) == ""
    assert choose([], english, {}) == ""


def test_the_clip_and_the_english_caption_decide_between_sentences_that_hold() -> None:
    grass, snow = Written("一只狗在草地上奔跑", -0.5, True), Written("一只狗在雪地里奔跑", -0.4, True)
    mentioned = {"dog": 0.9, "run": 0.8, "grass": 0.7, "snow": 0.01}
    assert choose([snow, grass], "a dog is running", mentioned) == grass.text
    assert choose([snow, grass], "a dog is running", {**mentioned, "snow": 0.9}) == snow.text
    assert choose([snow, grass], "a dog is running on the grass", {}) == grass.text
    assert choose([grass, DOG], "a dog is running", {}) == DOG.text  # it adds nothing


def test_clips_get_what_they_get_alone_and_those_without_a_caption_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = add_tiny_translator(write_tiny_checkpoint(tmp_path / "tiny"))
    inputs = random_clips([2, 2, 2])
    clips = [ClipTensors(*pair) for pair in zip(inputs["frame_features"], inputs["patch_features"], strict=True)]
    english = ["a dog is running", CANNOT_TELL, "a man is playing the piano"]
    assert captions_in_chinese(load_checkpoint(str(folder)), clips, english) == ["", "", ""]

    loaded = load_checkpoint(str(add_tiny_chinese_decoder(folder)))
    monkeypatch.setattr(chinese_caption, "choose", lambda sentences, _english, _mentioned: sentences[0].text)
    together = captions_in_chinese(loaded, clips, english)
    assert together[1] == ""
    assert together[0]
    assert captions_in_chinese(loaded, clips[2:], english[2:]) == together[2:]
    assert torch.is_inference_mode_enabled() is False
