"""Infilling against sums over all ways to fill the masks, and what it leaves as it is."""

from __future__ import annotations

import pytest
import torch

from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks import infill as infilling
from videobert_demo.tasks.cloze import MASK, read_masks
from videobert_demo.tasks.infill import infill


@torch.inference_mode()
def fill(loaded: LoadedModel, texts: list[str], clips: list[ClipTensors], by_head: torch.Tensor) -> torch.Tensor:
    masks = read_masks(loaded, texts, stack_clips(clips, loaded.device, loaded.model.dtype))
    return infill(loaded, masks.outputs, loaded.processor(text=texts)["input_ids"], by_head)


@torch.inference_mode()
def next_words(loaded: LoadedModel, text: str, clip: ClipTensors, words: list[list[int]]) -> torch.Tensor:
    """Log-probabilities (N, m, v) of what the decoder writes after each word of N sentences, cut at the least."""
    model = loaded.model
    outputs = read_masks(loaded, [text], stack_clips([clip], loaded.device, model.dtype)).outputs
    rows = torch.tensor([[model.config.decoder_start_token_id, *row] for row in words])
    outputs.last_hidden_state = outputs.last_hidden_state.expand(len(rows), -1, -1)
    outputs.attention_mask = outputs.attention_mask.expand(len(rows), -1)
    logits = model(decoder_input_ids=rows, encoder_outputs=outputs, use_cache=False).logits
    return logits.float().log_softmax(-1).clamp(min=infilling.MIN_LOG_PROBABILITY)


@pytest.fixture
def vocabulary(loaded: LoadedModel) -> int:
    return int(loaded.model.config.encoder.vocab_size)


def test_one_mask_is_what_the_decoder_would_write_there_and_what_is_said(
    loaded: LoadedModel, clips: list[ClipTensors], vocabulary: int
) -> None:
    text = f"a man is {MASK} the piano"
    by_head = torch.randn(1, vocabulary).log_softmax(-1)
    found = fill(loaded, [text], clips[:1], by_head)
    left = loaded.processor.tokenizer("a man is", add_special_tokens=False).input_ids
    written = next_words(loaded, text, clips[0], [left])[0, -1]
    expected = by_head[0].clone()
    expected[: len(written)] += written
    expected[len(written) :] += infilling.MIN_LOG_PROBABILITY
    torch.testing.assert_close(found[0], (expected / 2).log_softmax(-1))
    torch.testing.assert_close(found.exp().sum(), torch.tensor(1.0))


def test_a_second_mask_counts_all_ways_to_fill_the_first(
    loaded: LoadedModel, clips: list[ClipTensors], vocabulary: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = loaded.model.config.decoder.vocab_size
    monkeypatch.setattr(infilling, "PATHS", size)  # every way is followed
    text = f"a {MASK} is {MASK}"
    by_head = torch.randn(2, vocabulary).log_softmax(-1)
    found = fill(loaded, [text], clips[:1], by_head)
    a, be = loaded.processor.tokenizer("a is", add_special_tokens=False).input_ids
    written = next_words(loaded, text, clips[0], [[a, word, be] for word in range(size)])  # (v, 4, v)
    first = by_head[0, :size] + written[0, 1]
    weights = (first + written[:, 2, be]).log_softmax(0)  # of "a word is"
    second = by_head[1, :size] + (weights[:, None] + written[:, 3]).logsumexp(0)
    outside = by_head[:, size:] + infilling.MIN_LOG_PROBABILITY
    torch.testing.assert_close(found[0], (torch.cat([first, outside[0]]) / 2).log_softmax(-1))
    torch.testing.assert_close(found[1], (torch.cat([second, outside[1]]) / 2).log_softmax(-1))


def test_sentences_of_a_batch_do_not_touch_each_other(
    loaded: LoadedModel, clips: list[ClipTensors], vocabulary: int
) -> None:
    texts = [f"{MASK} man {MASK} in the kitchen {MASK}", "a dog", f"the {MASK}"]
    by_head = torch.randn(4, vocabulary).log_softmax(-1)
    together = fill(loaded, texts, [clips[0], clips[1], clips[0]], by_head)
    torch.testing.assert_close(together[:3], fill(loaded, texts[:1], clips[:1], by_head[:3]), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(together[3:], fill(loaded, texts[2:], clips[:1], by_head[3:]), atol=1e-4, rtol=1e-4)
    assert len(fill(loaded, ["a dog"], clips[:1], by_head[:0])) == 0
