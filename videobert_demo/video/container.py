"""Opens one clip file so that nothing else can be read through it, and reading ends in time.

PyAV reads the clips, because it shows packet flags and true timestamps, so that 8 frames of a minute of H.264 cost 10
to 16 % of decoding it all; OpenCV's capture, which hides both, takes 53 to 74 % (benchmarks/frame_sampling.py).

What keeps a hostile file in its place:
  - The first bytes choose the demuxer. Playlists (m3u8, ffconcat, sdp ...) have none here, whatever they are called.
  - FFmpeg gets an open file, never a path or an address, and every request to open another one is refused.
  - The reader ends at the file's size when it was opened, and when the time is up.
  - FFmpeg may not allocate more than a fixed amount in one block: an index that a header only claims is not built.

Knows containers and limits; knows nothing about packets, frames or pictures.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from av.container import InputContainer
from av.stream import Discard
from av.video.format import VideoFormat
from av.video.stream import VideoStream

from videobert_demo.errors import (
    ClipTooLargeError,
    EmptyClipError,
    UnreadableClipError,
)
from videobert_demo.types import ClipLimits
from videobert_demo.video.animated_webp import canvas_size, unpack_animation
from videobert_demo.video.formats import ContainerFormat, detect_format
from videobert_demo.video.pixel_limits import (
    MIN_BLOCK_BYTES,
    block_bytes,
    check_pixels,
    most_pixels,
    most_still_pixels,
)
from videobert_demo.video.source import Deadline, ffmpeg_blocks_limited, open_source
from videobert_demo.video.tile_grid import read_tile_grid
from videobert_demo.video.tiles import join_tiles
from videobert_demo.video.tracks import main_track, picture_tracks

HEAD_BYTES = 4096
"""How many of a file's first bytes tell its format."""
_GENERATE_TIMES = 1  # AVFMT_FLAG_GENPTS


@dataclass(frozen=True, slots=True)
class OpenClip:
    """A clip that is open for reading.

    Attributes:
        shown_name: The file's name for messages.
        size_bytes: Size of the file.
        read_bytes: Size of what is read: the file, or its unpacked copy.
        container_format: How the file holds its streams.
        source: PyAV's container.
        stream: Its first moving picture; all other streams are discarded while demuxing.
        deadline: When reading has to end.
        limits: What the clip may cost.
        max_pixels: Width times height of a picture: what the limits say of a film, or of a photograph.
    """

    shown_name: str
    size_bytes: int
    read_bytes: int
    container_format: ContainerFormat
    source: InputContainer
    stream: VideoStream
    deadline: Deadline
    limits: ClipLimits
    max_pixels: int


@dataclass(frozen=True, slots=True)
class ClipFile:
    """A clip's file, checked, whose tracks may be opened again and again, one opening after another.

    Attributes:
        shown_name: Its name for messages.
        size_bytes: Its size.
        container_format: How it holds its streams.
        deadline: When reading has to end.
        limits: What the clip may cost.
        max_unpacked_pixels: Width times height of the picture that was unpacked from it, at most; None if it is read
            itself.
    """

    shown_name: str
    size_bytes: int
    container_format: ContainerFormat
    deadline: Deadline
    limits: ClipLimits
    max_unpacked_pixels: int | None
    _read: BinaryIO

    @contextlib.contextmanager
    def open(self) -> Iterator[OpenClip]:
        """Opens the clip at its beginning; it is closed when the block ends.

        Raises:
            ClipError: As `open_clip`.
        """
        read_bytes = os.fstat(self._read.fileno()).st_size
        opened = _open_main_track(self._read, self.container_format, read_bytes, self.deadline, self.shown_name)
        with opened as (source, stream):
            max_pixels = self.max_unpacked_pixels or most_pixels(self.container_format, stream, self.limits)
            check_pixels(stream.codec_context.width, stream.codec_context.height, max_pixels, self.shown_name)
            for other in source.streams:
                if other.index != stream.index:
                    other.discard = Discard.all
            # PyAV asks FFmpeg to invent missing times, which gives wrong ones for B-frames in AVI.
            source.flags &= ~_GENERATE_TIMES
            yield OpenClip(
                self.shown_name,
                self.size_bytes,
                read_bytes,
                self.container_format,
                source,
                stream,
                self.deadline,
                self.limits,
                max_pixels,
            )


@contextlib.contextmanager
def open_clip(path: str | os.PathLike[str], limits: ClipLimits, deadline: Deadline) -> Iterator[OpenClip]:
    """Opens a clip and checks its size, its format and the size of its pictures. Nothing is decoded for the caller yet.

    Args:
        path: A file. Addresses are not opened.
        limits: What the clip may cost.
        deadline: When reading has to end.

    Yields:
        The open clip; it is closed when the block ends.

    Raises:
        UnreadableClipError: The file is missing, not a regular file, damaged, or took too long.
        UnsupportedClipError: A format that is not accepted, or a codec without decoder.
        EmptyClipError: The file has no bytes.
        NoVideoStreamError: There is no moving picture in it.
        ClipTooLargeError: It has too many bytes.
        ClipTooManyPixelsError: Its pictures have too many pixels.
    """
    with open_file(path, limits, deadline) as file, file.open() as clip:
        yield clip


