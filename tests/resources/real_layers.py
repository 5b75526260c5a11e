"""HEVC with more in it than a picture: Dolby Vision's metadata and the second view of spatial video, as phones record.

Both are made of a plain film: a NAL unit is appended to each of its packets, and its sample entry says what they are.
The syntax is that of ITU-T H.265, F.7.3.2.1 (extension of the video parameter set), and of ETSI GS CCM 001, annex C
(reference processing unit). Every function writes one file. Knows nothing about the reader.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import av

from tests.resources.hostile_boxes import box

_PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"hvc1", b"hev1")
_BYTES_BEFORE_CHILDREN = {b"stsd": 8, b"hvc1": 78, b"hev1": 78}
_VPS, _RPU = 32, 62
_HEADER_OF_RPU = bytes([_RPU << 1, 1])
_FRACTION_BITS = 23
_IPT_TO_LMS = (8192, 799, 1681, 8192, -933, 1091, 8192, 267, -5545)  # of 8192
_WITHOUT_CROSSTALK = (17081, -349, -349, -349, 17081, -349, -349, -349, 17081)  # of 16384
BEND_PIVOTS = (0, 512, 1023)
BEND_LINES = ((0.0, 1.25), (0.25, 0.75))
"""Of profile 5: the constant and the slope of the line between two pivots of the intensity."""
BEND_CONSTANT, BEND_MIX = -0.0625, (0.125, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Of profile 5: how the second plane comes from all three."""
_SECOND_LAYER = 1 << 3  # in the second byte of a NAL unit's header


