"""Alarms: when the events of a watch list begin and end, told while the pictures still come.

    probability   __..+====+.==+____         of one event, picture by picture
    threshold     ----------------------
    alarm             [=======]              from the first picture that reaches it; dips of up to a second are bridged
    told              ^          ^           once when it begins, once when it is over

Whether a file is read from end to end or still grows makes no difference: a probability rests on what was shown so far.
Knows vectors, probabilities and times; knows nothing about pictures, sentences or models.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.moments import SAME_COSINE

WINDOW_SECONDS = 4.0
"""How far back a picture's likeness looks; about as far as the clips last that the model learned from."""
MAX_DIP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """An event of a watch list that was seen.

    Attributes:
        row: Which event of the list, from 0.
        start_seconds: When its first picture came on screen.
        end_seconds: When the first picture came that shows it no more; while it goes on, its latest picture.
        peak_seconds: When it was likeliest.
        score: How likely it was then, in [0, 1].
        is_over: Whether it has ended.
    """

    row: int
    start_seconds: float
    end_seconds: float
    peak_seconds: float
    score: float
    is_over: bool = False


class Likeness:
    """How like sentences the newest picture is: half its own cosine, half that of all recent ones that show the same.

    Args:
        directions: Unit vectors (K, D) of the sentences.
    """

    def __init__(self, directions: NDArray[np.float32]) -> None:
        self._directions = directions
        self._recent: deque[tuple[float, NDArray[np.float32]]] = deque()

    def add(self, seconds: float, vector: NDArray[np.float32]) -> NDArray[np.float64]:
        """Takes the next picture's unit vector (D,); returns the likeness with each sentence, (K,) in [-1, 1]."""
        self._recent.append((seconds, vector))
        while self._recent[0][0] < seconds - WINDOW_SECONDS:
            self._recent.popleft()
        return mean_likeness(self._directions, np.stack([one for _, one in self._recent]))


def mean_likeness(directions: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """The likeness of the last of some pictures with K sentences, (K,) in [-1, 1].

    Args:
        directions: (K, D) of length 1. vectors: (N, D) of length 1, N >= 1, in order of time.
    """
    last = vectors[-1]
    same = vectors[vectors @ last >= SAME_COSINE] if len(vectors) > 1 else vectors
    mean = same.mean(axis=0) if len(same) else last
    mean = mean / max(float(np.linalg.norm(mean)), 1e-6)
    return np.asarray((directions @ last + directions @ mean) / 2, np.float64)


class Watcher:
    """Turns probabilities that come picture by picture into alarms.

    Args:
        thresholds: From which probability on each of the K events counts as shown.
    """

    def __init__(self, thresholds: Sequence[float]) -> None:
        self._thresholds = tuple(thresholds)
        self._open: list[Alarm | None] = [None] * len(self._thresholds)
        self._gaps: list[float | None] = [None] * len(self._thresholds)  # since when an open alarm is not seen

    @property
    def running(self) -> tuple[Alarm, ...]:
        """The alarms that have not ended, by row."""
        return tuple(alarm for alarm in self._open if alarm is not None)

    def add(self, seconds: float, probabilities: NDArray[np.float64]) -> tuple[Alarm, ...]:
        """Takes the next picture, (K,) in [0, 1]; returns the alarms that begin with it or are over by now."""
        told: list[Alarm] = []
        for row, probability in enumerate(probabilities.tolist()):
            alarm, gap = self._open[row], self._gaps[row]
            if probability >= self._thresholds[row]:
                self._gaps[row] = None
                if alarm is None:
                    alarm = Alarm(row, seconds, seconds, seconds, probability)
                    told.append(alarm)
                elif probability > alarm.score:
                    alarm = replace(alarm, end_seconds=seconds, peak_seconds=seconds, score=probability)
                else:
                    alarm = replace(alarm, end_seconds=seconds)
                self._open[row] = alarm
            elif alarm is not None:
                self._gaps[row] = gap = seconds if gap is None else gap
                if seconds - alarm.end_seconds > MAX_DIP_SECONDS:
                    told.append(replace(alarm, end_seconds=gap, is_over=True))
                    self._open[row] = self._gaps[row] = None
        return tuple(told)

    def end(self, seconds: float) -> tuple[Alarm, ...]:
        """There are no more pictures; returns the alarms that still went on, which last until then."""
        ended = tuple(
            replace(alarm, end_seconds=max(seconds, alarm.end_seconds) if gap is None else gap, is_over=True)
            for alarm, gap in zip(self._open, self._gaps, strict=True)
            if alarm is not None
        )
        self._open = [None] * len(self._thresholds)
        self._gaps = [None] * len(self._thresholds)
        return ended


def find_alarms(
    moments_seconds: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    thresholds: Sequence[float],
    end_seconds: float,
) -> tuple[Alarm, ...]:
    """The alarms of a film that was read to its end, in order of their start.

    Args:
        moments_seconds: (N,), increasing. probabilities: (N, K) in [0, 1]. thresholds: K of them.
        end_seconds: When the film ends.
    """
    watcher = Watcher(thresholds)
    told = [
        one
        for seconds, row in zip(moments_seconds.tolist(), probabilities, strict=True)
        for one in watcher.add(seconds, row)
    ]
    told += watcher.end(end_seconds)
    return tuple(sorted((one for one in told if one.is_over), key=lambda one: (one.start_seconds, one.row)))
