"""Takes evenly spaced frames from a clip, decoding as little as it can.

Knows how to join listing, choosing, decoding and colour; knows nothing about models.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from videobert_demo.types import ClipInfo, ClipLimits, Frames
from videobert_demo.video.colour import to_rgb
from videobert_demo.video.container import ClipFile, OpenClip, open_file
from videobert_demo.video.geometry import fit_into, fit_within, orientation_of, pad_to, shown_size
from videobert_demo.video.memory import give_memory_back
from videobert_demo.video.packets import PacketTable, scan_packets
from videobert_demo.video.pictures import (
    PACKETS_AFTER_WANTED,
    Picture,
    UndecodableRunError,
    read_pictures,
)
from videobert_demo.video.probe import describe, no_picture_error
from videobert_demo.video.sampling import PacketRun, choose_frames, plan_runs
from videobert_demo.video.source import Deadline

_SAME_MOMENT_SECONDS = 1e-6
_KEYFRAMES_EARLIER = 2


def read_clip(
    path: str | os.PathLike[str],
    count: int,
    *,
    limits: ClipLimits,
    max_side: int = 480,
    span_seconds: tuple[float, float] | None = None,
) -> tuple[ClipInfo, Frames]:
    """Takes frames from the centres of equal segments of a clip, or from keyframes near the centres.

    Memory holds the list of packets, the frames of one run in the decoder, and the frames that are returned.

    Args:
        path: A video file.
        count: How many frames to take, >= 1.
        limits: What the clip may cost.
        max_side: Greatest width and height of the frames, in pixels. The shape is kept, and small clips stay small.
        span_seconds: Start and end, exclusive, of the part of the clip to take them from; by default the whole clip.

    Returns:
        What the clip is, and its frames with the moments at which they come on screen, counted from the clip's start.
        There are fewer than `count` only if the clip, or its part, has fewer, or if some are damaged.

    Raises:
        ClipError: The clip cannot be used; `container.open_clip` and `packets.scan_packets` list the reasons.
    """
    _check_wish(count, max_side)
    try:
        with open_file(path, limits, Deadline()) as file:
            with file.open() as clip:
                table = scan_packets(clip)
            wanted = _choose_ordinals(table, count, span_seconds)
            for runs in _plans(table, wanted):
                with contextlib.suppress(UndecodableRunError):
                    return _collect(_read(file, table, wanted, runs, max_side))
        raise AssertionError("a run from the clip's start is always decodable")
    finally:
        give_memory_back()


def stream_clip(
    path: str | os.PathLike[str],
    count: int,
    *,
    limits: ClipLimits,
    max_side: int = 480,
    span_seconds: tuple[float, float] | None = None,
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """The frames of `read_clip` one by one, so that memory holds one of them.

    Args:
        path, count, limits, max_side, span_seconds: As `read_clip` takes them.

    Yields:
        When a frame comes on screen, increasing, and its pixels, uint8 (H, W, 3), RGB, all of one size.

    Raises:
        ClipError: As `read_clip`.
    """
    _check_wish(count, max_side)
    with open_file(path, limits, Deadline()) as file:
        with file.open() as clip:
            table = scan_packets(clip)
        wanted = _choose_ordinals(table, count, span_seconds)
        last_seconds = -np.inf
        for runs in _plans(table, wanted):
            with contextlib.suppress(UndecodableRunError):
                for _, seconds, pixels in _read(file, table, wanted, runs, max_side):
                    if seconds > last_seconds:
                        yield seconds, pixels
                        last_seconds = seconds
                return


def moments_taken(table: PacketTable) -> Callable[[float, float, int], NDArray[np.float64]]:
    """A function that tells when the frames come on screen that `read_clip` takes of a part of a clip.

    Args:
        table: The clip's packets.

    Returns:
        (start, end, count) -> (M,), sorted, in seconds, M <= count; 0 <= start < end.
    """
    by_rank = _by_rank(table)
    return lambda start, end, count: np.sort(table.seconds[_choose_from(table, by_rank, count, (start, end))])


def _check_wish(count: int, max_side: int) -> None:
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    if max_side < 1:
        raise ValueError(f"max_side must be at least 1, got {max_side}")


def _collect(read: Iterator[tuple[ClipInfo, float, NDArray[np.uint8]]]) -> tuple[ClipInfo, Frames]:
    infos, seconds, pixels = zip(*read, strict=True)
    return infos[0], Frames(np.stack(pixels), np.array(seconds, dtype=np.float64))


def _by_rank(table: PacketTable) -> NDArray[np.int64]:
    """Rank -> ordinal: the packets that are shown, in the order of showing."""
    shown = np.flatnonzero(table.is_shown)
    return shown[np.argsort(table.seconds[shown], kind="stable")]


def _choose_ordinals(
    table: PacketTable, count: int, span_seconds: tuple[float, float] | None = None
) -> NDArray[np.int64]:
    """The ordinals of the packets whose frames are wanted, (M,)."""
    return _choose_from(table, _by_rank(table), count, span_seconds)


def _choose_from(
    table: PacketTable, by_rank: NDArray[np.int64], count: int, span_seconds: tuple[float, float] | None
) -> NDArray[np.int64]:
    start, end = 0.0, table.duration_seconds
    if span_seconds is not None:
        start, end = _check_span(span_seconds)
        seconds = table.seconds[by_rank]
        inside = (seconds >= start - _SAME_MOMENT_SECONDS) & (seconds < end - _SAME_MOMENT_SECONDS)
        before = max(0, int(np.searchsorted(seconds, start)) - 1)
        # A part without a frame of its own shows the one that came on screen before it.
        by_rank = by_rank[inside] if inside.any() else by_rank[before : before + 1]
        end = min(end, table.duration_seconds)
    ranks = choose_frames(table.seconds[by_rank], table.is_keyframe[by_rank], max(0.0, end - start), count)
    return by_rank[ranks]


def _check_span(span_seconds: tuple[float, float]) -> tuple[float, float]:
    start, end = span_seconds
    if not 0 <= start < end:
        raise ValueError(f"span_seconds must be 0 <= start < end, got {span_seconds}")
    return start, end


def _plans(table: PacketTable, wanted: NDArray[np.int64]) -> Iterator[list[PacketRun]]:
    """What to decode, the cheapest first; a plan is for the case that the one before it is undecodable.

    A run that gives nothing begins in the middle of a refresh that goes on for longer than the run, at a packet that is
    not really a keyframe, or in damage. It then begins some keyframes earlier, and at last with the clip.
    """
    for keyframes_before in (0, _KEYFRAMES_EARLIER):
        if not table.is_ranked:
            yield plan_runs(wanted, table.seconds, table.is_keyframe, keyframes_before=keyframes_before)
            continue
        # The beginning of the clip shows how long the decoder delays its pictures, which a ranked clip needs to know.
        yield plan_runs(
            np.unique(np.append(wanted, 0)),
            table.seconds,
            table.is_keyframe,
            packets_after=PACKETS_AFTER_WANTED,
            keyframes_before=keyframes_before,
        )
    yield [PacketRun(0, len(table.seconds) - 1, frozenset(wanted.tolist()))]


def _read(
    file: ClipFile, table: PacketTable, wanted: NDArray[np.int64], runs: list[PacketRun], max_side: int
) -> Iterator[tuple[ClipInfo, float, NDArray[np.uint8]]]:
    """Decodes the runs and gives the frames that are on screen at the wanted moments, at least one."""
    info: ClipInfo | None = None
    last_seconds = -np.inf
    with file.open() as clip:
        source = PictureSource.of(clip)
        for picture in _wanted_pictures(clip, table, wanted, runs):
            if info is None:
                info = describe(clip, table, picture)
            if picture.seconds <= last_seconds:
                continue
            size = fit_within(info.width, info.height, max_side)
            last_seconds = picture.seconds
            yield info, picture.seconds, shown_pixels(source, picture.frame, size, (info.width, info.height))
        if info is None:
            raise no_picture_error(clip)


def _wanted_pictures(
    clip: OpenClip, table: PacketTable, wanted: NDArray[np.int64], runs: list[PacketRun]
) -> Iterator[Picture]:
    """For every wanted packet the picture that is on screen at its time.

    Before the clip's first picture that is the first one. A run that begins later and whose first picture comes after
    the first wanted moment raises UndecodableRunError.
    """
    asked = set(wanted.tolist())
    times = [sorted(float(table.seconds[ordinal]) for ordinal in run.wanted & asked) for run in runs]
    before: Picture | None = None
    position = 0
    for number, picture in read_pictures(clip, table, runs):
        if number != position:
            if before is not None and times[position]:
                yield before
            before, position = None, number
        waiting = times[position]
        while waiting and picture.seconds > waiting[0] + _SAME_MOMENT_SECONDS:
            if before is None and runs[number].first > 0:
                raise UndecodableRunError
            waiting.pop(0)
            yield before or picture
        if waiting and picture.seconds >= waiting[0] - _SAME_MOMENT_SECONDS:
            waiting.pop(0)
            yield picture
        before = picture
    if before is not None and times[position]:
        yield before


@dataclass(frozen=True, slots=True)
class PictureSource:
    """What all pictures of a clip have in common, known also when the clip is closed.

    Attributes:
        pixel_aspect: Width of a stored pixel divided by its height; None if the file does not say.
        codec: FFmpeg's name of the codec.
        shown_name: The file's name for messages.
    """

    pixel_aspect: Fraction | None
    codec: str
    shown_name: str

    @classmethod
    def of(cls, clip: OpenClip) -> PictureSource:
        """That of an open clip."""
        return cls(clip.stream.sample_aspect_ratio, clip.stream.codec_context.codec.canonical_name, clip.shown_name)


def shown_pixels(
    source: PictureSource, frame: VideoFrame, size: tuple[int, int], shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """Turns a decoded frame into what is shown.

    Args:
        source: What the clip's pictures have in common.
        frame: As the codec gives it. Its shape may differ from the clip's, as when a phone was turned on the way.
        size: Width and height of the result.
        shape: Width and height at which the clip is shown.

    Returns:
        uint8 (height, width, 3), RGB; black at two sides if the frame has another shape.
    """
    orientation = orientation_of(frame)
    own = shown_size(frame.width, frame.height, source.pixel_aspect, orientation)
    inner = size if own == shape else fit_into(*own, *size)
    width, height = inner[::-1] if orientation.swaps_sides else inner
    pixels = to_rgb(frame, width, height, source.codec, source.shown_name)
    return pad_to(orientation.apply(pixels), *size)
