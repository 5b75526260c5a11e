"""Matroska, GIF, MPEG and Flash files that lie about sizes, or that seem to have no end.

Every function yields names and bytes. Knows these containers; knows nothing about where the files go.
"""

from __future__ import annotations

import struct
import zlib

from tests.resources.hostile_boxes import Named

UNKNOWN = b"\x01" + b"\xff" * 7
"""The EBML size that means: until something else begins."""

_EBML, _SEGMENT, _INFO = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66"
_TRACKS, _TRACK, _CLUSTER = b"\x16\x54\xae\x6b", b"\xae", b"\x1f\x43\xb6\x75"
_TIME, _BLOCK, _SEEK_HEAD, _TAGS = b"\xe7", b"\xa3", b"\x11\x4d\x9b\x74", b"\x12\x54\xc3\x67"
_SCALE, _DURATION, _SCALE_MILLISECOND = b"\x2a\xd7\xb1", b"\x44\x89", b"\x0f\x42\x40"


def element(name: bytes, *parts: bytes, size: bytes | None = None) -> bytes:
    """An EBML element (RFC 8794), with an honest size unless another one is given."""
    body = b"".join(parts)
    return name + (size or struct.pack(">Q", 1 << 56 | len(body))) + body


def mkv(
    *clusters: bytes,
    info: bytes = element(_SCALE, _SCALE_MILLISECOND),
    before: bytes = b"",
    tracks: bytes | None = None,
    size: bytes = UNKNOWN,
) -> bytes:
    """A Matroska file with a Motion JPEG track, unless other tracks are given."""
    head = element(_EBML, element(b"\x42\x82", b"matroska"), element(b"\x42\x87", b"\4"), element(b"\x42\x85", b"\2"))
    entry = track() if tracks is None else tracks
    return head + element(_SEGMENT, before, element(_INFO, info), element(_TRACKS, entry), *clusters, size=size)


def track(
    codec: bytes = b"V_MJPEG", width: int = 96, height: int = 64, kind: int = 1, number: int = 1, more: bytes = b""
) -> bytes:
    """A track entry; kind 1 is video, 2 sound, 17 subtitles."""
    sides = element(b"\xe0", element(b"\xb0", struct.pack(">Q", width)), element(b"\xba", struct.pack(">Q", height)))
    names = ((b"\xd7", number), (b"\x73\xc5", number), (b"\x83", kind))
    numbers = b"".join(element(name, struct.pack(">Q", value)) for name, value in names)
    return element(_TRACK, numbers, element(b"\x86", codec), sides if kind == 1 else b"", more)


def cluster(*pictures: bytes, time: int = 0, step: int = 40, size: bytes | None = None, flags: int = 0x80) -> bytes:
    """Pictures, one every `step` milliseconds from `time`."""
    blocks = (
        element(_BLOCK, b"\x81" + struct.pack(">hB", place * step, flags), picture)
        for place, picture in enumerate(pictures)
    )
    return element(_CLUSTER, element(_TIME, struct.pack(">Q", time)), *blocks, size=size)


