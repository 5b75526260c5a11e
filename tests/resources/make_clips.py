"""Makes the small clips that the tests read: every kind, every oddity, and files that mean harm.

Each picture shows its own number, so that a test can see which frame it was given:

    +----+----+----+----+----+----+
    | 32 | 16 |  8 |  4 |  2 |  1 |      white where the number has this bit, else black
    +----+----+----+----+----+----+
    |   red   |  green  |   blue  |      says how the picture was turned
    +---------+---------+---------+

Run `python -m tests.resources.make_clips FOLDER` to look at them.
"""

from __future__ import annotations

import os
import struct
import sys
import wave
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.resources.claiming import claiming_mp4

FRAMES_PER_SECOND = 25
FRAME_COUNT = 60
WIDTH, HEIGHT = 96, 64
VFR_TICKS = (0, 40, 80, 400, 440, 1000, 1040, 1080, 1120, 1900, 2000, 2600)
"""When the frames of the clips with a variable rate are shown, in milliseconds."""

_BITS = 6


def picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """The picture of a number in [0, 64): uint8 (height, width, 3), RGB."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    for bit in range(_BITS):
        left, right = width * bit // _BITS, width * (bit + 1) // _BITS
        pixels[: height // 2, left:right] = 255 * (number >> (_BITS - 1 - bit) & 1)
    for place, colour in enumerate(((220, 30, 30), (30, 200, 30), (30, 30, 220))):
        pixels[height // 2 :, width * place // 3 : width * (place + 1) // 3] = colour
    return pixels


def number_in(pixels: NDArray[np.uint8]) -> int:
    """The number that a picture shows; the picture has to stand upright."""
    height, width = pixels.shape[:2]
    row = pixels[height // 4].mean(axis=1)
    bits = [row[int(width * (bit + 0.5) / _BITS)] > 127 for bit in range(_BITS)]
    return sum(1 << (_BITS - 1 - place) for place, bit in enumerate(bits) if bit)


def encode(
    path: Path,
    codec: str,
    *,
    numbers: Sequence[int] = range(FRAME_COUNT),
    ticks: Sequence[int] | None = None,
    time_base: Fraction = Fraction(1, FRAMES_PER_SECOND),
    size: tuple[int, int] = (WIDTH, HEIGHT),
    pixel_format: str = "yuv420p",
    container: str | None = None,
    b_frames: int = 0,
    keyframe_interval: int = 12,
    threads: int = 0,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    rotation_degrees: int | None = None,
    matrix: tuple[int, ...] | None = None,
    pixel_aspect: Fraction | None = None,
    colours: tuple[int, int] | None = None,
) -> Path:
    """Encodes the pictures of the numbers.

    Args:
        path: Where to write.
        codec: FFmpeg's name of the encoder.
        numbers: The pictures, in the order of showing.
        ticks: When each is shown, in units of `time_base`; by default one after another.
        time_base: Length of a tick, in seconds.
        size: Width and height.
        pixel_format: How pixels are stored.
        container: FFmpeg's name of the container; by default it follows from the file's name.
        b_frames: How many B-frames may follow each other.
        keyframe_interval: How many frames there are at most from one keyframe to the next.
        threads: How many the encoder may use; 0 is as many as there are cores.
        options: Options of the encoder.
        container_options: Options of the container.
        rotation_degrees: How far players are told to turn the picture, counter-clockwise.
        matrix: The display matrix, instead of an angle.
        pixel_aspect: Width of a pixel divided by its height.
        colours: FFmpeg's numbers of the colour matrix and of the colour range.
    """
    width, height = size
    with av.open(str(path), "w", format=container, options=container_options or {}) as sink:
        stream: Any = sink.add_stream(codec, rate=round(1 / time_base) if ticks is None else 25, options=options or {})
        stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
        context = stream.codec_context
        context.time_base = time_base
        context.gop_size = keyframe_interval
        context.thread_count = threads
        context.max_b_frames = b_frames
        if pixel_aspect is not None:
            context.sample_aspect_ratio = pixel_aspect
        if colours is not None:
            context.colorspace, context.color_range = colours
        if rotation_degrees is not None:
            stream.set_display_rotation(rotation_degrees)
        if matrix is not None:
            stream.set_display_matrix(matrix)
        for place, number in enumerate(numbers):
            frame = av.VideoFrame.from_ndarray(picture(number, width, height), format="rgb24")
            kwargs = {} if colours is None else {"dst_colorspace": colours[0], "dst_color_range": colours[1]}
            frame = frame.reformat(format=pixel_format, **kwargs)
            frame.pts, frame.time_base = (place if ticks is None else ticks[place]), time_base
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return path


def make_common(folder: Path) -> None:
    """The containers and codecs that people have."""
    encode(folder / "h264.mp4", "libx264", b_frames=2)
    encode(folder / "h264.mov", "libx264", b_frames=2)
    encode(folder / "h264.mkv", "libx264", b_frames=2)
    encode(folder / "h264.ts", "libx264", b_frames=2)
    encode(folder / "h264.flv", "libx264", b_frames=2)
    encode(folder / "h264.avi", "libx264", b_frames=2)
    encode(folder / "open_gop.mp4", "libx264", b_frames=3, options={"x264-params": "open-gop=1:scenecut=0:b-adapt=0"})
    fragments = {"movflags": "frag_keyframe+empty_moov"}
    encode(folder / "fragmented.mp4", "libx264", b_frames=2, container_options=fragments)
    quiet = {"x265-params": "log-level=none:bframes=3", "preset": "ultrafast"}
    encode(folder / "hevc_10_bit.mp4", "libx265", pixel_format="yuv420p10le", options=quiet)
    fast = {"deadline": "realtime", "cpu-used": "8"}
    encode(folder / "vp8.webm", "libvpx", options=fast)
    encode(folder / "vp9.webm", "libvpx-vp9", options=fast)
    encode(folder / "vp9.mkv", "libvpx-vp9", options=fast)
    # What a browser's MediaRecorder writes: no duration, no index.
    encode(folder / "recorded.webm", "libvpx", options=fast, container_options={"live": "1"})
    encode(folder / "av1.webm", "libsvtav1", numbers=range(20), options={"preset": "12", "svtav1-params": "lp=1"})
    if hasattr(os, "sched_setscheduler"):
        # As root SVT-AV1 makes the calling thread a real-time one; encoders that wait by spinning would then starve
        # the threads that they wait for, and the whole machine.
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    encode(folder / "mpeg4.avi", "mpeg4", b_frames=2, options={"b": "2M"})
    encode(folder / "mjpeg.avi", "mjpeg", pixel_format="yuvj420p", options={"qmin": "1", "qmax": "3"})
    encode(folder / "mpeg2.mpg", "mpeg2video", container="vob", b_frames=2, options={"b": "2M"})
    encode(folder / "mpeg1.mpg", "mpeg1video", container="mpeg", b_frames=2, options={"b": "2M"})
    encode(folder / "elementary.mpg", "mpeg2video", container="mpeg2video", b_frames=2, options={"b": "2M"})
    encode(folder / "wmv2.wmv", "wmv2", options={"b": "2M"})
    encode(folder / "rgb.gif", "gif", pixel_format="rgb8", numbers=range(12), time_base=Fraction(1, 10))


def make_odd(folder: Path) -> None:
    """Clips with something unusual in how they are shown."""
    millisecond = Fraction(1, 1000)
    numbers = range(len(VFR_TICKS))
    encode(folder / "vfr.mp4", "libx264", b_frames=2, numbers=numbers, ticks=VFR_TICKS, time_base=millisecond)
    encode(folder / "vfr.mkv", "libx264", b_frames=2, numbers=numbers, ticks=VFR_TICKS, time_base=millisecond)
    hundredths = [tick // 10 for tick in VFR_TICKS]
    palette = "rgb8"
    encode(
        folder / "vfr.gif", "gif", numbers=numbers, ticks=hundredths, time_base=millisecond * 10, pixel_format=palette
    )
    late = [5000 + 40 * number for number in range(20)]
    encode(folder / "late_start.mkv", "libx264", b_frames=2, numbers=range(20), ticks=late, time_base=millisecond)
    early = [40 * number - 400 for number in range(30)]
    encode(folder / "edited.mp4", "libx264", numbers=range(30), ticks=early, time_base=millisecond)
    for degrees in (90, 180, 270):
        encode(folder / f"turned_{degrees}.mp4", "libx264", numbers=range(10), rotation_degrees=-degrees)
    one, two = 1 << 16, 1 << 30
    mirror = (-one, 0, 0, 0, one, 0, WIDTH << 16, 0, two)
    encode(folder / "mirrored.mp4", "libx264", numbers=range(10), matrix=mirror)
    wide = Fraction(4, 3)
    encode(folder / "wide_pixels.mp4", "libx264", numbers=range(10), pixel_aspect=wide)
    encode(folder / "odd_size.mkv", "libx264", size=(97, 63), pixel_format="yuv444p", numbers=range(10))
    encode(folder / "odd_size.webm", "libvpx", size=(97, 63), numbers=range(10), options={"deadline": "realtime"})
    encode(folder / "tiny.gif", "gif", size=(1, 1), pixel_format="rgb8", numbers=range(3), time_base=Fraction(1, 10))
    encode(folder / "one_frame.mp4", "libx264", numbers=[37])
    encode(folder / "one_frame.gif", "gif", pixel_format="rgb8", numbers=[37])
    encode(folder / "4k.mp4", "libx264", size=(3840, 2160), numbers=range(3), options={"preset": "ultrafast"})
    encode(folder / "bt709.mp4", "libx264", numbers=range(3), colours=(1, 1))
    encode(folder / "full_range.mp4", "libx264", numbers=range(3), pixel_format="yuvj420p", colours=(5, 2))
    encode(folder / "long_gop.mp4", "libx264", b_frames=3, keyframe_interval=60)


def make_sound(folder: Path) -> None:
    """Files without a moving picture."""
    silence = np.zeros((1, 1024), dtype=np.float32)
    with av.open(str(folder / "sound_only.mp4"), "w") as sink:
        stream = sink.add_stream("aac", rate=16000)
        for place in range(10):
            frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 16000, 1024 * place
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    with wave.open(str(folder / "sound_only.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16000)
        sound.writeframes(bytes(3200))


def make_broken(folder: Path) -> None:
    """Files that are cut, damaged, or no video at all."""
    whole = encode(folder / "index_last.mp4", "libx264", options={"qp": "1"}).read_bytes()
    (folder / "cut_index_last.mp4").write_bytes(whole[: len(whole) // 2])
    quick = {"movflags": "faststart"}
    whole = encode(folder / "index_first.mp4", "libx264", options={"qp": "1"}, container_options=quick).read_bytes()
    (folder / "cut_index_first.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    whole = (folder / "h264.mkv").read_bytes()
    (folder / "cut.mkv").write_bytes(whole[: len(whole) // 2])
    damaged = bytearray((folder / "index_first.mp4").read_bytes())
    media = damaged.index(b"mdat") + 4
    damaged[media:] = bytes(len(damaged) - media)
    (folder / "zeroed.mp4").write_bytes(damaged)
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "text.mp4").write_text("This is a letter, not a video.\n" * 40)
    (folder / "noise.mp4").write_bytes(np.random.default_rng(1).bytes(20_000))
    (folder / "header_only.mp4").write_bytes(struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom"))
    with av.open(str(folder / "no_frames.mkv"), "w") as sink:
        stream: Any = sink.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sink.start_encoding()
    small = encode(folder / "small.ts", "libx264", numbers=range(20), options={"bf": "0"}).read_bytes()
    ticks = range(20, 40)
    large = encode(folder / "large.ts", "libx264", size=(640, 400), numbers=range(20), ticks=ticks).read_bytes()
    (folder / "grows.ts").write_bytes(small + large)


def make_playlists(folder: Path) -> None:
    """Texts that name other files; a reader that follows them would show those."""
    clip = (folder / "h264.mp4").resolve()
    concat = f"ffconcat version 1.0\nfile '{clip}'\n"
    media = f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{clip.as_uri()}\n#EXT-X-ENDLIST\n"
    (folder / "concat.mp4").write_text(concat)
    (folder / "concat.txt").write_text(concat)
    (folder / "playlist.m3u8").write_text(media)
    (folder / "playlist.mp4").write_text(media)
    (folder / "session.sdp").write_text("v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n")
    (folder / "playlist.mpd").write_text(f'<?xml version="1.0"?><MPD><BaseURL>{clip.as_uri()}</BaseURL></MPD>')


def make_hostile(folder: Path) -> None:
    """Files whose headers claim what is not so."""
    (folder / "claims_samples.mp4").write_bytes(claiming_mp4(samples=1 << 26))
    (folder / "claims_pixels.mp4").write_bytes(claiming_mp4(samples=4, width=60000, height=60000))
    lying = bytearray((folder / "h264.mp4").read_bytes())
    for name, offset in ((b"mvhd", 20), (b"mdhd", 20)):
        place = lying.index(name) + offset
        lying[place : place + 4] = struct.pack(">I", 0x7FFFFFFF)
    (folder / "claims_years.mp4").write_bytes(lying)
    for name, seconds in (("claims_nan.webm", float("nan")), ("claims_infinity.webm", float("inf"))):
        lying = bytearray((folder / "vp9.webm").read_bytes())
        place = lying.index(b"\x44\x89\x88") + 3
        lying[place : place + 8] = struct.pack(">d", seconds)
        (folder / name).write_bytes(lying)
    far = [0, 40, 2_000_000_000]
    encode(folder / "last_frame_far.mkv", "libx264", numbers=range(3), ticks=far, time_base=Fraction(1, 1000))


def make_clips(folder: Path) -> None:
    """Writes every clip into a folder, which must exist."""
    make_common(folder)
    make_odd(folder)
    make_sound(folder)
    make_broken(folder)
    make_playlists(folder)
    make_hostile(folder)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    make_clips(target)
