"""What happens when in a clip: one pass finds its shots and keeps pictures, then its scenes are described together.

    file --survey--> cuts, pictures of each part --divide--> scenes --model--> sentences, labels, vectors
                                                                                 |
                                                                                 +--find_chapters--> chapters

It keeps no state of a visitor; finished timelines are remembered by their files' content (memory.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import TimelineExportError
from videobert_demo.library.base import Library
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.service.describing import DescribingOperations
from videobert_demo.service.media import frame_rate_of, media_of, plain_name
from videobert_demo.service.neutral import neutral_timeline
from videobert_demo.service.scenes_progress import Ahead, OnProgress, ScenesProgress, Work
from videobert_demo.service.survey import (
    LONG_FILM_SECONDS,
    MAX_SKIMMED_MOMENTS,
    Held,
    Survey,
    survey,
    survey_closer,
    unpack,
)
from videobert_demo.tasks.embed import FRAMES_PER_BATCH, embed_clips, embed_queries, read_query
from videobert_demo.timeline.album import PICTURES_PER_PART
from videobert_demo.timeline.chapters import find_chapters
from videobert_demo.timeline.jumps import weigh
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.scenes import LONG_SHOT_SECONDS, MAX_SCENE_SECONDS, MAX_SCENES, Division, divide
from videobert_demo.timeline.shots import shots_between
from videobert_demo.timeline.timeline import Media, Timeline
from videobert_demo.types import EncodedClip
from videobert_demo.video.chapters import SUFFIXES, copy_with_chapters
from videobert_demo.video.film import read_film
from videobert_demo.video.sampled import DISPLAY_SIDE, hash_file

__all__ = ("OnProgress", "ScenesProgress", "TimelineOperations")


class TimelineOperations(DescribingOperations):
    """The part of the service that makes timelines."""

    def scenes(
        self,
        path: str | os.PathLike[str],
        *,
        on_progress: OnProgress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
        neutral_words: bool | None = None,
        language: str | None = None,
    ) -> Timeline:
        """The scenes of a clip, however long, each with its sentence, and its chapters.

        Args:
            path: A video file. A photograph is one scene of a second.
            on_progress: Called a few times a second.
            is_cancelled: Asked at every picture and every batch of scenes. Once it says yes, what has been read so far
                is divided, and what is described two seconds later, at least one scene, is returned with
                `is_complete` False.
            neutral_words: Whether sentences say person and child in place of man, woman, boy and girl; by default as
                set. Those of `on_progress` are as they were written.
            language: In which `in_language` will put the timeline. In Chinese its sentences are then those that the
                model's decoder writes from the scenes themselves; otherwise translations.

        Raises:
            ClipError: The file is no clip that can be read within the limits.
        """
        timeline = self._find_scenes(path, on_progress, is_cancelled, in_chinese=self._wants_chinese(language))
        return neutral_timeline(timeline) if self._is_neutral(neutral_words) else timeline

    def _is_neutral(self, wanted: bool | None) -> bool:
        return self.settings.neutral_words if wanted is None else wanted

    def _find_scenes(
        self,
        path: str | os.PathLike[str],
        on_progress: OnProgress | None,
        is_cancelled: Callable[[], bool] | None,
        *,
        in_chinese: bool,
    ) -> Timeline:
        digest = hash_file(path, self.settings.max_bytes)
        name = plain_name(path)
        known = self._memory.timelines.get((digest, in_chinese))
        if known is not None:
            return replace(known, media=replace(known.media, name=name))
        work = Work(on_progress or (lambda _progress: None), is_cancelled or (lambda: False))
        film = read_film(path, self.settings.limits)
        if on_progress is not None and film.end_seconds > LONG_FILM_SECONDS:
            work.tell_pace(self._seconds_per_picture())
        found = survey(path, film, self.settings.limits, work)
        division = self._divide(found, work)
        if found.is_skimmed:
            survey_closer(path, film, self.settings.limits, found, division.spans, work)
        scenes = self._describe(division.spans, found.album, work, in_chinese=in_chinese)
        timeline = Timeline(
            media=media_of(name, film),
            duration_seconds=film.end_seconds,
            frame_rate=frame_rate_of(film),
            scenes=scenes,
            chapters=find_chapters(scenes),
            scenes_left_out=division.left_out,
            is_complete=not work.was_cancelled,
        )
        if timeline.is_complete:
            self._memory.timelines.put((digest, in_chinese), timeline)
        return timeline

    def _facts(self, path: str | os.PathLike[str]) -> tuple[Media, FrameRate | None]:
        """What editors need to know of a file, and its constant frame rate or None."""
        film = read_film(path, self.settings.limits)
        return media_of(plain_name(path), film), frame_rate_of(film)

    def film_with_chapters(self, path: str | os.PathLike[str], timeline: Timeline, out: str | os.PathLike[str]) -> None:
        """Writes a copy of a clip, not encoded again, with the timeline's chapters in it.

        Args:
            path: The clip that the timeline is of.
            out: Where to write: another file, .mp4, .m4v, .mov, .mkv or .webm.

        Raises:
            TimelineExportError: The copy's name ends otherwise, or is the clip's own.
            ClipError: The clip cannot be read, or its codecs do not fit into such a file.
            OSError: The copy cannot be written.
        """
        try:
            copy_with_chapters(path, out, timeline.chapter_spans(), timeline.duration_seconds)
        except ValueError as error:
            raise TimelineExportError(
                "Name the copy with chapters otherwise than the clip, and let its name end with one of {suffixes}.",
                suffixes=", ".join(SUFFIXES),
            ) from error

    def encode_for_library(self, path: str | os.PathLike[str], *, title: str | None = None) -> EncodedClip:
        """A clip as it goes into a library. The segments of one that lasts over half a minute are its scenes.

        Arguments and errors as for `LibraryOperations.encode_for_library`.
        """
        return self.segment_by_scenes(super().encode_for_library(path, title=title), path)

    def segment_by_scenes(self, clip: EncodedClip, path: str | os.PathLike[str]) -> EncodedClip:
        """A clip with its scenes as segments, if it lasts over half a minute; a shorter one as it is.

        Args:
            path: its file, which is read for its scenes.
        """
        if not is_long(clip):
            return clip
        scenes = [scene for scene in self.scenes(path).scenes if scene.vector is not None]
        return replace(
            clip,
            segment_vectors=np.stack([scene.vector for scene in scenes if scene.vector is not None]),
            segment_seconds=np.array([(scene.start_seconds, scene.end_seconds) for scene in scenes]),
        )

    def search_scenes(
        self, timeline: Timeline, text: str, *, count: int = 6, library: Library | None = None
    ) -> tuple[tuple[int, float], ...]:
        """The scenes of a clip that fit a sentence best, the best first.

        Args:
            timeline: As `scenes` gives it.
            text: A sentence, or the name of a label of the library's own.
            count: How many are wanted; scenes without a vector are not found.
            library: Whose labels are known; None for none. A label finds only scenes that it fits.

        Returns:
            For each its index among the timeline's scenes, and its cosine similarity, in [-1, 1].

        Raises:
            QuestionError: The sentence is empty, too long, or in letters that the model does not know.
        """
        label = None if library is None else self.find_label(library, text)
        if label is None:
            query = read_query(self._loaded, text)
            vector, least = self._call_together(embed_queries, query).numpy(), -1.1
        else:
            vector, least = label.fit.direction, label.fit.threshold
        scores = [
            (index, float(scene.vector @ vector))
            for index, scene in enumerate(timeline.scenes)
            if scene.vector is not None and scene.vector @ vector >= least
        ]
        return tuple(sorted(scores, key=lambda one: one[1], reverse=True)[:count])

    def _divide(self, found: Survey, work: Work) -> Division:
        """The scenes of a film that was read; where somebody cancels, by what was compared until then."""
        album, end_seconds = found.album, found.end_seconds
        if found.is_skimmed:
            kept = album.kept(0.0, end_seconds)
            moments, vectors = self._compare(kept[:: -(-len(kept) // MAX_SKIMMED_MOMENTS)], len(found.cuts) + 1, work)
            return divide(list(shots_between(weigh(found.cuts, moments, vectors), end_seconds)), moments, vectors)
        shots = list(shots_between(found.cuts, end_seconds))
        long = [shot for shot in shots if shot.end_seconds - shot.start_seconds > LONG_SHOT_SECONDS]
        kept = [one for shot in long for one in album.kept(shot.start_seconds, shot.end_seconds)]
        return divide(shots, *self._compare(kept, len(shots), work)) if kept else divide(shots)

    def _compare(
        self, kept: Sequence[tuple[float, Held]], shot_count: int, work: Work
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Moments (N,) of pictures, and unit vectors (N, D) of what they show: of all, or of the first of them."""
        scene_count, vectors, done = min(MAX_SCENES, shot_count), list[NDArray[np.float32]](), 0
        work.begin_comparing(Ahead(len(kept), scene_count))
        while done < len(kept):
            batch = kept[done : done + (FRAMES_PER_BATCH if not work.stops() else PICTURES_PER_PART)]
            vectors.append(self._vectors(unpack([picture for _, picture in batch])))
            done += len(batch)
            if not work.compared(done, Ahead(len(kept) - done, scene_count)):
                break
        return np.array([moment for moment, _ in kept[:done]]), np.concatenate(vectors)

    def _seconds_per_picture(self) -> float:
        """How long the model takes for a picture, with whatever else the machine does now."""
        pictures = np.zeros((8, DISPLAY_SIDE // 2, DISPLAY_SIDE, 3), np.uint8)
        self._vectors(pictures)  # The first call is slower.
        start = time.perf_counter()
        self._vectors(pictures)
        return (time.perf_counter() - start) / len(pictures)

    def _vectors(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Pictures, uint8 (N, H, W, 3), RGB -> unit vectors (N, D) of what each shows by itself."""
        frames, patches = self._call_model(LoadedModel.encode_images, self._loaded.prepare(pixels))
        clips = [ClipTensors(frames[at : at + 1], patches[at : at + 1]) for at in range(len(frames))]
        return np.asarray(self._call_model(embed_clips, clips).numpy(), np.float32)


def is_long(clip: EncodedClip) -> bool:
    """Whether a clip's segments in a library are its scenes."""
    return clip.entry.duration_seconds > MAX_SCENE_SECONDS
