"""Computes the frozen tower's features of a captioned data set once and keeps them on disk, for training.

One folder a data set: `patches.npy` (views, segments, P, C) and `pooled.npy` (views, segments, C), fp16 memory maps,
and `index.json` with each video's rows and the hash of the encoder. A segment is a frame, or with an encoder of clips
as many of the video's frames as that reads. View 0 is the plain frame; the others are augmentations, the same for all
frames of a video. An interrupted run continues where it stopped.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from tqdm.auto import tqdm

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.errors import CheckpointError, DataError
from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.encoders.contract import Preparation, SegmentFeatures
from videobert_demo.model.encoders.efficientnet_lite import FEATURE_CHANNELS, PREPARATION
from videobert_demo.model.images import prepare_segments
from videobert_demo.video.sampling import group_frames

VIDEOS_PER_BATCH = 8
DEFAULT_ENCODER = encoder_hash({})


class FrameReader(Protocol):
    """Where frames are read from."""

    def read(self, name: str) -> NDArray[np.uint8]:
        """The frame (H, W, 3) RGB uint8."""


@dataclass(frozen=True)
class View:
    """An augmentation of a whole video: crop in fractions of the frame, mirror image, brightness, colourfulness.

    Brightness is multiplied by `gain` and raised by `offset`; `saturation` 0 is grey, 1 as it is.
    """

    left: float = 0.0
    top: float = 0.0
    side: float = 1.0
    mirrored: bool = False
    gain: float = 1.0
    offset: float = 0.0
    saturation: float = 1.0

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 -> a smaller or equal (H', W', 3) uint8."""
        height, width = image.shape[:2]
        top, left = int(self.top * height), int(self.left * width)
        crop = image[top : top + max(1, int(self.side * height)), left : left + max(1, int(self.side * width))]
        if self.mirrored:
            crop = crop[:, ::-1]
        if self.gain != 1.0 or self.offset != 0.0:
            lit = cv2.convertScaleAbs(np.ascontiguousarray(crop), alpha=self.gain, beta=self.offset)
            crop = np.asarray(lit, dtype=np.uint8)
        if self.saturation != 1.0:
            grey = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_RGB2GRAY)[:, :, None]
            coloured = cv2.addWeighted(crop, self.saturation, np.repeat(grey, 3, axis=2), 1 - self.saturation, 0)
            crop = np.asarray(coloured, dtype=np.uint8)
        return crop


def draw_view(index: int, video_index: int, seed: int) -> View:
    """View 0 is the identity, view 1 the mirror image, others are random crops of 75-100 % of a side, half mirrored."""
    if index < 2:
        return View(mirrored=index == 1)
    random = np.random.default_rng((seed, index, video_index))
    side = float(random.uniform(0.75, 1.0))
    return View(
        left=float(random.uniform(0, 1 - side)),
        top=float(random.uniform(0, 1 - side)),
        side=side,
        mirrored=bool(random.integers(2)),
        gain=float(random.uniform(0.8, 1.2)),
        offset=float(random.uniform(-20, 20)),
    )


@dataclass(frozen=True, eq=False)
class Looker:
    """A frozen frame encoder, and what has to be known to use it; by default of EfficientNet-Lite0.

    Attributes:
        tower: prepared segments -> what `contract.FrameEncoder.forward` returns.
        preparation: how frames become its input.
        channels: C.
        encoder: its hash.
        max_segments: how many of a video an encoder of clips reads; one of images takes all frames.
    """

    tower: nn.Module
    preparation: Preparation = PREPARATION
    channels: int = FEATURE_CHANNELS
    encoder: str = DEFAULT_ENCODER
    max_segments: int = 8

    def group(self, frames: int) -> NDArray[np.int64]:
        """The frames that each segment of a video with `frames` frames gets: (T, F)."""
        if self.preparation.frames == 1:
            return np.arange(frames, dtype=np.int64)[:, None]
        return group_frames(frames, self.preparation.frames, self.max_segments)

    def prepare(self, frames: list[NDArray[np.uint8]]) -> list[Tensor]:
        """A video's frames -> T prepared segments, each (1, ...)."""
        return [self.prepare_group([frames[index] for index in group]) for group in self.group(len(frames)).tolist()]

    def prepare_group(self, frames: list[NDArray[np.uint8]], shape: tuple[int, int] | None = None) -> Tensor:
        """The F frames of one segment -> the prepared segment, (1, ...)."""
        pixels = np.stack(frames)
        return prepare_segments(pixels if len(frames) == 1 else pixels[None], self.preparation, shape)


