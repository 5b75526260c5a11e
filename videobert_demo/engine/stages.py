"""What runs in the processes of a cluster: reading a clip, and what the model makes of it. Knows no Ray.

A process that reads imports no PyTorch. An error that a clip causes becomes one sentence in its row, and stops no other
clip.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from videobert_demo.data.fetching import clip_name, local_copy, reason_of
from videobert_demo.data.listing import AllowedPlaces, ListedClip
from videobert_demo.errors import VideoBertDemoError
from videobert_demo.library.entries import title_of
from videobert_demo.settings import Settings
from videobert_demo.types import EncodedClip
from videobert_demo.video.sampled import SampledClip, sample_clip

if TYPE_CHECKING:
    from videobert_demo.service.files import FileReport
    from videobert_demo.service.service import VideoBertService

CLIP_ERRORS = (VideoBertDemoError, OSError, ValueError, RuntimeError, MemoryError)
"""The errors that a clip may cause."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Where each process finds the model, and how it is to be used.

    Attributes:
        checkpoint: a folder that every machine has, or a Hub id.
        revision: branch, tag or commit of a Hub id.
        settings: limits, and where clips may be fetched from.
    """

    checkpoint: str
    revision: str | None
    settings: Settings

    @classmethod
    def of(cls, checkpoint: str | None, revision: str | None, settings: Settings) -> ModelSource:
        """What the processes need of these settings: no secret, and no memory of clips."""
        bare = replace(settings, library=None, library_token="", sign_ins=(), cache_clips=0)
        return cls(checkpoint or settings.checkpoint, revision if checkpoint else revision or settings.revision, bare)

    @property
    def places(self) -> AllowedPlaces:
        """Where clips may be fetched from."""
        return AllowedPlaces(self.settings.clip_places)

    def load(self) -> VideoBertService:
        """The service, in this process."""
        from videobert_demo.service.opening import load

        return load(self.checkpoint, revision=self.revision, settings=self.settings)


@dataclass(frozen=True, slots=True)
class ReadClip:
    """A clip that was read, or why it cannot be.

    Attributes:
        sampled: its frames; None if it cannot be read.
        error: one sentence, or "".
        seconds: how long reading took.
    """

    clip: ListedClip
    sampled: SampledClip | None
    error: str
    seconds: float


def read_listed(clip: ListedClip, *, source: ModelSource, frames: int) -> ReadClip:
    """Fetches, checks and decodes a clip.

    Args:
        frames: how many are taken at most.
    """
    started = time.perf_counter()
    settings = source.settings
    try:
        with local_copy(clip.address, source.places, settings.max_bytes) as path:
            sampled = sample_clip(path, frames, settings.limits)
    except CLIP_ERRORS as error:
        return ReadClip(clip, None, reason_of(clip.address, error), time.perf_counter() - started)
    return ReadClip(clip, sampled, "", time.perf_counter() - started)


def make_captioner(source: ModelSource, *, language: str = "en") -> Callable[[ReadClip], FileReport]:
    """Makes what turns a clip that was read into its row, as `service.files` has them.

    Args:
        language: as for `service.caption`.
    """
    return partial(_caption, source.load(), language)


def _caption(service: VideoBertService, language: str, read: ReadClip) -> FileReport:
    from videobert_demo.service.files import caption_row

    address = read.clip.address
    if read.sampled is None:
        return {"file": address, "error": read.error}
    started = time.perf_counter() - read.seconds
    try:
        return caption_row(service, address, service.encode(read.sampled), started, language=language)
    except CLIP_ERRORS as error:
        return {"file": address, "error": reason_of(address, error)}


def make_encoder(source: ModelSource) -> Callable[[ReadClip], EncodedClip | str]:
    """Makes what turns a clip that was read into what a library holds of it, or into the reason why there is none."""
    return partial(_encode, source.load(), source)


def _encode(service: VideoBertService, source: ModelSource, read: ReadClip) -> EncodedClip | str:
    from videobert_demo.service.timeline import is_long

    address = read.clip.address
    if read.sampled is None:
        return read.error
    try:
        clip = service.library_clip(service.encode(read.sampled), title_of(clip_name(address)), address)
        if not is_long(clip):
            return clip
        # Where a long clip's scenes begin is asked of the model while it is read, so it is read here.
        with local_copy(address, source.places, source.settings.max_bytes) as path:
            return service.segment_by_scenes(clip, path)
    except CLIP_ERRORS as error:
        return reason_of(address, error)
