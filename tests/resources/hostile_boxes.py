"""MP4, MOV and AVI files whose boxes and tables lie: sizes, counts, durations, picture sizes, nesting, other files.

Every function yields names and bytes. Knows these containers; knows nothing about where the files go.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

from tests.resources.claiming import claiming_mp4

Named = Iterator[tuple[str, bytes]]

FTYP = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom")
MAX_32 = 0xFFFFFFFF
_PARENTS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf", b"mvex"})
_SECRET = b"/etc/hostname"


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of ISO/IEC 14496-12 with an honest size."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(*numbers: int, version: int = 0) -> bytes:
    """The body of a full box: version, no flags, and numbers of 32 bits."""
    return struct.pack(f">I{len(numbers)}I", version << 24, *(number & MAX_32 for number in numbers))


def rewrite(data: bytes, bodies: Mapping[bytes, bytes]) -> bytes:
    """The same boxes with other bodies; the sizes of the boxes around them follow."""
    out, place = [], 0
    while place + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + size]
        if name in bodies:
            body = bodies[name]
        elif name in _PARENTS:
            body = rewrite(body, bodies)
        out.append(box(name, body))
        place += size
    return b"".join(out)


def lying_tables(whole: bytes) -> Named:
    """One table of a sound MP4 with its index at the end is changed at a time."""
    lies: dict[str, dict[bytes, bytes]] = {
        "stts_claims": {b"stts": full(MAX_32, 1, 1)},
        "stts_stands_still": {b"stts": full(1, 60, 0)},
        "stts_backwards": {b"stts": full(1, 60, MAX_32)},
        "stts_years": {b"stts": full(1, 60, 0x7FFFFFFF)},
        "stts_counts_on": {b"stts": full(1, MAX_32, 1)},
        "ctts_claims": {b"ctts": full(MAX_32, 1, 1)},
        "ctts_wild": {b"ctts": full(3, 20, 0x7FFFFFFF, 20, -0x80000000, 20, 5, version=1)},
        "stss_claims": {b"stss": full(MAX_32, 1)},
        "stss_nowhere": {b"stss": full(3, 0, MAX_32, 7)},
        "stss_wrong": {b"stss": full(6, 2, 11, 23, 31, 42, 55)},
        "stsz_huge": {b"stsz": full(0x7FFFFFFF, 60)},
        "stsz_negative": {b"stsz": full(-1, 60)},
        "stsz_claims": {b"stsz": full(0, MAX_32, 1)},
        "stsz_nothing": {b"stsz": full(0, 60, *([0] * 60))},
        "stsz_all_the_file": {b"stsz": full(len(whole) - 64, 60)},
        "stsc_claims": {b"stsc": full(MAX_32, 1, 1, 1)},
        "stsc_from_zero": {b"stsc": full(1, 0, 60, 1)},
        "stsc_backwards": {b"stsc": full(3, 9, 1, 1, 5, 1, 1, 1, 60, 1)},
        "stsc_no_entry": {b"stsc": full(1, 1, 60, 99)},
        "stco_beyond": {b"stco": full(1, MAX_32)},
        "stco_zero": {b"stco": full(1, 0)},
        "stco_claims": {b"stco": full(1 << 30, 48)},
        "stsd_none": {b"stsd": full(0)},
        "stsd_claims": {b"stsd": full(MAX_32)},
        "stsd_size_zero": {b"stsd": full(1, 0) + b"avc1" + bytes(78)},
        "stsd_no_codec": {b"stsd": full(1) + box(b"zzzz", bytes(6), b"\0\1", bytes(70))},
        "avc_without_sets": {b"stsd": full(1) + box(b"avc1", bytes(6), b"\0\1", bytes(16), b"\0\x60\0\x40", bytes(50))},
        "mvhd_scale_zero": {b"mvhd": full(0, 0, 0, MAX_32) + bytes(80)},
        "mdhd_scale_zero": {b"mdhd": full(0, 0, 0, MAX_32, 0)},
        "mdhd_scale_most": {b"mdhd": full(0, 0, MAX_32, 1, 0)},
        "mdhd_years": {b"mdhd": full(0, 0, 0, 0, 1, MAX_32, MAX_32, 0, version=1)},
        "hdlr_sound": {b"hdlr": full(0) + b"soun" + bytes(13)},
        "hdlr_nothing": {b"hdlr": b""},
        "tkhd_folded": {b"tkhd": full(0, 0, 1, 0, 1000) + bytes(60)},
        "elst_years": {b"elst": full(1, 0x7FFFFFFF, 0, 1 << 16)},
        "elst_nowhere": {b"elst": full(1, 1000, 0x7FFFFFFF, 1 << 16)},
        "elst_rate_zero": {b"elst": full(2, 1000, -1, 0, 1000, 0, 0)},
        "elst_claims": {b"elst": full(MAX_32, 1000, 0, 1 << 16)},
        "elst_many": {b"elst": full(20_000, *([1000, 0, 1 << 16] * 20_000))},
        "names_a_file_by_url": {b"dinf": box(b"dref", full(1), box(b"url ", full(0), b"file://" + _SECRET + b"\0"))},
        "names_a_file_by_alias": {b"dinf": box(b"dref", full(1), box(b"alis", full(0), alias(_SECRET)))},
        "udta_claims": {b"udta": box(b"meta", full(0), struct.pack(">I4s", MAX_32, b"ilst"))},
    }
    for name, bodies in lies.items():
        yield f"{name}.mp4", rewrite(whole, bodies)
    many = {b"stts": full(1, 100_000, 1), b"stsz": full(1, 100_000), b"stsc": full(1, 1, 100_000, 1)}
    for edits, name in ((1, "many_samples"), (10_000, "many_samples_and_edits")):
        lists = {b"elst": full(edits, *([90_000, 0, 1 << 16] * edits)), b"ctts": full(0), b"stss": full(1, 1)}
        yield f"{name}.mp4", rewrite(whole, many | lists)


def alias(path: bytes) -> bytes:
    """A Macintosh alias record that names a file by its absolute path (type 18)."""
    name = path.rsplit(b"/", 1)[1]
    fixed = struct.pack(">I", 0) + struct.pack(">HHH", 150 + 8 + len(path), 2, 0) + bytes([0]) + bytes(27)
    fixed += bytes(12) + bytes([len(name)]) + name.ljust(63, b"\0") + bytes(16) + struct.pack(">HH", 1, 1) + bytes(16)
    return fixed + struct.pack(">HH", 18, len(path)) + path + struct.pack(">HH", 0xFFFF, 0)


def lying_boxes(fragmented: bytes, jpeg: bytes) -> Named:
    """Boxes that are too long, too short, too deep, too many, or inside themselves."""
    for label, size in (("zero", 0), ("seven", 7), ("most", MAX_32), ("negative", 0x80000000)):
        yield f"moov_size_{label}.mp4", FTYP + struct.pack(">I4s", size, b"moov") + bytes(64)
    for label, long_size in (("2_56", 1 << 56), ("2_63", (1 << 63) - 1), ("2_64", (1 << 64) - 1), ("three", 3)):
        yield f"moov_long_size_{label}.mp4", FTYP + struct.pack(">I4sQ", 1, b"moov", long_size) + bytes(64)
    for depth in (100, 5000):
        deep = b""
        for level in range(depth):
            deep = struct.pack(">I4s", 8 * (level + 1), (b"moov", b"trak", b"mdia")[level % 3]) + deep
        yield f"moov_{depth}_deep.mp4", FTYP + deep
    yield "endless_small_boxes.mp4", FTYP + box(b"free") * 100_000
    yield "moov_in_itself.mp4", FTYP + struct.pack(">I4s", MAX_32, b"moov") * 2000
    yield (
        "reference_movie.mov",
        box(b"moov", box(b"rmra", box(b"rmda", box(b"rdrf", full(0), b"url ", _long(_SECRET))))),
    )
    bomb = zlib.compress(bytes(30 << 20), 9)
    for label, claimed in (("true", 30 << 20), ("most", MAX_32), ("none", 0)):
        packed = box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", struct.pack(">I", claimed), bomb))
        yield f"packed_index_{label}.mov", box(b"moov", packed)
    again = box(b"moov", box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", full(0))))
    for _ in range(12):
        inner = zlib.compress(again)
        again = box(b"moov", box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", struct.pack(">I", len(again)), inner)))
    yield "packed_index_in_itself.mov", again
    head, first = fragmented[: fragmented.index(b"moof") - 4], fragmented.index(b"moof") - 4
    length = struct.unpack_from(">I", fragmented, first)[0]
    moof = fragmented[first : first + length]
    yield "fragment_without_end.mp4", head + moof + struct.pack(">I4s", 0, b"mdat") + bytes(3000)
    yield "fragments_without_media.mp4", head + moof * 3000
    for label, count in (("most", MAX_32), ("16_million", 1 << 24)):
        yield (
            f"fragment_claims_{label}.mp4",
            head + rewrite(moof, {b"trun": struct.pack(">II", 0x301, count) + bytes(12)}),
        )
    loop = struct.pack(">I6I", 0, 1, 25, 0, 0, 0, 1) + struct.pack(">III", 0x80000000, 1000, 0) * 400
    yield "index_of_itself.mp4", FTYP + box(b"sidx", loop) * 200
    for samples in (1 << 20, 1 << 31, MAX_32):
        yield f"claims_{samples}_samples.mp4", claiming_mp4(samples=samples)
    for side in (16_000, 20_000, 65_535):
        yield f"claims_{side}_pixels.mp4", claiming_mp4(samples=4, width=side, height=side)
    yield "claims_no_pixels.mp4", claiming_mp4(samples=4, width=0, height=0)
    yield "one_large_picture_often.mp4", one_picture_often(jpeg.ljust(2 << 20, b"\0"), 200_000)
    yield "one_small_picture_often.mp4", one_picture_often(jpeg, 50_000)


def one_picture_often(jpeg: bytes, count: int) -> bytes:
    """An MP4 in which `count` samples lie in the same place, so that a small file takes a large one's reading."""
    small = claiming_mp4(samples=count)
    moov = small[small.index(b"moov") - 4 :]
    start = len(FTYP) + 8
    chunks = full(count, *([start] * count))
    tables = {b"stsz": full(len(jpeg), count), b"stsc": full(1, 1, 1, 1), b"stco": chunks}
    return FTYP + box(b"mdat", jpeg) + rewrite(moov, tables)


