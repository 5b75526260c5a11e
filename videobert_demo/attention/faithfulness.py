"""Whether the model rests on what a heatmap shows: deletion and insertion curves (arXiv 1806.07421, section 3.2).

    deletion     patches are blanked, the hottest first: the word's score should fall early
    insertion    patches come back to an empty clip, the hottest first: it should rise early

Beside them stand the same curves in random order. A word's score is its log-probability, or for a typed word the clip's
similarity to it. Knows scores and orders; knows no drawing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from videobert_demo.attention.blanking import encode_kept
from videobert_demo.attention.scoring import encoder_inputs, model_for, score_target, target_direction
from videobert_demo.attention.targets import Target
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.types import Heatmap

PASSES_PER_BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class Faithfulness:
    """The curves of one heatmap. All arrays are float64 (steps + 1,).

    Attributes:
        shares: share of the patches that are blanked (deletion) or shown (insertion), from 0 to 1.
        deletion, insertion: the word's score in the order of the heatmap.
        random_deletion, random_insertion: the same in random order, the mean of several draws.
    """

    shares: NDArray[np.float64]
    deletion: NDArray[np.float64]
    insertion: NDArray[np.float64]
    random_deletion: NDArray[np.float64]
    random_insertion: NDArray[np.float64]

    def __post_init__(self) -> None:
        curves = (self.deletion, self.insertion, self.random_deletion, self.random_insertion)
        if self.shares.ndim != 1 or any(curve.shape != self.shares.shape for curve in curves):
            raise ValueError(f"curves need one shape, got {[curve.shape for curve in (self.shares, *curves)]}")
        if len(self.shares) < 2 or not (np.diff(self.shares) >= 0).all():
            raise ValueError(f"shares must be at least two and non-decreasing, got {self.shares.tolist()}")
        if not all(np.isfinite(curve).all() for curve in curves):
            raise ValueError("curves must be finite")

    @property
    def deletion_gain(self) -> float:
        """The area by which the deletion curve lies below the random one; positive is good."""
        return float(np.trapezoid(self.random_deletion - self.deletion, self.shares))

    @property
    def insertion_gain(self) -> float:
        """The area by which the insertion curve lies above the random one; positive is good."""
        return float(np.trapezoid(self.insertion - self.random_insertion, self.shares))

    @property
    def score(self) -> float:
        """The mean of the two areas."""
        return (self.deletion_gain + self.insertion_gain) / 2


def measure_faithfulness(
    loaded: LoadedModel,
    clip: ClipTensors,
    target: Target,
    heatmap: Heatmap,
    *,
    steps: int = 8,
    draws: int = 3,
    seed: int = 0,
) -> Faithfulness:
    """The curves of one heatmap; see `compare_heatmaps`."""
    return compare_heatmaps(loaded, clip, target, {"": heatmap}, steps=steps, draws=draws, seed=seed)[""]


def compare_heatmaps(
    loaded: LoadedModel,
    clip: ClipTensors,
    target: Target,
    heatmaps: Mapping[str, Heatmap],
    *,
    steps: int = 8,
    draws: int = 3,
    seed: int = 0,
) -> dict[str, Faithfulness]:
    """The curves of several heatmaps of one word; they share the random draws and the two ends.

    Costs (steps - 1) * (2 * heatmaps + draws) + 2 passes, `PASSES_PER_BATCH` in a batch: a random order read
    backwards is a random order too, so each draw gives both curves.

    Args:
        heatmaps: (T, rows, columns) each, of this clip; of one that is finer than the patches, each patch has its mean.
        steps: how many steps the curves have, >= 2.
        draws: how many random orders, >= 1.
    """
    frames, patches = clip.patch_features.shape[:2]
    total = frames * patches
    if steps < 2 or draws < 1:
        raise ValueError(f"steps must be at least 2 and draws at least 1, got {steps} and {draws}")
    grid = loaded.model.config.grid_shape
    for heatmap in heatmaps.values():
        if len(heatmap) != frames or any(
            have < need for have, need in zip(heatmap.values.shape[1:], grid, strict=True)
        ):
            raise ValueError(f"a heatmap of {heatmap.values.shape} does not fit {frames} frames of {patches} patches")
    heatmaps = {name: _of_patches(heatmap, grid) for name, heatmap in heatmaps.items()}
    random = np.random.default_rng(seed)
    shown = np.round(np.arange(steps + 1) * (total / steps)).astype(int)  # how many patches are left, at each step
    rows: list[NDArray[np.bool_]] = []
    for heatmap in heatmaps.values():
        order = hottest_first(heatmap)
        rows += keep_first(order[::-1], shown[1:-1])  # deletion, from its end: the coolest are the last to go
        rows += keep_first(order, shown[1:-1])
    for _ in range(draws):
        rows += keep_first(random.permutation(total), shown[1:-1])
    rows += keep_first(np.arange(total), shown[[0, -1]])
    kept = torch.from_numpy(np.stack(rows).reshape(-1, frames, patches))
    scores = _scores(loaded, clip, target, kept)
    nothing, everything = scores[-2:]
    inner = scores[:-2].reshape(-1, steps - 1)
    curves = np.pad(inner, ((0, 0), (1, 1)))  # (curves, steps + 1), over the number of patches that are shown
    curves[:, 0], curves[:, -1] = nothing, everything
    random_curve = curves[2 * len(heatmaps) :].mean(0)
    shares = shown / total
    # deletion runs the other way along the same axis: where a share is shown, 1 - share is blanked
    blanked = 1 - shares[::-1]
    found = {}
    for number, name in enumerate(heatmaps):
        deletion, insertion = curves[2 * number][::-1], curves[2 * number + 1]
        at_shares = [np.interp(shares, blanked, curve) for curve in (deletion, random_curve[::-1])]
        found[name] = Faithfulness(shares, at_shares[0], insertion, at_shares[1], random_curve)
    return found


def hottest_first(heatmap: Heatmap) -> NDArray[np.int64]:
    """The indices (T * P,) of the patches from the hottest to the coolest; among equal ones the earlier comes first."""
    return np.argsort(-heatmap.values.ravel(), kind="stable").astype(np.int64)


def keep_first(order: NDArray[np.int64], counts: Sequence[int] | NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """For each count n a mask (len(order),) that is True for the first n patches of the order."""
    rows = []
    for count in counts:
        row = np.zeros(len(order), dtype=np.bool_)
        row[order[: int(count)]] = True
        rows.append(row)
    return rows


def _of_patches(heatmap: Heatmap, grid: tuple[int, int]) -> Heatmap:
    if heatmap.values.shape[1:] == grid:
        return heatmap
    values = functional.adaptive_avg_pool2d(torch.from_numpy(heatmap.values.copy()), grid)
    return Heatmap(values.numpy(), heatmap.timestamps_seconds)


@torch.no_grad()
def _scores(loaded: LoadedModel, clip: ClipTensors, target: Target, kept: Tensor) -> NDArray[np.float64]:
    """The word's score with only these patches (N, T, P) shown: (N,)."""
    direction = target_direction(loaded, target)
    with torch.inference_mode(False):
        inputs, model = encoder_inputs(loaded, clip, target.question), model_for(loaded, target)
        scores: list[float] = []
        for batch in range(math.ceil(len(kept) / PASSES_PER_BATCH)):
            part = kept[batch * PASSES_PER_BATCH : (batch + 1) * PASSES_PER_BATCH].to(loaded.device)
            encoded = encode_kept(model, inputs, part)
            scores += score_target(model, encoded, target, direction).tolist()
    return np.array(scores, dtype=np.float64)
