"""Photographs as phones keep them: HEIC with one picture or with tiles, turned by the container (ISO/IEC 23008-12).

Every function gives the bytes of one file. FFmpeg writes no HEIC, so the boxes are made here around what libx265 makes
of each tile. Knows nothing about the reader.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.resources.hostile_boxes import box, full
from tests.resources.make_clips import picture
from tests.resources.real_photos import STORED_TURNS

TILE = 64
"""Width and height of a tile, in pixels. Phones use 512."""
_QUIET = {"x265-params": "log-level=none:keyint=1", "preset": "ultrafast", "crf": "8"}
_ESSENTIAL = 0x80


@dataclass
class _Item:
    """Something in the file: a coded picture, or a grid of those that it names."""

    kind: bytes
    data: bytes
    properties: list[bytes] = field(default_factory=list)
    tiles: list[int] = field(default_factory=list)
    is_hidden: bool = False


def heic(number: int, orientation: int = 1, *, is_tiled: bool = False, has_thumbnail: bool = False) -> bytes:
    """A photograph that shows the number when it is turned as its container says.

    Args:
        number: What it shows.
        orientation: How it was stored: 1, 3, 6 or 8, as EXIF counts them.
        is_tiled: Whether the picture is a grid of coded pictures, larger in all than what is shown.
        has_thumbnail: Whether there is a thumbnail too, which shows another number, the next one.
    """
    stored = np.ascontiguousarray(np.rot90(picture(number), k=STORED_TURNS[orientation]))
    turn = box(b"irot", bytes([-STORED_TURNS[orientation] % 4]))
    items = _grid(stored) if is_tiled else [_coded(stored)]
    items[0].properties.append(turn)
    if has_thumbnail:
        items.append(_coded(picture(number + 1, 48, 32)))
    return _file(items, thumbnail=len(items) if has_thumbnail else 0)


def large_heic(rows: int, columns: int, tile: int = 512) -> bytes:
    """A photograph of many pixels, grey from dark at the left of each tile to light at its right.

    All its tiles are one, which is coded once and named at every place.
    """
    ramp = np.broadcast_to(np.linspace(0, 255, tile).astype(np.uint8)[None, :, None], (tile, tile, 3))
    coded = _coded(np.ascontiguousarray(ramp), is_hidden=True)
    width, height = columns * tile, rows * tile
    layout = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)
    return _file([_Item(b"grid", layout, [_size(width, height)], tiles=[2] * (rows * columns)), coded], thumbnail=0)


def _coded(pixels: NDArray[np.uint8], *, is_hidden: bool = False) -> _Item:
    """A picture, uint8 (H, W, 3), RGB, as libx265 codes it."""
    height, width = pixels.shape[:2]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as sink:
        stream: Any = sink.add_stream("libx265", rate=1, options=_QUIET)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        sink.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        sink.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer) as source:
        data = bytes(next(packet for packet in source.demux(video=0) if packet.size))
        record = bytes(source.streams.video[0].codec_context.extradata or b"")
    return _Item(b"hvc1", data, [box(b"hvcC", record), _size(width, height)], is_hidden=is_hidden)


def _grid(pixels: NDArray[np.uint8]) -> list[_Item]:
    """The grid, and its tiles row by row; the last ones of a row or a column stand out over the picture."""
    height, width = pixels.shape[:2]
    rows, columns = -(-height // TILE), -(-width // TILE)
    padded = np.pad(pixels, ((0, rows * TILE - height), (0, columns * TILE - width), (0, 0)))
    tiles = [
        _coded(padded[row * TILE :, column * TILE :][:TILE, :TILE], is_hidden=True)
        for row in range(rows)
        for column in range(columns)
    ]
    layout = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)
    grid = _Item(b"grid", layout, [_size(width, height)], tiles=list(range(2, len(tiles) + 2)))
    return [grid, *tiles]


def _size(width: int, height: int) -> bytes:
    return box(b"ispe", full(width, height))


def _file(items: list[_Item], thumbnail: int) -> bytes:
    """The boxes around the items, which are numbered from 1; the first is the picture."""
    start = box(b"ftyp", b"heic", struct.pack(">I", 0), b"mif1heic")
    boxes = [
        box(b"hdlr", full(0), b"pict", bytes(13)),
        box(b"pitm", full(), struct.pack(">H", 1)),
        box(b"iinf", full(), struct.pack(">H", len(items)), *(_entry(n, one) for n, one in enumerate(items, 1))),
        box(b"iref", full(), *_references(items, thumbnail)),
        _properties(items),
    ]
    location_size = len(_locations(items, 0))
    data_starts = len(start) + 8 + 4 + sum(map(len, boxes)) + location_size + 8
    boxes.append(_locations(items, data_starts))
    return b"".join([start, box(b"meta", full(), *boxes), box(b"mdat", *(one.data for one in items))])


def _entry(number: int, item: _Item) -> bytes:
    flags = int(item.is_hidden)
    return box(b"infe", struct.pack(">IHH4sB", 2 << 24 | flags, number, 0, item.kind, 0))


def _references(items: list[_Item], thumbnail: int) -> list[bytes]:
    found = [
        box(b"dimg", struct.pack(f">HH{len(one.tiles)}H", number, len(one.tiles), *one.tiles))
        for number, one in enumerate(items, 1)
        if one.tiles
    ]
    return [*found, *([box(b"thmb", struct.pack(">HHH", thumbnail, 1, 1))] if thumbnail else [])]


def _properties(items: list[_Item]) -> bytes:
    every: list[bytes] = []
    rows = []
    for number, item in enumerate(items, 1):
        indices = []
        for one in item.properties:
            if one not in every:
                every.append(one)
            indices.append(_ESSENTIAL | every.index(one) + 1)
        rows.append(struct.pack(f">HB{len(indices)}B", number, len(indices), *indices))
    return box(b"iprp", box(b"ipco", *every), box(b"ipma", full(len(items)), *rows))


def _locations(items: list[_Item], data_starts: int) -> bytes:
    rows, place = [], data_starts
    for number, item in enumerate(items, 1):
        rows.append(struct.pack(">HHHII", number, 0, 1, place, len(item.data)))
        place += len(item.data)
    return box(b"iloc", full(), bytes([0x44, 0]), struct.pack(">H", len(items)), *rows)
