"""Text and frames -> the model's inputs, ids -> text. Knows the tokenizer; images.py turns frames into images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import BatchFeature, BertTokenizer, ProcessorMixin

from videobert_demo.model.configuration_videobert import MAX_TEXT_TOKENS
from videobert_demo.model.images import prepare_images

VIDEO_TOKEN = "[>]"


class VideoBertProcessor(ProcessorMixin):
    """The tokenizer and the preparation of frames behind one call, as transformers' processors have it."""

    attributes: ClassVar[list[str]] = ["tokenizer"]
    tokenizer_class = "BertTokenizer"

    def __init__(self, tokenizer: BertTokenizer, **kwargs: Any) -> None:
        super().__init__(tokenizer, **kwargs)  # type: ignore[no-untyped-call]

    def __call__(
        self, text: str | list[str] | None = None, frames: NDArray[np.uint8] | None = None, *, with_video: bool = False
    ) -> BatchFeature:
        """Prepares sentences, the frames of one clip, or both.

        Args:
            text: B sentences. They end with [>] where a video follows (`frames`, `with_video`), else with [SEP].
            frames: (T, H, W, 3) uint8 RGB.

        Returns:
            `input_ids` and `attention_mask` (B, n) int64 for text, `pixel_values` (T, 3, H, W) fp32 for frames.
        """
        prepared: dict[str, Tensor] = {}
        if text is not None:
            ending = VIDEO_TOKEN if with_video or frames is not None else self.tokenizer.sep_token
            prepared.update(self.tokenize([text] if isinstance(text, str) else text, ending))
        if frames is not None:
            prepared["pixel_values"] = prepare_images(frames)
        return BatchFeature(prepared)

    def tokenize(self, texts: list[str], ending: str, max_tokens: int = MAX_TEXT_TOKENS) -> dict[str, Tensor]:
        """`[CLS] words ending`, cut to `max_tokens` and padded: input_ids and attention_mask (B, n) int64."""
        tokenizer = self.tokenizer
        words = tokenizer(texts, add_special_tokens=False).input_ids
        end = tokenizer.convert_tokens_to_ids(ending)
        rows = [[tokenizer.cls_token_id, *ids[: max_tokens - 2], end] for ids in words]
        width = max(map(len, rows))
        ids = torch.tensor([row + [tokenizer.pad_token_id] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        return {"input_ids": ids, "attention_mask": mask}

    def decode_captions(self, ids: Tensor | Sequence[Sequence[int]]) -> list[str]:
        """Generated ids, (B, m) or B lists of them -> sentences without special tokens."""
        decoded: list[str] = self.tokenizer.batch_decode(ids, skip_special_tokens=True)
        return [sentence.replace(" ' ", "'").strip() for sentence in decoded]
