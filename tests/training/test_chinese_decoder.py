"""Training of the decoder's Chinese: it learns what clips show, goes on where it stopped, and reads what it kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import add_tiny_translator, random_clips, write_tiny_checkpoint
from tests.training.pairs import IMAGES
from videobert_demo.errors import DataError
from videobert_demo.model.chinese_decoder import load_decoder
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.training.chinese_decoder import (
    ChineseDecoderConfig,
    read_chinese_decoder_config,
    train_chinese_decoder,
)
from videobert_demo.training.chinese_decoder_examples import (
    SOURCES,
    ChineseCaptions,
    gather_captions,
    load_captions,
    save_captions,
)

CONFIG = ChineseDecoderConfig(
    rank=2,
    width=16,
    least=1,
    sentences={"pictures": 6, "videos": 2},
    translated=0,
    smoothing=0.0,
    steps=12,
    learning_rate=1e-2,
    warmup_steps=2,
    save_every=5,
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_checkpoint(str(add_tiny_translator(write_tiny_checkpoint(tmp_path_factory.mktemp("c") / "tiny"))))


@pytest.fixture(scope="module")
def captions(loaded: LoadedModel) -> ChineseCaptions:
    inputs = random_clips([1] * (len(IMAGES) + 1))
    rows = zip(inputs["frame_features"], inputs["patch_features"], strict=True)
    clips = [ClipTensors(pooled, patches) for pooled, patches in rows]
    english = ["a dog is running", "a dog is running", "a man is singing", "xyzzy plugh"]
    return gather_captions(loaded, IMAGES, clips[:-1], [(clips[-1], english)], translated=0, progress=False)


def test_what_is_learned_from_is_the_same_when_it_is_read_again(captions: ChineseCaptions, tmp_path: Path) -> None:
    of_videos = [text for text, source in zip(captions.texts, captions.sources.tolist(), strict=True) if source == 1]
    assert of_videos == ["一只狗在跑步", "一个男人在唱歌"]  # by rules, each once
    assert captions.clips[captions.sources == SOURCES.index("videos")].tolist() == [len(IMAGES)] * 2
    assert len(captions.states) == len(IMAGES) + 1
    assert captions.pairs[0] == IMAGES[0].machine[0]
    save_captions(captions, tmp_path / "taught.pt")
    again = load_captions(tmp_path / "taught.pt")
    assert list(again.texts) == list(captions.texts)
    assert list(again.pairs) == list(captions.pairs)
    assert all(torch.equal(one, other) for one, other in zip(again.states, captions.states, strict=True))


def test_an_interrupted_run_ends_alike_and_the_model_stays(
    loaded: LoadedModel, captions: ChineseCaptions, tmp_path: Path
) -> None:
    before = {name: weight.clone() for name, weight in loaded.model.state_dict().items()}
    whole = train_chinese_decoder(loaded, captions, tmp_path / "whole", CONFIG, progress=False)
    for steps in (4, None):
        train_chinese_decoder(loaded, captions, tmp_path / "parts", CONFIG, stop_after=steps, progress=False)
    assert loaded.translator is not None
    found = [load_decoder(folder, loaded.model, loaded.translator) for folder in (whole, tmp_path / "parts")]
    decoder, resumed = found
    assert decoder is not None
    assert resumed is not None
    for name, weight in decoder.own().items():
        torch.testing.assert_close(resumed.own()[name], weight, msg=name)
    assert float(decoder.own()["bias"].abs().max()) > 0
    for name, weight in loaded.model.state_dict().items():
        assert torch.equal(weight, before[name]), name


def test_wrong_settings_and_missing_parts_are_told(loaded: LoadedModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="pictures to learn from"):
        gather_captions(loaded, [], [], progress=False)
    with pytest.raises(DataError, match="sentences must be counts of some of pictures"):
        ChineseDecoderConfig(sentences={"others": 3})
    (tmp_path / "wrong.yaml").write_text("inner: 3\n")
    with pytest.raises(DataError, match="unknown setting 'inner'"):
        read_chinese_decoder_config(tmp_path / "wrong.yaml")
    assert read_chinese_decoder_config(Path("configs/chinese_decoder.yaml")).steps > 100
