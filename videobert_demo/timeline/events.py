"""When something happens in a clip, how often, for how long, and how sure that is.

    probability   __+====+____+==+___+-+__       that each picture shows it
    events          [====]    [==]              more likely than not; dips of under a second do not count
    perhaps                           []        above a quarter, but no event
    start         <-|->                         from where it is above a quarter to where it is above three quarters

Knows vectors and times; knows nothing about pictures, sentences or models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videobert_demo.timeline.content import Content
from videobert_demo.timeline.moments import runs_of, smoothed_likeness
from videobert_demo.timeline.spans import Span

MIDDLE, SLOPE = 0.33, 12.0
"""A picture of likeness s shows what is sought with probability sigmoid(SLOPE (s - MIDDLE)), if both are as likely.

On films joined from 21 whole MSR-VTT clips, three captions each, pictures of the clip count against all others, both
weighed alike: of likeness 0 to 0.1 27 % are the clip's, then 13, 41, 47 (0.3 to 0.4), 79 and 96 % (0.5 to 0.6).
"""
MAX_DIP_SECONDS = 1.0
LITTLE, MUCH = 0.25, 0.75
"""Below the first an event has not begun for sure, above the second it has."""


@dataclass(frozen=True, slots=True)
class Event:
    """One time that it happens.

    Attributes:
        start_seconds, end_seconds: Where it likely starts and ends; the end is exclusive.
        probability: That it is one, in [0, 1]: the mean of its pictures'.
        start_range, end_range: Between which moments it starts and ends, in seconds.
    """

    start_seconds: float
    end_seconds: float
    probability: float
    start_range: Span
    end_range: Span


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """When something happens.

    Attributes:
        moments_seconds: float64 (N,): when the pictures come on screen.
        probabilities: float64 (N,), in [0, 1]: that each shows it.
        events: In order of time.
        count_range: How often it happens at least and at most: without events below `MUCH`, and with what is above
            `LITTLE` only.
        total_seconds: How long it happens in all: the probabilities, summed over time.
        total_deviation_seconds: How far that may be off, one standard deviation; pictures of one event are not
            independent, so that each event, and the rest, is right or wrong as a whole.
    """

    moments_seconds: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    events: tuple[Event, ...]
    count_range: tuple[int, int]
    total_seconds: float
    total_deviation_seconds: float


def find_events(content: Content, vector: NDArray[np.float32]) -> Events:
    """When what a unit vector (D,) stands for happens in a clip."""
    likeness = smoothed_likeness(content, vector)
    bounds, lengths = content.bounds_seconds, np.diff(content.bounds_seconds)
    probabilities = 1 / (1 + np.exp(-SLOPE * (likeness - MIDDLE)))
    found = _without_dips(runs_of(probabilities >= 0.5), bounds)
    events = tuple(_event(content, probabilities, start, end) for start, end in found)
    perhaps = runs_of(probabilities >= LITTLE)
    more = sum(all(end <= first or start >= last for first, last in found) for start, end in perhaps)
    least = sum(event.probability >= MUCH for event in events)
    variance = sum(
        one.probability * (1 - one.probability) * (one.end_seconds - one.start_seconds) ** 2 for one in events
    )
    return Events(
        content.moments_seconds,
        probabilities,
        events,
        (least, len(events) + more),
        float(probabilities @ lengths),
        float(np.sqrt(variance)),
    )


def _without_dips(found: list[tuple[int, int]], bounds: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The runs, joined where less than `MAX_DIP_SECONDS` is between them."""
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and bounds[start] - bounds[joined[-1][1]] < MAX_DIP_SECONDS:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _event(content: Content, probabilities: NDArray[np.float64], start: int, end: int) -> Event:
    """The event of the pictures from `start` to before `end`."""
    bounds = content.bounds_seconds
    before = np.flatnonzero(probabilities[:start] < LITTLE)
    after = np.flatnonzero(probabilities[end:] < LITTLE)
    certain = np.flatnonzero(probabilities[start:end] >= MUCH)
    earliest = bounds[before[-1] + 1] if len(before) else 0.0
    latest = bounds[end + after[0]] if len(after) else bounds[-1]
    first = bounds[start + certain[0]] if len(certain) else bounds[start]
    last = bounds[start + certain[-1] + 1] if len(certain) else bounds[end]
    return Event(
        round(float(bounds[start]), 3),
        round(float(bounds[end]), 3),
        float(np.average(probabilities[start:end], weights=np.diff(bounds)[start:end])),
        (round(float(earliest), 3), round(float(first), 3)),
        (round(float(last), 3), round(float(latest), 3)),
    )
