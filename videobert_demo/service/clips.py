"""Opens clips: a file is read, sampled and run through the frame tower once. It knows no task."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.model.description import name_parts
from videobert_demo.model.features import ClipFeatures, ClipTensors
from videobert_demo.model.loading import LoadedModel, OnGpu, bind, fingerprint
from videobert_demo.service.examples import ExampleClip
from videobert_demo.service.memory import Memory
from videobert_demo.service.turns import AT_ONCE, Turns
from videobert_demo.service.workers import Workers
from videobert_demo.settings import Settings
from videobert_demo.types import ClipInfo, Frames
from videobert_demo.video.decode import read_clip
from videobert_demo.video.preview import write_preview
from videobert_demo.video.sampled import DISPLAY_SIDE, SampledClip, hash_file
from videobert_demo.video.sampling import group_frames

READERS = 2
"""How many clips are decoded at the same time: each takes all cores, and memory."""
_LOG = logging.getLogger(__name__)
ProgressReport = Callable[[float, str], None]


class ClipOperations:
    """The part of the service that opens clips, and what all its parts hold.

    Args:
        loaded: the model.
        settings: limits, cache size and library.
        on_gpu: a decorator for the one function that runs the model, such as `spaces.GPU`.
        examples: clips that are in every library from the start; by default the bundled ones.
        workers: processes that run the model in place of this one; in place of `on_gpu`, too.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        settings: Settings,
        on_gpu: OnGpu | None = None,
        examples: Sequence[ExampleClip] | None = None,
        workers: Workers | None = None,
    ) -> None:
        self.settings = settings
        self._loaded = loaded
        call, at_once = (bind(loaded, on_gpu), AT_ONCE) if workers is None else (workers.call, workers.plan.count)
        turns = Turns(call, at_once=at_once)
        self._call_model, self._call_together = turns.alone, turns.together
        self._readers = threading.Semaphore(READERS)
        self._examples, self._memory = examples, Memory(settings.cache_clips)

    @property
    def model_name(self) -> str:
        """The checkpoint's name."""
        return self._loaded.name

    @property
    def model_fingerprint(self) -> str:
        """Differs between checkpoints whose vectors cannot be compared."""
        return fingerprint(self._loaded.model)

    @property
    def model_parts(self) -> str:
        """What the checkpoint is made of: the names of its frame encoder, text encoder and decoder."""
        return ", ".join(name_parts(self._loaded.model).values())

    @property
    def is_untrained(self) -> bool:
        """Whether the checkpoint was put together from parts and never trained, so that what it says means nothing."""
        return bool(self._loaded.model.config.is_untrained)

    @property
    def is_on_gpu(self) -> bool:
        """Whether the model computes on a GPU."""
        return self._loaded.device.type != "cpu"

    @property
    def max_frames(self) -> int:
        """How many frames of a clip the model reads at most."""
        return int(self._loaded.model.config.max_frames)

    @property
    def frames_to_sample(self) -> int:
        """How many frames of a clip are decoded at most: those of all its segments."""
        return self.max_frames * self._loaded.preparation.frames

    def open(
        self,
        path: str | os.PathLike[str],
        *,
        span_seconds: tuple[float, float] | None = None,
        progress: ProgressReport | None = None,
    ) -> ClipFeatures:
        """Reads a clip and runs the frame tower over its sampled frames; the same content again comes from the cache.

        Args:
            span_seconds: start and end, exclusive, of a part of the clip, such as a scene; by default the whole clip.
                The frames are those of the part, with moments counted from the clip's start.
            progress: called with a share in [0, 1] and a word for the person.

        Raises:
            ClipError: the file is no clip that can be read within the limits.
        """
        report = progress or (lambda _share, _word: None)
        report(0.0, "reading")
        digest = hash_file(path, self.settings.max_bytes)
        if span_seconds is not None:
            digest = f"{digest} {span_seconds[0]:.3f}-{span_seconds[1]:.3f}"
        known = self._memory.clips.get(digest)
        if known is not None:
            return known
        info, frames = self._read(path, span_seconds)
        report(0.5, "looking")
        clip = self.encode(SampledClip(digest, info, frames))
        self._memory.clips.put(digest, clip)
        return clip

    def read_segments(self, path: str | os.PathLike[str], *, span_seconds: tuple[float, float] | None = None) -> Tensor:
        """The segments that `open` runs the frame encoder over, prepared for it: (T, ...), on the CPU.

        Raises:
            ClipError: as `open`.
        """
        _, frames = self._read(path, span_seconds)
        return self._loaded.prepare(_segments(frames, self._group(frames)))

    def _read(self, path: str | os.PathLike[str], span_seconds: tuple[float, float] | None) -> tuple[ClipInfo, Frames]:
        with self._readers:
            return read_clip(
                path,
                self.frames_to_sample,
                limits=self.settings.limits,
                max_side=DISPLAY_SIDE,
                span_seconds=span_seconds,
            )

    def _group(self, frames: Frames) -> NDArray[np.int64]:
        """The indices of the frames that each segment has: (T, F)."""
        return group_frames(len(frames), self._loaded.preparation.frames, self.max_frames)

    def write_preview(self, path: str | os.PathLike[str], out: str | os.PathLike[str]) -> None:
        """Writes the clip as a small .webm for browsers that do not play the file itself.

        Raises:
            ClipError: the file is no clip that can be read within the limits.
            OSError: `out` cannot be written.
        """
        write_preview(path, out, limits=self.settings.limits)

    def encode(self, clip: SampledClip) -> ClipFeatures:
        """Runs the frame tower over a clip that was decoded elsewhere; `open` does both."""
        frames = clip.frames
        groups = self._group(frames)
        shown = groups[:, groups.shape[1] // 2]
        repeated = groups.size - len(np.unique(groups))
        if repeated:
            _LOG.warning("a clip has %d frames, fewer than its encoder reads: %d are repeated", len(frames), repeated)
        tensors = self._look_at(_segments(frames, groups))
        kept = Frames(frames.pixels[shown], frames.timestamps_seconds[shown])
        return ClipFeatures(clip.content_hash, clip.info, kept, tensors, repeated)

    def _look_at(self, segments: NDArray[np.uint8]) -> ClipTensors:
        """The features of a clip's segments, as `LoadedModel.prepare` takes them.

        On a CPU clips take turns: together they take as long, and more memory.
        """
        images = self._loaded.prepare(segments)
        if self._loaded.device.type == "cpu":
            return ClipTensors(*self._call_model(LoadedModel.encode_clip, images))
        return ClipTensors(*self._call_together(LoadedModel.encode_clips, images))


def _segments(frames: Frames, groups: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The pixels of each segment, as `LoadedModel.prepare` takes them."""
    return frames.pixels[groups if groups.shape[1] > 1 else groups[:, 0]]
