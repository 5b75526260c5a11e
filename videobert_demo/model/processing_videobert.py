"""Text and frames -> the model's inputs, ids -> text. Knows the tokenizers; images.py turns frames into images.

The encoder reads with one tokenizer; the decoder writes with the same or with one of its own. A checkpoint has the
decoder's own in the folder `decoder_tokenizer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import BatchFeature, ProcessorMixin

from videobert_demo.model.configuration_videobert import MAX_TEXT_TOKENS
from videobert_demo.model.encoders.contract import Preparation
from videobert_demo.model.encoders.efficientnet_lite import PREPARATION
from videobert_demo.model.images import prepare_segments
from videobert_demo.model.tokenizers import DECODER_FOLDER, VIDEO_TOKEN, Tokenizer, read_tokenizer

MASK = "[MASK]"
"""What stands for a hidden word in texts, whatever the tokenizer has for it."""
HALF = "\N{REPLACEMENT CHARACTER}"
"""What tokenizers give for a byte that is no letter by itself."""


class VideoBertProcessor(ProcessorMixin):
    """The tokenizer and the preparation of frames behind one call, as transformers' processors have it."""

    attributes: ClassVar[list[str]] = ["tokenizer"]
    tokenizer_class = "AutoTokenizer"

    def __init__(self, tokenizer: Tokenizer, **kwargs: Any) -> None:
        # not arguments by name: transformers would take them for tokenizers that it has to save itself
        decoder_tokenizer: Tokenizer | None = kwargs.pop("decoder_tokenizer", None)
        self.preparation: Preparation = kwargs.pop("preparation", PREPARATION)
        super().__init__(tokenizer, **kwargs)  # type: ignore[no-untyped-call]
        self.decoder_tokenizer: Tokenizer = decoder_tokenizer or tokenizer

    @property
    def shares_words(self) -> bool:
        """Whether encoder and decoder have one tokenizer, so that an id means the same to both."""
        return self.decoder_tokenizer is self.tokenizer

    @classmethod
    def read(cls, folder: Path, preparation: Preparation = PREPARATION) -> VideoBertProcessor:
        """The processor of a checkpoint folder; `preparation` is that of its frame encoder."""
        own = folder / DECODER_FOLDER
        return cls(
            read_tokenizer(folder),
            decoder_tokenizer=read_tokenizer(own) if own.is_dir() else None,
            preparation=preparation,
        )

    def save_tokenizers(self, folder: Path) -> None:
        """Writes the tokenizers into a checkpoint folder."""
        self.tokenizer.save_pretrained(folder)
        if not self.shares_words:
            self.decoder_tokenizer.save_pretrained(folder / DECODER_FOLDER)

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
            prepared["pixel_values"] = prepare_segments(frames, self.preparation)
        return BatchFeature(prepared)

    def tokenize(self, texts: list[str], ending: str, max_tokens: int = MAX_TEXT_TOKENS) -> dict[str, Tensor]:
        """`[CLS] words ending`, cut to `max_tokens` and padded: input_ids and attention_mask (B, n) int64."""
        tokenizer = self.tokenizer
        if tokenizer.mask_token != MASK:
            texts = [text.replace(MASK, tokenizer.mask_token) for text in texts]
        words = tokenizer(texts, add_special_tokens=False).input_ids
        end = tokenizer.convert_tokens_to_ids(ending)
        rows = [[tokenizer.cls_token_id, *ids[: max_tokens - 2], end] for ids in words]
        width = max(map(len, rows))
        ids = torch.tensor([row + [tokenizer.pad_token_id] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        return {"input_ids": ids, "attention_mask": mask}

    def decode_captions(self, ids: Tensor | Sequence[Sequence[int]]) -> list[str]:
        """Generated ids, (B, m) or B lists of them -> sentences of one line, without special tokens; blank or not."""
        decoded: list[str] = self.decoder_tokenizer.batch_decode(_listed(ids), skip_special_tokens=True)
        return [_one_line(sentence.replace(" ' ", "'").strip()) for sentence in decoded]


def _one_line(sentence: str) -> str:
    """Without what cannot be shown: byte-level tokenizers have tokens for line ends and halves of letters."""
    if sentence.isprintable() and HALF not in sentence:
        return sentence
    return " ".join("".join(one if one.isprintable() and one != HALF else " " for one in sentence).split())


def _listed(ids: Tensor | Sequence[Sequence[int]]) -> Tensor | list[list[int]]:
    return ids if isinstance(ids, Tensor) else [list(row) for row in ids]


Words: TypeAlias = Tokenizer | VideoBertProcessor
"""The one tokenizer of encoder and decoder, or a processor with both."""


def as_processor(words: Words) -> VideoBertProcessor:
    """A processor of the tokenizer; a processor as it is."""
    return words if isinstance(words, VideoBertProcessor) else VideoBertProcessor(words)
