"""An MP4 file whose header claims more samples than the file has."""

from __future__ import annotations

import struct


def claiming_mp4(*, samples: int, width: int = 320, height: int = 240) -> bytes:
    """An MP4 of 5 kB whose index claims a number of samples of one byte, and whose header a picture size."""

    def box(name: bytes, *parts: bytes) -> bytes:
        body = b"".join(parts)
        return struct.pack(">I4s", 8 + len(body), name) + body

    def full_box(name: bytes, *parts: bytes) -> bytes:
        return box(name, bytes(4), *parts)

    matrix = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    movie = full_box(
        b"mvhd",
        struct.pack(">4I", 0, 0, 1000, 1000),
        struct.pack(">IH10x", 1 << 16, 256),
        matrix,
        bytes(24),
        b"\0\0\0\2",
    )
    sides = struct.pack(">2I", (width & 0xFFFF) << 16, (height & 0xFFFF) << 16)
    track = box(b"tkhd", b"\0\0\0\7", struct.pack(">5I", 0, 0, 1, 0, 1000), bytes(16), matrix, sides)
    media = full_box(b"mdhd", struct.pack(">4I2H", 0, 0, 1000, 1000, 0x55C4, 0))
    handler = full_box(b"hdlr", struct.pack(">I4s12x", 0, b"vide"), b"v\0")
    data = box(b"dinf", full_box(b"dref", struct.pack(">I", 1), box(b"url ", b"\0\0\0\1")))
    picture_size = struct.pack(">2H", width & 0xFFFF, height & 0xFFFF)
    entry = box(
        b"jpeg", bytes(6), b"\0\1", bytes(16), picture_size, struct.pack(">3IH", 72 << 16, 72 << 16, 0, 1), bytes(32),
        struct.pack(">Hh", 24, -1),
    )  # fmt: skip
    table = box(
        b"stbl",
        full_box(b"stsd", struct.pack(">I", 1), entry),
        full_box(b"stts", struct.pack(">3I", 1, samples, 1)),
        full_box(b"stsc", struct.pack(">4I", 1, 1, samples, 1)),
        full_box(b"stsz", struct.pack(">2I", 1, samples)),
        full_box(b"stco", struct.pack(">2I", 1, 40)),
    )
    info = box(b"minf", box(b"vmhd", b"\0\0\0\1", bytes(8)), data, table)
    moov = box(b"moov", movie, box(b"trak", track, box(b"mdia", media, handler, info)))
    return box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2mp41") + box(b"mdat", bytes(4096)) + moov