def lying_matroska(jpeg: bytes, other_jpeg: bytes, large_jpeg: bytes) -> Named:
    """EBML that is too large, too deep or nested in itself, and tracks that lie."""
    good = cluster(*[jpeg] * 5)
    yield "sound.mkv", mkv(good)
    for label, value in (("nan", float("nan")), ("infinity", float("inf")), ("negative", -1e300), ("tiny", 5e-324)):
        yield f"duration_{label}.mkv", mkv(good, info=element(_DURATION, struct.pack(">d", value)))
    for label, scale in (("zero", 0), ("2_63", (1 << 63) - 1), ("2_64", (1 << 64) - 1), ("one", 1)):
        yield f"time_scale_{label}.mkv", mkv(good, info=element(_SCALE, struct.pack(">Q", scale)))
    for label, time in (("2_40", 1 << 40), ("2_62", 1 << 62), ("2_64", (1 << 64) - 1)):
        yield f"cluster_time_{label}.mkv", mkv(good, cluster(jpeg, time=time))
    yield "times_backwards.mkv", mkv(*(cluster(jpeg, time=10_000 - 100 * place) for place in range(50)))
    yield "times_equal.mkv", mkv(cluster(*[jpeg] * 30, step=0))
    yield "times_negative.mkv", mkv(cluster(*[jpeg] * 30, step=-40))
    for label, size in (("2_56", b"\x01" + b"\xff" * 6 + b"\xfe"), ("zero", b"\x80"), ("no_length", b"\x00" * 8)):
        yield f"segment_size_{label}.mkv", mkv(good, size=size)
        yield f"cluster_size_{label}.mkv", mkv(good, cluster(jpeg, time=400, size=size), good)
        yield f"info_size_{label}.mkv", mkv(good, before=element(_INFO, size=size))
        yield f"track_size_{label}.mkv", mkv(good, tracks=element(_TRACK, b"\xd7\x81\1", size=size) + track())
        block = element(_BLOCK, b"\x81\0\0\x80", jpeg, size=size)
        yield f"block_size_{label}.mkv", mkv(good, element(_CLUSTER, element(_TIME, b"\1"), block))
    for label, flags in (("xiph", 0x82), ("fixed", 0x84), ("ebml", 0x86)):
        for laces in (b"\xff" * 300, b"\xfe\x01\xff\xff\xff\xff\xff\xff\xfe\x80" + jpeg):
            yield f"lacing_{label}_{len(laces)}.mkv", mkv(good, cluster(laces, time=400, flags=flags))
    yield "segments_in_segments.mkv", mkv(before=element(_SEGMENT, size=UNKNOWN) * 3000)
    yield "clusters_in_clusters.mkv", mkv(element(_CLUSTER, size=UNKNOWN) * 100_000)
    yield "void_without_end.mkv", mkv(before=element(b"\xec", size=UNKNOWN) * 50_000)
    seek = element(b"\x4d\xbb", element(b"\x53\xab", _SEEK_HEAD), element(b"\x53\xac", bytes(8)))
    yield "seek_head_of_itself.mkv", mkv(good, before=element(_SEEK_HEAD, seek * 500))
    far = element(b"\x4d\xbb", element(b"\x53\xab", b"\x1c\x53\xbb\x6b"), element(b"\x53\xac", b"\x7f" + b"\xff" * 7))
    yield "cues_nowhere.mkv", mkv(good, before=element(_SEEK_HEAD, far))
    tags = b""
    for _ in range(2000):
        tags = element(b"\x67\xc8", element(b"\x45\xa3", b"A"), tags)
    yield "tags_in_tags.mkv", mkv(good, before=element(_TAGS, element(b"\x73\x73", tags)))
    text = element(b"\xa3", b"A" * (1 << 20))
    yield "name_of_a_megabyte.mkv", mkv(good, before=element(_TAGS, element(b"\x73\x73", text)))
    yield from lying_tracks(jpeg, other_jpeg, large_jpeg)


