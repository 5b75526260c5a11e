"""Sentences from one language into the other. Knows the translator and its search; knows no clip and no page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor
from transformers import BartForConditionalGeneration

from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.translator import BEGIN, LANGUAGES, MAX_TOKENS, PAD, UNKNOWN, Translator

BEAMS = 4
PER_BATCH = 64
MIN_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Translation:
    """What a sentence is in the other language.

    Attributes:
        text: The translation; empty for a blank sentence.
        log_probability: The mean over its tokens; 0 for a blank sentence.
    """

    text: str
    log_probability: float


def translate(translator: Translator, sentences: Sequence[str], language: str, *, beams: int = BEAMS) -> list[str]:
    """Translates sentences into `language`, "en" or "zh", by beam search.

    Returns:
        One sentence for each, in their order; a blank one stays blank.
    """
    return [one.text for one in translate_scored(translator, sentences, language, beams=beams)]


@torch.inference_mode()
def translate_scored(
    translator: Translator, sentences: Sequence[str], language: str, *, beams: int = BEAMS
) -> list[Translation]:
    """As `translate`, with how likely each translation is."""
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, got {language!r}")
    found = [Translation("", 0.0)] * len(sentences)
    order = sorted((i for i, text in enumerate(sentences) if text.strip()), key=lambda i: len(sentences[i]))
    never = [translator.id_of(token) for token in (PAD, BEGIN, UNKNOWN, *(f"<{one}>" for one in LANGUAGES))]
    if language == "zh":
        never += translator.latin_words
    for start in range(0, len(order), PER_BATCH):
        rows = order[start : start + PER_BATCH]
        tokens, mask = translator.encode([sentences[row] for row in rows], language)
        encoded = translator.model.model.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
        written = search_beams(
            cast(Any, _Writer(translator.model)),
            cast(Any, _Encoded(encoded, mask.bool())),
            beams=beams,
            max_tokens=min(MAX_TOKENS, max(MIN_TOKENS, 2 * tokens.shape[1])),
            banned_ids=never,
        )
        for row, (best, *_) in zip(rows, written, strict=True):
            text = translator.decode(best.ids)
            found[row] = Translation(text, best.log_probability / len(best.ids))
    return found


class _Writer:
    """The translator's decoder as `search_beams` reads one."""

    def __init__(self, model: BartForConditionalGeneration) -> None:
        self._model, self.decoder, self.config = model, model.model.decoder, model.config

    def as_decoder_reads(self, outputs: _Encoded) -> Tensor:
        return outputs.states

    def caption_logits(self, hidden: Tensor) -> Tensor:
        logits: Tensor = self._model.lm_head(hidden)
        return logits


@dataclass(frozen=True)
class _Encoded:
    """What the translator's encoder gives: states (B, S, D), mask (B, S)."""

    states: Tensor
    mask: Tensor

    def parts(self) -> tuple[Tensor, Tensor, None]:
        return self.states, self.mask, None
