"""Captioning: the encoder reads the clip, alone or beside what is said in it, the decoder writes by beam search."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from transformers import LogitsProcessor

from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.tokenizers import word_ids
from videobert_demo.tasks.support import caption_evidence, logistic, mention_table, predict_mentions, support_of
from videobert_demo.types import Caption

BEAMS = 8
CAPTIONS = 5
"""How many captions of a clip are shown."""
MAX_CAPTION_TOKENS = 22
"""The longest caption, its end included."""
LENGTH_PENALTY = 1.0
# No caption ends with one of these. Self-critical training makes such endings likely: they hardly cost it any n-grams.
HANGING_WORDS = (
    *("a", "an", "the", "this", "that", "his", "her", "their", "its", "my", "your"),
    *("and", "or", "of", "in", "on", "at", "to", "for", "with", "from", "by", "about", "into"),
)


class _NoHangingEnd(LogitsProcessor):
    """Forbids the end of the sentence right after a word that needs another one."""

    def __init__(self, hanging_ids: Sequence[int], end_id: int) -> None:
        self._hanging, self._end = torch.tensor(hanging_ids), end_id

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Ids so far (N, m) and next-word scores (N, vocabulary) -> the scores with some ends at minus infinity."""
        hanging = torch.isin(input_ids[:, -1], self._hanging.to(input_ids.device))
        scores = scores.clone()
        scores[:, self._end] = scores[:, self._end].masked_fill(hanging, float("-inf"))
        return scores


@torch.inference_mode()
def caption_clips(
    loaded: LoadedModel,
    clips: Sequence[ClipTensors],
    *,
    candidates: int = 1,
    beams: int = BEAMS,
    blank: bool = False,
    words: Sequence[str] | None = None,
) -> list[tuple[Caption, ...]]:
    """Captions of each clip, the best first.

    They are ranked by what the decoder finds likely and the clip supports (support.py): a weighted geometric mean.

    Args:
        clips: B clips, captioned in one batch.
        candidates: how many different sentences a clip gets, at most; fewer when the beams agree.
        beams: width of the beam search.
        blank: hide every frame.
        words: what is said in each clip, as VideoBERT reads speech (arXiv 1904.01766, section 3): the text part of the
            sequence, beside the frames. None reads the frames alone; a clip's words must not be empty.
    """
    model, processor = loaded.model, loaded.processor
    video = stack_clips(clips, loaded.device, model.dtype, blank=blank)
    seen = model.encoder(**video)
    encoded = seen
    if words is not None:
        encoded = model.encoder(**processor(text=list(words), with_video=True).to(loaded.device), **video)
    mentions = mention_table(model.config.mentioned_words, predict_mentions(loaded, model.embed_video(seen)))
    found = search_beams(
        model,
        encoded,
        beams=max(beams, candidates),
        max_tokens=MAX_CAPTION_TOKENS,
        banned_ids=(processor.decoder_tokenizer.unk_token_id,),  # a rare word is no word to a reader
        logits_processors=caption_rules(loaded),
        length_penalty=LENGTH_PENALTY,
        ended_first=False,
    )
    results: list[tuple[Caption, ...]] = []
    for sentences, mentioned in zip(found, mentions, strict=True):
        texts = processor.decode_captions([sentence.ids for sentence in sentences])
        scored: dict[str, float] = {}
        for text, sentence in zip(texts, sentences, strict=True):
            score = min(1.0, math.exp(sentence.score(LENGTH_PENALTY)))
            scored.setdefault(text or "not sure", score)
        captions = [_judge(loaded, text, score, mentioned) for text, score in scored.items()]
        results.append(tuple(sorted(captions, key=lambda one: -one.score)[:candidates]))
    return results


def sure_caption_from(loaded: LoadedModel) -> float:
    """The probability from which on a caption is sure; 0 without calibration."""
    return float(next(iter(loaded.model.config.calibration.get("caption_sure", [])), 0.0))


def _judge(loaded: LoadedModel, text: str, score: float, mentions: Mapping[str, float]) -> Caption:
    """The caption with the score that it is ranked by, and its probability of being right."""
    config = loaded.model.config
    if not mentions:
        return Caption(text, score)
    weight = config.caption_mention_weight
    ranked = (score * support_of(text, mentions) ** weight) ** (1 / (1 + weight))
    numbers = config.calibration.get("caption")
    if not numbers:
        return Caption(text, ranked)
    return Caption(text, ranked, logistic(numbers[0], numbers[1:], caption_evidence(text, score, mentions)))


def caption_rules(loaded: LoadedModel) -> list[LogitsProcessor]:
    """What changes the decoder's scores while captions are written: no hanging end."""
    hanging = word_ids(loaded.processor.decoder_tokenizer, HANGING_WORDS)
    return [_NoHangingEnd(hanging, loaded.model.config.eos_token_id)]