def lying_tracks(jpeg: bytes, other_jpeg: bytes, large_jpeg: bytes) -> Named:
    """Tracks that are none or too many, and claim what their pictures are not."""
    good = cluster(*[jpeg] * 5)
    yield "no_tracks.mkv", mkv(good, tracks=b"")
    yield "many_tracks.mkv", mkv(good, tracks=b"".join(track(number=number + 1) for number in range(3000)))
    yield "one_track_often.mkv", mkv(good, tracks=track() * 500)
    yield "track_number_most.mkv", mkv(good, tracks=track(number=(1 << 64) - 1))
    yield "sound_track_only.mkv", mkv(good, tracks=track(b"A_PCM/INT/LIT", kind=2))
    yield "subtitles_only.mkv", mkv(cluster(b"Hello", b"again"), tracks=track(b"S_TEXT/UTF8", kind=17))
    chapter = element(b"\xb6", element(b"\x73\xc4", b"\1"), element(b"\x91", b"\0"))
    chapters = element(b"\x10\x43\xa7\x70", element(b"\x45\xb9", chapter * 2000))
    yield "chapters_only.mkv", mkv(before=chapters, tracks=b"")
    file = element(b"\x46\x6e", b"../../etc/passwd"), element(b"\x46\x60", b"image/png"), element(b"\x46\x5c", jpeg)
    attachments = element(b"\x19\x41\xa4\x69", element(b"\x61\xa7", *file, element(b"\x46\xae", b"\1")) * 50)
    yield "attachments_only.mkv", mkv(before=attachments, tracks=b"")
    yield "attachments_and_pictures.mkv", mkv(good, before=attachments)
    for side in (0, 20_000, 65_535, 1 << 40):
        yield f"claims_{side}_pixels.mkv", mkv(good, tracks=track(width=side, height=side))
    for codec in (
        b"V_UNCOMPRESSED",
        b"V_MPEG4/ISO/AVC",
        b"V_AV1",
        b"V_VP9",
        b"V_THEORA",
        b"V_QUICKTIME",
        b"V_ZZZZ",
        b"",
    ):
        label = codec.decode().lower().replace("/", "_") or "none"
        yield f"codec_{label}.mkv", mkv(good, tracks=track(codec, 20_000, 20_000))
    changing = [jpeg, jpeg, other_jpeg, other_jpeg, jpeg, other_jpeg] * 3
    yield "size_changes.mkv", mkv(cluster(*changing))
    for side in (5000, 20_000, 65_535):
        yield f"claims_to_grow_to_{side}.mkv", mkv(cluster(jpeg, jpeg, claiming_jpeg(jpeg, side), jpeg))
    yield "grows_over_the_limit.mkv", mkv(cluster(jpeg, jpeg, large_jpeg, jpeg))
    packed = element(b"\x6d\x80", element(b"\x62\x40", element(b"\x50\x34", element(b"\x42\x54", b"\0"))))
    bomb = zlib.compress(bytes(60 << 20), 9)
    yield "packed_pictures.mkv", mkv(cluster(*[bomb] * 20), tracks=track(more=packed))
    for side, name in ((4000, "png_of_4000.mkv"), (20_000, "png_of_20000.mkv")):
        private = struct.pack("<3I2H4s20x", 40, side, side, 1, 1, b"MPNG")
        entry = track(b"V_MS/VFW/FOURCC", side, side, more=element(b"\x63\xa2", private))
        yield name, mkv(cluster(*[claiming_png(side)] * 12), tracks=entry)


def claiming_jpeg(jpeg: bytes, side: int) -> bytes:
    """The same JPEG picture with a header that says it is a square of this side."""
    place = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:place] + struct.pack(">HH", side, side) + jpeg[place + 4 :]


