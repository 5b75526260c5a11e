"""Training of the head for Chinese searches: it finds pictures, goes on where it stopped, and reads what it kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.tiny import add_tiny_translator, random_clips, write_tiny_checkpoint
from tests.training.pairs import IMAGES, VIDEOS
from videobert_demo.errors import DataError
from videobert_demo.model.chinese_vectors import load_vectors
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.training import chinese_search_examples
from videobert_demo.training.chinese_search import (
    ChineseSearchConfig,
    read_chinese_search_config,
    rows_of_step,
    train_chinese_search,
)
from videobert_demo.training.chinese_search_examples import SOURCES, Taught, load_taught, save_taught, teach

KNOWN = [image for image in IMAGES if not image.is_held_out]
CONFIG = ChineseSearchConfig(
    means=1,
    rank=8,
    dropout=0.0,
    sentences={"own": 12, "pairs": 4, "translated": 2, "videos": 2},
    soft=0.1,
    english=0.2,
    steps=60,
    learning_rate=5e-3,
    warmup_steps=5,
    save_every=25,
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_checkpoint(str(add_tiny_translator(write_tiny_checkpoint(tmp_path_factory.mktemp("c") / "tiny"))))


@pytest.fixture(scope="module")
def taught(loaded: LoadedModel) -> Taught:
    inputs = random_clips([1] * (len(KNOWN) + 1))
    rows = zip(inputs["frame_features"], inputs["patch_features"], strict=True)
    clips = [ClipTensors(pooled, patches) for pooled, patches in rows]
    captions = ["a dog runs", "a cat sleeps", "a man sings"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chinese_search_examples, "LIKELY", -100.0)  # a random translator finds nothing likely
        return teach(
            loaded, KNOWN, clips[:-1], captioned=[(clips[-1], captions)], described=VIDEOS, translated=2, progress=False
        )


def test_what_is_taught_is_the_same_when_it_is_read_again(taught: Taught, tmp_path: Path) -> None:
    counts = [int((taught.sources == number).sum()) for number in range(len(SOURCES))]
    assert counts == [len(KNOWN), len(KNOWN) + 4, 2, 1]  # four of twelve pictures have a pair by people
    assert taught.is_video.tolist() == [False] * len(KNOWN) + [True]
    assert taught.clips[-3:].tolist() == [len(KNOWN), len(KNOWN), -1]
    torch.testing.assert_close(taught.english.norm(dim=1), torch.ones(len(taught.texts)))
    save_taught(taught, tmp_path / "taught.pt")
    again = load_taught(tmp_path / "taught.pt")
    assert torch.equal(again.english, taught.english)
    assert list(again.texts) == list(taught.texts)


def test_a_step_takes_from_each_source_what_the_config_says(taught: Taught) -> None:
    drawn = [row for step in range(8) for row in rows_of_step(taught, step, CONFIG)]
    counts = [sum(int(taught.sources[row]) == number for row in drawn) for number in range(len(SOURCES))]
    assert counts == [8 * CONFIG.sentences[name] for name in SOURCES]
    assert rows_of_step(taught, 3, CONFIG) == rows_of_step(taught, 3, CONFIG)


def test_it_finds_the_pictures_and_an_interrupted_run_ends_alike(
    loaded: LoadedModel, taught: Taught, tmp_path: Path
) -> None:
    taught = replace(taught, vectors=torch.eye(len(KNOWN) + 1, 16))  # those of a random model are all alike
    whole = train_chinese_search(loaded, taught, tmp_path / "whole", CONFIG, progress=False)
    for steps in (20, None):
        train_chinese_search(loaded, taught, tmp_path / "parts", CONFIG, stop_after=steps, progress=False)
    assert loaded.translator is not None
    head, resumed = (load_vectors(folder, loaded.translator) for folder in (whole, tmp_path / "parts"))
    assert head is not None
    assert resumed is not None
    for name, weight in head.own().items():
        torch.testing.assert_close(resumed.own()[name], weight, msg=name)
    with torch.inference_mode():
        vectors = head([image.captions[0] for image in KNOWN])
    found = (vectors @ taught.vectors[: len(KNOWN)].T).argmax(1)
    assert float((found == torch.arange(len(KNOWN))).float().mean()) > 0.5  # one of twelve by chance


def test_without_a_translator_or_pictures_it_is_refused(loaded: LoadedModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="pictures to learn from"):
        teach(loaded, [], [], progress=False)
    (tmp_path / "wrong.yaml").write_text("width: 3\n")
    with pytest.raises(DataError, match="unknown setting 'width'"):
        read_chinese_search_config(tmp_path / "wrong.yaml")
    with pytest.raises(DataError, match="sentences must be counts of some of own"):
        ChineseSearchConfig(sentences={"others": 3})


def test_the_config_that_comes_with_the_code_is_read() -> None:
    assert read_chinese_search_config(Path("configs/chinese_search.yaml")).steps > 100