@contextlib.contextmanager
def open_file(path: str | os.PathLike[str], limits: ClipLimits, deadline: Deadline) -> Iterator[ClipFile]:
    """Opens a clip's file for those who read it more than once; what has to be unpacked is unpacked once.

    Arguments and errors as for `open_clip`.
    """
    name = shown_name(path)
    with open_regular_file(path, name) as file, contextlib.ExitStack() as opened:
        size_bytes = os.fstat(file.fileno()).st_size
        if size_bytes == 0:
            raise EmptyClipError("{name} is empty (0 bytes); save or download it again.", name=name)
        if size_bytes > limits.max_bytes:
            raise ClipTooLargeError(
                "{name} has {megabytes:.1f} MB, more than the limit of {most:g} MB; "
                "shorten it or save it with a smaller picture.",
                name=name,
                megabytes=size_bytes / 2**20,
                most=limits.max_bytes / 2**20,
            )
        head = file.read(HEAD_BYTES)
        container_format = detect_format(head, name)
        opened.enter_context(ffmpeg_blocks_limited(block_bytes(container_format, limits)))
        unpacked = _unpack(file, head, container_format, limits, deadline, name)
        if unpacked is None:
            yield ClipFile(name, size_bytes, container_format, deadline, limits, None, file)
        else:
            container_format, read, max_pixels = unpacked
            opened.enter_context(read)
            yield ClipFile(name, size_bytes, container_format, deadline, limits, max_pixels, read)


@contextlib.contextmanager
def open_all_tracks(path: str | os.PathLike[str], deadline: Deadline) -> Iterator[InputContainer]:
    """Opens a clip for copying: all its tracks, undecoded. Nothing else is read through it, as with `open_clip`.

    Raises:
        UnreadableClipError: The file is missing, not a regular file, or damaged.
        UnsupportedClipError: A format that is not accepted.
    """
    name = shown_name(path)
    with open_regular_file(path, name) as file:
        container_format = detect_format(file.read(HEAD_BYTES), name)
        size_bytes = os.fstat(file.fileno()).st_size
        with (
            ffmpeg_blocks_limited(MIN_BLOCK_BYTES),
            open_source(file, container_format, size_bytes, deadline, name) as source,
        ):
            yield source


def shown_name(path: str | os.PathLike[str]) -> str:
    """The path's last component in quotes, fit to be shown to a person."""
    name = Path(os.fspath(path)).name or os.fspath(path)
    printable = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)
    return f"“{printable if len(printable) <= 80 else printable[:77] + '...'}”"


def open_regular_file(path: str | os.PathLike[str], name: str) -> BinaryIO:
    """Opens a file for reading. Folders, devices, pipes and addresses are no files.

    Args:
        path: a file.
        name: the clip, for messages.

    Raises:
        UnreadableClipError: it is missing, may not be read, or is no regular file.
    """
    text = os.fspath(path)
    try:
        # Asked before opening, because opening a named pipe would wait for a writer.
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableClipError("{name} is a folder; choose a video file in it.", name=name)
        if not stat.S_ISREG(mode):
            raise UnreadableClipError("{name} is a device or a pipe; choose a video file.", name=name)
        return Path(path).open("rb")
    except PermissionError as error:
        raise UnreadableClipError(
            "{name} may not be read; change its permissions or choose another file.", name=name
        ) from error
    except (OSError, ValueError) as error:
        if "://" in text:
            raise UnreadableClipError(
                "{name} is an address and is not opened; download the clip and give the file.", name=name
            ) from error
        raise UnreadableClipError("There is no file {name}; check its name and folder.", name=name) from error


def _unpack(
    file: BinaryIO, head: bytes, container_format: ContainerFormat, limits: ClipLimits, deadline: Deadline, name: str
) -> tuple[ContainerFormat, BinaryIO, int] | None:
    """What is read in place of a file that FFmpeg does not read as a whole.

    Returns:
        How it holds its streams, the open file, and how many pixels a picture of it may have.
    """
    if container_format.unpacked_codec:
        check_pixels(*canvas_size(head), limits.max_pixels, name)
        return container_format, unpack_animation(file, name, lambda: deadline.check(name)), limits.max_pixels
    grid = read_tile_grid(file, name) if container_format.may_have_tiles else None
    if grid is None:
        return None
    check_pixels(grid.width, grid.height, limits.max_still_pixels, name)

    def check_layout(layout: VideoFormat) -> None:
        check_pixels(grid.width, grid.height, most_still_pixels(layout, limits), name)

    with open_source(file, container_format, os.fstat(file.fileno()).st_size, deadline, name) as source:
        joined, codec = join_tiles(source, grid, name, lambda: deadline.check(name), check_layout)
    return replace(container_format, demuxer="matroska", unpacked_codec=codec), joined, limits.max_still_pixels


@contextlib.contextmanager
def _open_main_track(
    file: BinaryIO, container_format: ContainerFormat, size_bytes: int, deadline: Deadline, name: str
) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Opens the container, unread, and finds the track to show; it is opened twice if there are several."""
    index: int | None = None
    with open_source(file, container_format, size_bytes, deadline, name) as source:
        tracks = picture_tracks(source, name)
        if len(tracks) == 1:
            yield source, tracks[0]
            return
        index = main_track(source, tracks)
    with open_source(file, container_format, size_bytes, deadline, name) as source:
        yield source, source.streams[index]  # type: ignore[misc]
