"""What happens when in a clip: one pass finds its shots and keeps pictures, then its scenes are described together.

    file --stream_film--> pictures --CutFinder--> cuts ---divide---> scenes --model--> sentences, labels, vectors
                             |                                         |                       |
                             +---Album--> a few pictures of each part -+                       +--find_chapters-->

It keeps no state of a visitor; the only memory is a bounded cache of finished timelines, keyed by the file's content.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videobert_demo.library.entries import make_thumbnail
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, OnGpu
from videobert_demo.service.cache import BoundedCache
from videobert_demo.service.clips import DISPLAY_SIDE, hash_file
from videobert_demo.service.examples import ExampleClip
from videobert_demo.service.visual_words import VisualWordOperations
from videobert_demo.settings import Settings
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.classify import guess_by_heads
from videobert_demo.tasks.cloze import Guess
from videobert_demo.tasks.embed import embed_clips, embed_sentences, read_sentence
from videobert_demo.tasks.visual_words import read_visual_words
from videobert_demo.timeline.album import Album
from videobert_demo.timeline.chapters import find_chapters
from videobert_demo.timeline.cuts import Cut, CutFinder
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.scenes import LONG_SHOT_SECONDS, divide
from videobert_demo.timeline.shots import shots_between
from videobert_demo.timeline.timecode import parse_timecode
from videobert_demo.timeline.timeline import Media, Scene, Shot, Timeline
from videobert_demo.types import SURE_PROBABILITY
from videobert_demo.video.film import Film, FilmPicture, read_film, stream_film
from videobert_demo.video.glances import Glances
from videobert_demo.video.memory import give_memory_back

SCENES_PER_BATCH = 4
THUMBNAIL_SIDE = 160

_JPEG_QUALITY = 95
_LARGE_PIXELS = 1280 * 720
_FRAMES_AT_ONCE = 16
_MAX_CONTENT_MOMENTS = 1200
_FIRST_GUESS_SECONDS_PER_SCENE = 0.4
_SECONDS_BETWEEN_REPORTS = 0.25


@dataclass(frozen=True, slots=True)
class ScenesProgress:
    """How far `scenes` is.

    Attributes:
        step: "reading" the film, then "describing" its scenes.
        share: Of the whole work, in [0, 1].
        seconds_left: Estimated from the pace so far; None before there is one.
        scenes: What is described already, in order.
    """

    step: str
    share: float
    seconds_left: float | None
    scenes: tuple[Scene, ...] = ()


OnProgress = Callable[[ScenesProgress], None]


class TimelineOperations(VisualWordOperations):
    """The part of the service that makes timelines. Arguments as for `VisualWordOperations`."""

    def __init__(
        self,
        loaded: LoadedModel,
        settings: Settings,
        on_gpu: OnGpu | None = None,
        examples: Sequence[ExampleClip] | None = None,
    ) -> None:
        super().__init__(loaded, settings, on_gpu, examples)
        self._timelines: BoundedCache[str, Timeline] = BoundedCache(settings.cache_clips)

    def scenes(
        self,
        path: str | os.PathLike[str],
        *,
        on_progress: OnProgress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Timeline:
        """The scenes of a clip, however long, each with its sentence, and its chapters.

        Args:
            path: A video file. A photograph is one scene of a second.
            on_progress: Called a few times a second.
            is_cancelled: Asked at every picture and every batch of scenes. Once it says yes, what has been read so far
                is divided, and what has been described by then, at least one scene, is returned with `is_complete`
                False.

        Raises:
            ClipError: The file is no clip that can be read within the limits.
        """
        digest = hash_file(path, self.settings.max_bytes)
        name = _plain_name(path)
        known = self._timelines.get(digest)
        if known is not None:
            return replace(known, media=replace(known.media, name=name))
        work = _Work(on_progress or (lambda _progress: None), is_cancelled or (lambda: False))
        film = read_film(path, self.settings.limits)
        shots, album = _look_through(path, film, work, self.settings)
        division = divide(shots, *self._content(shots, album))
        scenes = self._describe(division.spans, album, work)
        timeline = Timeline(
            media=_media(name, film),
            duration_seconds=film.end_seconds,
            frame_rate=_rate(film),
            scenes=scenes,
            chapters=find_chapters(scenes),
            scenes_left_out=division.left_out,
            is_complete=not work.was_cancelled,
        )
        if timeline.is_complete:
            self._timelines.put(digest, timeline)
        return timeline

    def search_scenes(self, timeline: Timeline, text: str, *, count: int = 6) -> tuple[tuple[int, float], ...]:
        """The scenes of a clip that fit a sentence best, the best first.

        Args:
            timeline: As `scenes` gives it.
            text: A sentence in English.
            count: How many are wanted; scenes without a vector are not found.

        Returns:
            For each its index among the timeline's scenes, and its cosine similarity, in [-1, 1].

        Raises:
            QuestionError: The sentence is empty, too long, or in letters that the model does not know.
        """
        sentence = read_sentence(self._loaded, text)
        vector = self._call_model(embed_sentences, [sentence])[0].numpy()
        scores = [
            (index, float(scene.vector @ vector))
            for index, scene in enumerate(timeline.scenes)
            if scene.vector is not None
        ]
        return tuple(sorted(scores, key=lambda one: one[1], reverse=True)[:count])

    def _content(
        self, shots: Sequence[Shot], album: Album[_Held]
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]] | tuple[None, None]:
        """Moments (N,) of long shots and unit vectors (N, D) of what they show; None if no shot is long."""
        kept = [
            one
            for shot in shots
            if shot.end_seconds - shot.start_seconds > LONG_SHOT_SECONDS
            for one in album.kept(shot.start_seconds, shot.end_seconds)
        ]
        kept = kept[:: -(-len(kept) // _MAX_CONTENT_MOMENTS) or 1]
        if not kept:
            return None, None
        vectors = []
        for start in range(0, len(kept), 32):
            pixels = _unpack([picture for _, picture in kept[start : start + 32]])
            frames, patches = self._call_model(LoadedModel.encode_images, self._loaded.prepare(pixels))
            clips = [ClipTensors(frames[at : at + 1], patches[at : at + 1]) for at in range(len(frames))]
            vectors.append(self._call_model(embed_clips, clips).numpy())
        return np.array([moment for moment, _ in kept]), np.concatenate(vectors)

    def _describe(self, spans: Sequence[tuple[float, float]], album: Album[_Held], work: _Work) -> tuple[Scene, ...]:
        """The scenes, at least the first, in batches that go through tower and decoder together."""
        scenes: list[Scene] = []
        work.start_describing(len(spans))
        for start in range(0, len(spans), SCENES_PER_BATCH):
            if scenes and work.stops():
                break
            batch = spans[start : start + SCENES_PER_BATCH]
            scenes += self._describe_batch(batch, [album.choose(*span, self.max_frames) for span in batch])
            work.described(scenes)
        return tuple(scenes)

    def _describe_batch(
        self, spans: Sequence[tuple[float, float]], chosen: Sequence[list[tuple[float, _Held]]]
    ) -> list[Scene]:
        pixels = _unpack([picture for pictures in chosen for _, picture in pictures])
        lengths = [len(pictures) for pictures in chosen]
        frames, patches = self._call_model(LoadedModel.encode_clip, self._loaded.prepare(pixels))
        clips = [ClipTensors(*pair) for pair in zip(frames.split(lengths), patches.split(lengths), strict=True)]
        captions = self._call_model(caption_clips, clips)
        vectors = self._call_model(embed_clips, clips).numpy()
        heads = self._call_model(guess_by_heads, clips, count=1)
        ends = np.cumsum(lengths)
        scenes = []
        for row, (start_seconds, end_seconds) in enumerate(spans):
            caption = captions[row][0]
            words = self._call_model(read_visual_words, clips[row])
            scenes.append(
                Scene(
                    start_seconds,
                    end_seconds,
                    caption.text,
                    caption.score,
                    is_sure=caption.score >= SURE_PROBABILITY,
                    category=_label(heads["category"][row]),
                    verb=_label(heads["verb"][row]),
                    object=_label(heads["object"][row]),
                    visual_words=tuple(word.word_id for word in words),
                    vector=vectors[row],
                    thumbnail=make_thumbnail(pixels[ends[row] - (lengths[row] + 1) // 2], max_side=THUMBNAIL_SIDE),
                )
            )
        return scenes


class _Work:
    """Tells how far the work is, and whether it should stop. It reports a few times a second at most."""

    def __init__(self, on_progress: OnProgress, is_cancelled: Callable[[], bool]) -> None:
        self._on_progress, self._is_cancelled = on_progress, is_cancelled
        self._start = self._last_report = time.perf_counter()
        self._describing_since = 0.0
        self._scene_count = 1
        self._share = 0.0
        self.was_cancelled = False

    def stops(self) -> bool:
        """Whether somebody has cancelled."""
        self.was_cancelled = self.was_cancelled or self._is_cancelled()
        return self.was_cancelled

    def read(self, share: float, scene_count: int) -> bool:
        """Tells how much of the film is read, in [0, 1], and how many scenes there are so far; False to stop."""
        if self.stops():
            return False
        now = time.perf_counter()
        if now - self._last_report < _SECONDS_BETWEEN_REPORTS:
            return True
        spent = now - self._start
        expected_scenes = scene_count / max(share, 1e-3)
        left = spent * (1 / max(share, 1e-3) - 1) + _FIRST_GUESS_SECONDS_PER_SCENE * min(expected_scenes, 60)
        self._report("reading", left)
        return True

    def start_describing(self, scene_count: int) -> None:
        """Tells that the film is read, and how many scenes it has."""
        self._describing_since, self._scene_count = time.perf_counter(), scene_count
        self._report("describing", _FIRST_GUESS_SECONDS_PER_SCENE * scene_count)

    def described(self, scenes: Sequence[Scene]) -> None:
        """Tells which scenes are described."""
        spent = time.perf_counter() - self._describing_since
        self._report("describing", spent * (self._scene_count / len(scenes) - 1), tuple(scenes))

    def _report(self, step: str, seconds_left: float, scenes: tuple[Scene, ...] = ()) -> None:
        self._last_report = time.perf_counter()
        spent = self._last_report - self._start
        self._share = max(self._share, spent / max(spent + seconds_left, 1e-6))
        self._on_progress(ScenesProgress(step, self._share, seconds_left, scenes))


_Held = FilmPicture | bytes
"""A picture as the decoder gave it, or packed: a JPEG of high quality."""


def _look_through(
    path: str | os.PathLike[str], film: Film, work: _Work, settings: Settings
) -> tuple[list[Shot], Album[_Held]]:
    """The shots of a film, and pictures of it. If it is cancelled, they end with what was read."""
    is_large = film.info.width * film.info.height > _LARGE_PIXELS
    album: Album[_Held] = Album(_pack, _loose_bytes)
    finder, glances = CutFinder(), Glances()
    cuts: list[Cut] = []
    moments: list[float] = []

    def look(found: Sequence[Cut]) -> None:
        cuts.extend(found)
        for cut in found:
            album.cut(cut.seconds, cut.strength)

    end_seconds = film.end_seconds
    try:
        for picture in stream_film(path, film, settings.limits):
            glances.add(picture.frame)
            moments.append(picture.seconds)
            # A large picture would take much memory until it is needed.
            album.add(picture.seconds, _pack(picture) if is_large else picture)
            if len(glances) == _FRAMES_AT_ONCE:
                look(finder.add(np.array(moments), glances.take()))
                moments.clear()
                album.settle(finder.settled_seconds)
            if not work.read(picture.seconds / film.end_seconds, len(cuts) + 1):
                end_seconds = max(picture.seconds, 1e-3)
                break
        look(finder.add(np.array(moments), glances.take()))
        look(finder.end())
        album.end()
    finally:
        give_memory_back()
    return list(shots_between(cuts, end_seconds)), album


def _pack(held: _Held) -> bytes:
    if isinstance(held, bytes):
        return held
    picture = cv2.cvtColor(held.pixels(DISPLAY_SIDE), cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()


def _loose_bytes(held: _Held) -> int:
    return 0 if isinstance(held, bytes) else held.size_bytes


def _unpack(pictures: Sequence[_Held]) -> NDArray[np.uint8]:
    """Pictures of one film -> uint8 (N, H, W, 3), RGB, the longer side at most `DISPLAY_SIDE`."""
    return np.stack(
        [
            np.array(Image.open(io.BytesIO(held))) if isinstance(held, bytes) else held.pixels(DISPLAY_SIDE)
            for held in pictures
        ]
    )


def _label(guesses: Sequence[Guess]) -> str | None:
    return guesses[0].text if guesses else None


def _rate(film: Film) -> FrameRate | None:
    return None if film.frame_rate is None else FrameRate(film.frame_rate.numerator, film.frame_rate.denominator)


def _media(name: str, film: Film) -> Media:
    """The file as editors need to know it. A timecode that the frame rate does not have is left out."""
    timecode, rate = film.start_timecode, _rate(film)
    if timecode is not None:
        timecode = timecode.replace(".", ";")
        try:
            if rate is None:
                raise ValueError("a rate that varies has no timecode")
            parse_timecode(timecode, rate)
        except ValueError:
            timecode = None
    return Media(name, film.info.width, film.info.height, film.has_sound, timecode)


def _plain_name(path: str | os.PathLike[str]) -> str:
    """The file's name without folders, as one line of valid Unicode."""
    name = Path(os.fspath(path)).name.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name).replace("\\", "_").strip() or "clip"
