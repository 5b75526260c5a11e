"""Reads subtitles: an .srt, .vtt or .ass file beside a clip, or a text track inside it. Knows files; knows no pictures.

Markup is left out: what comes back are words. Tracks of pictures, as on discs, have none.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import av
import pysubs2
from av.container import InputContainer
from av.subtitles.stream import SubtitleStream

from videobert_demo.errors import SubtitleError
from videobert_demo.types.subtitles import Cue, Subtitles, in_order
from videobert_demo.video.container import open_all_tracks, open_regular_file, shown_name
from videobert_demo.video.source import Deadline

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
MAX_BYTES, MAX_CUES = 5 << 20, 20_000
_TAG = re.compile(r"<[^<>]{0,200}>|\{[^{}]{0,200}\}")


def read_subtitle_file(path: str | os.PathLike[str]) -> Subtitles:
    """Reads a file of subtitles.

    Raises:
        SubtitleError: It is no such file, is too large, or holds no words with times.
        ClipError: It cannot be opened.
    """
    name = shown_name(path)
    if Path(path).suffix.lower() not in SUFFIXES:
        raise SubtitleError("Subtitles are files that end with one of {suffixes}.", suffixes=", ".join(SUFFIXES))
    with open_regular_file(path, name) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SubtitleError("{name} is too large for subtitles.", name=name)
    return parse_subtitles(_decode(data), name)


def parse_subtitles(text: str, name: str, form: str | None = None) -> Subtitles:
    """Reads the text of a file of subtitles.

    Args:
        text: What it holds.
        name: What messages call it.
        form: "srt" or "vtt"; by default found out.

    Raises:
        SubtitleError: It holds no words with times, or is too large.
    """
    if len(text) > MAX_BYTES:
        raise SubtitleError("{name} is too large for subtitles.", name=name)
    try:
        read = pysubs2.SSAFile.from_string(text, format_=form)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise SubtitleError("{name} holds no subtitles that can be read.", name=name) from error
    cues = [
        _cue(event.start / 1000, event.end / 1000, event.plaintext) for event in read[:MAX_CUES] if not event.is_comment
    ]
    return _subtitles([cue for cue in cues if cue is not None], "file", name)


def read_text_track(path: str | os.PathLike[str], *, zero_seconds: float = 0.0) -> Subtitles | None:
    """Reads the first text track of a clip; None if it has none.

    Args:
        path: The clip.
        zero_seconds: Where the clock of its pictures starts.

    Raises:
        ClipError: The clip cannot be opened, or takes too long to read.
    """
    name, deadline = shown_name(path), Deadline()
    with open_all_tracks(path, deadline) as source:
        tracks = [stream for stream in source.streams.subtitles if stream.codec_context is not None]
        cues = _track_cues(source, tracks[0], deadline, name, zero_seconds) if tracks else []
    return Subtitles(in_order(cues), "track") if cues else None


def _track_cues(
    source: InputContainer, stream: SubtitleStream, deadline: Deadline, name: str, zero_seconds: float
) -> list[Cue]:
    cues: list[Cue] = []
    packets = source.demux(stream)
    while len(cues) < MAX_CUES:
        deadline.check(name)
        try:
            packet = next(packets, None)
            if packet is None:
                break
            if packet.pts is None or not packet.size:
                continue
            texts = [_dialogue(found) for found in packet.decode()]
        except (av.FFmpegError, OSError):
            break
        start = float(packet.pts * packet.time_base) - zero_seconds
        length = float((packet.duration or 0) * packet.time_base)
        cue = _cue(start, start + (length or 2.0), " ".join(texts))
        if cue is not None:
            cues.append(cue)
    return cues


def _dialogue(found: object) -> str:
    """The words of a decoded subtitle; none of a picture."""
    data = getattr(found, "dialogue", b"")
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _cue(start_seconds: float, end_seconds: float, text: str) -> Cue | None:
    words = " ".join(_TAG.sub(" ", text.replace("\\N", " ").replace("\\n", " ")).split())
    start_seconds = max(0.0, start_seconds)
    return Cue(round(start_seconds, 3), round(end_seconds, 3), words) if words and end_seconds > start_seconds else None


def _subtitles(cues: list[Cue], source: str, name: str) -> Subtitles:
    if not cues:
        raise SubtitleError("{name} holds no subtitles that can be read.", name=name)
    return Subtitles(in_order(cues), source)


def _decode(data: bytes) -> str:
    """Text in UTF-8 or UTF-16 with a mark, else in Western European letters, as old files have it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
