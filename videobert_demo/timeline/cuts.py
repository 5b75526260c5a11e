"""Finds the cuts of a film in its frames as they pass: hard cuts, dissolves, and fades through black.

Memory holds small copies of the last frames, about 1.3 seconds of them, however long the film is. Knows colours and
moments; knows nothing about files, scenes or models.

What every frame needs is computed for many at once (colours.py); the few that could be a cut are looked at one by one.

    hard cut    a a a a|b b b b     one step stands out from its neighbours, the ratio of PySceneDetect's
                                    AdaptiveDetector; refused if a frame like the one before comes back (a flash)
    dissolve    a a x y z b b b     the middle frame is a mix, w * a + (1 - w) * b, of those around it, w near 1/2;
                                    motion leaves this line. The linear model of Hampapur, Jain and Weymouth,
                                    "Digital video segmentation" (ACM Multimedia 1994)
    fade        a a - - - b b b     black frames; the cut is in the middle of them, as PySceneDetect's ThresholdDetector
                                    places it
    page        a a a . b b b b     another slide of the same layout (pages.py)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.colours import CONTRAST_FLOOR, ColourFrames
from videobert_demo.timeline.pages import PageFinder

REACH_SECONDS = 0.6
"""How far a frame is compared with those before and after it."""
FADE_STRENGTH = 3.0
"""Stronger than a hard cut, 1 to 2, and a dissolve, up to 1."""
PAGE_STRENGTH = 0.5
"""Of the turn of a page of which nothing stays; weaker, so that a film with other pictures is divided by those."""

_LONG_BLACK_SECONDS = 1.0
_PATIENCE_SECONDS = 2.0
_HARD_DISTANCE, _HARD_RATIO, _NEIGHBOURS = 0.28, 3.0, 2
# Pictures that stand for half a second, as in films made from few frames, change at a step by what moves meanwhile.
_HELD_STEP, _MOTION_STEP, _HELD_DISTANCE, _HELD_SECONDS = 0.02, 0.1, 0.45, 2.5
_FLASH_SECONDS, _FLASH_SHARE = 0.35, 0.5
_MIX_DISTANCE, _MIX_RESIDUAL = 0.35, 0.35
_MIX_SHARES = (0.25, 0.75)
_SAME_PATTERN_AFTER_STEP, _SAME_PATTERN_AFTER_MIX = 0.9, 0.7
_MAX_STEP_OF_MIX = 0.5  # Of the whole difference. More is a hard cut beside motion.


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut, or the middle of a dissolve or fade, and how sure it is, from 0; of a page's turn that it is one."""

    seconds: float
    strength: float
    is_turn: bool = False


