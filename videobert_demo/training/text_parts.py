"""Takes the text parts out of published checkpoints: a BERT's layers, a BART's decoder, and the tokenizer of each.

What has BERT's layers under BERT's names counts as a BERT if it computes what a BERT computes: both are run once.
Knows checkpoints of text; knows no images.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor
from transformers import (
    AutoModel,
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertModel,
    PreTrainedConfig,
    PreTrainedModel,
)

from videobert_demo.errors import CheckpointError
from videobert_demo.model.sources import OWN_CODE, check_finite, explain, quiet_loading, read_part_config
from videobert_demo.model.tokenizers import Tokenizer, add_video_token, read_tokenizer

UNUSED = "[unused0]"
SAMPLE = "a man is playing the piano"
SAME = 1e-3
_UNREADABLE = (OSError, SafetensorError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, ImportError)
_WORDS, _POSITIONS, _TYPES = (f"embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type"))
_BERT_WEIGHTS = (_WORDS, _POSITIONS, _TYPES, "encoder.layer.0.attention.self.query.weight")


@dataclass(frozen=True, eq=False)
class TakenText:
    """A BERT.

    Attributes:
        config: of the encoder that reads the tokenizer's words.
        weights: without prefix, fp32.
        tokenizer: with `[>]`.
        source_ids: (words,) int64, the row of `weights` with the vector of each id.
    """

    config: BertConfig
    weights: dict[str, Tensor]
    tokenizer: Tokenizer
    source_ids: Tensor


def take_text(source: str) -> TakenText:
    """A BERT, or what has its layers (RoBERTa, ELECTRA), whose positions and token types become BERT's.

    Raises:
        CheckpointError: it cannot be read, is no BERT, or its tokenizer belongs to another model.
    """
    read_part_config(source)
    try:
        with quiet_loading():
            model, report = AutoModel.from_pretrained(
                source, dtype=torch.float32, use_safetensors=True, output_loading_info=True, **OWN_CODE
            )
        weights = {name: value for name, value in model.state_dict().items() if not name.startswith("pooler.")}
        if any(name not in weights for name in _BERT_WEIGHTS):
            raise CheckpointError(_no_bert(source, model.config))
        tokenizer = read_tokenizer(source)
    except _UNREADABLE as error:
        raise CheckpointError(explain(source, "text encoder", error)) from error
    absent = [name for name in report["missing_keys"] if not name.startswith("pooler.")]
    if absent:
        raise CheckpointError(f"{source} lacks weights of its text encoder ({', '.join(sorted(absent)[:3])}).")
    check_finite(source, weights)
    known = len(weights[_WORDS])
    _check_tokenizer(source, tokenizer, ("cls", "sep", "pad", "mask", "unk"), known, model.config)
    padding = model.embeddings.position_embeddings.padding_idx
    if padding is not None:  # RoBERTa counts positions from behind the padding id
        weights[_POSITIONS] = weights[_POSITIONS][padding + 1 :]
    if len(weights[_TYPES]) < 2:
        weights[_TYPES] = weights[_TYPES][:1].repeat(2, 1)
    sizes = _bert_sizes(model.config, weights, tokenizer)
    if not _computes_as_bert(model.eval(), BertConfig(vocab_size=known, **sizes), weights, tokenizer):
        raise CheckpointError(_no_bert(source, model.config))
    video_id = add_video_token(tokenizer)
    rows = torch.arange(len(tokenizer))
    rows[rows >= known] = _stand_in(tokenizer)
    rows[video_id] = _stand_in(tokenizer)
    return TakenText(BertConfig(vocab_size=len(tokenizer), **sizes), weights, tokenizer, rows)


def _no_bert(source: str, config: PreTrainedConfig) -> str:
    return (
        f"{source} is a {config.model_type!r} model; the text encoder must be of the BERT family, such as BERT, MiniLM "
        "or RoBERTa."
    )


def _bert_sizes(found: Any, weights: dict[str, Tensor], tokenizer: Tokenizer) -> dict[str, Any]:
    return {
        "hidden_size": found.hidden_size,
        "num_hidden_layers": found.num_hidden_layers,
        "num_attention_heads": found.num_attention_heads,
        "intermediate_size": found.intermediate_size,
        "hidden_act": found.hidden_act,
        "hidden_dropout_prob": found.hidden_dropout_prob,
        "attention_probs_dropout_prob": found.attention_probs_dropout_prob,
        "max_position_embeddings": len(weights[_POSITIONS]),
        "type_vocab_size": len(weights[_TYPES]),
        "layer_norm_eps": found.layer_norm_eps,
        "pad_token_id": tokenizer.pad_token_id,
    }


@torch.no_grad()
def _computes_as_bert(
    model: PreTrainedModel, config: BertConfig, weights: dict[str, Tensor], tokenizer: Tokenizer
) -> bool:
    """Whether a BERT with these weights gives what the model itself gives."""
    bert: Any = BertModel(config, add_pooling_layer=False)
    try:
        bert.load_state_dict(weights, strict=False)
        expected = model(**tokenizer(SAMPLE, return_tensors="pt", return_token_type_ids=False)).last_hidden_state
        found = bert.eval()(**tokenizer(SAMPLE, return_tensors="pt", return_token_type_ids=False)).last_hidden_state
    except (RuntimeError, IndexError, TypeError):
        return False
    return set(weights) >= set(bert.state_dict()) and torch.allclose(found, expected, atol=SAME, rtol=SAME)


def _stand_in(tokenizer: Tokenizer) -> int:
    """The id whose vector a token without one gets: BERT's first unused one, else that of the mask."""
    unused = tokenizer.get_vocab().get(UNUSED)
    return int(tokenizer.mask_token_id if unused is None else unused)


