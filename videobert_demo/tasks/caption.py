"""Captioning: the encoder reads the clip alone, the decoder writes by beam search."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.tasks.features import ClipTensors, stack_clips
from videobert_demo.types import Caption

BEAMS = 5
LONGEST_CAPTION = 22
LENGTH_PENALTY = 1.0


@torch.inference_mode()
def caption_clips(
    loaded: LoadedModel, clips: Sequence[ClipTensors], *, candidates: int = 1, beams: int = BEAMS
) -> list[tuple[Caption, ...]]:
    """Captions of each clip, best first.

    Args:
        clips: B clips, captioned in one batch.
        candidates: how many different sentences a clip gets, at most; fewer when the beams agree.
        beams: width of the beam search.
    """
    model, processor = loaded.model, loaded.processor
    encoded = model.encoder(**stack_clips(clips, loaded.device, model.dtype))
    beams = max(beams, candidates)
    found = model.generate(
        encoder_outputs=encoded,
        do_sample=False,
        num_beams=beams,
        num_return_sequences=candidates,
        max_new_tokens=LONGEST_CAPTION,
        length_penalty=LENGTH_PENALTY,
        early_stopping=True,
        return_dict_in_generate=True,
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
