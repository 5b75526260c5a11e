"""Tells the format of a clip's file from its first bytes, whatever its name is. Knows bytes; opens nothing."""

from __future__ import annotations

from dataclasses import dataclass

from videobert_demo.errors import NoVideoStreamError, UnsupportedClipError
from videobert_demo.video.animated_webp import is_animated

SOUND_ONLY = "{name} holds sound only; choose a clip with a picture."
"""The message for a file without a moving picture."""

_MP4_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"sidx", b"moof", b"uuid")
_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_TRANSPORT_SYNC = 0x47
_TRANSPORT_PACKET_BYTES = (188, 192, 204)
_SYNCS_TO_BE_SURE = 5
_SOUND_FRAMES_TO_BE_SURE = 3
_ASF_GUID = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")


@dataclass(frozen=True, slots=True)
class ContainerFormat:
    """How a file holds its streams.

    Attributes:
        name: what people call it, such as "mp4".
        demuxer: FFmpeg's name of what reads it.
        has_free_clock: whether its clock may start at any value, as in broadcast formats: then times count from the
            container's start. In the other formats players show zero as the start, and times are taken as they are.
        may_restart: whether its clock may jump on the way, because such files are joined end to end.
        is_picture: whether it is a format of pictures: a file with one frame is then a photograph, which has no length.
        holds_one_picture: whether what follows the first picture is no part of the photograph. Phones append how much
            brighter an HDR display shows each place (a gain map), a depth map, or a film of the seconds before.
        may_have_tiles: whether a picture may be made of several, which FFmpeg does not join.
        unpacked_codec: where a copy is read in place of the file, which FFmpeg cannot read as a whole: its own codec.
    """

    name: str
    demuxer: str
    has_free_clock: bool = False
    may_restart: bool = False
    is_picture: bool = False
    holds_one_picture: bool = False
    may_have_tiles: bool = False
    unpacked_codec: str = ""


def detect_format(head: bytes, name: str) -> ContainerFormat:
    """The format that the first bytes of a file announce.

    Args:
        head: the file's first 4096 bytes; fewer if it has no more.
        name: the clip, for messages.

    Raises:
        NoVideoStreamError: the file holds sound only.
        UnsupportedClipError: the format is not one of those that are accepted.
    """
    if head[4:8] in _MP4_FIRST_BOXES:
        brand = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
        if brand in _PICTURE_BRANDS:
            return ContainerFormat(
                "avif" if brand.startswith(b"avi") else "heic", "mov", is_picture=True, may_have_tiles=True
            )
        known = {b"qt  ": "mov", b"3gp4": "3gp", b"3gp5": "3gp", b"3gp6": "3gp", b"M4A ": "m4a"}
        return ContainerFormat(known.get(brand, "mp4"), "mov")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return ContainerFormat("webm" if b"webm" in head[:80] else "mkv", "matroska")
    if head.startswith(b"RIFF") and head[8:11] == b"AVI":
        return ContainerFormat("avi", "avi")
    if head.startswith((b"GIF87a", b"GIF89a")):
        return ContainerFormat("gif", "gif", is_picture=True)
    if head.startswith(b"\xff\xd8\xff"):
        return ContainerFormat("jpg", "jpeg_pipe", is_picture=True, holds_one_picture=True)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        is_moving = b"acTL" in head
        demuxer = "apng" if is_moving else "png_pipe"
        return ContainerFormat("png", demuxer, is_picture=True, holds_one_picture=not is_moving)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        if is_animated(head):
            return ContainerFormat("webp", "matroska", is_picture=True, unpacked_codec="webp")
        return ContainerFormat("webp", "webp_pipe", is_picture=True, holds_one_picture=True)
    if head.startswith(b"\x00\x00\x01\xba"):
        return ContainerFormat("mpg", "mpeg", has_free_clock=True, may_restart=True)
    if head.startswith(b"\x00\x00\x01\xb3"):
        return ContainerFormat("mpg", "mpegvideo", has_free_clock=True)
    if _has_transport_packets(head):
        return ContainerFormat("ts", "mpegts", has_free_clock=True, may_restart=True)
    if head.startswith(b"FLV\x01"):
        return ContainerFormat("flv", "flv", has_free_clock=True)
    if head.startswith(_ASF_GUID):
        return ContainerFormat("wmv", "asf", has_free_clock=True)
    if head.startswith(b"OggS"):
        return ContainerFormat("ogv", "ogg")
    if _is_sound(head):
        raise NoVideoStreamError(SOUND_ONLY, name=name)
    raise UnsupportedClipError(
        "{name} is not a video that can be opened here; choose an MP4, MOV, WebM, MKV, AVI, GIF or MPG file.", name=name
    )


def _has_transport_packets(head: bytes) -> bool:
    """Whether these are packets of an MPEG transport stream, which may have been cut in the middle of a packet.

    Packets take 188 bytes, 192 with a time stamp before them, 204 with error correction, and begin with a fixed byte.
    """
    if head[0:189:188] == b"\x47\x47" or head[4:197:192] == b"\x47\x47":
        return True
    syncs = bytes([_TRANSPORT_SYNC]) * _SYNCS_TO_BE_SURE
    return any(
        head[first : first + size * _SYNCS_TO_BE_SURE : size] == syncs
        for size in _TRANSPORT_PACKET_BYTES
        for first in range(size)
    )


def _is_sound(head: bytes) -> bool:
    """Whether this is one of the formats that hold sound and nothing else: MP3, AAC, FLAC, WAVE, AIFF, CAF, AMR."""
    if head.startswith((b"ID3", b"fLaC", b"caff", b"#!AMR")):
        return True
    if (head[:4], head[8:12]) in {(b"RIFF", b"WAVE"), (b"FORM", b"AIFF"), (b"FORM", b"AIFC")}:
        return True
    # Every frame begins with the same two bytes; one of 2000 files of noise does once.
    if len(head) < 3 or head[0] != 0xFF or head[1] < 0xE0 or head.count(head[:2]) < _SOUND_FRAMES_TO_BE_SURE:
        return False
    # The first frame of MPEG sound (ISO/IEC 11172-3, 13818-7): 11 ones, version, layer, then rates that must exist.
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0:
        return version >= 2 and head[2] >> 2 & 15 < 13  # AAC with ADTS headers
    return version != 1 and layer in (1, 2) and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
