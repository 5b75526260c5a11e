"""Mixes each clip of a batch with another one (mixup, arXiv 1710.09412), on features of the frame encoder.

    features = m x own + (1 - m) x other's        loss = m x loss(own text) + (1 - m) x loss(other's text)

m is drawn from a beta distribution and is at least one half. Where the other clip is shorter, a clip's own frames stay
as they are. Knows features; knows no model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from videobert_demo.model.packing import PackedCaptions


@dataclass(frozen=True)
class Mixture:
    """How a batch is mixed: `others` (B,) int64 says with which clip each one is; `share` is m."""

    others: Tensor
    share: float


def draw_mixture(count: int, alpha: float, seed: int) -> Mixture:
    """Draws how B clips are mixed; `alpha` is both parameters of the beta distribution."""
    random = np.random.default_rng((seed, count))
    share = float(random.beta(alpha, alpha))
    return Mixture(torch.from_numpy(random.permutation(count)), max(share, 1 - share))


def mix_clips(video: dict[str, Tensor], mixture: Mixture) -> dict[str, Tensor]:
    """frame_features (B, T, C), patch_features (B, T, P, C) and frame_mask (B, T), mixed; the mask stays."""
    others = mixture.others.to(video["frame_mask"].device)
    both = video["frame_mask"] & video["frame_mask"][others]  # (B, T)
    share = 1 - (1 - mixture.share) * both.to(video["frame_features"].dtype)  # (B, T)
    frames, patches = video["frame_features"], video["patch_features"]
    return {
        **video,
        "frame_features": torch.lerp(frames[others], frames, share[:, :, None]),
        "patch_features": torch.lerp(patches[others], patches, share[:, :, None, None]),
    }


def others_captions(packed: PackedCaptions, mixture: Mixture) -> PackedCaptions:
    """For each clip the captions of the one that it is mixed with."""
    others = mixture.others.to(packed.labels.device)
    return PackedCaptions(
        packed.decoder_input_ids[others], packed.labels[others], packed.sentence_ids[others], packed.positions[others]
    )
