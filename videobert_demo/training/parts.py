"""Builds an untrained model from published parts: a frame or clip encoder, a BERT as the encoder, a BART's decoder.

Each part is a folder or a Hub id and keeps its weights and its tokenizer; where widths differ, a bridge stands between.
What no part brings is new: it starts at random and has to be trained. Knows checkpoints; knows no data.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, BartConfig, BartForConditionalGeneration, BertConfig

from videobert_demo.errors import CheckpointError
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.description import BUNDLED_TOWER
from videobert_demo.model.encoders.efficientnet_lite import FEATURE_CHANNELS
from videobert_demo.model.encoders.taking import TakenEncoder, quiet_loading, take_encoder
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.model.tokenizers import Tokenizer, add_video_token, read_tokenizer
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.training.initialise import LABELS_FILE, copy_minilm, load_published_tower

LABELS_PER_CLIP = 6
UNUSED = "[unused0]"
CROSSING = "_to_"
"""What marks the names of attention to the other stream."""
_UNREADABLE = (OSError, SafetensorError, RuntimeError, ValueError, KeyError, TypeError, ImportError)
_BERT_WEIGHTS = ("embeddings.word_embeddings.weight", "encoder.layer.0.attention.self.query.weight")
_NEW_PARTS: dict[str, tuple[str, ...]] = {
    "visual words": ("encoder.codebook.",),
    "tokens of the video part": ("encoder.video_embeddings.",),
    "attention between the streams": (CROSSING,),
    "bridge to the decoder": ("bridge.",),
    "heads": ("word_transform.", "word_bias", "word_evidence", "visual_word_", "alignment_", "logit_scale"),
}


@dataclass(frozen=True, eq=False)
class _Text:
    """A BERT: its weights without prefix, its tokenizer with `[>]`, and the row of its word vectors for each id."""

    config: BertConfig
    weights: dict[str, Tensor]
    tokenizer: Tokenizer
    source_ids: Tensor


def build_from_parts(
    vision: str,
    text: str,
    decoder: str,
    *,
    streams: int = 1,
    patch_grid: int | Sequence[int] = 4,
    max_frames: int = 8,
    codebook: VisualCodebook | None = None,
    seed: int = 0,
) -> tuple[VideoBertForConditionalGeneration, VideoBertProcessor]:
    """A model to train from, and its processor.

    Args:
        vision: checkpoint of an image model, a clip model or a pair of towers; or "efficientnet-lite0".
        text: checkpoint of the BERT family.
        decoder: checkpoint of a BART.
        streams: 1 for text and video in one stream, 2 for a stream each; both start from the BERT's layers.
        patch_grid, max_frames: as in the config.
        codebook: its visual words; without one they are random until training fits them to features.
        seed: of what is new.

    Raises:
        CheckpointError: a part cannot be read, or does not fit.
    """
    eyes = _take_bundled() if vision == BUNDLED_TOWER else take_encoder(vision)
    words, (bart, writer) = _take_text(text), _take_decoder(decoder)
    if codebook is not None and codebook.centroids(0).shape[1] != eyes.channels:
        raise CheckpointError(
            f"The visual words are of {codebook.centroids(0).shape[1]} channels, {vision} has {eyes.channels}; "
            "make them of its own features."
        )
    config = VideoBertConfig(
        encoder=words.config,
        decoder=_decoder_config(bart.config, writer),
        vision=eyes.vision,
        frame_channels=eyes.channels,
        patch_grid=patch_grid,
        max_frames=max_frames,
        projection_size=words.config.hidden_size,
        codebook_is_random=codebook is None,
        video_token_id=add_video_token(words.tokenizer),
        text_start_id=words.tokenizer.cls_token_id,
        text_end_id=words.tokenizer.sep_token_id,
        labels_per_clip=min(LABELS_PER_CLIP, len(eyes.labels)),
        id2label=dict(enumerate(eyes.labels)),
        streams=streams,
    )
    if codebook is not None:
        config.codebook_branching, config.codebook_levels = codebook.branching, codebook.levels
    torch.manual_seed(seed)
    model = VideoBertForConditionalGeneration(config)
    model.eval()  # type: ignore[no-untyped-call]
    copy_minilm(model, words.weights, words.source_ids)
    _copy_decoder(model, bart)
    model.encoder.frame_tower.load_state_dict(eyes.encoder.state_dict())
    _begin(model, words.tokenizer, eyes.labels, codebook)
    preparation = model.encoder.frame_tower.preparation
    return model, VideoBertProcessor(words.tokenizer, decoder_tokenizer=writer, preparation=preparation)


def _take_bundled() -> TakenEncoder:
    labels = tuple(LABELS_FILE.read_text(encoding="utf-8").splitlines())
    return TakenEncoder(load_published_tower(), {}, FEATURE_CHANNELS, labels)


def _take_text(source: str) -> _Text:
    """A BERT, or what has its layers under the same names (RoBERTa), whose positions and token types become BERT's."""
    try:
        with quiet_loading():
            model, report = AutoModel.from_pretrained(
                source, dtype=torch.float32, use_safetensors=True, output_loading_info=True
            )
        tokenizer = read_tokenizer(source)
    except _UNREADABLE as error:
        raise CheckpointError(f"No text encoder can be taken out of {source} ({_reason(error)}).") from error
    weights = {name: value for name, value in model.state_dict().items() if not name.startswith("pooler.")}
    model_type, found = model.config.model_type, model.config
    if any(name not in weights for name in _BERT_WEIGHTS):
        raise CheckpointError(f"{source} is a {model_type!r} model; the text encoder must be of the BERT family.")
    absent = [name for name in report["missing_keys"] if not name.startswith("pooler.")]
    if absent:
        raise CheckpointError(f"{source} lacks weights of its text encoder ({', '.join(sorted(absent)[:3])}).")
    unnamed = [name for name in ("cls", "sep", "pad", "mask", "unk") if getattr(tokenizer, f"{name}_token") is None]
    if unnamed:
        raise CheckpointError(f"The tokenizer of {source} has no {unnamed[0]} token, which a BERT needs.")
    positions = weights["embeddings.position_embeddings.weight"]
    if model_type != "bert":  # RoBERTa counts positions from behind the padding id
        positions = weights["embeddings.position_embeddings.weight"] = positions[int(found.pad_token_id) + 1 :]
    types = weights["embeddings.token_type_embeddings.weight"]
    if len(types) < 2:
        weights["embeddings.token_type_embeddings.weight"] = types[:1].repeat(2, 1)
    known = len(weights["embeddings.word_embeddings.weight"])
    video_id = add_video_token(tokenizer)
    rows = torch.arange(len(tokenizer))
    rows[rows >= known] = _stand_in(tokenizer)
    rows[video_id] = _stand_in(tokenizer)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=found.hidden_size,
        num_hidden_layers=found.num_hidden_layers,
        num_attention_heads=found.num_attention_heads,
        intermediate_size=found.intermediate_size,
        hidden_act=found.hidden_act,
        hidden_dropout_prob=found.hidden_dropout_prob,
        attention_probs_dropout_prob=found.attention_probs_dropout_prob,
        max_position_embeddings=len(positions),
        type_vocab_size=max(2, len(types)),
        layer_norm_eps=found.layer_norm_eps,
        pad_token_id=tokenizer.pad_token_id,
    )
    return _Text(config, weights, tokenizer, rows)


