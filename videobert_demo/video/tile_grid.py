"""Finds out how a photograph (HEIC, AVIF) is put together from tiles. Knows boxes; decodes nothing.

Phones code a photograph as tiles of 512 x 512 pixels and an item "grid" that says how they lie (ISO/IEC 23008-12,
6.6.2.3). FFmpeg gives each tile as a track of its own, whose id is the tile's item, and does not say the rest:

    meta --> pitm: which item is shown        iref: of which items it is made, row by row
             iinf: whether it is a grid       iloc, idat: where the grid's rows, columns and size are
             iprp: how it is mirrored and turned to be shown
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from videobert_demo.errors import UnreadableClipError

MAX_TILES = 4096
_MAX_META_BYTES = 16 * 1024 * 1024
_MAX_BOXES_BEFORE = 64
_MAX_GRID_BYTES = 12
_WIDE_FIELDS = 1
_IN_FILE, _IN_IDAT = 0, 1

Matrix = tuple[int, int, int, int]
"""(a, b, c, d): shown, a picture's right becomes (a, b) and its down becomes (c, d), with the vertical axis down."""
_UPRIGHT: Matrix = (1, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class TileGrid:
    """How the tiles of a photograph lie.

    Attributes:
        tiles: The item of each tile, row by row, `rows` times `columns` of them.
        rows: How many tiles lie below each other.
        columns: How many lie side by side.
        width: Of the whole picture as stored, in pixels; the last tiles may stand out over it.
        height: Likewise.
        matrix: How it is turned to be shown.
    """

    tiles: tuple[int, ...]
    rows: int
    columns: int
    width: int
    height: int
    matrix: Matrix = _UPRIGHT

    def __post_init__(self) -> None:
        if len(self.tiles) != self.rows * self.columns or not 0 < len(self.tiles) <= MAX_TILES:
            raise ValueError(f"{self.rows} x {self.columns} tiles are needed, got {len(self.tiles)}")
        if self.width < 1 or self.height < 1:
            raise ValueError(f"width and height must be at least 1, got {self.width} x {self.height}")


def read_tile_grid(file: BinaryIO, name: str) -> TileGrid | None:
    """The grid of a photograph that is made of tiles; None of any other file.

    Args:
        file: The photograph; it is read from its beginning.
        name: The clip, for messages.

    Raises:
        UnreadableClipError: What is said of the grid does not fit together.
    """
    boxes: dict[bytes, bytes] = {}
    for box, body in _boxes(_meta_of(file)):
        boxes.setdefault(box, body)
    try:
        shown = _shown_item(boxes)
        if _item_type(boxes, shown) != b"grid":
            return None
    except _EndOfBoxError:
        return None
    try:
        return _read_layout(file, boxes, shown)
    except (_EndOfBoxError, ValueError) as error:
        raise UnreadableClipError(
            "{name} is damaged or incomplete; save, download or upload it again.", name=name
        ) from error


def _read_layout(file: BinaryIO, boxes: dict[bytes, bytes], shown: int) -> TileGrid:
    layout = _Fields(_data_of(file, boxes, shown))
    layout.number(1)  # version
    size = 4 if layout.number(1) & _WIDE_FIELDS else 2
    rows, columns = layout.number(1) + 1, layout.number(1) + 1
    width, height = layout.number(size), layout.number(size)
    return TileGrid(_parts_of(boxes, shown), rows, columns, width, height, _matrix_of(boxes, shown))


class _EndOfBoxError(Exception):
    """A box ends before its last field."""


class _Fields:
    """Reads the big-endian numbers of a box one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._offset = data, 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        found = self._data[self._offset : self._offset + count]
        if len(found) < count:
            raise _EndOfBoxError
        self._offset += count
        return found

    def number(self, size: int) -> int:
        """The next number, of `size` bytes; 0 if that is 0."""
        return int.from_bytes(self.take(size), "big")

    def version(self) -> tuple[int, int]:
        """Version and flags of a full box."""
        return self.number(1), self.number(3)

    def boxes(self) -> Iterator[tuple[bytes, bytes]]:
        """What follows, as boxes."""
        return _boxes(self._data[self._offset :])


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each box, up to the first one that does not end."""
    offset = 0
    while offset + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, offset)
        if size < 8 or offset + size > len(data):
            return
        yield name, data[offset + 8 : offset + size]
        offset += size


