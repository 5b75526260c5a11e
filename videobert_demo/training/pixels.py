"""Frames for a frame encoder that learns: the same frames in the same views as the stored features, as pixels.

Features can be stored only of a frozen encoder. One that learns reads its frames anew at every step; the store still
says which videos there are and draws views of them. Knows frames and views; knows no objective.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.training.features import FrameReader, Looker, View, draw_view
from videobert_demo.training.pixel_operations import change_pixels
from videobert_demo.training.store import FeatureStore, VideoFeatures


@dataclass(frozen=True)
class Variation:
    """How pixels are varied anew at every step; with all at 0 they are read in the views of the stored features.

    Attributes:
        crop: most of a side that is cut off, in [0, 1).
        flip: probability of a mirror image.
        colour: how far brightness and colourfulness vary, in [0, 1): 0.2 is from 80 to 120 %.
        jitter: probability that a frame is replaced by the one before or behind it.
        operations: how many of kornia's are applied to each clip (pixel_operations.py).
    """

    crop: float = 0.0
    flip: float = 0.0
    colour: float = 0.0
    jitter: float = 0.0
    operations: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything varies."""
        return any((self.crop, self.flip, self.colour, self.jitter, self.operations))

    def draw(self, stored: View, random: np.random.Generator, *, is_flipped: bool) -> View:
        """A view in place of the stored one; a mirror image of a mirror image is the plain one."""
        side = 1.0 - float(random.uniform(0, self.crop))
        left, top = random.uniform(0, 1 - side, size=2).tolist()
        gain, saturation = random.uniform(1 - self.colour, 1 + self.colour, size=2).tolist()
        return View(left, top, side, stored.mirrored != is_flipped, gain, 0.0, saturation)

    def shift(self, frames: NDArray[np.int64], count: int, random: np.random.Generator) -> NDArray[np.int64]:
        """Indices of frames in order, some replaced by a neighbour's, still in order; of `count` frames in all."""
        moved = random.random(frames.shape) < self.jitter
        steps = random.choice([-1, 1], size=frames.shape)
        return np.sort(np.clip(frames + moved * steps, 0, count - 1), axis=None).reshape(frames.shape)


class PixelReader:
    """Reads what was drawn from a store, as prepared segments.

    Args:
        store: features of the videos whose frames the archive holds.
        archive: where frames are read from.
        looker: the frame encoder; its preparation counts, and how it groups frames.
        variation: how the frames vary.
    """

    def __init__(
        self, store: FeatureStore, archive: FrameReader, looker: Looker, variation: Variation | None = None
    ) -> None:
        self._store, self._archive, self._looker = store, archive, looker
        self._variation = variation or Variation()
        self._shape = looker.preparation.shapes[0]  # one for all, so that they fit into one tensor

    def read(self, drawn: Sequence[VideoFeatures]) -> Tensor:
        """Prepared segments (B, T, ...) of B videos in the views of the features, padded with zeros, fp32."""
        return _stack([self._segments(one, self._stored_view(one), self._frames(one)) for one in drawn])

    def vary(self, drawn: Sequence[VideoFeatures], random: np.random.Generator) -> tuple[Tensor, list[bool]]:
        """As `read`, varied; and whether each video was mirrored once more."""
        if not self._variation.is_any:
            return self.read(drawn), [False] * len(drawn)
        clips, flips = [], []
        for one in drawn:
            is_flipped = bool(random.random() < self._variation.flip)
            view = self._variation.draw(self._stored_view(one), random, is_flipped=is_flipped)
            frames = self._variation.shift(self._frames(one), len(self._names(one)), random)
            seed = int(random.integers(2**31)) if self._variation.operations else None
            clips.append(self._segments(one, view, frames, seed))
            flips.append(is_flipped)
        return _stack(clips), flips

    def _names(self, drawn: VideoFeatures) -> Sequence[str]:
        if drawn.video is None:
            raise ValueError("these features do not say of which video they are")
        return self._store.videos[drawn.video].frame_files

    def _stored_view(self, drawn: VideoFeatures) -> View:
        return draw_view(drawn.view, drawn.video or 0, self._store.seed)

    def _frames(self, drawn: VideoFeatures) -> NDArray[np.int64]:
        """Which frames of the video each segment has: (T, F)."""
        groups = self._looker.group(len(self._names(drawn)))
        return groups if drawn.kept is None else groups[drawn.kept]

    def _segments(self, drawn: VideoFeatures, view: View, frames: NDArray[np.int64], seed: int | None = None) -> Tensor:
        """The prepared segments (T, ...) of one video; with a seed its pixels are changed by operations."""
        names, indices = self._names(drawn), np.unique(frames).tolist()
        read = [view.apply(self._archive.read(names[index])) for index in indices]
        if seed is not None:
            read = list(change_pixels(np.stack(read), self._variation.operations, seed))
        pictures = dict(zip(indices, read, strict=True))
        return torch.cat(
            [self._looker.prepare_group([pictures[index] for index in group], self._shape) for group in frames.tolist()]
        )


def _stack(clips: Sequence[Tensor]) -> Tensor:
    """Segments (T, ...) of B videos -> (B, T, ...), padded with zeros to the longest."""
    images = torch.zeros(len(clips), max(map(len, clips)), *clips[0].shape[1:])
    for row, clip in enumerate(clips):
        images[row, : len(clip)] = clip
    return images
