"""The configuration keeps its sizes through a file, and the sizes agree with each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoConfig, BartConfig, BertConfig

from tests.tiny import DECODER_TOKENS, tiny_config
from videobert_demo.model import modeling_videobert  # noqa: F401  registers the classes
from videobert_demo.model.configuration_videobert import VideoBertConfig


def test_defaults_fit_together() -> None:
    config = VideoBertConfig()
    assert config.encoder.hidden_size == config.decoder.d_model == 384
    assert config.patches_per_frame == 16
    assert config.codebook_size == 512
    assert config.label_count == 1000
    assert (config.pad_token_id, config.bos_token_id, config.eos_token_id) == (0, 2, 3)
    assert config.decoder_start_token_id == config.bos_token_id
    assert config.is_encoder_decoder


def test_a_file_keeps_everything(tmp_path: Path) -> None:
    config = tiny_config(id2label={0: "a cat", 1: "a dog", 2: "a cup"}, max_frames=3)
    config.save_pretrained(tmp_path)
    again = AutoConfig.from_pretrained(tmp_path)
    assert isinstance(again, VideoBertConfig)
    assert isinstance(again.encoder, BertConfig)
    assert isinstance(again.decoder, BartConfig)
    assert {**again.to_dict(), "_name_or_path": ""} == config.to_dict()
    assert again.id2label == {0: "a cat", 1: "a dog", 2: "a cup"}
    assert (again.label_count, again.max_frames, again.patch_grid, again.codebook_size) == (3, 3, 2, 9)
    assert (again.decoder.vocab_size, again.decoder.decoder_layers) == (DECODER_TOKENS, 2)


def test_parts_can_be_given_as_dicts() -> None:
    config = VideoBertConfig(encoder={"hidden_size": 48}, decoder={"d_model": 48, "pad_token_id": 7})
    assert config.encoder.hidden_size == config.decoder.d_model == 48
    assert config.pad_token_id == 7


def test_words_for_more_labels_than_there_are_do_not_fit() -> None:
    with pytest.raises(ValueError, match="label_words are for 3 labels, but there are 2"):
        tiny_config(id2label={0: "a cat", 1: "a dog"}, label_words=["cat", "dog", "cup"])