def _long(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


def lying_avi(whole: bytes) -> Named:
    """AVI files with false headers and indexes, from a sound one with Motion JPEG."""

    def patched(*changes: tuple[bytes, int, bytes]) -> bytes:
        data = bytearray(whole)
        for tag, offset, value in changes:
            place = data.index(tag) + offset
            data[place : place + len(value)] = value
        return bytes(data)

    most, zero = b"\xff" * 4, bytes(4)
    for side in (0, 20_000, 65_535, 0x7FFFFFFF):
        sides = struct.pack("<II", side, side)
        yield f"claims_{side}_pixels.avi", patched((b"avih", 40, sides), (b"strf", 12, sides))
    yield "rate_zero.avi", patched((b"strh", 28, zero * 2))
    yield "rate_most.avi", patched((b"strh", 28, b"\1\0\0\0" + most))
    yield "length_most.avi", patched((b"strh", 40, most), (b"avih", 24, most))
    yield "stream_count_most.avi", patched((b"avih", 32, most))
    yield "sample_size.avi", patched((b"strh", 52, b"\1\0\0\0"))
    yield "codec_unknown.avi", patched((b"strh", 12, b"zzzz"), (b"strf", 24, b"zzzz"))
    yield "codec_other.avi", patched((b"strh", 12, b"H264"), (b"strf", 24, b"H264"))
    yield "movi_size_most.avi", patched((b"movi", -4, most))
    yield "movi_size_zero.avi", patched((b"movi", -4, zero))
    yield "riff_size_zero.avi", patched((b"RIFF", 4, zero))
    yield "chunk_size_most.avi", patched((b"00dc", 4, most))
    yield "index_size_most.avi", patched((b"idx1", 4, most))
    index = whole.index(b"idx1")
    entry = whole[index + 8 : index + 24]
    for count in (1000, 200_000):
        yield f"index_of_one_{count}_times.avi", whole[:index] + b"idx1" + struct.pack("<I", 16 * count) + entry * count
    nested = b""
    for _ in range(3000):
        nested = b"LIST" + struct.pack("<I", 4 + len(nested)) + b"hdrl" + nested
    yield "lists_in_lists.avi", b"RIFF" + struct.pack("<I", len(nested) + 4) + b"AVI " + nested
    start = whole.index(b"LIST", 12)
    header = whole[start : whole.index(b"movi") - 8]
    stream = header[header.index(b"strl") - 8 :]
    yield "many_streams.avi", whole[:start] + header + stream * 300 + whole[whole.index(b"movi") - 8 :]
    yield "junk.avi", whole[: whole.index(b"movi") - 8] + (b"JUNK" + zero) * 100_000 + whole[index:]
