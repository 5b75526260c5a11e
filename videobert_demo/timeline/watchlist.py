"""What somebody watches for: a list of described events. A value that checks itself.

    name      sentence                          threshold   colour
    fight     two people are fighting           0.2         #c0392b
    crowd     a large crowd                     0.4         #2e6fb7

A threshold is the probability from which on a picture counts as showing the event; which likeness that is depends on
the checkpoint. Knows no files, no pictures and no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from videobert_demo.errors import WatchListError

MAX_EVENTS = 40
MAX_NAME, MAX_SENTENCE = 60, 300
DEFAULT_THRESHOLD = 0.2
"""At least one alarm in five is right: a small model is hardly ever surer of things that few clips show."""
COLOURS = ("#c0392b", "#2e6fb7", "#2f8f4e", "#b7791f", "#7d4fb0", "#17807e", "#b0447c", "#5d6d7e")
"""The colours of events that name none, by their index in the list."""

SENTENCE, OPEN_NSFW = WAYS = ("sentence", "open_nsfw")
"""What can tell how likely an event is."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FIELDS = ("name", "sentence", "threshold", "colour", "by")


@dataclass(frozen=True, slots=True)
class WatchedEvent:
    """One thing that is watched for.

    Attributes:
        name: What alarms are called by; one line.
        sentence: What is seen: a sentence, or one to three words.
        threshold: The probability from which on a picture shows it, in (0, 1).
        colour: How it is marked, as #rrggbb.
        by: What tells how likely it is: "sentence", the model by its sentence, or "open_nsfw", a classifier of nudity
            that is an optional extra; the sentence then only says what is meant.
    """

    name: str
    sentence: str
    threshold: float = DEFAULT_THRESHOLD
    colour: str = COLOURS[0]
    by: str = SENTENCE

    def __post_init__(self) -> None:
        if not (0 < len(self.name) <= MAX_NAME and self.name.isprintable()):
            raise WatchListError("An event has no name, or one of over {most} characters; shorten it.", most=MAX_NAME)
        if not self.sentence.strip() or len(self.sentence) > MAX_SENTENCE:
            raise WatchListError(
                "“{name}” needs a sentence of at most {most} characters that says what is seen.",
                name=self.name,
                most=MAX_SENTENCE,
            )
        if not 0 < self.threshold < 1:
            raise WatchListError("The threshold of “{name}” must lie between 0 and 1.", name=self.name)
        if not _COLOUR.fullmatch(self.colour):
            raise WatchListError("The colour of “{name}” must be written as #rrggbb.", name=self.name)
        if self.by not in WAYS:
            raise WatchListError("“{name}” can be told by {ways}.", name=self.name, ways=", ".join(WAYS))


def read_watched(rows: Sequence[Mapping[str, Any]]) -> tuple[WatchedEvent, ...]:
    """Rows as people write them -> events. Rows without a sentence and a name are left out.

    Args:
        rows: Each has a `sentence`, and, where somebody wants them, `name` (else the sentence), `threshold`, `colour`
            (or `color`) and `by`. Blank values count as missing.

    Raises:
        WatchListError: There is no event, there are too many, two have one name, or a value cannot be used.
    """
    events: list[WatchedEvent] = []
    for row in rows:
        told = {str(key).strip().lower(): value for key, value in row.items()}
        told["colour"] = told.get("colour") or told.pop("color", None)
        name, sentence, threshold, colour, by = (_text(told.get(field)) for field in _FIELDS)
        if not (name or sentence):
            continue
        name = name or sentence[:MAX_NAME].strip()
        events.append(
            WatchedEvent(
                name,
                sentence,
                _threshold(name, threshold) if threshold else DEFAULT_THRESHOLD,
                colour.lower() or COLOURS[len(events) % len(COLOURS)],
                by or SENTENCE,
            )
        )
        if len(events) > MAX_EVENTS:
            raise WatchListError("A watch list has at most {most} events; take some out.", most=MAX_EVENTS)
    if not events:
        raise WatchListError("The watch list is empty; write at least one sentence.")
    names = [one.name for one in events]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise WatchListError("Two events are called “{name}”; rename one of them.", name=twice)
    return tuple(events)


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def _threshold(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise WatchListError("The threshold of “{name}” must lie between 0 and 1.", name=name) from None
