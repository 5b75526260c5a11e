"""Joins the tiles of a photograph into one picture, in a file that FFmpeg reads as a whole. Knows PyAV and one encoder.

The samples are copied as they are, with what is said of their colours, and stored without loss (FFV1 in Matroska, which
takes all layouts of samples, colours and a display matrix) in a file without a name. Everything else then goes its
usual way.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

import av
import numpy as np
from av.container import InputContainer
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from videobert_demo.errors import UnreadableClipError, UnsupportedClipError
from videobert_demo.video.source import ffmpeg_blocks_limited
from videobert_demo.video.tile_grid import Matrix, TileGrid

_ONE, _UNIT = 1 << 16, 1 << 30  # of a display matrix, ISO/IEC 14496-12, 8.5.2
_FULL_RANGE = 2
# Before it begins, FFV1's encoder takes the memory of the worst case: in version 3 more than 60 bytes a pixel, in 4
# three samples of one bit more each. Golomb-Rice codes take a third of the time that arithmetic ones do. Of pictures
# from 110 million pixels on the encoder makes more slices than the decoder takes, unless it is told how many.
_LOSSLESS = {"level": "4", "strict": "experimental", "coder": "rice", "slices": "64"}
_MOST_SAMPLES_PER_PIXEL, _HEADER_BYTES = 4, 1 << 20
_COLOURS = ("colorspace", "color_range", "color_primaries", "color_trc")


class _UnfitTilesError(Exception):
    """Tiles are missing, or do not fit together."""


def join_tiles(
    source: InputContainer,
    grid: TileGrid,
    name: str,
    check_time: Callable[[], None],
    check_layout: Callable[[VideoFormat], None],
) -> tuple[BinaryIO, str]:
    """Decodes the tiles and joins them.

    Args:
        source: The photograph, of which nothing was read yet.
        grid: How its tiles lie.
        name: The clip, for messages.
        check_time: Called before each tile; raises if it takes too long.
        check_layout: Called before the picture gets its memory; raises if it is too large with samples that lie so.

    Returns:
        A Matroska file of one frame, open and without a name; closing it deletes it. And the tiles' codec.

    Raises:
        UnreadableClipError: A tile is missing or damaged, or the tiles do not fit together.
        UnsupportedClipError: There is no decoder for them, or their samples do not lie in planes.
        OSError: There is no space left.
    """
    streams = [stream for stream in source.streams.video if stream.id in grid.tiles]
    if any(stream.codec_context is None for stream in streams):
        raise UnsupportedClipError(
            "{name} uses a codec that has no decoder here; convert it to an MP4 with H.264.", name=name
        )
    try:
        frame = _join(_decode(source, streams, check_time), grid, name, check_layout)
    except (_UnfitTilesError, av.FFmpegError, MemoryError) as error:
        raise UnreadableClipError(
            "{name} is damaged or incomplete; save, download or upload it again.", name=name
        ) from error
    unpacked = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    try:
        _store(frame, grid.matrix, unpacked)
    except BaseException as error:
        unpacked.close()
        if isinstance(error, MemoryError | ValueError):  # PyAV's are among them
            raise _no_join_error(name) from error
        raise
    return unpacked, streams[0].codec_context.codec.canonical_name


def _decode(source: InputContainer, streams: list[Any], check_time: Callable[[], None]) -> Iterator[tuple[int, Any]]:
    """The item of each tile, and its picture."""
    for stream in streams:
        stream.codec_context.thread_count = 1
    for packet in source.demux(streams):
        check_time()
        for frame in packet.decode():
            yield packet.stream.id, frame


def _join(
    tiles: Iterator[tuple[int, VideoFrame]], grid: TileGrid, name: str, check_layout: Callable[[VideoFormat], None]
) -> VideoFrame:
    """One frame as large as the grid says, in the tiles' own pixel format. Memory holds it, and a tile."""
    whole: VideoFrame | None = None
    first: tuple[str, int, int] | None = None
    missing = set(range(len(grid.tiles)))
    for item, tile in tiles:
        if whole is None:
            _check_fit(tile, grid, name)
            check_layout(tile.format)
            whole, first = _frame_like(tile, grid), (tile.format.name, tile.width, tile.height)
        if (tile.format.name, tile.width, tile.height) != first:
            raise _UnfitTilesError
        for index in [index for index in missing if grid.tiles[index] == item]:
            missing.remove(index)
            row, column = divmod(index, grid.columns)
            for samples, joined in zip(_planes(tile), _planes(whole), strict=True):
                high, wide = samples.shape
                part = joined[row * high : (row + 1) * high, column * wide : (column + 1) * wide]
                part[:] = samples[: part.shape[0], : part.shape[1]]
    if whole is None or missing:
        raise _UnfitTilesError
    return whole


def _check_fit(tile: VideoFrame, grid: TileGrid, name: str) -> None:
    """Refuses tiles that leave a part of the picture open or lie outside of it, and those without planes."""
    covers = grid.columns * tile.width >= grid.width and grid.rows * tile.height >= grid.height
    is_needed = (grid.columns - 1) * tile.width < grid.width and (grid.rows - 1) * tile.height < grid.height
    if not (covers and is_needed):
        raise _UnfitTilesError
    if len(tile.planes) != len(tile.format.components):
        raise _no_join_error(name)


def _no_join_error(name: str) -> UnsupportedClipError:
    return UnsupportedClipError(
        "{name} stores its picture in tiles, which cannot be joined here; save it as a JPEG.", name=name
    )


def _planes(frame: VideoFrame) -> list[NDArray[np.uint8]]:
    """The bytes of each plane's samples, (H, W x bytes of a sample), without what pads its rows: the frame's own."""
    sample_bytes = 2 if frame.format.components[0].bits > 8 else 1
    found = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(cast(bytes, plane)), np.uint8).reshape(-1, abs(plane.line_size))
        found.append(rows[: plane.height, : plane.width * sample_bytes])
    return found


def _frame_like(tile: VideoFrame, grid: TileGrid) -> VideoFrame:
    """An empty frame of the grid's size, in a tile's pixel format and colours."""
    frame = av.VideoFrame(grid.width, grid.height, tile.format.name.replace("yuvj", "yuv"))
    for name in _COLOURS:
        setattr(frame, name, getattr(tile, name))
    if tile.format.name.startswith("yuvj"):
        frame.color_range = _FULL_RANGE
    return frame


def _store(frame: VideoFrame, matrix: Matrix, unpacked: BinaryIO) -> None:
    sample_bits = frame.format.components[0].bits + 1
    packet_bytes = _MOST_SAMPLES_PER_PIXEL * frame.width * frame.height * sample_bits // 8 + _HEADER_BYTES
    with ffmpeg_blocks_limited(packet_bytes), av.open(unpacked, "w", format="matroska") as sink:
        stream: Any = sink.add_stream("ffv1", rate=1, options=_LOSSLESS)
        stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, frame.format.name
        for name in _COLOURS:
            setattr(stream.codec_context, name, getattr(frame, name))
        a, b, c, d = (_ONE * one for one in matrix)
        stream.set_display_matrix((a, b, 0, c, d, 0, 0, 0, _UNIT))
        frame.pts = 0
        sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
