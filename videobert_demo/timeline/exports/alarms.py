"""Alarms as JSON values, the same for the page, HTTP, a line of JSON and a webhook. Knows no model."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from videobert_demo.timeline.watching import Alarm
from videobert_demo.timeline.watchlist import WatchedEvent


@dataclass(frozen=True, slots=True)
class SeenAlarm:
    """An alarm with what a person needs to judge it.

    Attributes:
        event: What was watched for.
        alarm: When, and how likely.
        picture: A JPEG of the moment when it was likeliest so far; empty where there is none.
    """

    event: WatchedEvent
    alarm: Alarm
    picture: bytes = b""


def alarm_values(seen: SeenAlarm, *, file: str | None = None) -> dict[str, Any]:
    """An alarm.

    Args:
        seen: The alarm.
        file: The clip's name, where there are several.
    """
    alarm = seen.alarm
    named = {} if file is None else {"file": file}
    return {
        **named,
        "name": seen.event.name,
        "sentence": seen.event.sentence,
        "colour": seen.event.colour,
        "threshold": seen.event.threshold,
        "by": seen.event.by,
        "start_seconds": round(alarm.start_seconds, 3),
        "end_seconds": round(alarm.end_seconds, 3),
        "peak_seconds": round(alarm.peak_seconds, 3),
        "score": round(alarm.score, 4),
        "over": alarm.is_over,
        "picture": base64.b64encode(seen.picture).decode("ascii"),
    }


def watch_report(events: Sequence[WatchedEvent], found: Sequence[SeenAlarm]) -> dict[str, Any]:
    """What was found in one clip, as plain JSON values."""
    return {
        "events": [
            {
                "name": event.name,
                "sentence": event.sentence,
                "threshold": event.threshold,
                "colour": event.colour,
                "by": event.by,
                "count": sum(one.event is event for one in found),
            }
            for event in events
        ],
        "alarms": [alarm_values(one) for one in found],
    }
