"""Reads the sound of a part of a film, in step with its pictures. Knows sound tracks; knows nothing about pictures.

track     ~~~~~~~~      ~~~~~~~~~~~      decoded from a second before the part on, resampled to 48 kHz stereo
part            [============]
sound           ~~______~~~~~~           silence where the track has a gap, cut to the sample
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from videobert_demo.video.container import open_all_tracks, shown_name
from videobert_demo.video.film import Film
from videobert_demo.video.source import READ_SECONDS, Deadline

SOUND_RATE = 48000
"""Samples a second of what is read."""

_SECONDS_PER_SECOND = 4.0
_SECONDS_BEFORE = 1.0
_MAX_GAP_SECONDS = 0.02


def sound_of(
    path: str | os.PathLike[str], film: Film, start_seconds: float, end_seconds: float
) -> Iterator[NDArray[np.float32]]:
    """The first sound track of a film, within a part of it.

    Args:
        path: The film's file.
        film: What `read_film` said of it; it has sound.
        start_seconds, end_seconds: The part, on the clock of the film's pictures; the end is not included.

    Yields:
        float32 (2, samples) in [-1, 1], at `SOUND_RATE`, from the part's start on without gaps: silence where there is
        no sound, or where a packet is damaged. It may end before the part does.

    Raises:
        ClipError: The file cannot be read, or reading takes several times as long as playing.
    """
    deadline = Deadline(READ_SECONDS + _SECONDS_PER_SECOND * film.end_seconds)
    end = round((end_seconds - start_seconds) * SOUND_RATE)
    at = 0
    with open_all_tracks(path, deadline) as source:
        tracks = [one for one in source.streams.audio if one.codec_context is not None]
        if not tracks:  # there is no decoder
            return
        stream = tracks[0]
        wanted_seconds = film.table.zero_seconds + start_seconds - _SECONDS_BEFORE
        if start_seconds > _SECONDS_BEFORE and stream.time_base is not None:
            with contextlib.suppress(av.FFmpegError):  # what cannot seek is read from its beginning
                source.seek(int(wanted_seconds / float(stream.time_base)), stream=stream)
        for seconds, samples in _resampled(_frames(source, stream, deadline, shown_name(path))):
            first = round((seconds - film.table.zero_seconds - start_seconds) * SOUND_RATE)
            if first >= end:
                return
            if first > at:
                yield np.zeros((2, first - at), np.float32)
                at = first
            fresh = samples[:, at - first : end - first]
            if fresh.shape[1]:
                at += fresh.shape[1]
                yield fresh


def _frames(source: InputContainer, stream: AudioStream, deadline: Deadline, name: str) -> Iterator[AudioFrame]:
    """Decoded frames that say when they are heard; none of damaged packets."""
    demuxed = source.demux(stream)
    while True:
        deadline.check(name)
        try:
            packet = next(demuxed, None)
        except (av.FFmpegError, OSError):
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except (av.FFmpegError, OSError):
            continue
        yield from (frame for frame in frames if frame.pts is not None and frame.samples)


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Stretches of sound with the moments at which they begin, on the clock of the track; float32 (2, samples)."""
    resampler: AudioResampler | None = None
    layout: tuple[str, str, int] | None = None
    zero_seconds = next_seconds = 0.0
    count = 0
    for frame in frames:
        seconds = float(frame.time or 0.0)
        own = frame.format.name, frame.layout.name, frame.sample_rate
        if resampler is None or own != layout or abs(seconds - next_seconds) > _MAX_GAP_SECONDS:
            resampler, layout = AudioResampler(format="fltp", layout="stereo", rate=SOUND_RATE), own
            zero_seconds, count = seconds, 0
        next_seconds = seconds + frame.samples / frame.sample_rate
        for resampled in resampler.resample(frame):
            samples = np.asarray(resampled.to_ndarray(), np.float32)
            yield zero_seconds + count / SOUND_RATE, samples
            count += samples.shape[1]
