"""Reads a film once: finds where its shots begin, and keeps a few pictures of every part of it. It knows no model.

A film up to ten minutes long is read whole. A longer one is skimmed: its keyframes, at least a second apart.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videobert_demo.service.scenes_progress import Ahead, Work
from videobert_demo.timeline.album import MAX_PART_SECONDS, MAX_PARTS, PICTURES_PER_PART, Album
from videobert_demo.timeline.cuts import Cut, CutFinder
from videobert_demo.timeline.jumps import JumpFinder
from videobert_demo.timeline.scenes import LONG_SHOT_SECONDS, MAX_SCENE_SECONDS, MAX_SCENES
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import moments_taken
from videobert_demo.video.film import Film, FilmPicture, stream_film
from videobert_demo.video.glances import Glances
from videobert_demo.video.memory import give_memory_back
from videobert_demo.video.sampled import DISPLAY_SIDE
from videobert_demo.video.skimming import CLOSER_STEP_SECONDS, STEP_SECONDS, look_closer, skim

LONG_FILM_SECONDS = 600.0
"""A longer film is skimmed."""
PICTURES_OF_SKIMMED_SCENES = 4
MAX_SKIMMED_MOMENTS = 600
"""How many pictures of a film that was skimmed are compared by what they show."""

_JPEG_QUALITY = 95
_LARGE_PIXELS = 1280 * 720
_FRAMES_AT_ONCE = 16

Held = FilmPicture | bytes
"""A picture as the decoder gave it, or packed: a JPEG of high quality."""


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What a reading of a film found.

    Attributes:
        cuts: As a `CutFinder` gave them, or, of a film that was skimmed, the jumps.
        album: Pictures of every part.
        end_seconds: How far it was read.
        is_skimmed: Whether only some of its frames were read.
    """

    cuts: list[Cut]
    album: Album[Held]
    end_seconds: float
    is_skimmed: bool


def survey(path: str | os.PathLike[str], film: Film, limits: ClipLimits, work: Work) -> Survey:
    """Reads a film. If the work is cancelled, the survey ends there; it has at least one picture.

    Raises:
        ClipError: As `stream_film`.
    """
    runs = skim(film.table) if film.end_seconds > LONG_FILM_SECONDS else None
    finder: CutFinder | JumpFinder = CutFinder() if runs is None else JumpFinder()
    step_seconds = 0.0 if runs is None else STEP_SECONDS
    is_large = film.info.width * film.info.height > _LARGE_PIXELS
    # A scene of a film that is read whole is described by the frames that stand for it when it is opened by itself.
    album: Album[Held] = Album(_pack, _loose_bytes, wanted=moments_taken(film.table) if runs is None else None)
    glances, cuts, moments = Glances(), list[Cut](), list[float]()
    count = 0
    work.begin_reading()

    def look() -> None:
        _note(finder.add(np.array(moments), glances.take()), cuts, album)
        moments.clear()
        album.settle(finder.settled_seconds)

    end_seconds = film.end_seconds
    try:
        for picture in stream_film(path, film, limits, runs, step_seconds=step_seconds):
            glances.add(picture.frame)
            moments.append(picture.seconds)
            count += 1
            # A large picture would take much memory until it is needed.
            album.add(picture.seconds, _pack(picture) if is_large else picture)
            if len(glances) == _FRAMES_AT_ONCE:
                look()
            ahead = partial(_ahead, film.end_seconds, picture.seconds, cuts, None if runs is None else count)
            if not work.read(picture.seconds / film.end_seconds, ahead):
                end_seconds = max(picture.seconds, 1e-3)
                break
        look()
        _note(finder.end(), cuts, album)
        album.end()
    finally:
        give_memory_back()
    return Survey(cuts, album, end_seconds, runs is not None)


def _ahead(end_seconds: float, read_seconds: float, cuts: Sequence[Cut], skimmed_pictures: int | None) -> Ahead:
    """What will follow when so many seconds of a film are read, if the rest is like them."""
    share = max(read_seconds / end_seconds, 1e-3)
    scenes = max((len(cuts) + 1) / share, end_seconds / MAX_SCENE_SECONDS)
    if skimmed_pictures is not None:
        return Ahead(min(MAX_SKIMMED_MOMENTS, skimmed_pictures / share), min(MAX_SCENES, scenes))
    edges = [0.0, *sorted(cut.seconds for cut in cuts), read_seconds]
    long_seconds = sum(length for length in np.diff(edges).tolist() if length > LONG_SHOT_SECONDS) / share
    parts = min(long_seconds / MAX_PART_SECONDS, MAX_PARTS)
    return Ahead(parts * PICTURES_PER_PART, min(MAX_SCENES, scenes))


def survey_closer(
    path: str | os.PathLike[str],
    film: Film,
    limits: ClipLimits,
    found: Survey,
    spans: Sequence[tuple[float, float]],
    work: Work,
) -> None:
    """Adds pictures to the album of a film that was skimmed, so that each of its scenes has some."""
    runs = look_closer(film.table, spans, PICTURES_OF_SKIMMED_SCENES)
    if not runs or work.stops():
        return
    try:
        for picture in stream_film(path, film, limits, runs, step_seconds=CLOSER_STEP_SECONDS):
            found.album.put(picture.seconds, _pack(picture))
            if work.stops():
                return
    finally:
        give_memory_back()


def _note(found: Sequence[Cut], cuts: list[Cut], album: Album[Held]) -> None:
    cuts += found
    for cut in found:
        album.cut(cut.seconds, cut.strength)


def _pack(held: Held) -> bytes:
    if isinstance(held, bytes):
        return held
    picture = cv2.cvtColor(held.pixels(DISPLAY_SIDE), cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()


def _loose_bytes(held: Held) -> int:
    return 0 if isinstance(held, bytes) else held.size_bytes


def unpack(pictures: Sequence[Held]) -> NDArray[np.uint8]:
    """Pictures of one film -> uint8 (N, H, W, 3), RGB, the longer side at most `DISPLAY_SIDE`."""
    return np.stack(
        [
            np.array(Image.open(io.BytesIO(held))) if isinstance(held, bytes) else held.pixels(DISPLAY_SIDE)
            for held in pictures
        ]
    )
