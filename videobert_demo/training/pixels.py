"""Frames for a frame encoder that learns: the same frames in the same views as the stored features, as pixels.

Features can be stored only of a frozen encoder. One that learns reads its frames anew at every step; the store still
says which videos there are and draws views of them. Knows frames and views; knows no objective.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from videobert_demo.training.features import FrameReader, Looker, draw_view
from videobert_demo.training.store import FeatureStore, VideoFeatures


class PixelReader:
    """Reads what was drawn from a store, as prepared segments.

    Args:
        store: features of the videos whose frames the archive holds.
        archive: where frames are read from.
        looker: the frame encoder; its preparation counts, and how it groups frames.
    """

    def __init__(self, store: FeatureStore, archive: FrameReader, looker: Looker) -> None:
        self._store, self._archive, self._looker = store, archive, looker
        self._shape = looker.preparation.shapes[0]  # one for all, so that they fit into one tensor

    def read(self, drawn: Sequence[VideoFeatures]) -> Tensor:
        """Prepared segments (B, T, ...) of B videos, padded with zeros to the longest, fp32."""
        clips = [self._segments(one) for one in drawn]
        longest = max(map(len, clips))
        images = torch.zeros(len(clips), longest, *clips[0].shape[1:])
        for row, clip in enumerate(clips):
            images[row, : len(clip)] = clip
        return images

    def _segments(self, drawn: VideoFeatures) -> Tensor:
        if drawn.video is None:
            raise ValueError("these features do not say of which video they are")
        view = draw_view(drawn.view, drawn.video, self._store.seed)
        names = self._store.videos[drawn.video].frame_files
        groups = self._looker.group(len(names))
        wanted = range(len(groups)) if drawn.kept is None else drawn.kept.tolist()
        frames = {index: view.apply(self._archive.read(names[index])) for at in wanted for index in groups[at].tolist()}
        return torch.cat(
            [self._looker.prepare_group([frames[index] for index in groups[at].tolist()], self._shape) for at in wanted]
        )
