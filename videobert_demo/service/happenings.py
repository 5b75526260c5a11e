"""What happens in a film: events and how sure they are, slots for interruptions, and passages that two films share.

It keeps no state of a visitor. What a clip shows comes from `content.py`, its scenes from `timeline.py`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from videobert_demo.service.films import FilmOperations
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.timeline.events import Events, find_events
from videobert_demo.timeline.matching import Passage, find_passages
from videobert_demo.timeline.slots import Slot, find_slots
from videobert_demo.timeline.timeline import Timeline

SLOTS = 5
"""How many slots are told, if nobody says otherwise."""


class HappeningOperations(FilmOperations):
    """The part of the service that finds events, slots and shared passages."""

    def events(self, path: str | os.PathLike[str], text: str) -> Events:
        """When something happens in a clip, how often, for how long, and how sure that is.

        Args:
            path: A video file, however long.
            text: What happens.

        Raises:
            QuestionError: The text is empty, too long, or in letters that the model does not know.
            ClipError: The file is no clip that can be read within the limits.
        """
        vector, _ = self._read_query(text)
        return find_events(self.content(path), vector)

    def slots(
        self,
        path: str | os.PathLike[str],
        *,
        count: int = SLOTS,
        text: str | None = None,
        clip: str | os.PathLike[str] | None = None,
        min_gap_seconds: float = 0.0,
        timeline: Timeline | None = None,
    ) -> tuple[Slot, ...]:
        """The borders of scenes where an interruption hurts least, the best first.

        Args:
            path: A video file, however long.
            count: How many are wanted at most; a clip of one scene has none.
            text: What is to be shown there, such as an advertisement; what suits it comes first then.
            clip: The same as a video file, in place of `text`.
            min_gap_seconds: How far apart they are at least.
            timeline: The clip's, where it is known already.

        Raises:
            QuestionError: The text is empty, too long, or in letters that the model does not know.
            ClipError: A file is no clip that can be read within the limits.
            ValueError: Both `text` and `clip` are given.
        """
        if text is not None and clip is not None:
            raise ValueError("give a text or a clip of what is to be shown, not both")
        shown = None
        if text is not None:
            shown, _ = self._read_query(text)
        elif clip is not None:
            vector = self._call_model(embed_clips, [self.open(clip).tensors])[0].numpy()
            shown = np.asarray(vector, np.float32)
        known = self.scenes(path) if timeline is None else timeline
        borders = [scene.start_seconds for scene in known.scenes[1:]]
        return find_slots(self.content(path), borders, count, shown=shown, min_gap_seconds=min_gap_seconds)

    def compare(self, first: str | os.PathLike[str], second: str | os.PathLike[str]) -> tuple[Passage, ...]:
        """Passages that are the same, or nearly the same, in two clips, the longest first.

        Raises:
            ClipError: A file is no clip that can be read within the limits.
        """
        return find_passages(self.content(first), self.content(second))


def events_report(text: str, events: Events) -> dict[str, Any]:
    """Events as plain JSON values."""
    return {
        "text": " ".join(text.split()),
        "count": len(events.events),
        "count_range": list(events.count_range),
        "total_seconds": round(events.total_seconds, 3),
        "total_deviation_seconds": round(events.total_deviation_seconds, 3),
        "events": [
            {
                "start_seconds": one.start_seconds,
                "end_seconds": one.end_seconds,
                "probability": round(one.probability, 4),
                "start_range": list(one.start_range),
                "end_range": list(one.end_range),
            }
            for one in events.events
        ],
        "curve": [
            {"timestamp_seconds": round(float(moment), 3), "probability": round(float(probability), 4)}
            for moment, probability in zip(events.moments_seconds, events.probabilities, strict=True)
        ],
    }


def slots_report(slots: Sequence[Slot]) -> dict[str, Any]:
    """Slots as plain JSON values."""
    return {
        "slots": [
            {
                "seconds": slot.seconds,
                "score": round(slot.score, 4),
                "change": round(slot.change, 4),
                "calm": round(slot.calm, 4),
                "fit": None if slot.fit is None else round(slot.fit, 4),
            }
            for slot in slots
        ]
    }


def passages_report(passages: Sequence[Passage]) -> dict[str, Any]:
    """Shared passages as plain JSON values."""
    return {
        "passages": [
            {
                "first_seconds": list(one.first),
                "second_seconds": list(one.second),
                "offset_seconds": one.offset_seconds,
                "likeness": round(one.likeness, 4),
            }
            for one in passages
        ]
    }
