"""Lets FFmpeg read one open file, nothing else, and not for ever. Knows nothing about what is in the file."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import threading
import time
from collections.abc import Iterator
from typing import BinaryIO, NoReturn, Protocol

import av
import av._core
from av.container import InputContainer

from videobert_demo.errors import UnreadableClipError
from videobert_demo.video.formats import ContainerFormat

READ_SECONDS = 120.0
"""The longest that one clip may keep a reader busy, in seconds."""

_FFMPEG_BUFFER_BYTES = 256 * 1024
_STREAM_BUFFER_BYTES = 16 * 1024  # A live picture does not wait until a large buffer is full.
_ANALYSED_MICROSECONDS = 1_000_000


class Deadline:
    """A moment after which a clip is given up."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = READ_SECONDS if seconds is None else seconds
        self._end = time.monotonic() + self._seconds

    @property
    def passed(self) -> bool:
        """Whether the moment is over."""
        return time.monotonic() > self._end

    def check(self, shown_name: str) -> None:
        """Raises UnreadableClipError if the moment is over."""
        if self.passed:
            raise UnreadableClipError(
                "{name} took more than {seconds:g} seconds to read; "
                "shorten it, or convert it to an MP4 of smaller size, and try again.",
                name=shown_name,
                seconds=self._seconds,
            )


class BoundedFile:
    """A file for FFmpeg to read that ends at its size when it was opened, and at once when the deadline has passed."""

    def __init__(self, file: BinaryIO, size_bytes: int, deadline: Deadline) -> None:
        self._file = file
        self._size_bytes = size_bytes
        self._deadline = deadline

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; none at the end."""
        if self._deadline.passed:
            return b""
        return self._file.read(max(0, min(count, self._size_bytes - self._file.tell())))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves as io.RawIOBase.seek does; returns the new position, or an error code of FFmpeg's if there is none."""
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._file.tell(), os.SEEK_END: self._size_bytes}[whence]
        try:
            return self._file.seek(begin + offset)
        except (OSError, ValueError):
            return -errno.EINVAL

    def tell(self) -> int:
        """The position, in bytes."""
        return self._file.tell()


def open_source(
    file: BinaryIO, container_format: ContainerFormat, size_bytes: int, deadline: Deadline, name: str
) -> InputContainer:
    """Lets FFmpeg read the file, and nothing else, from its beginning.

    Args:
        file: The open file.
        container_format: How it holds its streams.
        size_bytes: How many of its bytes are read at most.
        deadline: When reading has to end.
        name: The clip, for messages.

    Raises:
        UnreadableClipError: It is damaged, or took too long.
    """
    file.seek(0)
    try:
        return av.open(
            BoundedFile(file, size_bytes, deadline),
            "r",
            format=container_format.demuxer,
            options={"format_whitelist": container_format.demuxer, "protocol_whitelist": ""},
            buffer_size=_FFMPEG_BUFFER_BYTES,
            metadata_errors="replace",
            io_open=_refuse_to_open,
        )
    except (av.FFmpegError, OSError, MemoryError) as error:
        deadline.check(name)
        raise UnreadableClipError(
            "{name} is damaged or incomplete; save, download or upload it again.", name=name
        ) from error


class Reader(Protocol):
    """What FFmpeg reads from if it cannot seek."""

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; none at the end."""


def open_unseekable(reader: Reader, container_format: ContainerFormat, name: str) -> InputContainer:
    """Lets FFmpeg read what comes from a reader, and nothing else, without seeking.

    Args:
        reader: Gives the bytes from the beginning.
        container_format: How it holds its streams.
        name: The clip, for messages.

    Raises:
        UnreadableClipError: It is damaged, or cannot be read before it is finished.
    """
    try:
        return av.open(
            reader,
            "r",
            format=container_format.demuxer,
            options={
                "format_whitelist": container_format.demuxer,
                "protocol_whitelist": "",
                "analyzeduration": str(_ANALYSED_MICROSECONDS),
            },
            buffer_size=_STREAM_BUFFER_BYTES,
            metadata_errors="replace",
            io_open=_refuse_to_open,
        )
    except (av.FFmpegError, OSError, MemoryError) as error:
        raise UnreadableClipError(
            "{name} cannot be read while it is written; record it as .mkv, .webm or .ts.", name=name
        ) from error


def _refuse_to_open(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    """Answers FFmpeg's requests to open a file that the clip names."""
    raise PermissionError(f"a clip asked for another file: {url!r}")


_limits_lock = threading.Lock()
_limits_in_use: list[int] = []


@contextlib.contextmanager
def ffmpeg_blocks_limited(max_block_bytes: int) -> Iterator[None]:
    """Lets FFmpeg refuse any single allocation above this size, as long as the block runs (av_max_alloc of libavutil).

    The limit is the whole process's: of several clips that are open at once the largest limit counts.

    A file of 5 kB can claim an index of 64 million samples, for which FFmpeg would take 2.4 GB before it reads the
    first one. PyAV does not offer this function; its extension module is linked to the library that has it. Windows
    does not look symbols up that way, and there such a claim is bounded by the machine's memory only.
    """
    with _limits_lock:
        _limits_in_use.append(max_block_bytes)
        _set_block_limit(max(_limits_in_use))
    try:
        yield
    finally:
        with _limits_lock:
            _limits_in_use.remove(max_block_bytes)
            _set_block_limit(max(_limits_in_use, default=max_block_bytes))


def _set_block_limit(max_block_bytes: int) -> None:
    function = getattr(_PYAV_CORE, "av_max_alloc", None)
    if function is not None:
        function(ctypes.c_size_t(max_block_bytes))


_PYAV_CORE = ctypes.CDLL(av._core.__file__)
