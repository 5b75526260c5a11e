"""Files with several picture tracks. Knows nothing about the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.stream import Disposition

from tests.resources.make_clips import picture


@dataclass(frozen=True)
class Track:
    """A picture track of 25 pictures a second: its encoder, what it shows, and whether it is the default one."""

    codec: str
    numbers: Sequence[int]
    size: tuple[int, int]
    is_default: bool = True


def with_tracks(path: Path, tracks: Sequence[Track]) -> Path:
    """A file of these tracks, in this order, interleaved by time."""
    packets = []
    with av.open(str(path), "w") as sink:
        for track in tracks:
            stream: Any = sink.add_stream(track.codec, rate=25)
            stream.width, stream.height = track.size
            stream.pix_fmt = "yuvj420p" if track.codec == "mjpeg" else "yuv420p"
            stream.disposition = Disposition.default if track.is_default else Disposition(0)
            for place, number in enumerate(track.numbers):
                frame = av.VideoFrame.from_ndarray(picture(number, *track.size), format="rgb24")
                frame = frame.reformat(format=stream.pix_fmt)
                frame.pts, frame.time_base = place, Fraction(1, 25)
                packets += stream.encode(frame)
            packets += stream.encode(None)
        sink.mux(sorted(packets, key=lambda packet: float(packet.dts * packet.time_base)))
    return path