class CutFinder:
    """Finds the cuts of a film whose frames are shown to it in order. Cuts come late, and not all are kept."""

    def __init__(self) -> None:
        self._frames = ColourFrames.none()
        self._next = 0  # Position of the first frame that was not looked at.
        self._mixes, self._blacks, self._pages = _Mixes(), _Blacks(), PageFinder()
        self._changed_seconds = -np.inf  # When something last moved, before the frames that are being looked at.

    @property
    def settled_seconds(self) -> float:
        """No cut before this moment is unknown, unless a black stretch or a change of some seconds goes on."""
        if not len(self._frames):
            return 0.0
        seconds = float(self._frames.seconds[min(self._next, len(self._frames) - 1)])
        pending = (self._mixes.pending_seconds, self._blacks.start_seconds, self._pages.pending_seconds)
        known = [max(moment, seconds - _PATIENCE_SECONDS) for moment in pending if moment is not None]
        return min([seconds, *known])

    def add(self, seconds: NDArray[np.float64], colours: NDArray[np.float32]) -> list[Cut]:
        """Shows the next frames.

        Args:
            seconds: (N,), when they come on screen; not decreasing.
            colours: (N, 24 * 24 * 3), mean colours of their fields, 0 to 255, in any order that is always the same.

        Returns:
            Cuts that are known now, roughly in order of time.
        """
        if not len(seconds):
            return []
        self._frames = self._frames.followed_by(seconds, colours)
        times = self._frames.seconds
        found = self._look(int(np.searchsorted(times, times[-1] - REACH_SECONDS, side="right")))
        first = int(np.searchsorted(times, times[min(self._next, len(times) - 1)] - REACH_SECONDS, side="right")) - 1
        gone = max(0, min(first, self._next - _NEIGHBOURS - 1))
        self._frames = self._frames.after(gone)
        self._next -= gone
        return found

    def end(self) -> list[Cut]:
        """The last cuts, after the last frame."""
        return [*self._look(len(self._frames)), *self._mixes.end()]

    def _look(self, end: int) -> list[Cut]:
        """Looks at the frames before a position that were not looked at yet."""
        frames, begin = self._frames, self._next
        if end <= begin:
            return []
        self._next = end
        found = self._blacks.add(frames, begin, end)
        for at in (begin + np.flatnonzero(frames.steps[begin:end] >= _HARD_DISTANCE)).tolist():
            if _is_hard_cut(frames, at) and not self._is_step_of_held_pictures(at):
                found.append(Cut(float(frames.seconds[at]), 1 + min(1.0, float(frames.steps[at]))))
        moved = np.flatnonzero(frames.steps[begin:end] >= _MOTION_STEP)
        if len(moved):
            self._changed_seconds = float(frames.seconds[begin + moved[-1]])
        turns = [
            Cut(moment, PAGE_STRENGTH * gone, is_turn=True) for moment, gone in self._pages.add(frames, begin, end)
        ]
        return found + turns + self._mixes.add(frames, begin, end)

    def _is_step_of_held_pictures(self, at: int) -> bool:
        """Whether pictures stand and change by steps here, and this step is no larger than motion makes them."""
        frames = self._frames
        around = np.delete(frames.steps[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1], min(at, _NEIGHBOURS))
        if frames.steps[at] >= _HELD_DISTANCE or around.max(initial=0.0) >= _HELD_STEP:
            return False
        others = frames.seconds[np.flatnonzero(frames.steps >= _MOTION_STEP)] - frames.seconds[at]
        others = np.append(others[others != 0], self._changed_seconds - frames.seconds[at])
        return bool((np.abs(others) <= _HELD_SECONDS).any())


def _is_hard_cut(frames: ColourFrames, at: int) -> bool:
    """Whether a shot starts with this frame, whose step is large enough."""
    if at == 0 or frames.is_black[at] or frames.is_black[at - 1]:
        return False
    low, high = max(1, at - _NEIGHBOURS), min(len(frames), at + _NEIGHBOURS + 1)
    around = [float(frames.steps[position]) for position in range(low, high) if position != at]
    step = float(frames.steps[at])
    if around and step < _HARD_RATIO * sum(around) / len(around) and not _is_peak(step, around):
        return False
    if frames.likeness(at - 1, at) > _SAME_PATTERN_AFTER_STEP:
        return False
    return not _comes_back(frames, at)


def _is_peak(step: float, around: list[float]) -> bool:
    """Whether the step stands out although one other, the far edge of a flash or a short shot, is in its window."""
    rest = sorted(around)[:-1]
    return bool(rest) and step >= _HARD_RATIO * sum(rest) / len(rest)


def _comes_back(frames: ColourFrames, at: int) -> bool:
    """Whether the picture before the step is soon there again, or the one after it was there shortly before."""
    limit = min(_FLASH_SHARE * float(frames.steps[at]), _HARD_DISTANCE)
    for later in range(at + 1, len(frames)):
        if frames.seconds[later] - frames.seconds[at] > _FLASH_SECONDS:
            break
        if frames.distance(at - 1, later) < limit:
            return True
    for earlier in range(at - 2, -1, -1):
        if frames.seconds[at - 1] - frames.seconds[earlier] > _FLASH_SECONDS:
            break
        if frames.distance(at, earlier) < limit:
            return True
    return False


