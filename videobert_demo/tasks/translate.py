"""Sentences from one language into the other. Knows the translator and its search; knows no clip and no page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from videobert_demo.model.translator import LANGUAGES, MAX_TOKENS, Translator

BEAMS = 4
PER_BATCH = 64


@torch.inference_mode()
def translate(translator: Translator, sentences: Sequence[str], language: str, *, beams: int = BEAMS) -> list[str]:
    """Translates sentences into `language`, "en" or "zh", by beam search.

    Returns:
        One sentence for each, in their order; a blank one stays blank.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, got {language!r}")
    found = [""] * len(sentences)
    order = sorted((i for i, text in enumerate(sentences) if text.strip()), key=lambda i: len(sentences[i]))
    for start in range(0, len(order), PER_BATCH):
        rows = order[start : start + PER_BATCH]
        tokens, mask = translator.encode([sentences[row] for row in rows], language)
        model: Any = translator.model  # transformers' types do not know that it generates
        translated = model.generate(
            input_ids=tokens, attention_mask=mask, num_beams=beams, max_length=MAX_TOKENS, no_repeat_ngram_size=4
        )
        assert isinstance(translated, Tensor)
        for row, ids in zip(rows, translated.tolist(), strict=True):
            found[row] = translator.decode(ids)
    return found
