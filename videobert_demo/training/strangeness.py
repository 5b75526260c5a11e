"""Fits the head that tells made clips, of which nothing can be told, from videos. The tower stays as it is."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from videobert_demo.data.made_clips import make_clips
from videobert_demo.errors import DataError
from videobert_demo.model.loading import LoadedModel
from videobert_demo.training.store import FeatureStore

MADE_CLIPS, SEED = 150, 1
COST = 1e-3
"""What a clip on the wrong side costs beside the squared weights: little, since the made clips are few and plain."""
_STEPS = 200


def fit_strangeness_head(loaded: LoadedModel, store: FeatureStore, *, made: int = MADE_CLIPS) -> int:
    """Fits the head to the videos of the split train and to made clips, and puts it into the model.

    Returns:
        How many made clips it learned from.

    Raises:
        DataError: no video is there to learn from.
    """
    rows = [row for row, video in enumerate(store.videos) if video.split == "train"]
    if not rows:
        raise DataError("the features hold no video of the split 'train'")
    videos = torch.from_numpy(np.stack([store.all_pooled([row]).mean(0) for row in rows]))
    strange = [loaded.encode_images(loaded.prepare(frames[:1]))[0][0] for _, frames in make_clips(made, SEED)]
    head = fit_strangeness(videos, torch.stack(strange).clone())
    loaded.model.config.tells_strangeness = True
    loaded.model.register_module("strangeness_head", head)
    return made


def fit_strangeness(videos: Tensor, strange: Tensor) -> nn.Linear:
    """Logistic regression with a ridge, both sides weighing the same.

    Args:
        videos: (N, C). strange: (M, C).
    """
    inputs = torch.cat([videos, strange])
    targets = torch.cat([torch.zeros(len(videos)), torch.ones(len(strange))])
    weights = torch.where(targets > 0, len(inputs) / (2 * len(strange)), len(inputs) / (2 * len(videos)))
    mean, spread = videos.mean(0), videos.std(0, unbiased=False) + 1e-3
    scaled = (inputs - mean) / spread
    head = nn.Linear(inputs.shape[1], 1)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        losses = functional.binary_cross_entropy_with_logits(head(scaled)[:, 0], targets, weights, reduction="sum")
        total = COST * losses + 0.5 * head.weight.square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    with torch.no_grad():  # so that the head reads features that are not normalised
        head.weight.div_(spread)
        head.bias.sub_(head.weight @ mean)
    return head
