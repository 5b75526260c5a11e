"""Where the parts of the encoder's sequence lie. Knows positions only: no weights, no words, no pictures.

Two words beside a clip of two segments with two labels and four patches each:

    position   0    1    2    3    4    5    6    7  8  9  10   11   12 13 14 15   16
    token    [CLS]  a   dog  [>]  l_1  l_2  v_1   p  p  p  p    v_2   p  p  p  p  [SEP]
             `----- text -----'   `------------------- video -------------------'

    text_length = 4, label_count = 2, segment_count = 2, patch_count = 4, first_segment = 6, total = 17

Text alone, [CLS] a dog [SEP], is all text: it has no video part and no [SEP] behind one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class SequenceLayout:
    """The sizes of the parts of a sequence of S tokens, and the way from a tensor over all tokens to one part of it.

    Every method takes a tensor (B, S, ...), such as states (B, S, D) or a mask (B, S).

    Attributes:
        text_length: n, tokens of the text part, at least 1.
        label_count: K, labels of the clip.
        segment_count: T, segments of the clip; 0 where its labels alone are read.
        patch_count: P, patches of each segment that are in the sequence.
        has_video: whether there is a video part, closed by [SEP]; without one K, T and P are 0.
    """

    text_length: int
    label_count: int = 0
    segment_count: int = 0
    patch_count: int = 0
    has_video: bool = True

    def __post_init__(self) -> None:
        if self.text_length < 1 or min(self.label_count, self.segment_count, self.patch_count) < 0:
            raise ValueError(f"a sequence has text, and nothing has a negative length, got {self}")
        if not self.has_video and (self.label_count or self.segment_count or self.patch_count):
            raise ValueError(f"labels, segments and patches belong to a video part, got {self}")

    @classmethod
    def of_text(cls, text_length: int) -> SequenceLayout:
        """Text alone."""
        return cls(text_length, has_video=False)

    @property
    def first_segment(self) -> int:
        """The position n + K of the first visual word."""
        return self.text_length + self.label_count

    @property
    def total(self) -> int:
        """The number S of all tokens."""
        if not self.has_video:
            return self.text_length
        return self.first_segment + self.segment_count * (1 + self.patch_count) + 1

    def text(self, tokens: Tensor) -> Tensor:
        """The text part (B, n, ...)."""
        self._check(tokens)
        return tokens[:, : self.text_length]

    def video(self, tokens: Tensor) -> Tensor:
        """The video part without the closing [SEP]: (B, K + T (1 + P), ...)."""
        self._check(tokens, needs_video=True)
        return tokens[:, self.text_length : -1]

    def segments(self, tokens: Tensor) -> Tensor:
        """The visual words (B, T, ...)."""
        return self._blocks(tokens)[:, :, 0]

    def patches(self, tokens: Tensor) -> Tensor:
        """The patches (B, T, P, ...)."""
        return self._blocks(tokens)[:, :, 1:]

    def _blocks(self, tokens: Tensor) -> Tensor:
        """Each segment's visual word and patches (B, T, 1 + P, ...)."""
        self._check(tokens, needs_video=True)
        blocks = tokens[:, self.first_segment : -1]  # (B, T (1 + P), ...)
        return blocks.reshape(len(tokens), self.segment_count, 1 + self.patch_count, *tokens.shape[2:])

    def _check(self, tokens: Tensor, *, needs_video: bool = False) -> None:
        if tokens.ndim < 2 or tokens.shape[1] != self.total:
            raise ValueError(f"expected (B, {self.total}, ...), got {tuple(tokens.shape)}")
        if needs_video and not self.has_video:
            raise ValueError("this sequence is text alone; it has no video part")


def interleave(segments: Tensor, patches: Tensor) -> Tensor:
    """Puts each segment's patches behind its visual word: (B, T, ...) and (B, T, P, ...) -> (B, T (1 + P), ...)."""
    return torch.cat([segments[:, :, None], patches], dim=2).flatten(1, 2)
