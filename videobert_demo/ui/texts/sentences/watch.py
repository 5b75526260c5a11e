"""What is watched for, in a clip and live, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WatchSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    watch_api_description: str = (
        "Checks a clip for a list of described events: when each is seen, how likely, a picture."
    )
    watch_api_events: str = "Events"
    watch_api_rows: str = "Send the events as a list of objects, each with a sentence."
