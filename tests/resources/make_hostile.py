"""Makes hundreds of small files that mean harm or are broken, for the tests of the upload path.

    flips, blocks     bits flipped and blocks moved in a file of every container
    cuts              the same files cut off at many places
    splices           two containers in one file
    boxes             MP4, MOV and AVI that lie           (hostile_boxes.py)
    streams           Matroska, GIF, MPEG, Flash that lie or do not end   (hostile_streams.py)
    playlists, archives, documents, names                 (hostile_strangers.py)
    odd               no sound lie, but rare: sound only, one picture, a size that changes

The same files come out every time. Run `python tests/resources/make_hostile.py FOLDER` to look at them.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.resources.hostile_boxes import Named, lying_avi, lying_boxes, lying_tables
from tests.resources.hostile_strangers import archives, clips_named_as_playlists, documents, odd_names, playlists
from tests.resources.hostile_streams import claiming_png, endless_matroska, endless_mpeg, lying_gifs, lying_matroska
from tests.resources.make_clips import encode, make_sound

_SAME_EVERY_TIME = {"fflags": "+bitexact"}
_HEAD_BYTES = 600
_FRAMES = range(20)


def sound_clips(folder: Path) -> dict[str, bytes]:
    """A clip of every container that is accepted, by name."""
    quick, fast = {"preset": "ultrafast"}, {"deadline": "realtime", "cpu-used": "-8"}
    recipes: dict[str, tuple[str, dict[str, Any]]] = {
        "h264.mp4": ("libx264", {"b_frames": 2}),
        "h264.mov": ("libx264", {"b_frames": 2}),
        "fragmented.mp4": ("libx264", {"container_options": {"movflags": "frag_keyframe+empty_moov"}}),
        "hevc.mp4": ("libx265", {"options": quick | {"x265-params": "log-level=none:pools=1"}}),
        "h264.mkv": ("libx264", {"b_frames": 2}),
        "vp9.webm": ("libvpx-vp9", {"options": fast}),
        "recorded.webm": ("libvpx", {"options": fast, "container_options": {"live": "1"}}),
        "mpeg4.avi": ("mpeg4", {"b_frames": 2}),
        "mjpeg.avi": ("mjpeg", {"pixel_format": "yuvj420p"}),
        "mpeg2.mpg": ("mpeg2video", {"container": "vob", "b_frames": 2}),
        "elementary.mpg": ("mpeg1video", {"container": "mpeg1video", "b_frames": 2}),
        "h264.ts": ("libx264", {"b_frames": 2}),
        "h264.flv": ("libx264", {"b_frames": 2}),
        "wmv2.wmv": ("wmv2", {}),
        "vp8.ogv": ("libvpx", {"options": fast}),
        "rgb.gif": ("gif", {"pixel_format": "rgb8", "time_base": Fraction(1, 10)}),
    }
    clips = {}
    for name, (codec, choices) in recipes.items():
        options = _SAME_EVERY_TIME | choices.pop("container_options", {})
        path = encode(folder / name, codec, numbers=_FRAMES, container_options=options, **choices)
        clips[name] = path.read_bytes()
    return clips


def flips(clips: dict[str, bytes]) -> Named:
    """Bits flipped: few and many in the header, and many anywhere."""
    for name, whole in clips.items():
        for count, end in ((4, _HEAD_BYTES), (40, _HEAD_BYTES), (100, len(whole))):
            rng = _rng(name, count, end)
            data = bytearray(whole)
            for place in rng.integers(min(end, len(data)), size=count).tolist():
                data[place] ^= 1 << int(rng.integers(8))
            yield f"{count}_bits_in_{'head' if end == _HEAD_BYTES else 'file'}_{name}", bytes(data)


def blocks(clips: dict[str, bytes]) -> Named:
    """A block in the middle emptied, repeated, left out or moved to the end, by turns."""
    for number, (name, whole) in enumerate(clips.items()):
        first = len(whole) // 3
        block = whole[first : first + len(whole) // 8]
        before, after = whole[:first], whole[first + len(block) :]
        damages = {
            "emptied": before + bytes(len(block)) + after,
            "repeated": before + block * 8 + after,
            "left_out": before + after,
            "moved": before + after + block,
        }
        damage = list(damages)[(number + number // 4) % 4]
        yield f"{damage}_{name}", damages[damage]


def cuts(clips: dict[str, bytes]) -> Named:
    """Files cut off within the first bytes, at shares of their length, and before the last byte."""
    for number, (name, whole) in enumerate(clips.items()):
        for length in (9 + number, 40 + 97 * number, len(whole) // 10, len(whole) // 2, len(whole) - 1 - number):
            yield f"{length}_bytes_of_{name}", whole[:length]


def splices(clips: dict[str, bytes]) -> Named:
    """Each container followed by another one, or its first half by another one's second, by turns."""
    names = list(clips)
    for number, name in enumerate(names):
        other = names[(number + 7) % len(names)]
        if number % 2:
            yield f"{name}_then_{other}", clips[name] + clips[other]
        else:
            first, second = clips[name], clips[other]
            yield f"half_{name}_half_{other}", first[: len(first) // 2] + second[len(second) // 2 :]


def odd(folder: Path) -> Named:
    """Files that are sound and rare."""
    make_sound(folder)
    yield "sound_only.mp4", (folder / "sound_only.mp4").read_bytes()
    small = encode(folder / "small.ts", "libx264", numbers=range(8), container_options=_SAME_EVERY_TIME).read_bytes()
    ticks = range(8, 16)
    large = encode(
        folder / "large.ts",
        "libx264",
        size=(640, 400),
        numbers=range(8),
        ticks=ticks,
        container_options=_SAME_EVERY_TIME,
    ).read_bytes()
    other = encode(folder / "other.ts", "mpeg2video", numbers=range(8), ticks=ticks, container_options=_SAME_EVERY_TIME)
    yield "size_grows.ts", small + large
    yield "size_shrinks.ts", large + small
    yield "codec_changes.ts", small + other.read_bytes()
    for label, size in (("thread", (4096, 2)), ("column", (2, 4096)), ("dot", (1, 1)), ("large", (5000, 5000))):
        # Two threads would take 303 MB in one block for the large pictures, and tables of their own 150 MB: the reader,
        # where it has run in this process, has told FFmpeg to give no more than 168 MB (video/container.py).
        path = encode(
            folder / f"{label}.avi", "mjpeg", pixel_format="yuvj420p", size=size, numbers=[1, 2], threads=1,
            options={"huffman": "default"}, container_options=_SAME_EVERY_TIME,
        )  # fmt: skip
        yield path.name, path.read_bytes()
    millisecond = Fraction(1, 1000)
    for label, far in (("month", 2_600_000_000), ("two_hours", 7_190_000)):
        path = encode(
            folder / f"last_frame_after_{label}.mkv", "libx264", numbers=range(3), ticks=[0, 40, far],
            time_base=millisecond, container_options=_SAME_EVERY_TIME,
        )  # fmt: skip
        yield path.name, path.read_bytes()
    for name, codec, choices in (
        ("one_picture.mp4", "libx264", {}),
        ("one_picture.gif", "gif", {"pixel_format": "rgb8"}),
    ):
        path = encode(folder / name, codec, numbers=[5], container_options=_SAME_EVERY_TIME, **choices)
        yield name, path.read_bytes()


def families() -> Iterator[tuple[str, str, bytes]]:
    """Every file: the family it belongs to, its name, and its bytes."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clips = sound_clips(folder)
        rare = list(odd(folder))
        wav = (folder / "sound_only.wav").read_bytes()
        mjpeg = clips["mjpeg.avi"]
        jpeg, other_jpeg, large_jpeg = (
            _jpeg_in(data) for data in (mjpeg, dict(rare)["column.avi"], dict(rare)["large.avi"])
        )
    clip = clips["h264.mp4"]
    made: dict[str, list[Named]] = {
        "flips": [flips(clips)],
        "blocks": [blocks(clips)],
        "cuts": [cuts(clips)],
        "splices": [splices(clips)],
        "boxes": [lying_tables(clip), lying_boxes(clips["fragmented.mp4"], jpeg), lying_avi(mjpeg)],
        "streams": [
            lying_matroska(jpeg, other_jpeg, large_jpeg),
            endless_matroska(jpeg, clips["recorded.webm"]),
            lying_gifs(clips["rgb.gif"]),
            endless_mpeg(clips["h264.ts"], clips["mpeg2.mpg"], clips["h264.flv"]),
        ],
        "playlists": [playlists(), clips_named_as_playlists(clip)],
        "archives": [archives(clip)],
        "documents": [documents(wav, jpeg, claiming_png(64))],
        "names": [odd_names(clip, clip[: len(clip) // 2])],
        "odd": [iter(rare)],
    }
    for family, parts in made.items():
        for part in parts:
            for name, data in part:
                yield family, name, data


def make_hostile(folder: Path) -> list[Path]:
    """Writes every file into a folder of its family.

    Args:
        folder: Where to; it is made.

    Returns:
        The files, in a fixed order. Names that the system does not allow are not among them.
    """
    paths = []
    for family, name, data in families():
        path = folder / family / name
        if path.parent != folder / family or path.name != name:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.write_bytes(data)
        except (OSError, ValueError):
            continue
        paths.append(path)
    return paths


def _jpeg_in(data: bytes) -> bytes:
    """The first JPEG picture in a file."""
    start = data.index(b"\xff\xd8\xff")
    return data[start : data.index(b"\xff\xd9", start) + 2]


def _rng(*key: object) -> np.random.Generator:
    """Random numbers that depend on the key and on nothing else."""
    return np.random.default_rng(list(hashlib.sha256(repr(key).encode()).digest()))


if __name__ == "__main__":
    written = make_hostile(Path(sys.argv[1]))
    size_bytes = sum(path.stat().st_size for path in written)
    print(f"{len(written)} files, {size_bytes / 2**20:.1f} MB")
