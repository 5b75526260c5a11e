"""A model built from published parts holds their weights, reads and writes with their tokenizers, and loads again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from tests.published import BERT_SIZES, save_bart, save_bert, save_published, save_roberta
from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.taking import take_encoder
from videobert_demo.model.loading import LoadedModel, fingerprint, load_checkpoint
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.training.checkpoints import save_model
from videobert_demo.training.parts import build_from_parts, count_untrained
from videobert_demo.training.text_parts import take_decoder, take_text


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the checkpoints clip, bert, roberta, bart."""
    folder = tmp_path_factory.mktemp("parts")
    save_published("clip", folder / "clip")
    save_bert(folder / "bert")
    save_roberta(folder / "roberta")
    save_bart(folder / "bart")
    return folder


def build(parts: Path, out: Path, text: str = "bert", **options: int) -> LoadedModel:
    model, processor = build_from_parts(*(str(parts / name) for name in ("clip", text, "bart")), **options)
    save_model(out, model, processor)
    return load_checkpoint(str(out))


@pytest.mark.parametrize("text", ["bert", "roberta"])
def test_each_part_keeps_its_weights(parts: Path, tmp_path: Path, text: str) -> None:
    loaded = build(parts, tmp_path / "out", text)
    bart = transformers.BartForConditionalGeneration.from_pretrained(parts / "bart")
    for name, value in bart.model.decoder.state_dict().items():
        assert torch.equal(loaded.model.decoder.state_dict()[name], value), name
    clip = transformers.CLIPModel.from_pretrained(parts / "clip").vision_model.state_dict()
    tower = loaded.model.encoder.frame_tower.state_dict()
    assert {f"model.{name}" for name in clip} == set(tower)
    for name, value in clip.items():
        assert torch.equal(tower[f"model.{name}"], value), name


@pytest.mark.parametrize("text", ["bert", "roberta"])
def test_text_alone_is_read_as_the_published_model_reads_it(parts: Path, tmp_path: Path, text: str) -> None:
    loaded = build(parts, tmp_path / "out", text)
    published = transformers.AutoModel.from_pretrained(parts / text).eval()
    prepared = loaded.processor(text=["a man is playing a piano", "a dog"])
    with torch.no_grad():
        expected = published(**prepared).last_hidden_state
        found = loaded.model.encoder(**prepared).last_hidden_state
    real = prepared["attention_mask"].bool()
    torch.testing.assert_close(found[real], expected[real], atol=1e-5, rtol=1e-5)


def test_two_streams_start_from_the_same_layers(parts: Path, tmp_path: Path) -> None:
    loaded = build(parts, tmp_path / "out", streams=2)
    query = transformers.BertModel.from_pretrained(parts / "bert").encoder.layer[1].attention.self.query.weight
    attention = loaded.model.encoder.layers.layer[1].attention
    assert torch.equal(attention.text.self.query.weight, query)
    assert torch.equal(attention.video.self.query.weight, query)


@pytest.mark.parametrize("text", ["bert", "roberta"])
def test_words_go_in_and_out_by_their_own_tokenizers(parts: Path, tmp_path: Path, text: str) -> None:
    processor = build(parts, tmp_path / "out", text).processor
    assert not processor.shares_words
    ids = processor.decoder_tokenizer("a man is playing a piano", add_special_tokens=False).input_ids
    assert processor.decode_captions([[*ids, processor.decoder_tokenizer.sep_token_id]]) == ["a man is playing a piano"]
    odd = processor.decoder_tokenizer.convert_tokens_to_ids(["Ċ", "ĕ", "Ã"])  # a line end, a control, half a letter
    assert processor.decode_captions([odd, [*odd, *ids, *odd]]) == ["", "a man is playing a piano"]
    rows = processor(text=["a [MASK] is playing"], with_video=True)["input_ids"][0].tolist()
    assert rows[0] == processor.tokenizer.cls_token_id
    assert rows.count(processor.tokenizer.mask_token_id) == 1
    assert processor.tokenizer.decode(rows[-1:]) == "[>]"


def test_a_bridge_stands_where_widths_differ(parts: Path, tmp_path: Path) -> None:
    model = build(parts, tmp_path / "out").model
    assert model.bridge is not None
    assert model.bridge.weight.shape == (48, 32)
    save_bart(tmp_path / "bart", width=32)
    model, _ = build_from_parts(str(parts / "clip"), str(parts / "bert"), str(tmp_path / "bart"))
    assert model.bridge is None
    assert "bridge to the decoder" not in count_untrained(model)


def test_it_runs_at_once_and_says_what_is_untrained(parts: Path, tmp_path: Path) -> None:
    loaded = build(parts, tmp_path / "out", max_frames=3)
    untrained = count_untrained(loaded.model)
    assert {"visual words", "tokens of the video part", "bridge to the decoder", "heads"} == set(untrained)
    pixels = np.random.default_rng(0).integers(0, 256, (3, 40, 60, 3), dtype=np.uint8)
    from videobert_demo.model.features import ClipTensors

    clip = ClipTensors(*loaded.encode_clip(loaded.prepare(pixels)))
    assert clip.patch_features.shape == (3, 16, 32)
    ((caption, *_),) = caption_clips(loaded, [clip])
    assert caption.text
    assert len(loaded.model.encoder.codebook(clip.frame_features)) == 3
    assert loaded.model.config.codebook_is_random
    assert loaded.model.config.is_untrained


def test_other_encoders_have_other_fingerprints(parts: Path, tmp_path: Path) -> None:
    first = build(parts, tmp_path / "first")
    save_published("clip", tmp_path / "other", seed=1)
    model, _ = build_from_parts(*map(str, (tmp_path / "other", parts / "bert", parts / "bart")))
    assert fingerprint(first.model) != fingerprint(model)