def take_decoder(source: str) -> tuple[BartForConditionalGeneration, Tokenizer]:
    """A BART and its tokenizer.

    Raises:
        CheckpointError: it cannot be read, is no BART, or its tokenizer belongs to another model.
    """
    model_type = read_part_config(source).model_type
    if model_type != BartConfig.model_type:
        raise CheckpointError(
            f"{source} is a {model_type!r} model; the decoder must be that of a BART, such as facebook/bart-base."
        )
    try:
        with quiet_loading():
            found: Any = BartForConditionalGeneration.from_pretrained(
                source, dtype=torch.float32, use_safetensors=True, output_loading_info=True
            )
        model: BartForConditionalGeneration = found[0]
        report: dict[str, Any] = found[1]
        tokenizer = read_tokenizer(source)
    except _UNREADABLE as error:
        raise CheckpointError(explain(source, "decoder", error)) from error
    absent = [name for name in report["missing_keys"] if ".decoder." in name and "embed_tokens" not in name]
    if absent:
        raise CheckpointError(f"{source} lacks weights of its decoder ({', '.join(sorted(absent)[:3])}).")
    check_finite(source, model.model.decoder.state_dict())
    _check_tokenizer(source, tokenizer, ("cls", "sep", "pad", "unk"), model.config.vocab_size, model.config)
    return model, tokenizer


def _check_tokenizer(
    source: str, tokenizer: Tokenizer, needed: tuple[str, ...], known: int, config: PreTrainedConfig
) -> None:
    """Refuses a tokenizer that lacks special tokens, or that a model of `known` words was not trained with."""
    for name in needed:
        if getattr(tokenizer, f"{name}_token") is None:
            raise CheckpointError(
                f"The tokenizer of {source} has no {name} token, which the model needs; fetch both again."
            )
    padding = getattr(config, "pad_token_id", None)
    if len(tokenizer) > known or padding not in (None, tokenizer.pad_token_id):
        raise CheckpointError(
            f"The tokenizer of {source} has {len(tokenizer)} words and pads with {tokenizer.pad_token_id}, its model "
            f"has {known} and pads with {padding}; they do not belong together, so fetch both again."
        )
