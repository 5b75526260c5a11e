"""Computes the features of all data sets that training reads. Knows where they lie; knows no objective."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.everyday import read_everyday_stills
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.data.pairs import PairArchive, draw_pairs
from videobert_demo.data.stills import read_stills
from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.training.features import Looker, compute_features
from videobert_demo.training.initialise import load_published_tower

PAIR_FRAMES = 2
SOURCES = {
    "msrvtt": (read_videos, "frames.tar"),
    "everyday": (read_everyday_stills, "images.tar"),
    "flickr8k": (read_stills, "images.tar"),
}
REQUIRED = "msrvtt"
ComputeFeatures = Callable[..., None]
"""Takes what `compute_features` takes."""


def compute_all_features(
    data: Path,
    out: Path,
    *,
    views: int,
    pairs: int,
    grid: int,
    checkpoint: str | None = None,
    compute: ComputeFeatures = compute_features,
) -> None:
    """Writes the features of MSR-VTT, of the stills that are there, and of pairs of videos; an interrupted run goes on.

    Args:
        data: holds msrvtt/ and, if wanted, everyday/ and flickr8k/.
        views: the plain frame and views - 1 augmentations. pairs: how many pairs of videos side by side.
        grid: patches a side; with a checkpoint its own grid counts.
        checkpoint: whose frame encoder is used; by default the published EfficientNet-Lite0.
        compute: what is called for each data set, as `compute_features` is.
    """
    tower, patches = open_looker(checkpoint)
    patches = patches or grid
    for name, (read, archive) in SOURCES.items():
        folder = data / name
        if name == REQUIRED or folder.is_dir():
            videos = read(folder)
            compute(videos, FrameArchive(folder / archive), tower, out / name, views=views, grid=patches)
    drawn = draw_pairs(read_videos(data / REQUIRED, "train"), pairs, PAIR_FRAMES, seed=0)
    if drawn:
        joined = PairArchive(FrameArchive(data / REQUIRED / "frames.tar"))
        compute(drawn, joined, tower, out / "pairs", grid=patches)


def open_looker(checkpoint: str | None) -> tuple[Looker, int | list[int] | None]:
    """A checkpoint's frame encoder with its grid of patches; without one, the published EfficientNet-Lite0."""
    if checkpoint is None:
        return Looker(OnnxFrameTower(load_published_tower())), None
    loaded = load_checkpoint(checkpoint)
    config = loaded.model.config
    looker = Looker(
        loaded.tower, loaded.preparation, config.frame_channels, encoder_hash(config.vision), config.max_frames
    )
    return looker, config.patch_grid
