"""Captioning: the encoder reads the clip alone, the decoder writes by beam search."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import LogitsProcessor, LogitsProcessorList

from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.tasks.guidance import LabelGuidance, names_of_labels
from videobert_demo.types import Caption

BEAMS = 5
CAPTIONS = 5
"""So many are shown of a clip."""
LONGEST_CAPTION = 22
LENGTH_PENALTY = 1.0
# No caption stops after one of these; self-critical training breeds such endings, as n-gram scores hardly mind them.
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
    loaded: LoadedModel, clips: Sequence[ClipTensors], *, candidates: int = 1, beams: int = BEAMS, blank: bool = False
) -> list[tuple[Caption, ...]]:
    """Captions of each clip, the likeliest first; where the checkpoint wants it, labels lead them (guidance.py).

    Args:
        clips: B clips, captioned in one batch.
        candidates: how many different sentences a clip gets, at most; fewer when the beams agree.
        beams: width of the beam search.
        blank: hide every frame.
    """
    model, processor = loaded.model, loaded.processor
    video = stack_clips(clips, loaded.device, model.dtype, blank=blank)
    encoded = model.encoder(**video)
    beams = max(beams, candidates)
    hanging = processor.tokenizer.convert_tokens_to_ids(list(HANGING_WORDS))
    rules = LogitsProcessorList([_NoHangingEnd(hanging, processor.tokenizer.sep_token_id)])
    if model.config.caption_label_weight > 0 and not blank:
        rules.append(_guide(loaded, video, beams))
    found = model.generate(
        encoder_outputs=encoded,
        do_sample=False,
        num_beams=beams,
        num_return_sequences=candidates,
        max_new_tokens=LONGEST_CAPTION,
        length_penalty=LENGTH_PENALTY,
        early_stopping=True,
        return_dict_in_generate=True,
        suppress_tokens=[processor.tokenizer.unk_token_id],  # a rare word is no word to a reader
        logits_processor=rules,
    )
    sentences = processor.decode_captions(found.sequences)
    words = _word_log_probabilities(model, encoded, found.sequences, candidates)
    results: list[tuple[Caption, ...]] = []
    for row in range(len(clips)):
        captions: dict[str, Caption] = {}
        for place in range(row * candidates, (row + 1) * candidates):
            score = float(words[place].exp().clamp(0, 1))
            text = sentences[place] or "not sure"
            captions.setdefault(text, Caption(text, score))
        results.append(tuple(captions.values()))
    return results


def _guide(loaded: LoadedModel, video: dict[str, Tensor], beams: int) -> LabelGuidance:
    config = loaded.model.config
    labels, probabilities = loaded.model.encoder.find_labels(video["frame_features"], video["frame_mask"])  # (B, K)
    names = names_of_labels(
        loaded.processor.tokenizer, config.label_words, config.label_count, config.decoder.vocab_size
    )
    names = names.to(labels.device)[labels].repeat_interleave(beams, 0)  # (B beams, K, vocabulary)
    return LabelGuidance(names, probabilities.repeat_interleave(beams, 0), config.caption_label_weight)


def _word_log_probabilities(
    model: VideoBertForConditionalGeneration, encoded: VideoBertOutput, sequences: Tensor, copies: int
) -> Tensor:
    """The mean log-probability (B * copies,) of the written words, the closing [SEP] included."""
    assert encoded.last_hidden_state is not None
    assert encoded.attention_mask is not None
    outputs = VideoBertOutput(
        last_hidden_state=encoded.last_hidden_state.repeat_interleave(copies, 0),
        attention_mask=encoded.attention_mask.repeat_interleave(copies, 0),
    )
    logits = model(decoder_input_ids=sequences[:, :-1], encoder_outputs=outputs, use_cache=False).logits.float()
    targets = sequences[:, 1:]
    chosen = logits.log_softmax(-1).gather(2, targets[:, :, None])[:, :, 0]
    real = (targets != model.config.pad_token_id).float()
    mean: Tensor = (chosen * real).sum(1) / real.sum(1).clamp(min=1)
    return mean