class FeatureFiles:
    """The files of one data set's features while they are computed, batch after batch, in order.

    Args:
        videos: whose frames are encoded.
        looker: the encoder; its tower is not used here.
        out: the folder.
        views: how many augmentations, the plain frame included.
        grid: g; the map is averaged to g x g patches. Rows and columns where they differ.
        seed: of the augmentations.

    Attributes:
        batches: the batches (view, first video) that are left to do.

    Raises:
        DataError: `out` holds features of other videos or settings.
    """

    def __init__(
        self, videos: list[CaptionedVideo], looker: Looker, out: Path, views: int, grid: int | Sequence[int], seed: int
    ) -> None:
        out.mkdir(parents=True, exist_ok=True)
        rows_of_video = [len(looker.group(len(video.frame_files))) for video in videos]
        self._starts = np.cumsum([0, *rows_of_video])
        frames = int(self._starts[-1])
        index = {
            "views": views,
            "grid": grid,
            "seed": seed,
            "frames": frames,
            "encoder": looker.encoder,
            "videos": [
                {
                    **asdict(video),
                    "first_row": int(start),
                    **({} if count == len(video.frame_files) else {"rows": count}),
                }
                for video, start, count in zip(videos, self._starts, rows_of_video, strict=False)
            ],
        }
        rows, columns = grid_of(grid)
        self._state_path = out / "state.json"
        self._done = _count_done(out / "index.json", self._state_path, json.dumps(index))
        shapes = {
            "patches": (views, frames, rows * columns, looker.channels),
            "pooled": (views, frames, looker.channels),
        }
        mode = "r+" if self._done else "w+"
        self._arrays = {
            name: np.lib.format.open_memmap(out / f"{name}.npy", mode=mode, dtype=np.float16, shape=shape)
            for name, shape in shapes.items()
        }
        batches = [(view, first) for view in range(views) for first in range(0, len(videos), VIDEOS_PER_BATCH)]
        self._count, self.batches = len(batches), batches[self._done :]

    @property
    def done(self) -> int:
        """How many batches are done."""
        return self._done

    def write(self, view: int, first: int, parts: Iterable[tuple[NDArray[np.float16], NDArray[np.float16]]]) -> None:
        """Writes the next batch: its patches (N, P, C) and pooled features (N, C), in order."""
        row = int(self._starts[first])
        for patches, pooled in parts:
            rows = slice(row, row := row + len(pooled))
            self._arrays["patches"][view, rows], self._arrays["pooled"][view, rows] = patches, pooled
        self._done += 1
        if self._done % 50 == 0 or self._done == self._count:
            for array in self._arrays.values():
                array.flush()
            self._state_path.write_text(json.dumps({"batches": self._done}), encoding="utf-8")


def compute_features(
    videos: list[CaptionedVideo],
    archive: FrameReader,
    tower: nn.Module | Looker,
    out: Path,
    *,
    views: int = 1,
    grid: int | Sequence[int] = 4,
    seed: int = 0,
    progress: bool = True,
) -> None:
    """Writes the features of all frames of `videos` into the folder `out`; resumes a run that was cut off.

    Args:
        tower: the encoder; a module alone is used as EfficientNet-Lite0.
        views, grid, seed: as `FeatureFiles` takes them.

    Raises:
        DataError: `out` holds features of other videos or settings.
    """
    looker = tower if isinstance(tower, Looker) else Looker(tower)
    files = FeatureFiles(videos, looker, out, views, grid, seed)
    bar = tqdm(files.batches, desc=f"features of {out.name}", unit="batch", disable=not progress)
    for view, first in bar:
        images = read_batch(videos[first : first + VIDEOS_PER_BATCH], archive, looker, view, first, seed)
        files.write(view, first, encode_batch(looker.tower, images, grid_of(grid)))


def read_batch(
    videos: Sequence[CaptionedVideo], archive: FrameReader, looker: Looker, view: int, first: int, seed: int
) -> list[Tensor]:
    """The prepared segments of one view of a batch's videos; `first` is the number of the first among all."""
    images = []
    for offset, video in enumerate(videos):
        augmentation = draw_view(view, first + offset, seed)
        images += looker.prepare([augmentation.apply(archive.read(name)) for name in video.frame_files])
    return images


def grid_of(grid: int | Sequence[int]) -> tuple[int, int]:
    """Rows and columns of a grid of patches."""
    rows, columns = (grid, grid) if isinstance(grid, int) else grid
    return rows, columns


def _count_done(index_path: Path, state_path: Path, index: str) -> int:
    """How many batches an earlier run finished; writes the index if there was none."""
    if not index_path.exists():
        index_path.write_text(index, encoding="utf-8")
        return 0
    found = {"encoder": DEFAULT_ENCODER, **json.loads(index_path.read_text(encoding="utf-8"))}
    if found != json.loads(index):
        raise DataError(
            f"{index_path.parent} holds the features of other videos or settings; choose another folder or delete it"
        )
    return int(json.loads(state_path.read_text())["batches"]) if state_path.exists() else 0


def encode_batch(
    tower: nn.Module, images: list[Tensor], grid: tuple[int, int]
) -> Iterator[tuple[NDArray[np.float16], NDArray[np.float16]]]:
    """Patches (N, P, C) and pooled features (N, C) of prepared segments (1, ...), in order.

    Neighbours of one size are encoded together.

    Raises:
        CheckpointError: the encoder gives values that 16 bits do not hold.
    """
    device = next((value.device for value in tower.parameters()), torch.device("cpu"))
    for _, alike in itertools.groupby(images, key=lambda image: image.shape):
        with torch.inference_mode():
            features = SegmentFeatures.of(tower(torch.cat(list(alike)).to(device)))
        patches = functional.adaptive_avg_pool2d(features.maps, grid).flatten(2).transpose(1, 2)  # (N, P, C)
        parts = patches.half(), features.pooled.half()
        if not all(torch.isfinite(part).all() for part in parts):
            raise CheckpointError(
                "The frame encoder gives values that are not numbers or beyond 65,504, more than features of 16 bits"
                " hold. Choose another encoder, or scale the weights of its last layer down."
            )
        yield parts[0].cpu().numpy(), parts[1].cpu().numpy()