def _stand_in(tokenizer: Tokenizer) -> int:
    """The id whose vector a token without one gets: BERT's first unused one, else that of the mask."""
    unused = tokenizer.get_vocab().get(UNUSED)
    return int(tokenizer.mask_token_id if unused is None else unused)


def _take_decoder(source: str) -> tuple[BartForConditionalGeneration, Tokenizer]:
    try:
        model_type = AutoConfig.from_pretrained(source).model_type
        if model_type != BartConfig.model_type:
            raise CheckpointError(f"{source} is a {model_type!r} model; the decoder must be that of a BART.")
        with quiet_loading():
            found: Any = BartForConditionalGeneration.from_pretrained(
                source, dtype=torch.float32, use_safetensors=True, output_loading_info=True
            )
        model: BartForConditionalGeneration = found[0]
        report: dict[str, Any] = found[1]
        tokenizer = read_tokenizer(source)
    except _UNREADABLE as error:
        raise CheckpointError(f"No decoder can be taken out of {source} ({_reason(error)}).") from error
    absent = [name for name in report["missing_keys"] if ".decoder." in name and "embed_tokens" not in name]
    if absent:
        raise CheckpointError(f"{source} lacks weights of its decoder ({', '.join(sorted(absent)[:3])}).")
    unnamed = [name for name in ("cls", "sep", "pad", "unk") if getattr(tokenizer, f"{name}_token") is None]
    if unnamed:
        raise CheckpointError(f"The tokenizer of {source} has no {unnamed[0]} token, which a BART needs.")
    if len(tokenizer) > model.config.vocab_size:
        raise CheckpointError(
            f"The tokenizer of {source} has {len(tokenizer)} words, its decoder {model.config.vocab_size}; "
            "they do not belong together."
        )
    return model, tokenizer


def _decoder_config(found: BartConfig, tokenizer: Tokenizer) -> BartConfig:
    """The decoder's config: sentences begin with the tokenizer's start token and end with its end token."""
    config = copy.deepcopy(found)
    config.is_decoder, config.is_encoder_decoder = True, False
    config.forced_bos_token_id = config.forced_eos_token_id = None
    config.pad_token_id, config.eos_token_id = tokenizer.pad_token_id, tokenizer.sep_token_id
    config.bos_token_id = config.decoder_start_token_id = tokenizer.cls_token_id
    config.dtype = None
    return config


@torch.no_grad()
def _copy_decoder(model: VideoBertForConditionalGeneration, bart: BartForConditionalGeneration) -> None:
    model.decoder.load_state_dict(bart.model.decoder.state_dict())
    model.caption_bias.copy_(bart.final_logits_bias[0])


@torch.no_grad()
def _begin(
    model: VideoBertForConditionalGeneration,
    tokenizer: Tokenizer,
    labels: tuple[str, ...],
    codebook: VisualCodebook | None,
) -> None:
    """Labels begin as the mean of their words, projections change nothing, visual words are random or as given."""
    words, embeddings = model.encoder.text_embeddings.word_embeddings.weight, model.encoder.video_embeddings
    for index, label in enumerate(labels):
        embeddings.label_embeddings.weight[index] = words[tokenizer(label, add_special_tokens=False).input_ids].mean(0)
    for projection in (model.text_projection, model.video_projection):
        nn.init.eye_(projection.weight)
    own = model.encoder.codebook
    if codebook is not None:
        own.load_state_dict(codebook.state_dict())
        return
    for level in range(own.levels):
        own.centroids(level).normal_()
        own.present(level).fill_(True)


def count_untrained(model: VideoBertForConditionalGeneration) -> dict[str, int]:
    """The weights of a new model that no part brought: names, with how many numbers each has."""
    weights = model.state_dict()
    counts = {
        name: sum(value.numel() for key, value in weights.items() if _is_of(key, prefixes))
        for name, prefixes in _NEW_PARTS.items()
    }
    return {name: count for name, count in counts.items() if count}


def _is_of(key: str, parts: tuple[str, ...]) -> bool:
    return CROSSING in key if CROSSING in parts else key.startswith(parts)


def _reason(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