def claiming_png(side: int) -> bytes:
    """A PNG picture that is truly a black square of this side, one bit a pixel, and some kB small."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    lines = zlib.compress(bytes(((side + 7) // 8 + 1) * side), 9)
    header = struct.pack(">2I5B", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def endless_matroska(jpeg: bytes, recorded: bytes) -> Named:
    """Streams whose parts say nothing about an end."""
    one = cluster(jpeg, size=UNKNOWN)
    yield "same_moment_without_end.mkv", mkv(one * 300)
    yield "empty_clusters.mkv", mkv(cluster(size=UNKNOWN) * 100_000)
    yield "empty_blocks.mkv", mkv(cluster(*[b""] * 500, step=1) * 100)
    yield "tiny_blocks.mkv", mkv(*(cluster(*[b"\xff"] * 500, step=1, time=500 * place) for place in range(100)))
    yield "recorded_again_and_again.webm", recorded * 30
    start = recorded.index(_CLUSTER)
    yield "recorded_clusters_repeated.webm", recorded[:start] + recorded[start:] * 50


def lzw_zeros(count: int) -> bytes:
    """GIF's LZW code of at least `count` pixels of colour 0, in sub-blocks."""
    bits = place = pixels = 0
    while pixels < count:
        run, width, code = 1, 3, 6
        for value in (4, 0):
            bits, place = bits | value << place, place + width
        while pixels < count and code < 4095:
            # Each code is the one that is being made: the run before it, and one pixel more.
            pixels, run = pixels + run, run + 1
            bits, place, code = bits | code << place, place + width, code + 1
            width = min(12, code.bit_length())
    bits, place = bits | 5 << place, place + 12
    data = bits.to_bytes((place + 7) // 8, "little")
    blocks = (data[at : at + 255] for at in range(0, len(data), 255))
    return b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def gif(width: int, height: int, *frames: bytes) -> bytes:
    """A GIF with a palette of four colours."""
    return b"GIF89a" + struct.pack("<HH3B", width, height, 0x91, 0, 0) + bytes(range(12)) + b"".join(frames) + b";"


def gif_frame(width: int = 1, height: int = 1, *, delay: int | None = None, pixels: int = 1) -> bytes:
    """One picture of a GIF; the delay is in hundredths of a second."""
    control = b"" if delay is None else b"\x21\xf9\x04\x04" + struct.pack("<H", delay) + b"\0\0"
    image = b"\x2c" + struct.pack("<4HB", 0, 0, width, height, 0)
    return control + image + b"\x02" + (b"\x02\x4c\x01\0" if pixels == 1 else lzw_zeros(pixels))


def lying_gifs(whole: bytes) -> Named:
    """GIF files that are vast, endless or empty."""
    for side in (20_000, 65_535):
        yield f"claims_{side}_pixels.gif", gif(side, side, gif_frame(delay=10) * 4)
        yield f"claims_{side}_pixels_in_a_frame.gif", gif(8, 8, gif_frame(delay=10), gif_frame(side, side, delay=10))
        yield f"claims_{side}_pixels_over_pictures.gif", whole[:6] + struct.pack("<HH", side, side) + whole[10:]
    yield "claims_no_pixels.gif", gif(0, 0, gif_frame(0, 0) * 4)
    yield "wide_as_a_thread.gif", gif(65_535, 1, gif_frame(delay=10) * 4)
    yield "frames_without_control.gif", gif(1, 1, gif_frame() * 200_000)
    yield "100000_frames.gif", gif(1, 1, gif_frame(delay=1) * 100_000)
    yield "frames_of_no_time.gif", gif(4, 4, gif_frame(delay=0) * 20_000)
    yield "frames_of_minutes.gif", gif(4, 4, gif_frame(delay=65_535) * 1000)
    vast = gif_frame(4096, 4096, delay=4, pixels=1 << 24)
    yield "vast_pictures.gif", gif(4096, 4096, vast * 400)
    yield "comments.gif", gif(4, 4, b"\x21\xfe\x01A\0" * 300_000, gif_frame())
    yield "comment_without_end.gif", whole[:13] + b"\x21\xfe" + (b"\xff" + b"A" * 255) * 10_000
    yield "code_sizes.gif", gif(4, 4, *(gif_frame()[:10] + bytes([size]) + b"\x02\x4c\x01\0" for size in range(256)))
    yield "loops.gif", gif(4, 4, b"\x21\xff\x0bNETSCAPE2.0\x03\x01\xff\xff\0" * 50_000, gif_frame(delay=1) * 3)


def endless_mpeg(ts: bytes, program: bytes, flash: bytes) -> Named:
    """Transport and program streams and Flash files that go on and on."""
    packets = [ts[place : place + 188] for place in range(0, len(ts), 188)]
    yield "repeated_60_times.ts", ts * 60
    yield "first_packet.ts", packets[0] * 20_000
    yield "every_packet_thrice.ts", b"".join(packet * 3 for packet in packets)
    yield "backwards.ts", b"".join(reversed(packets))
    yield "stuffing.ts", (b"\x47\x1f\xff\x10" + b"\xff" * 184) * 10_000
    yield "only_sync.ts", b"\x47" * 1_000_000
    many = (
        b"\x47" + struct.pack(">H", 0x4000 | number) + b"\x10\0\0\1\xe0\0\0\x80\x80\5!\0\1\0\1"
        for number in range(8000)
    )
    yield "eight_thousand_streams.ts", b"".join(packet.ljust(188, b"\xff") for packet in many)
    yield "repeated_60_times.mpg", program * 60
    yield "pack_headers.mpg", program[:14] * 50_000
    yield "packet_start_codes.mpg", b"\0\0\1\xba" * 200_000
    yield "picture_start_codes.mpg", b"\0\0\1\xb3" * 200_000
    systems = b"".join(b"\0\0\1" + bytes([kind, 0, 4]) + b"\xff" * 4 for kind in range(0xBC, 256))
    yield "system_streams.mpg", program[:14] + systems * 500
    head = flash[:13]
    yield "empty_tags.flv", head + (b"\x09" + bytes(10) + b"\0\0\0\x0b") * 50_000
    yield "tag_size_most.flv", head + b"\x09\xff\xff\xff" + bytes(7) + flash[24:]
    place = flash.index(b"duration\0") + 9
    yield "duration_nan.flv", flash[:place] + struct.pack(">d", float("nan")) + flash[place + 8 :]
    script = b"\2\0\x0aonMetaData" + b"\x03\0\1a" * 15_000
    nested = b"\x12" + struct.pack(">I", len(script))[1:] + bytes(7) + script
    yield "objects_in_objects.flv", head + nested
    yield "many_headers.flv", head * 20_000
