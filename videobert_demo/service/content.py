"""What a clip shows from moment to moment, read in a pass of its own: moments, events, slots and cuts rest on it.

    file --stream--> a picture every half second --tower--> features --encoder--> vectors
                                                +--> mean colours

It keeps no state of a visitor; what was seen is remembered by the file's content (memory.py). It tells how
far it is, and may be stopped: what was seen by then is forgotten, because an answer from half a film would be wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import EmptyClipError, StoppedError
from videobert_demo.service.survey import LONG_FILM_SECONDS
from videobert_demo.service.timeline import TimelineOperations
from videobert_demo.tasks.embed import FRAMES_PER_BATCH
from videobert_demo.timeline.content import Content
from videobert_demo.video.container import shown_name
from videobert_demo.video.film import Film, FilmPicture, read_film, stream_film
from videobert_demo.video.glances import Glances
from videobert_demo.video.memory import give_memory_back
from videobert_demo.video.sampled import DISPLAY_SIDE, hash_file
from videobert_demo.video.skimming import cut_keyframes, skim

STEP_SECONDS = 0.5
LONG_FILM_STEP_SECONDS = 1.0
MAX_PICTURES = 3600
"""Of a clip with more of them, pictures are further apart: two seconds in a film of two hours."""

SMALL_FILM_PIXELS = 12e9
"""A long film of no more pixels in all is seen every two seconds, wherever its keyframes are; others by those alone.

So many are decoded in about a minute of one core's time: half an hour at 640 x 360, two hours at 320 x 180.
"""
SMALL_FILM_STEP_SECONDS = 2.0

OnShare = Callable[[float], None]
"""Is told how much is done, in [0, 1]."""


class ContentOperations(TimelineOperations):
    """The part of the service that sees a clip from moment to moment."""

    def content(
        self,
        path: str | os.PathLike[str],
        *,
        on_progress: OnShare | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Content:
        """What a clip shows from moment to moment; the same content again comes from the cache.

        A picture every half second; of a clip over ten minutes its keyframes, at least a second apart, and, where its
        pictures are small, what lies between them. Moments, events, cuts, slots, alarms and passages all begin with
        this: who wants to show how far they are asks for it first.

        Args:
            path: A video file, however long.
            on_progress: Is told after each batch of pictures which share of the clip was seen.
            is_cancelled: Is asked at every picture.

        Raises:
            ClipError: The file is no clip that can be read within the limits.
            StoppedError: It was cancelled.
        """
        digest = hash_file(path, self.settings.max_bytes)
        return self._memory.contents.get_or_make(digest, lambda: self._look(path, on_progress, is_cancelled))

    def _look(
        self, path: str | os.PathLike[str], on_progress: OnShare | None, is_cancelled: Callable[[], bool] | None
    ) -> Content:
        """Reads a clip, at most `MAX_PICTURES` of it."""
        film = read_film(path, self.settings.limits)
        glances, moments = Glances(), list[float]()
        waiting, vectors = list[NDArray[np.uint8]](), list[NDArray[np.float32]]()

        def see() -> None:
            vectors.append(self._vectors(np.stack(waiting)))
            waiting.clear()
            if on_progress is not None:
                on_progress(min(1.0, moments[-1] / film.end_seconds))

        try:
            for picture in self._pictures_of(path, film):
                if is_cancelled is not None and is_cancelled():
                    raise StoppedError("The work was stopped before {name} was seen.", name=shown_name(path))
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
        cuts = cut_keyframes(film.table) if film.end_seconds > LONG_FILM_SECONDS else np.empty(0)
        return Content(film.end_seconds, np.array(moments), np.concatenate(vectors), colours, cuts)

    def _pictures_of(self, path: str | os.PathLike[str], film: Film) -> Iterator[FilmPicture]:
        """The pictures of a clip that are looked at; whoever reads it again gets the same."""
        is_long = film.end_seconds > LONG_FILM_SECONDS
        densely = (SMALL_FILM_STEP_SECONDS, SMALL_FILM_STEP_SECONDS) if _is_small(film) else ()
        runs = skim(film.table, *densely) if is_long else None
        step_seconds = LONG_FILM_STEP_SECONDS if is_long else STEP_SECONDS
        count = len(film.table.seconds) if runs is None else sum(len(run.wanted) for run in runs)
        if count > MAX_PICTURES:  # Else each is seen: one that was left out might be all that is kept of a scene.
            step_seconds = max(step_seconds, film.end_seconds / MAX_PICTURES)
        return stream_film(path, film, self.settings.limits, runs, step_seconds=step_seconds)


def _is_small(film: Film) -> bool:
    """Whether all of a film can be decoded in passing."""
    return len(film.table.seconds) * film.info.width * film.info.height <= SMALL_FILM_PIXELS
