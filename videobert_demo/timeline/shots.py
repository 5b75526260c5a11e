"""Finds the cuts of a film in its frames as they pass: hard cuts, dissolves, and fades through black.

Memory holds small copies of the last frames, about 1.3 seconds of them, however long the film is. Knows pixels and
moments; knows nothing about files, scenes or models.

Each frame becomes 24 x 24 mean colours. The distance of two frames is their mean absolute difference over their own
contrast, so that a dark film counts as much as a bright one.

    hard cut    a a a a|b b b b     one step stands out from its neighbours, the ratio of PySceneDetect's
                                    AdaptiveDetector; refused if a frame like the one before comes back (a flash)
    dissolve    a a x y z b b b     the middle frame is a mix, w * a + (1 - w) * b, of those around it, w near 1/2;
                                    motion leaves this line. The linear model of Hampapur, Jain and Weymouth,
                                    "Digital video segmentation" (ACM Multimedia 1994)
    fade        a a - - - b b b     black frames; the cut is in the middle of them, as PySceneDetect's ThresholdDetector
                                    places it
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.timeline import Shot

MIN_SHOT_SECONDS = 0.5
"""Two cuts that are closer count as one, the stronger."""

_GRID = 24
_CONTRAST_FLOOR = 6.0  # Levels of 255. Noise in a black picture is no content.
_BLACK_LEVEL = 24.0
_LONG_BLACK_SECONDS = 1.0

_REACH_SECONDS = 0.6
_HARD_DISTANCE, _HARD_RATIO, _NEIGHBOURS = 0.28, 3.0, 2
_FLASH_SECONDS, _FLASH_SHARE = 0.35, 0.5
_MIX_DISTANCE, _MIX_RESIDUAL = 0.35, 0.35
_MIX_SHARES = (0.25, 0.75)
_SAME_PATTERN_AFTER_STEP, _SAME_PATTERN_AFTER_MIX = 0.9, 0.7
_MAX_STEP_OF_MIX = 0.5  # Of the whole difference. More is a hard cut beside motion.
_FADE_STRENGTH = 3.0  # Stronger than a hard cut, 1 to 2, and a dissolve, up to 1.
_FADE_CLEARANCE_SECONDS = 1.1  # A fade in or out is itself a mix, of a picture and black.


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """A frame's moment and its mean colours, float32 (24 * 24 * 3,), 0 to 255; step: distance from the one before."""

    seconds: float
    colours: NDArray[np.float32]
    step: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut, or the middle of a dissolve or fade, and how sure it is, from 0."""

    seconds: float
    strength: float

    def displaces(self, other: Cut) -> bool:
        """Whether the other cut is so near and so much weaker that it is part of this one."""
        is_mix_at_fade = self.strength >= _FADE_STRENGTH and other.strength <= 1
        clearance = _FADE_CLEARANCE_SECONDS if is_mix_at_fade else MIN_SHOT_SECONDS
        return other.strength <= self.strength and abs(other.seconds - self.seconds) < clearance


class CutFinder:
    """Finds the cuts of a film whose frames are shown to it one by one. Cuts come late, and not all are kept."""

    def __init__(self) -> None:
        self._window: deque[_Frame] = deque()
        self._mixes, self._blacks = _Mixes(), _Blacks()
        self._centre = 0  # Position in the window of the frame that is looked at.

    def add(self, seconds: float, pixels: NDArray[np.uint8]) -> list[Cut]:
        """Shows the next frame.

        Args:
            seconds: When it comes on screen, not before the one before it.
            pixels: uint8 (H, W, 3), RGB, H and W at least 24.

        Returns:
            Cuts that are known now, roughly in order of time: up to a second and a half ago, or at both ends of a long
            black stretch that has just ended.
        """
        window, colours = self._window, _mean_colours(pixels)
        window.append(_Frame(seconds, colours, _distance(window[-1].colours, colours) if window else 0.0))
        found: list[Cut] = []
        while window[-1].seconds - window[self._centre].seconds >= _REACH_SECONDS:
            found += _look(window, self._centre, self._mixes, self._blacks)
            self._centre += 1
            while self._centre > _NEIGHBOURS and window[self._centre].seconds - window[1].seconds > _REACH_SECONDS:
                window.popleft()
                self._centre -= 1
        return found

    def end(self) -> list[Cut]:
        """The last cuts, after the last frame."""
        found: list[Cut] = []
        for position in range(self._centre, len(self._window)):
            found += _look(self._window, position, self._mixes, self._blacks)
        return [*found, *self._mixes.end()]


def find_shots(pictures: Iterable[tuple[float, NDArray[np.uint8]]], duration_seconds: float) -> Iterator[Shot]:
    """The shots of a film, each at the latest when the shot after it has ended.

    Args:
        pictures: When a frame comes on screen, in seconds, not decreasing, and uint8 (H, W, 3), RGB, H and W at least
            24. All frames, or evenly spaced ones; from 5 a second on dissolves are found well.
        duration_seconds: When the last frame ends.

    Yields:
        Shots in order that cover the film from 0 to its end without gaps; at least one.
    """
    return shots_between(_cuts(pictures), duration_seconds)


def shots_between(cuts: Iterable[Cut], duration_seconds: float) -> Iterator[Shot]:
    """The shots between the cuts of a `CutFinder`, in the order in which it gave them; as `find_shots`."""
    start_seconds, strength = 0.0, 0.0
    for cut in _apart(cuts):
        if start_seconds + MIN_SHOT_SECONDS <= cut.seconds <= duration_seconds - MIN_SHOT_SECONDS:
            yield Shot(start_seconds, cut.seconds, strength)
            start_seconds, strength = cut.seconds, cut.strength
    yield Shot(start_seconds, duration_seconds, strength)


def _apart(cuts: Iterable[Cut]) -> Iterator[Cut]:
    """Of cuts that are closer than a shot may be short, the stronger. Cuts may come up to a reach late."""
    waiting: list[Cut] = []
    for cut in cuts:
        waiting = sorted([*waiting, cut], key=lambda each: each.seconds)
        while waiting[-1].seconds - waiting[0].seconds > 2 * (_REACH_SECONDS + MIN_SHOT_SECONDS):
            yield from _take_first(waiting)
    while waiting:
        yield from _take_first(waiting)


def _take_first(waiting: list[Cut]) -> Iterator[Cut]:
    """Takes the first cut off the list, and gives it unless a later one displaces it; else it displaces later ones."""
    first = waiting.pop(0)
    if any(cut.displaces(first) and cut.strength > first.strength for cut in waiting):
        return
    waiting[:] = [cut for cut in waiting if not first.displaces(cut)]
    yield first


def _cuts(pictures: Iterable[tuple[float, NDArray[np.uint8]]]) -> Iterator[Cut]:
    finder = CutFinder()
    for seconds, pixels in pictures:
        yield from finder.add(seconds, pixels)
    yield from finder.end()


def _look(window: deque[_Frame], centre: int, mixes: _Mixes, blacks: _Blacks) -> Iterator[Cut]:
    yield from blacks.add(window[centre])
    frames = list(window)
    if _is_hard_cut(frames, centre):
        yield Cut(frames[centre].seconds, 1 + min(1.0, frames[centre].step))
    yield from mixes.add(frames, centre)


def _is_hard_cut(frames: list[_Frame], centre: int) -> bool:
    """Whether a shot starts with this frame."""
    frame = frames[centre]
    if centre == 0 or frame.step < _HARD_DISTANCE or _is_black(frame) or _is_black(frames[centre - 1]):
        return False
    around = [
        frames[position].step
        for position in range(max(1, centre - _NEIGHBOURS), min(len(frames), centre + _NEIGHBOURS + 1))
        if position != centre
    ]
    if around and frame.step < _HARD_RATIO * sum(around) / len(around) and not _is_peak(frame.step, around):
        return False
    if _likeness(frames[centre - 1].colours, frame.colours) > _SAME_PATTERN_AFTER_STEP:
        return False
    return not _comes_back(frames, centre)


def _is_peak(step: float, around: list[float]) -> bool:
    """Whether the step stands out although one other, the far edge of a flash or a short shot, is in its window."""
    rest = sorted(around)[:-1]
    return bool(rest) and step >= _HARD_RATIO * sum(rest) / len(rest)


def _comes_back(frames: list[_Frame], centre: int) -> bool:
    """Whether the picture before the step is soon there again, or the one after it was there shortly before."""
    before, after = frames[centre - 1], frames[centre]
    limit = min(_FLASH_SHARE * after.step, _HARD_DISTANCE)
    for frame in frames[centre + 1 :]:
        if frame.seconds - after.seconds > _FLASH_SECONDS:
            break
        if _distance(before.colours, frame.colours) < limit:
            return True
    for frame in reversed(frames[: centre - 1]):
        if before.seconds - frame.seconds > _FLASH_SECONDS:
            break
        if _distance(after.colours, frame.colours) < limit:
            return True
    return False


class _Mixes:
    """Collects frames that are mixes of their surroundings; the best of neighbours is the middle of a dissolve."""

    def __init__(self) -> None:
        self._best: Cut | None = None
        self._best_fit = 0.0
        self._last_seconds = 0.0

    def add(self, frames: list[_Frame], centre: int) -> Iterator[Cut]:
        """Looks at one frame; gives the dissolve before it once it is over."""
        frame = frames[centre]
        if self._best is not None and frame.seconds - self._last_seconds > _REACH_SECONDS / 2:
            yield from self.end()
        first, last = frames[0], frames[-1]
        if min(frame.seconds - first.seconds, last.seconds - frame.seconds) < _REACH_SECONDS / 2:
            return
        start = next((n for n in range(centre, -1, -1) if frame.seconds - frames[n].seconds >= _REACH_SECONDS), 0)
        end = next(
            (n for n in range(centre, len(frames)) if frames[n].seconds - frame.seconds >= _REACH_SECONDS),
            len(frames) - 1,
        )
        before, after = frames[start], frames[end]
        distance = _distance(before.colours, after.colours)
        if distance < _MIX_DISTANCE or _likeness(before.colours, after.colours) > _SAME_PATTERN_AFTER_MIX:
            return
        if min(_contrast(before.colours), _contrast(after.colours)) < _CONTRAST_FLOOR:
            return  # A fade to or from one colour is no change of shot in itself.
        if max(each.step for each in frames[start + 1 : end + 1]) > _MAX_STEP_OF_MIX * distance:
            return
        share, residual = _mix(before.colours, frame.colours, after.colours)
        if not (_MIX_SHARES[0] <= share <= _MIX_SHARES[1] and residual <= _MIX_RESIDUAL):
            return
        fit = distance * (1 - residual) * (1 - abs(2 * share - 1))
        self._last_seconds = frame.seconds
        if self._best is None or fit > self._best_fit:
            self._best, self._best_fit = Cut(frame.seconds, min(1.0, distance)), fit

    def end(self) -> Iterator[Cut]:
        """Gives the dissolve that was being collected, if any."""
        if self._best is not None:
            yield self._best
        self._best, self._best_fit = None, 0.0


class _Blacks:
    """Collects black frames between pictures."""

    def __init__(self) -> None:
        self._start_seconds: float | None = None
        self._was_picture = False

    def add(self, frame: _Frame) -> Iterator[Cut]:
        """Looks at one frame; gives the cut of the black stretch before it, or both of a long one."""
        if _is_black(frame):
            if self._start_seconds is None:
                self._start_seconds = frame.seconds
            return
        start, self._start_seconds = self._start_seconds, None
        was_picture, self._was_picture = self._was_picture, True
        if start is None:
            return
        if frame.seconds - start >= _LONG_BLACK_SECONDS:
            if was_picture:
                yield Cut(start, _FADE_STRENGTH)
            yield Cut(frame.seconds, _FADE_STRENGTH)
        elif was_picture:
            yield Cut((start + frame.seconds) / 2, _FADE_STRENGTH)


def _is_black(frame: _Frame) -> bool:
    return float(np.percentile(frame.colours, 99)) < _BLACK_LEVEL


def _mean_colours(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean colours of 24 x 24 fields of one picture, float32 (24 * 24 * 3,)."""
    rows = np.linspace(0, pixels.shape[0], _GRID, endpoint=False).astype(np.intp)
    columns = np.linspace(0, pixels.shape[1], _GRID, endpoint=False).astype(np.intp)
    sums = np.add.reduceat(pixels, rows, axis=0, dtype=np.float32)
    sums = np.add.reduceat(sums, columns, axis=1)  # (24, W, 3) -> (24, 24, 3)
    areas = np.outer(np.diff(np.append(rows, pixels.shape[0])), np.diff(np.append(columns, pixels.shape[1])))
    means: NDArray[np.float32] = (sums / areas[:, :, None]).astype(np.float32).ravel()
    return means


def _distance(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Mean absolute difference over the mean contrast of both; about 1 for pictures that have nothing in common."""
    return float(np.abs(first - second).mean()) / (_contrast(first) + _contrast(second) + _CONTRAST_FLOOR)


def _contrast(colours: NDArray[np.float32]) -> float:
    """Mean absolute difference from the picture's mean, in levels of 255."""
    return float(np.abs(colours - colours.mean()).mean())


def _likeness(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Correlation of two pictures, in [-1, 1]: 1 where only brightness or contrast differ, 0 for unrelated ones."""
    left, right = first - first.mean(), second - second.mean()
    lengths = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(np.dot(left, right)) / lengths if lengths > 0 else 0.0


def _mix(before: NDArray[np.float32], middle: NDArray[np.float32], after: NDArray[np.float32]) -> tuple[float, float]:
    """How much of `after` is in `middle`, by least squares, and what the mix leaves, over the whole difference."""
    whole = after - before
    share = float(np.dot(middle - before, whole) / max(float(np.dot(whole, whole)), 1e-6))
    left = middle - before - share * whole
    return share, float(np.abs(left).mean() / max(float(np.abs(whole).mean()), 1e-6))
