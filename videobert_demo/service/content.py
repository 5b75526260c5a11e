"""What a clip shows from moment to moment, read in one pass of its own: the ground of moments, events, slots, cuts.

    file --stream--> a picture each half a second --tower--> features --encoder--> vectors
                                                +--> mean colours

It keeps no state of a visitor; what was seen is remembered by the file's content (memory.py).
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import EmptyClipError
from videobert_demo.service.survey import LONG_FILM_SECONDS
from videobert_demo.service.timeline import TimelineOperations
from videobert_demo.tasks.embed import FRAMES_PER_BATCH
from videobert_demo.timeline.content import Content
from videobert_demo.video.container import shown_name
from videobert_demo.video.film import read_film, stream_film
from videobert_demo.video.glances import Glances
from videobert_demo.video.memory import give_memory_back
from videobert_demo.video.sampled import DISPLAY_SIDE, hash_file
from videobert_demo.video.skimming import skim

STEP_SECONDS = 0.5
MAX_PICTURES = 600
"""Of a longer clip pictures are further apart than half a second: there are no more than these."""
_WHOLE_SECONDS = MAX_PICTURES * STEP_SECONDS


class ContentOperations(TimelineOperations):
    """The part of the service that sees a clip from moment to moment."""

    def content(self, path: str | os.PathLike[str]) -> Content:
        """What a clip shows from moment to moment; the same content again comes from the cache.

        Raises:
            ClipError: The file is no clip that can be read within the limits.
        """
        digest = hash_file(path, self.settings.max_bytes)
        return self._memory.contents.get_or_make(digest, lambda: self._look(path, MAX_PICTURES))

    def content_closely(self, path: str | os.PathLike[str]) -> Content:
        """The same with a picture each half a second also of a clip over five minutes, or each keyframe over ten.

        Raises:
            ClipError: As for `content`.
        """
        known = self.content(path) if read_film(path, self.settings.limits).end_seconds <= _WHOLE_SECONDS else None
        return known or self._look(path, None)

    def _look(self, path: str | os.PathLike[str], most: int | None) -> Content:
        """Reads a clip, at most so many pictures of it; one over ten minutes by its keyframes."""
        film = read_film(path, self.settings.limits)
        runs = skim(film.table) if film.end_seconds > LONG_FILM_SECONDS else None
        step_seconds = STEP_SECONDS if most is None else max(STEP_SECONDS, film.end_seconds / most)
        glances, moments = Glances(), list[float]()
        waiting, vectors = list[NDArray[np.uint8]](), list[NDArray[np.float32]]()

        def see() -> None:
            vectors.append(self._vectors(np.stack(waiting)))
            waiting.clear()

        try:
            for picture in stream_film(path, film, self.settings.limits, runs, step_seconds=step_seconds):
                glances.add(picture.frame)
                moments.append(picture.seconds)
                waiting.append(picture.pixels(DISPLAY_SIDE))
                if len(waiting) == FRAMES_PER_BATCH:
                    see()
            if waiting:
                see()
        finally:
            give_memory_back()
        if not moments:
            raise EmptyClipError(
                "{name} has no frames, or is cut off before the first; save it again.", name=shown_name(path)
            )
        colours = np.round(glances.take()).astype(np.uint8)
        return Content(film.end_seconds, np.array(moments), np.concatenate(vectors), colours)