class _Mixes:
    """Collects frames that are mixes of their surroundings; the best of neighbours is the middle of a dissolve."""

    def __init__(self) -> None:
        self._best: Cut | None = None
        self._best_fit = 0.0
        self._last_seconds = 0.0

    def add(self, frames: ColourFrames, begin: int, end: int) -> list[Cut]:
        """Looks at the frames of a stretch; gives the dissolves before them that are over."""
        times = frames.seconds
        centres = np.arange(begin, end)
        # The nearest frames that are as far away as the reach, if there are any.
        starts = np.maximum(np.searchsorted(times, times[centres] - REACH_SECONDS, side="right") - 1, 0)
        ends = np.minimum(np.searchsorted(times, times[centres] + REACH_SECONDS, side="left"), len(times) - 1)
        differences = np.abs(frames.colours[starts] - frames.colours[ends]).mean(axis=1)
        distances = differences / (frames.contrasts[starts] + frames.contrasts[ends] + CONTRAST_FLOOR)
        margins = np.minimum(times[centres] - times[starts], times[ends] - times[centres])
        found: list[Cut] = []
        for position in np.flatnonzero((distances >= _MIX_DISTANCE) & (margins >= REACH_SECONDS / 2)).tolist():
            found += self._over(float(times[begin + position]))
            self._look(frames, int(starts[position]), begin + position, int(ends[position]), float(distances[position]))
        return found + self._over(float(times[end - 1]))

    @property
    def pending_seconds(self) -> float | None:
        """The middle of the dissolve that is being collected, if any."""
        return None if self._best is None else self._best.seconds

    def end(self) -> list[Cut]:
        """Gives the dissolve that was being collected, if any."""
        found = [] if self._best is None else [self._best]
        self._best, self._best_fit = None, 0.0
        return found

    def _over(self, seconds: float) -> list[Cut]:
        return self.end() if seconds - self._last_seconds > REACH_SECONDS / 2 else []

    def _look(self, frames: ColourFrames, start: int, centre: int, end: int, distance: float) -> None:
        if frames.steps[start + 1 : end + 1].max(initial=0.0) > _MAX_STEP_OF_MIX * distance:
            return
        if min(frames.contrasts[start], frames.contrasts[end]) < CONTRAST_FLOOR:
            return  # A fade to or from one colour is no change of shot in itself.
        share, residual = _mix(frames.colours[start], frames.colours[centre], frames.colours[end])
        if not (_MIX_SHARES[0] <= share <= _MIX_SHARES[1] and residual <= _MIX_RESIDUAL):
            return
        if frames.likeness(start, end) > _SAME_PATTERN_AFTER_MIX:
            return
        fit = distance * (1 - residual) * (1 - abs(2 * share - 1))
        self._last_seconds = float(frames.seconds[centre])
        if self._best is None or fit > self._best_fit:
            self._best, self._best_fit = Cut(self._last_seconds, min(1.0, distance)), fit


class _Blacks:
    """Collects black frames between pictures; `start_seconds` is when a stretch that goes on began."""

    def __init__(self) -> None:
        self.start_seconds: float | None = None
        self._was_picture = False

    def add(self, frames: ColourFrames, begin: int, end: int) -> list[Cut]:
        """Looks at the frames of a stretch; gives the cut of a black one that has ended, or both of a long one."""
        if self.start_seconds is None and not frames.is_black[begin:end].any():
            self._was_picture = True
            return []
        found: list[Cut] = []
        for at in range(begin, end):
            seconds = float(frames.seconds[at])
            if frames.is_black[at]:
                if self.start_seconds is None:
                    self.start_seconds = seconds
                continue
            start, self.start_seconds = self.start_seconds, None
            was_picture, self._was_picture = self._was_picture, True
            if start is None:
                continue
            if seconds - start >= _LONG_BLACK_SECONDS:
                if was_picture:
                    found.append(Cut(start, FADE_STRENGTH))
                found.append(Cut(seconds, FADE_STRENGTH))
            elif was_picture:
                found.append(Cut((start + seconds) / 2, FADE_STRENGTH))
        return found


def _mix(before: NDArray[np.float32], middle: NDArray[np.float32], after: NDArray[np.float32]) -> tuple[float, float]:
    """How much of `after` is in `middle`, by least squares, and what the mix leaves, over the whole difference."""
    whole = after - before
    share = float(np.dot(middle - before, whole) / max(float(np.dot(whole, whole)), 1e-6))
    left = middle - before - share * whole
    return share, float(np.abs(left).mean() / max(float(np.abs(whole).mean()), 1e-6))