def test_untrained_models_of_other_parts_have_other_fingerprints(parts: Path, tmp_path: Path) -> None:
    save_bert(tmp_path / "bert", seed=7)
    sources = [(parts / "bert", 8, 0), (parts / "bert", 8, 0), (tmp_path / "bert", 8, 0), (parts / "bert", 3, 0)]
    found = [
        fingerprint(
            build_from_parts(str(parts / "clip"), str(text), str(parts / "bart"), max_frames=frames, seed=seed)[0]
        )
        for text, frames, seed in [*sources, (parts / "bert", 8, 1)]
    ]
    assert found[0] == found[1]
    assert len(set(found[1:])) == 4


def test_parts_that_do_not_fit_are_refused(parts: Path, tmp_path: Path) -> None:
    clip, bert, bart = (str(parts / name) for name in ("clip", "bert", "bart"))
    with pytest.raises(CheckpointError, match="'bert' model; the decoder must be that of a BART"):
        build_from_parts(clip, bert, bert)
    with pytest.raises(CheckpointError, match="'bart' model; the text encoder must be of the BERT family"):
        build_from_parts(clip, bart, bart)
    with pytest.raises(CheckpointError, match="visual words are of 7 channels"):
        build_from_parts(clip, bert, bart, codebook=VisualCodebook(2, 2, 7))
    with pytest.raises(CheckpointError, match="There is no folder"):
        build_from_parts(clip, str(tmp_path / "missing"), bart)
    with pytest.raises(CheckpointError, match="sees 4 x 4 patches, fewer than the 5 x 3"):
        build_from_parts(clip, bert, bart, patch_grid=(5, 3))
    with pytest.raises(CheckpointError, match="1000 segments of 2 x 2 patches are 5000 tokens, more than 4096"):
        build_from_parts(clip, bert, bart, patch_grid=2, max_frames=1000)


def change(parts: Path, name: str, folder: Path, *, without: str = "", others: str = "") -> str:
    """A copy of a part, without the files of a pattern, and with those of a pattern from `others`."""
    shutil.copytree(parts / name, folder)
    for file in folder.glob(without) if without else ():
        file.unlink()
    for file in (parts / others).glob("tokenizer*") if others else ():
        shutil.copy(file, folder)
    return str(folder)


def test_tokenizers_that_are_missing_or_of_another_model_are_refused(parts: Path, tmp_path: Path) -> None:
    for number, (name, other, take) in enumerate((("bert", "bart", take_text), ("bart", "bert", take_decoder))):
        with pytest.raises(CheckpointError, match=r"no tokenizer, or one without words"):
            take(change(parts, name, tmp_path / f"{number}_without", without="tokenizer*"))
        with pytest.raises(CheckpointError, match="do not belong together"):
            take(change(parts, name, tmp_path / f"{number}_other", others=other))


@pytest.mark.parametrize("name", ["clip", "bert", "bart"])
def test_weights_that_are_no_numbers_or_of_another_format_are_refused(parts: Path, tmp_path: Path, name: str) -> None:
    take: Callable[[str], Any] = {"clip": take_encoder, "bert": take_text, "bart": take_decoder}[name]
    source = change(parts, name, tmp_path / "part")
    weights = load_file(tmp_path / "part" / "model.safetensors")
    broken = {key: torch.full_like(value, torch.nan) for key, value in weights.items() if value.is_floating_point()}
    save_file({**weights, **broken}, tmp_path / "part" / "model.safetensors", {"format": "pt"})
    with pytest.raises(CheckpointError, match="no finite numbers"):
        take(source)
    (tmp_path / "part" / "model.safetensors").unlink()
    torch.save(weights, tmp_path / "part" / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match=r"no weights in safetensors format; .* save_pretrained"):
        take(source)


def test_electra_counts_positions_as_bert_does(parts: Path, tmp_path: Path) -> None:
    config = transformers.ElectraConfig(**BERT_SIZES, embedding_size=32, vocab_size=94)
    assert config.pad_token_id == 0
    published = transformers.ElectraModel(config).eval()
    published.save_pretrained(tmp_path / "electra")
    transformers.BertTokenizer.from_pretrained(parts / "bert").save_pretrained(tmp_path / "electra")
    taken = take_text(str(tmp_path / "electra"))
    positions = published.embeddings.position_embeddings.weight
    assert torch.equal(taken.weights["embeddings.position_embeddings.weight"], positions)


def test_what_has_berts_names_but_computes_otherwise_is_no_bert(parts: Path, tmp_path: Path) -> None:
    sizes = {**BERT_SIZES, "vocab_size": len(transformers.RobertaTokenizer.from_pretrained(parts / "roberta"))}
    config = transformers.RobertaPreLayerNormConfig(**sizes, pad_token_id=1, type_vocab_size=1)
    transformers.RobertaPreLayerNormModel(config).save_pretrained(tmp_path / "other")
    for file in (parts / "roberta").glob("tokenizer*"):
        shutil.copy(file, tmp_path / "other")
    with pytest.raises(CheckpointError, match="must be of the BERT family"):
        take_text(str(tmp_path / "other"))


def test_a_checkpoint_without_its_decoders_tokenizer_is_refused(parts: Path, tmp_path: Path) -> None:
    build(parts, tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "decoder_tokenizer")
    with pytest.raises(CheckpointError, match=r"decoder of .* writes other words than its tokenizer has"):
        load_checkpoint(str(tmp_path / "out"))
