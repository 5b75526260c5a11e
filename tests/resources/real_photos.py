"""Photographs and what is made of them: time lapses muxed from JPEGs, stills, and animated pictures.

Every function writes one file of pictures that show their number (make_clips.picture). Knows nothing about the reader.
"""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from tests.resources.make_clips import HEIGHT, WIDTH, picture

ORIENTATION_TAG = 0x0112
STORED_TURNS = {1: 0, 3: 2, 6: 1, 8: 3}
"""EXIF orientation -> quarter turns counter-clockwise by which the camera stored the upright picture."""


def photo(number: int, orientation: int = 1, image_format: str = "JPEG", **options: Any) -> bytes:
    """A photograph whose stored picture is turned, and whose EXIF says so; upright it shows the number.

    Args:
        number: What it shows.
        orientation: EXIF's orientation: 1, 3, 6 or 8, or 2 for a mirrored one.
        image_format: Pillow's name of the format.
        options: More for Pillow's encoder.
    """
    upright = picture(number)
    stored = upright[:, ::-1] if orientation == 2 else np.rot90(upright, k=STORED_TURNS[orientation])
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(stored)).save(out, image_format, exif=exif, quality=95, **options)
    return out.getvalue()


def large_photo(path: Path, width: int, height: int) -> Path:
    """A JPEG of as many pixels as wanted, black above and white below."""
    column = np.linspace(0, 255, height).round().astype(np.uint8)
    Image.fromarray(np.repeat(column[:, None], width, axis=1)).save(path, "JPEG")
    return path


def time_lapse(path: Path, orientation: int, count: int = 10) -> Path:
    """JPEGs with EXIF, ten a second, put into a container as they are, as `ffmpeg -i p%03d.jpg -c copy` does."""
    pictures = [photo(number, orientation) for number in range(count)]
    width, height = (HEIGHT, WIDTH) if orientation in (6, 8) else (WIDTH, HEIGHT)
    with av.open(str(path), "w") as sink:
        stream: Any = sink.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        stream.time_base = Fraction(1, 10)
        for number, data in enumerate(pictures):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 10)
            packet.pts = packet.dts = number
            packet.duration = 1
            packet.is_keyframe = True
            sink.mux(packet)
    return path


ANIMATIONS = {"moving.gif": "GIF", "moving.png": "PNG", "moving.avif": "AVIF", "moving.webp": "WEBP"}
"""File name -> Pillow's name of the format."""


def animation(path: Path, count: int = 12) -> Path:
    """An animated picture, ten frames a second, in one of the files of ANIMATIONS."""
    first, *rest = [Image.fromarray(picture(number)) for number in range(count)]
    first.save(path, ANIMATIONS[path.name], save_all=True, append_images=rest, duration=100, loop=0)
    return path


SEE_THROUGH = {
    "logo.png": "PNG",
    "logo.webp": "WEBP",
    "logo.gif": "GIF",
    "blinking.png": "PNG",
    "blinking.webp": "WEBP",
}
"""File name -> Pillow's name of the format; there is a film of ProRes 4444 too, logo.mov."""


def see_through(path: Path) -> Path:
    """A logo, 64 x 48: a black square in the middle, half of it half transparent, and black that cannot be seen around.

    Args:
        path: One of SEE_THROUGH, or logo.mov. In a GIF there is nothing half transparent.
    """
    pixels = np.zeros((48, 64, 4), np.uint8)
    pixels[12:36, 16:32, 3], pixels[12:36, 32:48, 3] = 255, 255 if path.suffix == ".gif" else 128
    if path.suffix == ".mov":
        with av.open(str(path), "w") as sink:
            stream: Any = sink.add_stream("prores_ks", rate=10, options={"profile": "4444"})
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuva444p10le"
            sink.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgba")))
            sink.mux(stream.encode(None))
        return path
    logo = Image.fromarray(pixels, "RGBA")
    more = [Image.fromarray(pixels // 2 * 2, "RGBA")] if path.stem == "blinking" else []
    lossless = {"lossless": True, "exact": True} if path.suffix == ".webp" else {}
    several: dict[str, Any] = {"save_all": True, "append_images": more, "duration": 100} if more else {}
    logo.save(path, SEE_THROUGH[path.name], **several, **lossless)
    return path