class _Bits:
    """Writes numbers of any count of bits one after another."""

    def __init__(self) -> None:
        self._text = ""

    def fixed(self, value: int, count: int) -> _Bits:
        """A number of `count` bits; a negative one as its two's complement."""
        self._text += f"{value & (1 << count) - 1:0{count}b}"
        return self

    def golomb(self, value: int) -> _Bits:
        """ue(v): an unsigned number in as many bits as it needs."""
        digits = f"{value + 1:b}"
        self._text += "0" * (len(digits) - 1) + digits
        return self

    def aligned(self, filler: str = "0") -> bytes:
        """All of it, in whole bytes."""
        self._text += filler * (-len(self._text) % 8)
        return int(self._text, 2).to_bytes(len(self._text) // 8, "big")

    def extended(self, data: bytes) -> _Bits:
        """Whole bytes."""
        return self.fixed(int.from_bytes(data, "big"), 8 * len(data))


def dolby_vision(path: Path, plain: Path, profile: int = 8, compatibility: int = 4) -> Path:
    """A film in 10-bit HEVC with Dolby Vision's metadata beside each picture.

    Args:
        path: Where to write, .mp4 or .mov.
        plain: The film, in HLG for profile 8.4, which iPhones record, or in bent IPT-PQ-c2 for profile 5.
        profile: Dolby's number of the profile.
        compatibility: What the base layer is: 1 is HDR10, 2 SDR, 4 HLG, and 0 nothing that an ordinary player shows.
    """
    unit = _HEADER_OF_RPU + _escaped(_reference_processing_unit(has_base=compatibility != 0))
    _append_to_packets(path, plain, lambda _: struct.pack(">I", len(unit)) + unit)
    level, has_rpu, has_second_layer, has_base = 3, 1, 0, 1
    flags = profile << 9 | level << 3 | has_rpu << 2 | has_second_layer << 1 | has_base
    record = struct.pack(">BBHI", 1, 0, flags, compatibility << 28) + bytes(16)
    _edit_entry(path, lambda children: children + box(b"dvvC", record))
    return path


def spatial(path: Path, plain: Path, width: int, height: int) -> Path:
    """A film in 8-bit HEVC of two layers, one for each eye (MV-HEVC). The second layer holds the first's packets again.

    Args:
        path: Where to write, .mp4 or .mov.
        plain: What the first layer shows.
        width: Of its pictures, in pixels.
        height: Likewise.
    """
    _append_to_packets(path, plain, _in_second_layer)

    def with_two_layers(children: bytes) -> bytes:
        size = struct.unpack_from(">I", children, children.index(b"hvcC") - 4)[0]
        start = children.index(b"hvcC") - 4
        record = children[start + 8 : start + size]
        return children[:start] + box(b"hvcC", _of_two_layers(record, width, height)) + children[start + size :]

    _edit_entry(path, with_two_layers)
    return path


def _append_to_packets(path: Path, plain: Path, extra: Callable[[bytes], bytes]) -> None:
    """Copies a film, with more behind each packet's own NAL units."""
    with av.open(str(plain)) as source, av.open(str(path), "w") as sink:
        track = source.streams.video[0]
        stream = sink.add_stream_from_template(track)
        for packet in source.demux(track):
            if packet.size:
                data = bytes(packet)
                longer = av.Packet(data + extra(data))
                longer.stream, longer.time_base = stream, packet.time_base
                longer.pts, longer.dts, longer.duration = packet.pts, packet.dts, packet.duration
                longer.is_keyframe = packet.is_keyframe
                sink.mux(longer)


def _in_second_layer(data: bytes) -> bytes:
    """The NAL units of a packet, each with its length, as those of the second layer."""
    found, place = b"", 0
    while place < len(data):
        (size,) = struct.unpack_from(">I", data, place)
        unit = bytearray(data[place + 4 : place + 4 + size])
        unit[1] |= _SECOND_LAYER
        found += struct.pack(">I", size) + unit
        place += 4 + size
    return found


def _edit_entry(path: Path, edit: Callable[[bytes], bytes]) -> None:
    """Changes the boxes of the sample entry. The index stands at the file's end, so that no offset changes."""
    path.write_bytes(_edited(path.read_bytes(), edit))


def _edited(data: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    out, place = [], 0
    while place + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + size]
        if name in _PARENTS:
            before = _BYTES_BEFORE_CHILDREN.get(name, 0)
            children = edit(body[before:]) if name in (b"hvc1", b"hev1") else _edited(body[before:], edit)
            body = body[:before] + children
        out.append(box(name, body))
        place += size
    return b"".join(out)


def _of_two_layers(record: bytes, width: int, height: int) -> bytes:
    """A decoder's configuration whose video parameter set tells of a second view."""
    out, place = bytearray(record[:23]), 23
    for _ in range(record[22]):
        kind, count = struct.unpack_from(">BH", record, place)
        out += record[place : place + 3]
        place += 3
        for _ in range(count):
            (size,) = struct.unpack_from(">H", record, place)
            unit = record[place + 2 : place + 2 + size]
            place += 2 + size
            if kind & 63 == _VPS:
                unit = unit[:2] + _escaped(_parameter_set(unit[2:].replace(b"\0\0\3", b"\0\0"), width, height))
            out += struct.pack(">H", len(unit)) + unit
    return bytes(out)


def _parameter_set(plain: bytes, width: int, height: int) -> bytes:
    """A video parameter set with two layers, of which the second is another view and refers to the first."""
    profile_and_level = plain[4:16]
    head = _Bits().fixed(0, 4).fixed(0b11, 2).fixed(2 - 1, 6).fixed(0, 3).fixed(1, 1).fixed(0xFFFF, 16)
    head.extended(profile_and_level).fixed(1, 1).golomb(4).golomb(2).golomb(0)  # pictures held, reordered
    head.fixed(1, 6).golomb(2 - 1).fixed(0b11, 2)  # highest layer; layer sets; the second set holds both layers
    head.fixed(0, 1).fixed(1, 1)  # no timing; an extension follows
    tail = _Bits().fixed(profile_and_level[-1], 8)
    tail.fixed(0, 1).fixed(1 << 14, 16).fixed(0, 3)  # scalability: views only, told apart by one bit
    tail.fixed(0, 1).fixed(1, 1).fixed(1, 4).fixed(0, 1).fixed(1, 1)  # the second layer is view 1
    tail.fixed(1, 1).fixed(0, 1).fixed(0, 1).fixed(1, 1)  # it depends on the first
    tail.golomb(3 - 1).fixed(1, 1).extended(profile_and_level)
    tail.golomb(0).fixed(0, 2).fixed(1, 2).fixed(2, 2)  # output layer sets, and the profiles of their layers
    tail.golomb(0).fixed(width, 16).fixed(height, 16).fixed(1, 1).fixed(1, 2).fixed(0, 8).fixed(0, 1)
    tail.fixed(1, 1).fixed(0, 1).fixed(0, 1).golomb(4).golomb(4).golomb(2).golomb(0)
    tail.golomb(0).fixed(1, 1).fixed(2, 2)  # the second layer refers to samples and to motion
    tail.golomb(0).fixed(0, 1).fixed(0, 1).fixed(1, 1)  # nothing else; the end
    return head.aligned("1") + tail.aligned()


def _reference_processing_unit(*, has_base: bool) -> bytes:
    """Dolby's metadata of one picture: of a base layer that is taken as it is, or of one in IPT-PQ-c2 that is bent."""
    profile, is_full_range = (1, 0) if has_base else (0, 1)
    bits = _Bits().fixed(2, 6).fixed(18, 11).fixed(profile, 4).fixed(0, 4)  # type, format, profile, level
    bits.fixed(1, 1).fixed(0, 1).fixed(0, 2).golomb(_FRACTION_BITS).fixed(1, 2).fixed(is_full_range, 1)
    bits.golomb(2).golomb(2).golomb(4).fixed(0, 1).fixed(0, 3).fixed(0, 1).fixed(1, 1)  # 10, 10 and 12 bits
    bits.fixed(1, 1).fixed(0, 1).golomb(0).golomb(0).golomb(0)  # with colours; nothing from the picture before
    for pivots in ((0, 1023), (0, 1023), (0, 1023)) if has_base else (BEND_PIVOTS, (0, 1023), (0, 1023)):
        bits.golomb(len(pivots) - 2)
        for before, pivot in zip((0, *pivots), pivots, strict=False):
            bits.fixed(pivot - before, 10)
    bits.golomb(0).golomb(0)
    if has_base:
        for _ in range(3):
            _polynomial(bits, 0, 1)
    else:
        for line in BEND_LINES:
            _polynomial(bits, *line)
        bits.golomb(1).fixed(0, 2)  # a mix of all three planes, of the first order
        for value in (BEND_CONSTANT, *BEND_MIX):
            _coefficient(bits, value)
        _polynomial(bits, 0, 1)
    bits.golomb(0).golomb(0).golomb(1)
    for value in (9574, 0, 13802, 9574, -1540, -5348, 9574, 17610, 0) if has_base else _IPT_TO_LMS:
        bits.fixed(value, 16)
    for value in (1 << 24 if has_base else 0, 1 << 27, 1 << 27):
        bits.fixed(value, 32)
    for value in (7222, 8771, 390, 2654, 12430, 1300, 0, 422, 15962) if has_base else _WITHOUT_CROSSTALK:
        bits.fixed(value, 16)
    bits.fixed(65535, 16).fixed(0, 16).fixed(0, 16).fixed(0, 32).fixed(12, 5).fixed(0, 2).fixed(0, 2).fixed(1, 2)
    bits.fixed(62, 12).fixed(3079, 12).fixed(42, 10).golomb(0)  # darkest, brightest, the display; no extensions
    body = bits.aligned()
    return b"\x19" + body + struct.pack(">I", _crc(body)) + b"\x80"


def _polynomial(bits: _Bits, constant: float, slope: float) -> None:
    """A piece of a curve that is a straight line."""
    bits.golomb(0).golomb(0).fixed(0, 1)
    _coefficient(bits, constant)
    _coefficient(bits, slope)


def _coefficient(bits: _Bits, value: float) -> None:
    """se(v) of the whole part, and the fraction."""
    whole = math.floor(value)
    bits.golomb(2 * whole - 1 if whole > 0 else -2 * whole).fixed(
        round((value - whole) * 2**_FRACTION_BITS), _FRACTION_BITS
    )


def _crc(data: bytes) -> int:
    """CRC-32 of MPEG: zlib's, with the bits of every byte and of the result the other way round, and not inverted."""
    turned = bytes(int(f"{one:08b}"[::-1], 2) for one in data)
    return int(f"{zlib.crc32(turned) ^ 0xFFFFFFFF:032b}"[::-1], 2)


def _escaped(payload: bytes) -> bytes:
    """A payload in which no three bytes look like the start of a NAL unit."""
    out = bytearray()
    for one in payload:
        if out[-2:] == b"\0\0" and one <= 3:
            out.append(3)
        out.append(one)
    return bytes(out)
