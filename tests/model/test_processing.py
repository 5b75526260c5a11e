"""Text and frames become the model's inputs; ids become sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import TOKENS
from videobert_demo.model.processing_videobert import VideoBertProcessor


def spell(processor: VideoBertProcessor, ids: torch.Tensor) -> list[str]:
    return [" ".join(processor.tokenizer.convert_ids_to_tokens(row)) for row in ids.tolist()]


def test_text_alone_ends_with_a_separator(processor: VideoBertProcessor) -> None:
    prepared = processor(text=["A dog is running", "cat"])
    assert set(prepared) == {"input_ids", "attention_mask"}
    assert spell(processor, prepared["input_ids"]) == [
        "[CLS] a dog is running [SEP]",
        "[CLS] cat [SEP] [PAD] [PAD] [PAD]",
    ]
    assert prepared["attention_mask"].tolist() == [[1] * 6, [1] * 3 + [0] * 3]


def test_text_before_a_video_ends_with_the_video_token(processor: VideoBertProcessor) -> None:
    prepared = processor(text="red car", with_video=True)
    assert spell(processor, prepared["input_ids"]) == ["[CLS] red car [>]"]
    frames = np.full((3, 20, 30, 3), 127, dtype=np.uint8)
    both = processor(text="red car", frames=frames)
    assert torch.equal(both["input_ids"], prepared["input_ids"])
    assert both["pixel_values"].shape == (3, 3, 224, 288)
    assert both["pixel_values"].abs().max() == 0
    assert set(processor(frames=frames)) == {"pixel_values"}


def test_unknown_words_are_spelt_and_long_texts_are_cut(processor: VideoBertProcessor) -> None:
    assert spell(processor, processor(text="dogs")["input_ids"]) == ["[CLS] dog ##s [SEP]"]
    cut = processor.tokenize(["a b c d e f"], "[SEP]", 5)["input_ids"]
    assert spell(processor, cut) == ["[CLS] a b c [SEP]"]
    assert processor(text="dog " * 500)["input_ids"].shape == (1, 128)


def test_the_video_token_in_a_text_is_one_token(processor: VideoBertProcessor) -> None:
    assert TOKENS[5] == "[>]"
    assert processor.tokenizer.convert_tokens_to_ids("[>]") == 5
    assert spell(processor, processor(text="a [>] dog")["input_ids"]) == ["[CLS] a [>] dog [SEP]"]


def test_captions_are_written_without_special_tokens(processor: VideoBertProcessor) -> None:
    rows = [
        "[CLS] red dog ##s [SEP] [PAD] [PAD]",
        "[CLS] the dog ' s car [SEP]",
        "[CLS] [SEP] [PAD] [PAD] [PAD] [PAD] [PAD]",
    ]
    ids = torch.tensor([processor.tokenizer.convert_tokens_to_ids(row.split()) for row in rows])
    assert processor.decode_captions(ids) == ["red dogs", "the dog's car", ""]


def test_a_saved_processor_prepares_the_same(processor: VideoBertProcessor, tmp_path: Path) -> None:
    processor.save_pretrained(tmp_path)
    again = VideoBertProcessor.from_pretrained(tmp_path)
    text = ["the Dogs [>] run", "a"]
    assert torch.equal(again(text=text)["input_ids"], processor(text=text)["input_ids"])


@pytest.mark.parametrize("ending", ["[SEP]", "[>]"])
def test_the_order_of_ids_of_a_checkpoint_is_kept(processor: VideoBertProcessor, ending: str) -> None:
    ids = processor.tokenize(["dog bicycle"], ending)["input_ids"][0].tolist()
    assert ids == [TOKENS.index(token) for token in ("[CLS]", "dog", "bicycle", ending)]
