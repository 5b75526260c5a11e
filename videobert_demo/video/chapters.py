"""Copies a film, picture and sound as they are, and writes chapters into the copy. Knows nothing about scenes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition

from videobert_demo.errors import UnsupportedClipError
from videobert_demo.video.container import open_all_tracks, shown_name
from videobert_demo.video.source import READ_SECONDS, Deadline

SUFFIXES = (".mp4", ".m4v", ".mov", ".mkv", ".webm")
"""Names of files that can hold chapters end with one of these."""

_TICKS_PER_SECOND = 1000
_COPIED_TYPES = ("video", "audio")


def copy_with_chapters(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    chapters: Sequence[tuple[float, float, str]],
    duration_seconds: float,
) -> None:
    """Writes a copy of a film, over a file that may be there. Pictures and sounds are not encoded again.

    Args:
        path: The film.
        out: Where to write, another file; its name ends with one of `SUFFIXES`. It appears when it is whole.
        chapters: Start and end in seconds, and title.
        duration_seconds: How long the film plays; copying may take as long.

    Raises:
        ClipError: The film cannot be read, or its codecs do not fit into such a file.
        ValueError: `out` has another ending, or is the film itself.
        OSError: The copy cannot be written.
    """
    target = Path(out)
    if target.suffix.lower() not in SUFFIXES:
        raise ValueError(f"the copy's name must end with one of {SUFFIXES}, got {target.name!r}")
    if target.exists() and target.samefile(path):
        raise ValueError(f"the copy must be another file than the film, got {target.name!r} for both")
    part = target.with_name(f".{target.name}.part{target.suffix}")
    try:
        _copy(path, part, chapters, Deadline(READ_SECONDS + duration_seconds))
        part.replace(target)
    except (av.FFmpegError, ValueError) as error:
        raise UnsupportedClipError(
            "{name} cannot be copied into a {suffix} file; name the copy something.mkv.",
            name=shown_name(path),
            suffix=target.suffix,
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _copy(
    path: str | os.PathLike[str], part: Path, chapters: Sequence[tuple[float, float, str]], deadline: Deadline
) -> None:
    with open_all_tracks(path, deadline) as source, av.open(str(part), "w") as sink:
        copied = {
            stream.index: sink.add_stream_from_template(stream)
            for stream in source.streams
            if stream.type in _COPIED_TYPES and not stream.disposition & Disposition.attached_pic
        }
        for index, stream in copied.items():
            stream.metadata.update(source.streams[index].metadata)
        sink.metadata.update(source.metadata)
        sink.set_chapters(
            [
                {
                    "id": number,
                    "start": round(start * _TICKS_PER_SECOND),
                    "end": round(end * _TICKS_PER_SECOND),
                    "time_base": Fraction(1, _TICKS_PER_SECOND),
                    "metadata": {"title": title},
                }
                for number, (start, end, title) in enumerate(chapters, start=1)
            ]
        )
        for packet in source.demux(*(source.streams[index] for index in copied)):
            deadline.check(shown_name(path))
            if packet.dts is None or packet.size == 0:
                continue
            packet.stream = copied[packet.stream.index]
            sink.mux(packet)