def _meta_of(file: BinaryIO) -> bytes:
    """What the file's box "meta" holds, without its version; nothing if there is none."""
    offset = 0
    for _ in range(_MAX_BOXES_BEFORE):
        file.seek(offset)
        head = file.read(16)
        if len(head) < 8:
            break
        size, name = struct.unpack(">I4s", head[:8])
        start = 8
        if size == 1 and len(head) == 16:
            size, start = int.from_bytes(head[8:], "big"), 16
        if size < start:
            break
        if name == b"meta":
            file.seek(offset + start)
            return file.read(min(size - start, _MAX_META_BYTES))[4:]
        offset += size
    return b""


def _shown_item(boxes: dict[bytes, bytes]) -> int:
    fields = _Fields(boxes.get(b"pitm", b""))
    version, _ = fields.version()
    return fields.number(4 if version else 2)


def _item_type(boxes: dict[bytes, bytes], item: int) -> bytes:
    """The four letters that say what an item is."""
    fields = _Fields(boxes.get(b"iinf", b""))
    version, _ = fields.version()
    fields.number(4 if version else 2)  # how many
    for box, body in fields.boxes():
        entry = _Fields(body)
        version, _ = entry.version()
        if box == b"infe" and version >= 2 and entry.number(4 if version > 2 else 2) == item:
            entry.number(2)  # protection
            return entry.take(4)
    return b""


def _parts_of(boxes: dict[bytes, bytes], item: int) -> tuple[int, ...]:
    """The items of which an item is made, in order."""
    fields = _Fields(boxes.get(b"iref", b""))
    version, _ = fields.version()
    size = 4 if version else 2
    for box, body in fields.boxes():
        reference = _Fields(body)
        if box == b"dimg" and reference.number(size) == item:
            return tuple(reference.number(size) for _ in range(min(reference.number(2), MAX_TILES + 1)))
    return ()


def _data_of(file: BinaryIO, boxes: dict[bytes, bytes], item: int) -> bytes:
    """The first bytes of an item's data: all of a grid's."""
    fields = _Fields(boxes.get(b"iloc", b""))
    version, _ = fields.version()
    sizes = fields.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    for _ in range(fields.number(4 if version > 1 else 2)):
        number = fields.number(4 if version > 1 else 2)
        method = fields.number(2) & 15 if version else _IN_FILE
        fields.number(2)  # which file
        base, data = fields.number(base_size), b""
        for _ in range(fields.number(2)):
            fields.number(index_size)
            offset, length = base + fields.number(offset_size), fields.number(length_size)
            length = min(length or _MAX_GRID_BYTES, _MAX_GRID_BYTES)
            if number == item and method == _IN_IDAT:
                data += boxes.get(b"idat", b"")[offset : offset + length]
            elif number == item and method == _IN_FILE:
                file.seek(offset)
                data += file.read(length)
        if number == item:
            return data
    return b""


def _matrix_of(boxes: dict[bytes, bytes], item: int) -> Matrix:
    """How an item is mirrored and turned, one after the other in the order of its properties."""
    inner = dict(_boxes(boxes.get(b"iprp", b"")))
    every = list(_boxes(inner.get(b"ipco", b"")))
    fields = _Fields(inner.get(b"ipma", b""))
    version, flags = fields.version()
    index_size = 2 if flags & _WIDE_FIELDS else 1
    matrix = _UPRIGHT
    for _ in range(fields.number(4)):
        number = fields.number(4 if version else 2)
        for _ in range(fields.number(1)):
            index = fields.number(index_size) & (
                2 ** (8 * index_size - 1) - 1
            )  # the first bit: whether it is essential
            if number == item and 0 < index <= len(every):
                matrix = _changed(matrix, *every[index - 1])
    return matrix


def _changed(matrix: Matrix, name: bytes, body: bytes) -> Matrix:
    """The matrix after one more property: "irot" turns to the left, "imir" swaps left and right, or up and down."""
    a, b, c, d = matrix
    if name == b"irot":
        for _ in range(_Fields(body).number(1) & 3):
            a, b, c, d = b, -a, d, -c  # (x, y) -> (y, -x)
    elif name == b"imir":
        a, b, c, d = (a, -b, c, -d) if _Fields(body).number(1) & 1 else (-a, b, -c, d)
    return a, b, c, d
