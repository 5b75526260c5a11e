"""What the UI, the command line and Python callers use: one object that opens clips and answers about them.

Keeps no state of a visitor: `open` returns the clip's features, every task takes them. The only memory is a bounded
cache keyed by the file's content.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from videobert_demo.errors import UnreadableClipError
from videobert_demo.model.images import prepare_images
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.settings import Settings
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.features import ClipTensors
from videobert_demo.types import CaptionResult, ClipInfo, Frames
from videobert_demo.video.decode import read_clip

DISPLAY_SIDE = 480
Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class ClipFeatures:
    """An opened clip: what was read and what the frame tower made of it. Safe to share between threads.

    Attributes:
        content_hash: SHA-256 of the file's bytes, hexadecimal.
        frames: the sampled frames, long side at most 480 pixels.
    """

    content_hash: str
    info: ClipInfo
    frames: Frames
    tensors: ClipTensors


class VideoBertService:
    """A loaded model and everything that can be asked of it. Use it from as many threads as you like."""

    def __init__(self, loaded: LoadedModel, settings: Settings) -> None:
        self.settings = settings
        self._loaded = loaded
        self._cache: OrderedDict[str, ClipFeatures] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def model_name(self) -> str:
        """The checkpoint's name."""
        return self._loaded.name

    @property
    def max_frames(self) -> int:
        """How many frames of a clip the model reads at most."""
        return int(self._loaded.model.config.max_frames)

    def open(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> ClipFeatures:
        """Reads a clip and runs the frame tower over its sampled frames; the same content again comes from the cache.

        Args:
            progress: called with a share in [0, 1] and a word for the person.

        Raises:
            ClipError: the file is no clip that can be read within the limits.
        """
        report = progress or (lambda _share, _word: None)
        report(0.0, "reading")
        digest = _hash_file(Path(path), self.settings.max_bytes)
        with self._lock:
            known = self._cache.get(digest)
            if known is not None:
                self._cache.move_to_end(digest)
                return known
        info, frames = read_clip(path, self.max_frames, limits=self.settings.limits, max_side=DISPLAY_SIDE)
        report(0.5, "looking")
        tensors = ClipTensors(*self._loaded.encode_images(prepare_images(frames.pixels)))
        clip = ClipFeatures(digest, info, frames, tensors)
        with self._lock:
            self._cache[digest] = clip
            while len(self._cache) > self.settings.cache_clips:
                self._cache.popitem(last=False)
        return clip

    def caption(self, clip: ClipFeatures, *, candidates: int = 5) -> CaptionResult:
        """Captions of the clip, the best first.

        Args:
            candidates: how many sentences are wanted; fewer come back when the search finds fewer different ones.
        """
        start = time.perf_counter()
        (captions,) = caption_clips(self._loaded, [clip.tensors], candidates=candidates)
        return CaptionResult(captions, time.perf_counter() - start)


def _hash_file(path: Path, max_bytes: int) -> str:
    """SHA-256 of a file's first `max_bytes` + 1 bytes: a larger file is refused later, by its size."""
    digest = hashlib.sha256()
    remaining = max_bytes + 1
    try:
        if not path.is_file():
            raise UnreadableClipError(f"{path.name} is not a file; choose a video file.")
        with path.open("rb") as file:
            while remaining > 0 and (block := file.read(min(1 << 20, remaining))):
                digest.update(block)
                remaining -= len(block)
    except OSError as error:
        raise UnreadableClipError(f"{path.name} cannot be read; check that it exists and may be opened.") from error
    return digest.hexdigest()


def load(
    checkpoint: str | None = None, *, revision: str | None = None, settings: Settings | None = None
) -> VideoBertService:
    """Loads a checkpoint: the one named, else the settings' (by default the bundled one).

    Args:
        checkpoint: a folder or a Hub id.
        revision: branch, tag or commit of a Hub id.
        settings: limits and cache size; by default from the environment.

    Raises:
        CheckpointError: the checkpoint is missing, foreign or damaged.
        SettingsError: an environment variable has a value that cannot be used.
    """
    chosen = settings or Settings.from_environment()
    name = checkpoint or chosen.checkpoint
    return VideoBertService(load_checkpoint(name, revision if checkpoint else revision or chosen.revision), chosen)
