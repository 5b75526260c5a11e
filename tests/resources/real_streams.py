"""Streams as recorders, cutters and joiners leave them.

Every function writes one file of pictures that show their number (make_clips.picture). Knows nothing about the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.resources.make_clips import encode, picture


def joined(
    path: Path, codec: str, parts: Sequence[range], *, starts_seconds: Sequence[float] = (), **choices: Any
) -> Path:
    """Streams one after another in one file, as `cat a.ts b.ts` does: every part has a clock of its own.

    Args:
        path: Where to write.
        codec: FFmpeg's name of the encoder.
        parts: The numbers that each part shows.
        starts_seconds: Where each part's clock starts; by default all at the container's usual value.
        choices: More for make_clips.encode.
    """
    pieces = []
    for place, numbers in enumerate(parts):
        offset = {"output_ts_offset": str(starts_seconds[place])} if starts_seconds else {}
        part = path.with_name(f"{place}_{path.name}")
        encode(part, codec, numbers=numbers, container_options=offset, **choices)
        pieces.append(part.read_bytes())
        part.unlink()
    path.write_bytes(b"".join(pieces))
    return path


def intra_refreshed(path: Path) -> Path:
    """H.264 of 8 seconds without a keyframe after the first: a column of the picture is refreshed after another."""
    numbers = [number // 4 for number in range(200)]
    options = {"x264-params": "intra-refresh=1:keyint=25", "preset": "veryfast"}
    return encode(path, "libx264", numbers=numbers, size=(640, 360), keyframe_interval=25, options=options)


def cut_at_packet(path: Path, whole: Path, fraction: float, *, bytes_off: int = 0) -> Path:
    """The rest of a transport stream from a packet in its middle on.

    Args:
        path: Where to write.
        whole: The stream.
        fraction: How much of it is left out.
        bytes_off: How many bytes of the packet before are kept.
    """
    data = whole.read_bytes()
    packet = round(fraction * len(data) / 188)
    path.write_bytes(data[188 * packet - bytes_off :])
    return path


SOUND_CODECS = {
    "adts.aac": ("aac", 16_000),
    "mpeg1.mp3": ("libmp3lame", 44_100),
    "mpeg2.mp3": ("libmp3lame", 22_050),
    "layer2.mp2": ("mp2", 22_050),
    "sound.aiff": ("pcm_s16be", 22_050),
    "sound.caf": ("pcm_s16le", 22_050),
    "sound.flac": ("flac", 44_100),
    "sound.m4a": ("aac", 44_100),
    "sound.ogg": ("libopus", 48_000),
}
"""File name -> FFmpeg's name of the encoder, and samples a second."""


def sound(path: Path) -> Path:
    """Silence, half a second of it, in one of the files of SOUND_CODECS. MP3 has no tag before its first frame."""
    codec, rate = SOUND_CODECS[path.name]
    options = {"write_xing": "0", "id3v2_version": "0"} if path.suffix == ".mp3" else {}
    with av.open(str(path), "w", options=options) as sink:
        stream: Any = sink.add_stream(codec, rate=rate, layout="mono")
        for place in range(rate // 2 // 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate, 1024 * place
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return path


def turned_while_recording(path: Path, sizes: Sequence[tuple[int, int]], count: int = 10) -> Path:
    """VP8 in WebM whose pictures change their size on the way, as browsers record a phone that is turned.

    Args:
        path: Where to write.
        sizes: Width and height of each part.
        count: How many pictures each part has; numbers go on.
    """
    with av.open(str(path), "w", format="webm") as sink:
        stream: Any = sink.add_stream("libvpx", rate=25)
        stream.width, stream.height = sizes[0]
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, 1000)
        for part, (width, height) in enumerate(sizes):
            encoder: Any = av.CodecContext.create("libvpx", "w")
            encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
            encoder.time_base, encoder.options = Fraction(1, 1000), {"deadline": "realtime", "b": "2M"}
            packets = []
            for number in range(part * count, (part + 1) * count):
                pixels = picture(number, width, height)
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = 40 * number, Fraction(1, 1000)
                packets += encoder.encode(frame)
            for packet in packets + encoder.encode(None):
                packet.stream = stream
                sink.mux(packet)
    return path
