"""The translator: what it reads and writes, and that 8 bits a weight keep it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from videobert_demo.errors import CheckpointError
from videobert_demo.model.translator import (
    MAX_TOKENS,
    SPECIAL_TOKENS,
    Translator,
    as_read,
    load_translator,
    new_translator,
    save_translator,
    train_tokenizer,
)

TEXTS = ["a dog runs on the grass", "a man plays the guitar", "一只狗在草地上奔跑。", "一个男人在弹吉他。"] * 3


@pytest.fixture(scope="module")
def translator() -> Translator:
    torch.manual_seed(0)
    return new_translator(train_tokenizer(TEXTS, 120), width=64, layers=1)


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("A dog  runs .", "a dog runs", "a dog runs"),
        ("他 在做什么？", "他在做什么?", "他在做什么?。"),
        ("一只狗。", "一只狗", "一只狗。"),
        ("一只狗", "一只狗", "一只狗。"),
        ("Ｄｏｇ", "dog", "dog"),
    ],
)
def test_sentences_are_read_in_one_form(text: str, source: str, target: str) -> None:
    assert as_read(text) == source
    assert as_read(text, is_target=True) == target


def test_the_source_names_the_language_that_is_wanted(translator: Translator) -> None:
    tokens, mask = translator.encode(["a dog", "a dog runs on the grass"], "zh")
    assert tokens[:, 0].tolist() == [translator.id_of("<zh>")] * 2
    assert mask.sum(1).tolist() == [
        len(translator.source_ids(text, "zh")) for text in ("a dog", "a dog runs on the grass")
    ]
    assert tokens[0, int(mask[0].sum()) - 1] == translator.id_of("</s>")
    assert len(translator.source_ids("a dog " * 99, "zh")) == MAX_TOKENS
    assert len(translator.target_ids("狗跑" * 99)) == MAX_TOKENS


@pytest.mark.parametrize("text", ["a dog runs on the grass", "一只狗在草地上奔跑。", "一个男人"])
def test_what_is_written_is_read_back(translator: Translator, text: str) -> None:
    written = translator.decode(translator.target_ids(text))
    assert written == as_read(text, is_target=True)
    assert len(SPECIAL_TOKENS) == len({translator.id_of(token) for token in SPECIAL_TOKENS})


def test_eight_bits_a_weight_keep_the_model(translator: Translator, tmp_path: Path) -> None:
    size = save_translator(translator, tmp_path)
    loaded = load_translator(tmp_path)
    weights = sum(value.numel() for value in translator.model.parameters())
    assert size == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert (tmp_path / "model.safetensors").stat().st_size < 1.2 * weights
    for name, weight in translator.model.state_dict().items():
        kept = loaded.model.state_dict()[name]
        step = weight.abs().max() / 127 if weight.ndim == 2 else 1e-3
        assert float((kept - weight).abs().max()) <= 0.51 * float(step) + 1e-6, name
    tokens, mask = translator.encode(["a dog runs"], "zh")
    targets = torch.tensor([translator.target_ids("一只狗。")])
    before = translator.model(input_ids=tokens, attention_mask=mask, labels=targets).logits
    after = loaded.model(input_ids=tokens, attention_mask=mask, labels=targets).logits
    torch.testing.assert_close(after, before, atol=0.05, rtol=0.05)


def test_a_damaged_translator_is_refused(translator: Translator, tmp_path: Path) -> None:
    save_translator(translator, tmp_path / "translator")
    path = tmp_path / "translator" / "model.safetensors"
    kept = load_file(path)
    name = next(name for name in kept if kept[name].dtype == torch.float16)
    save_file({**kept, name: torch.full_like(kept[name], float("nan"))}, path)
    with pytest.raises(CheckpointError, match="no numbers"):
        load_translator(tmp_path / "translator")
    save_file({key: value for key, value in kept.items() if key != name}, path)
    with pytest.raises(CheckpointError, match="other weights"):
        load_translator(tmp_path / "translator")
    path.write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="translator of the checkpoint cannot be read"):
        load_translator(tmp_path / "translator")
    path.unlink()
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_translator(tmp_path / "translator")
    assert json.loads((tmp_path / "translator" / "config.json").read_text())["d_model"] == 64
