"""Training of the head for Chinese searches: it finds pictures, goes on where it stopped, and reads what it kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.tiny import add_tiny_translator, random_clips, write_tiny_checkpoint
from tests.training.pairs import IMAGES
from videobert_demo.errors import DataError
from videobert_demo.model.chinese_vectors import encode_states, load_vectors
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.training.chinese_search import (
    ChineseSearchConfig,
    Taught,
    load_taught,
    read_chinese_search_config,
    save_taught,
    teach,
    train_chinese_search,
)

KNOWN = [image for image in IMAGES if not image.is_held_out]
CONFIG = ChineseSearchConfig(
    means=1,
    inner=32,
    dropout=0.0,
    translated=1,
    english=0.2,
    steps=60,
    learning_rate=3e-3,
    warmup_steps=5,
    save_every=25,
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_checkpoint(str(add_tiny_translator(write_tiny_checkpoint(tmp_path_factory.mktemp("c") / "tiny"))))


@pytest.fixture(scope="module")
def taught(loaded: LoadedModel) -> Taught:
    inputs = random_clips([1] * len(KNOWN))
    rows = zip(inputs["frame_features"], inputs["patch_features"], strict=True)
    clips = [ClipTensors(pooled, patches) for pooled, patches in rows]
    return teach(loaded, KNOWN, clips, translated=1, seed=1, progress=False)


def test_what_is_taught_is_the_same_when_it_is_read_again(taught: Taught, tmp_path: Path) -> None:
    assert len(taught.states) == 2 * len(KNOWN)  # one caption and one translated pair of each picture
    assert (taught.english.norm(dim=1) > 0.5).tolist() == [False, True] * len(KNOWN)
    save_taught(taught, tmp_path / "taught.pt")
    again = load_taught(tmp_path / "taught.pt")
    assert torch.equal(again.english, taught.english)
    assert all(torch.equal(one, other) for one, other in zip(again.states, taught.states, strict=True))


def test_it_finds_the_pictures_and_an_interrupted_run_ends_alike(
    loaded: LoadedModel, taught: Taught, tmp_path: Path
) -> None:
    taught = replace(taught, vectors=torch.eye(len(KNOWN), 16))  # those of a random model are all alike
    whole = train_chinese_search(loaded, taught, tmp_path / "whole", CONFIG, progress=False)
    for steps in (20, None):
        train_chinese_search(loaded, taught, tmp_path / "parts", CONFIG, stop_after=steps, progress=False)
    head, resumed = load_vectors(whole), load_vectors(tmp_path / "parts")
    assert head is not None
    assert resumed is not None
    for name, weight in head.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], weight, msg=name)
    assert loaded.translator is not None
    vectors = head(*encode_states(loaded.translator, [image.captions[0] for image in KNOWN]))
    found = (vectors @ taught.vectors.T).argmax(1)
    assert float((found == torch.arange(len(KNOWN))).float().mean()) > 0.5  # one of twelve by chance


def test_without_a_translator_or_pictures_it_is_refused(loaded: LoadedModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="pictures to learn from"):
        teach(loaded, [], [], translated=1, seed=1, progress=False)
    (tmp_path / "wrong.yaml").write_text("width: 3\n")
    with pytest.raises(DataError, match="unknown setting 'width'"):
        read_chinese_search_config(tmp_path / "wrong.yaml")


def test_the_config_that_comes_with_the_code_is_read() -> None:
    assert read_chinese_search_config(Path("configs/chinese_search.yaml")).steps > 100
