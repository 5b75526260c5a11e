"""The files that a fuzz run begins with: one of every kind that the makers of tests/resources write."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.fuzz.mutations import MAX_BYTES
from tests.resources.make_clips import HEIGHT, WIDTH, encode, make_clips
from tests.resources.make_hostile import make_hostile
from tests.resources.real_colours import (
    BT709,
    BT2020_PRIMARIES,
    HLG,
    P3_PRIMARIES,
    PQ,
    bent_ipt,
    hdr,
    soft_picture,
    untagged,
)
from tests.resources.real_heic import heic
from tests.resources.real_layers import dolby_vision, spatial
from tests.resources.real_photos import ANIMATIONS, SEE_THROUGH, animation, photo, see_through, time_lapse
from tests.resources.real_streams import SOUND_CODECS, cut_at_packet, intra_refreshed, joined, turned_while_recording
from tests.resources.real_streams import sound as sound_file
from tests.resources.real_tracks import Track, with_tracks

HOSTILE = "hostile/"
"""The names of files that were made to do harm begin with this."""


def make_seeds() -> dict[str, bytes]:
    """Every maker's files by name, each cut to MAX_BYTES."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("clips", "real"):
            (folder / name).mkdir()
        make_clips(folder / "clips")
        make_hostile(folder / "hostile")
        _make_real(folder / "real")
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes()[:MAX_BYTES] for path in files}


def _make_real(folder: Path) -> None:
    for image_format in ("JPEG", "PNG", "WEBP", "AVIF"):
        (folder / f"photo.{image_format.lower()}").write_bytes(photo(37, 6, image_format))
    (folder / "photo.heic").write_bytes(heic(37, 6))
    (folder / "tiles.heic").write_bytes(heic(37, 6, is_tiled=True, has_thumbnail=True))
    for suffix in ("mov", "mp4", "avi", "mkv"):
        time_lapse(folder / f"lapse.{suffix}", 6)
    for name in ANIMATIONS:
        animation(folder / name)
    for name in (*SEE_THROUGH, "logo.mov"):
        see_through(folder / name)
    for name in SOUND_CODECS:
        sound_file(folder / name)
    picture = soft_picture()
    dolby_vision(folder / "dolby_5.mp4", bent_ipt(folder / "ipt.mp4", picture), profile=5, compatibility=0)
    for name, transfer, primaries in (
        ("pq.mp4", PQ, BT2020_PRIMARIES),
        ("hlg.mp4", HLG, BT2020_PRIMARIES),
        ("p3.mp4", BT709, P3_PRIMARIES),
    ):
        hdr(folder / name, picture, transfer, primaries)
    dolby_vision(folder / "dolby_8.mov", folder / "hlg.mp4")
    plain = encode(folder / "plain.mp4", "libx265", numbers=range(12), options={"x265-params": "log-level=none"})
    spatial(folder / "spatial.mov", plain, WIDTH, HEIGHT)
    untagged(folder / "untagged.mp4", picture, 1, is_tagged=False)
    for suffix in ("mp4", "ts"):
        intra_refreshed(folder / f"refresh.{suffix}")
    whole = encode(folder / "whole.ts", "libx264", b_frames=2)
    cut_at_packet(folder / "cut.ts", whole, 0.4, bytes_off=70)
    joined(folder / "joined.ts", "libx264", (range(30), range(30, 60)), b_frames=2)
    joined(folder / "joined.mpg", "mpeg2video", (range(30), range(30, 60)), container="vob")
    turned_while_recording(folder / "turned.webm", ((640, 360), (360, 640)))
    still, film = Track("mjpeg", [5], (320, 240), is_default=False), Track("libx264", range(30), (96, 64))
    for suffix in ("mov", "mkv"):
        with_tracks(folder / f"tracks.{suffix}", [still, film])
