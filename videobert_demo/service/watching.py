"""Watch: a list of described events is checked against a clip; each alarm has its time, its picture and its score.

    sentences --> directions --+
                               +--> likeness, picture by picture --> probabilities --> alarms      timeline/watching.py
    clip --> vectors ----------+

It keeps no state of a visitor. A file that still grows, and a camera, are watched in live.py.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import ClipError
from videobert_demo.library.entries import make_thumbnail
from videobert_demo.service.happenings import HappeningOperations
from videobert_demo.tasks.embed import embed_queries, read_sentence
from videobert_demo.tasks.watching import watch_probabilities
from videobert_demo.timeline.exports.alarms import SeenAlarm
from videobert_demo.timeline.watching import Alarm, Likeness, find_alarms
from videobert_demo.timeline.watchlist import OPEN_NSFW, WatchedEvent
from videobert_demo.video.decode import read_clip
from videobert_demo.video.film import read_film
from videobert_demo.video.sampled import DISPLAY_SIDE

PICTURE_SIDE = 240
"""The longer side of an alarm's picture, in pixels."""
MAX_PICTURES = 200
"""The most pictures of one clip; further alarms have none."""
_SHOWN_SECONDS = 1.0


class WatchOperations(HappeningOperations):
    """The part of the service that watches."""

    def watch(
        self, path: str | os.PathLike[str], events: Sequence[WatchedEvent], *, pictures: bool = True
    ) -> tuple[SeenAlarm, ...]:
        """Where in a clip the events of a watch list are seen, in order of time.

        Args:
            path: A video file, however long: of one over ten minutes its keyframes.
            events: At least one.
            pictures: Whether the alarms' pictures are wanted.

        Raises:
            QuestionError: A sentence is too long, or in letters that the model does not know.
            WatchListError: An event is told by an extra that is not installed.
            ClipError: The file is no clip that can be read within the limits.
        """
        directions = self._watch_directions(events)
        content = self.content(path)
        likeness = Likeness(directions)
        rows = [
            likeness.add(seconds, vector)
            for seconds, vector in zip(content.moments_seconds.tolist(), content.vectors, strict=True)
        ]
        probabilities = self._watch_probabilities(events, np.stack(rows))
        by_nudity = [event.by == OPEN_NSFW for event in events]
        if any(by_nudity):
            probabilities[:, by_nudity] = self._nudity(path)[:, None]
        alarms = find_alarms(
            content.moments_seconds,
            probabilities,
            [event.threshold for event in events],
            content.duration_seconds,
        )
        shown = alarms[:MAX_PICTURES] if pictures else ()
        found = [self._picture(path, alarm, content.duration_seconds) for alarm in shown]
        found += [b""] * (len(alarms) - len(found))
        return tuple(SeenAlarm(events[alarm.row], alarm, picture) for alarm, picture in zip(alarms, found, strict=True))

    def _nudity(self, path: str | os.PathLike[str]) -> NDArray[np.float64]:
        """How likely each picture that is looked at shows nudity, (N,): the clip is read once more for that."""
        film = read_film(path, self.settings.limits)
        pictures = self._pictures_of(path, film)
        scores = [self._memory.nudity.scores(picture.pixels(DISPLAY_SIDE)[None]) for picture in pictures]
        return np.concatenate(scores)

    def _watch_directions(self, events: Sequence[WatchedEvent]) -> NDArray[np.float32]:
        """Unit vectors (K, D) of what K events look like."""
        sentences = [read_sentence(self._loaded, event.sentence) for event in events]
        return np.asarray(self._call_model(embed_queries, sentences).numpy(), np.float32)

    def _watch_probabilities(
        self, events: Sequence[WatchedEvent], likeness: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Likeness (..., K) with K events -> how likely each is shown, (..., K) in [0, 1]."""
        return watch_probabilities(self._loaded, [event.sentence for event in events], likeness)

    def _picture(self, path: str | os.PathLike[str], alarm: Alarm, end_seconds: float) -> bytes:
        """The picture of an alarm's likeliest moment; nothing where it cannot be read again."""
        span = alarm.peak_seconds, min(alarm.peak_seconds + _SHOWN_SECONDS, max(end_seconds, alarm.end_seconds))
        try:
            _, frames = read_clip(path, 1, limits=self.settings.limits, max_side=PICTURE_SIDE, span_seconds=span)
        except ClipError:
            return b""
        return make_thumbnail(frames.pixels[0], max_side=PICTURE_SIDE) if len(frames) else b""
