"""The decoder with Chinese words: it changes nothing of the model, 8 bits keep it, and it belongs to its checkpoint."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from tests.tiny import add_tiny_chinese_decoder, add_tiny_translator, random_clips, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.chinese_decoder import FILE, ChineseDecoder, count_tokens, load_decoder, save_decoder
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.model.translator import FOLDER, is_chinese


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_tiny_checkpoint(tmp_path_factory.mktemp("c") / "tiny")
    return add_tiny_chinese_decoder(add_tiny_translator(made))


@pytest.fixture
def loaded(folder: Path) -> LoadedModel:
    return load_checkpoint(str(folder))


@torch.inference_mode()
def test_it_writes_chinese_and_the_model_writes_what_it_wrote_before(loaded: LoadedModel) -> None:
    encoded = loaded.model.encoder(**random_clips([2, 3]))
    search = {"beams": 2, "max_tokens": 8}
    before = search_beams(loaded.model, encoded, **search)
    decoder = loaded.chinese_decoder
    assert decoder is not None
    written = search_beams(decoder.view, encoded, banned_ids=decoder.never, **search)
    assert all(is_chinese(decoder.decode(one.ids)) for clip in written for one in clip)
    assert search_beams(loaded.model, encoded, **search) == before
    assert loaded.model.config.eos_token_id != decoder.view.config.eos_token_id
    own = {id(weight) for weight in loaded.model.parameters()}
    again = {id(weight) for layer in decoder.view.decoder.layers for name, weight in layer.named_parameters()}
    assert len(again - own) == len(decoder.own()) - 3  # all but the adapters is the model's


def test_sentences_become_tokens_and_come_back(loaded: LoadedModel) -> None:
    decoder = loaded.chinese_decoder
    assert decoder is not None
    for text in ("一个男人在弹钢琴。", "一只白色的小狗在草地上奔跑"):
        tokens = decoder.read(text)
        assert tokens
        assert decoder.decode(tokens) == text.rstrip("。")
    assert decoder.read("一只猫在看书") is None  # it has no such tokens
    assert decoder.read("龘") is None
    assert loaded.translator is not None
    assert count_tokens(loaded.translator, ["一个男人在弹钢琴。"], 2) == []


def test_eight_bits_a_weight_keep_it(loaded: LoadedModel, tmp_path: Path) -> None:
    assert loaded.translator is not None
    decoder = loaded.chinese_decoder
    assert decoder is not None
    save_decoder(decoder, tmp_path)
    found = load_decoder(tmp_path, loaded.model, loaded.translator)
    assert found is not None
    assert found.own().keys() == decoder.own().keys()
    for name, weight in decoder.own().items():
        torch.testing.assert_close(found.own()[name], weight, atol=0.02, rtol=0)
    (tmp_path / FILE).write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_decoder(tmp_path, loaded.model, loaded.translator)
    assert load_decoder(tmp_path / "nowhere", loaded.model, loaded.translator) is None


def test_that_of_another_checkpoint_or_translator_is_left_alone(
    folder: Path, loaded: LoadedModel, tmp_path: Path
) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    other = load_checkpoint(str(copy))
    with torch.no_grad():
        next(iter(other.model.decoder.layers.parameters())).add_(1.0)
    assert other.chinese_decoder is None
    tokenizer = copy / FOLDER / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text("utf-8").replace('"ignore_merges":false', '"ignore_merges":true'), "utf-8")
    assert load_checkpoint(str(copy)).chinese_decoder is None
    assert loaded.has_chinese_decoder
    (copy / FOLDER / FILE).unlink()
    assert not load_checkpoint(str(copy)).has_chinese_decoder


def test_it_computes_in_eight_bits_where_the_model_does(folder: Path, loaded: LoadedModel) -> None:
    light = load_checkpoint(str(folder), int8=True)
    decoder, exact = light.chinese_decoder, loaded.chinese_decoder
    assert decoder is not None
    assert exact is not None
    assert decoder.view.eight_bit_words is not None
    assert exact.view.eight_bit_words is None
    hidden = torch.randn(3, int(light.model.config.decoder.d_model or 0))
    with torch.inference_mode():
        near, wanted = decoder.view.caption_logits(hidden), exact.view.caption_logits(hidden)
    torch.testing.assert_close(near, wanted, atol=0.05 * float(wanted.abs().max()), rtol=0)
    assert isinstance(decoder, ChineseDecoder)
