"""How well cuts are found: films joined from whole clips, so that every cut is known.

Each clip is divided at the cuts that are known to be in it, and its parts are joined in random order, hard or with
dissolves of 0.4 to 1.2 seconds, some of them dark, with flashes, or seen by a moving camera. Precision and recall count
a cut as found if it is within 0.2 seconds; the cut of a dissolve is its middle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.shots import find_shots
from videobert_demo.types import Frames

FRAMES_PER_SECOND = 25
TOLERANCE_SECONDS = 0.2
VARIANTS = ("hard", "dissolved", "faded", "dark", "flashes", "moving")

_DARK_SHARE = 0.2
_FLASH_FRAMES = 2
_MOVING_SHARE = 0.8  # Of the picture's sides; the moving camera sees this much of it.


@dataclass(frozen=True, slots=True)
class CutScore:
    """How many cuts there are and were found.

    Attributes:
        found: Cuts that were reported within the tolerance of a true one, each true one once.
        reported: Cuts that were reported.
        true: Cuts that there are.
    """

    found: int
    reported: int
    true: int

    @property
    def precision(self) -> float:
        """The share of reported cuts that are true, in [0, 1]; 1 if none was reported."""
        return self.found / self.reported if self.reported else 1.0

    @property
    def recall(self) -> float:
        """The share of true cuts that were found, in [0, 1]; 1 if there are none."""
        return self.found / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in [0, 1]."""
        total = self.reported + self.true
        return 2 * self.found / total if total else 1.0

    def __add__(self, other: CutScore) -> CutScore:
        return CutScore(self.found + other.found, self.reported + other.reported, self.true + other.true)


def score_cuts(
    reported: Sequence[float], true: Sequence[float], tolerance_seconds: float = TOLERANCE_SECONDS
) -> CutScore:
    """Compares two sorted lists of moments, in seconds. Each matches at most one of the other list."""
    found = position = 0
    for moment in true:
        while position < len(reported) and reported[position] < moment - tolerance_seconds:
            position += 1
        if position < len(reported) and reported[position] <= moment + tolerance_seconds:
            found += 1
            position += 1
    return CutScore(found, len(reported), len(true))


def score_film(shots: Sequence[Frames], variant: str, seed: int) -> CutScore:
    """Joins the shots to one film and compares the cuts that are found with those that were made."""
    pixels, cuts = join_shots(shots, variant, np.random.default_rng(seed))
    moments = ((number / FRAMES_PER_SECOND, picture) for number, picture in enumerate(pixels))
    found = [shot.start_seconds for shot in find_shots(moments, len(pixels) / FRAMES_PER_SECOND)][1:]
    return score_cuts(found, cuts)


def join_shots(
    shots: Sequence[Frames], variant: str, random: np.random.Generator
) -> tuple[list[NDArray[np.uint8]], list[float]]:
    """One film of all shots, in random order, at 25 frames a second.

    Args:
        shots: Pictures of one size; each at least 1.5 seconds long, so that two dissolves have room.
        variant: One of `VARIANTS`.
        random: Where the order, lengths and flashes come from.

    Returns:
        The film's pictures, uint8 (H, W, 3), and the moments of its cuts in seconds.
    """
    if variant not in VARIANTS:
        raise ValueError(f"variant must be one of {VARIANTS}, got {variant!r}")
    film: list[NDArray[np.uint8]] = []
    cuts: list[float] = []
    for position in random.permutation(len(shots)).tolist():
        shot = list(_changed(at_rate(shots[position]), variant, random))
        overlap = 0
        if film and variant == "dissolved":
            overlap = int(random.integers(10, 31))
            film[-overlap:] = _mixed(film[-overlap:], shot[:overlap])
        if film and variant == "faded":
            _fade(film, shot, int(random.integers(6, 16)))
        if film:
            cuts.append((len(film) - overlap / 2) / FRAMES_PER_SECOND)
        film += shot[overlap:]
    return film, cuts


def at_rate(shot: Frames) -> Iterator[NDArray[np.uint8]]:
    """The shot's pictures at 25 a second; each stays until the next one comes."""
    times = shot.timestamps_seconds - shot.timestamps_seconds[0]
    count = int(times[-1] * FRAMES_PER_SECOND) + 1
    positions = np.searchsorted(times, np.arange(count) / FRAMES_PER_SECOND + 1e-6, side="right") - 1
    return (shot.pixels[position] for position in positions)


def _changed(
    shot: Iterator[NDArray[np.uint8]], variant: str, random: np.random.Generator
) -> Iterator[NDArray[np.uint8]]:
    """The shot darkened, with a flash in it, or seen by a camera that moves sideways."""
    pictures = list(shot)
    flash = int(random.integers(len(pictures) // 3, 2 * len(pictures) // 3))
    for number, picture in enumerate(pictures):
        if variant == "dark":
            yield (picture * _DARK_SHARE).astype(np.uint8)
        elif variant == "flashes" and 0 <= number - flash < _FLASH_FRAMES:
            yield np.maximum(picture, 240)
        elif variant == "moving":
            yield _window(picture, number / max(1, len(pictures) - 1))
        else:
            yield picture


def _window(picture: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """What a camera sees after this share of its way, from 0 to 1."""
    height, width = (int(side * _MOVING_SHARE) for side in picture.shape[:2])
    left = round(share * (picture.shape[1] - width))
    return picture[:height, left : left + width]


def _mixed(ending: list[NDArray[np.uint8]], beginning: list[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    count = len(ending)
    shares = [(number + 1) / (count + 1) for number in range(count)]
    return [
        ((1 - share) * old + share * new).astype(np.uint8)
        for share, old, new in zip(shares, ending, beginning, strict=True)
    ]


def _fade(film: list[NDArray[np.uint8]], shot: list[NDArray[np.uint8]], count: int) -> None:
    """Fades the film's end out and the shot's beginning in, each over `count` pictures."""
    for number in range(count):
        share = number / count
        film[-1 - number] = (film[-1 - number] * share).astype(np.uint8)
        shot[number] = (shot[number] * share).astype(np.uint8)
