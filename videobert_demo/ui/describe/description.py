"""A clip described: opened, captioned and timed. It knows the service; it knows neither the page nor HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from videobert_demo.service.service import VideoBertService
from videobert_demo.types import CaptionResult, ClipInfo, Frames

MAX_CANDIDATES = 5
_ENCODED_SHARE = 0.8  # of the whole time, roughly


@dataclass(frozen=True, slots=True)
class Description:
    """What the tab and the HTTP endpoint tell of one clip.

    Attributes:
        info: Facts of the clip.
        frames: The frames that were looked at.
        result: The captions, the best first.
        seconds: Time from the file to the answer.
        repeated_frames: How many frames are repetitions, because the clip has fewer than the frame encoder reads.
    """

    info: ClipInfo
    frames: Frames
    result: CaptionResult
    seconds: float
    repeated_frames: int = 0


def describe_clip(
    service: VideoBertService,
    path: str,
    *,
    neutral_words: bool | None = None,
    language: str | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Description:
    """Opens one clip and captions it.

    Args:
        service: The model.
        path: The file as it was uploaded: nothing is known about it yet.
        neutral_words, language: As for `service.caption`.
        progress: Called with the share that is done, in [0, 1], and the step: "reading", "looking" or "writing".

    Raises:
        ClipError: The file cannot be used as a clip.
    """
    started = time.perf_counter()
    report = progress or _report_to_nobody
    clip = service.open(path, progress=lambda share, step: report(share * _ENCODED_SHARE, step))
    report(_ENCODED_SHARE, "writing")
    result = service.caption(clip, candidates=MAX_CANDIDATES, neutral_words=neutral_words, language=language)
    return Description(clip.info, clip.frames, result, time.perf_counter() - started, clip.repeated_frames)


def _report_to_nobody(share: float, step: str) -> None:
    """The progress where nobody asked for it."""
