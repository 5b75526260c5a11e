"""Live: pictures that come one by one, from a camera or a growing file, are described and watched in a window.

    pictures   . . . . . . . . . .|      each is read by the frame tower once
    window             [==========]      the last seconds: a sentence about them
    alarms           begins ^            the events of a watch list, as they begin and end

Whoever watches holds the window; the service keeps nothing of it, and no picture is written anywhere.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.library.entries import make_thumbnail
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.service.watching import PICTURE_SIDE, WatchOperations
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.tasks.strangeness import are_strange, tells_strangeness
from videobert_demo.timeline.exports.alarms import SeenAlarm
from videobert_demo.timeline.watching import WINDOW_SECONDS, Alarm, Likeness, Watcher
from videobert_demo.timeline.watchlist import OPEN_NSFW, WatchedEvent
from videobert_demo.types import CANNOT_TELL, Caption
from videobert_demo.video.growing import follow_pictures
from videobert_demo.video.sampled import DISPLAY_SIDE

STEP_SECONDS = 0.5
"""How far apart the pictures of a growing file are that are looked at."""
SENTENCE_SECONDS = 1.0
"""How often something is said of a growing file."""
IDLE_SECONDS = 10.0
MAX_BEHIND_SECONDS = 2.0
"""A reader that is further behind leaves pictures out, so that it tells what is happening now."""


@dataclass(slots=True, eq=False)
class LiveWindow:
    """The last seconds of one stream, and its alarms. It belongs to whoever watches.

    Attributes:
        events: What is watched for; may be empty.
        likeness, watcher: Of the events; None without any.
        seen: Moments and features of the pictures of the window, frame (1, C) and patches (1, P, C).
        pictures: Of each alarm that goes on, by its row, its likeliest picture so far.
    """

    events: tuple[WatchedEvent, ...]
    likeness: Likeness | None
    watcher: Watcher | None
    seen: deque[tuple[float, Tensor, Tensor]] = field(default_factory=deque)
    pictures: dict[int, tuple[float, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class LiveUpdate:
    """What is told after a picture.

    Attributes:
        seconds: The picture's moment.
        caption: What the window shows; None if nobody asked.
        is_sure: Whether the caption is likely enough to be told as it is.
        told: Alarms that begin with the picture, or are over by now.
        running: Alarms that go on.
        spent_seconds: How long the work took.
        behind_seconds: Of a growing file, how far the reader is behind; 0 of a camera.
    """

    seconds: float
    caption: Caption | None
    is_sure: bool
    told: tuple[SeenAlarm, ...]
    running: tuple[SeenAlarm, ...]
    spent_seconds: float
    behind_seconds: float = 0.0


class LiveOperations(WatchOperations):
    """The part of the service that watches while things happen."""

    def live_window(self, events: Sequence[WatchedEvent] = ()) -> LiveWindow:
        """A window in which nothing has been seen yet.

        Args:
            events: What is watched for; none for sentences alone.

        Raises:
            QuestionError: A sentence is too long, or in letters that the model does not know.
        """
        if not events:
            return LiveWindow((), None, None)
        likeness = Likeness(self._watch_directions(events))
        return LiveWindow(tuple(events), likeness, Watcher([event.threshold for event in events]))

    def glance(
        self, window: LiveWindow, pixels: NDArray[np.uint8], seconds: float, *, describe: bool = True
    ) -> LiveUpdate:
        """Takes the next picture of a stream.

        Args:
            window: As `live_window` gave it; it is changed, so one picture at a time.
            pixels: uint8 (H, W, 3), RGB.
            seconds: When it came, after that of the picture before it.
            describe: Whether a sentence about the last seconds is wanted.
        """
        started = time.perf_counter()
        images = self._loaded.prepare(pixels[None])
        window.seen.append((seconds, *self._call_model(LoadedModel.encode_images, images)))
        while len(window.seen) > self.max_frames or window.seen[0][0] < seconds - WINDOW_SECONDS:
            window.seen.popleft()
        told = self._alarms(window, pixels, seconds)
        caption, is_sure = self._sentence(window) if describe else (None, False)
        return LiveUpdate(seconds, caption, is_sure, told, _running(window), time.perf_counter() - started)

    def end_live(self, window: LiveWindow, seconds: float) -> tuple[SeenAlarm, ...]:
        """The stream is over; returns the alarms that still went on, as ended."""
        ended = window.watcher.end(seconds) if window.watcher is not None else ()
        return tuple(_seen(window, alarm) for alarm in ended)

    def follow(
        self,
        path: str | os.PathLike[str],
        events: Sequence[WatchedEvent] = (),
        *,
        describe: bool = True,
        idle_seconds: float = IDLE_SECONDS,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[LiveUpdate]:
        """Watches a file that is still being written, such as a recording, until nothing is added any more.

        Args:
            path: The file; .mkv, .webm, .ts, .flv or a fragmented .mp4.
            events: What is watched for; may be empty.
            describe: Whether a sentence a second is wanted.
            idle_seconds: How long nothing may be added before it counts as ended.
            is_stopped: Asked at every picture, and while waiting.

        Yields:
            An update for each picture that was looked at, and one at the end with the alarms that still went on.

        Raises:
            QuestionError: As for `live_window`.
            ClipError: The file cannot be read while it grows.
        """
        window, last, described = self.live_window(events), -np.inf, -np.inf
        pictures = follow_pictures(
            path,
            self.settings.limits,
            step_seconds=STEP_SECONDS,
            max_side=DISPLAY_SIDE,
            idle_seconds=idle_seconds,
            is_stopped=is_stopped,
        )
        for picture in pictures:
            if picture.behind_seconds > MAX_BEHIND_SECONDS and picture.seconds < last + MAX_BEHIND_SECONDS:
                continue
            is_due = describe and picture.seconds >= described + SENTENCE_SECONDS
            last, described = picture.seconds, picture.seconds if is_due else described
            update = self.glance(window, picture.pixels, picture.seconds, describe=is_due)
            yield LiveUpdate(
                update.seconds,
                update.caption,
                update.is_sure,
                update.told,
                update.running,
                update.spent_seconds,
                picture.behind_seconds + update.spent_seconds,
            )
        ended = self.end_live(window, max(last, 0.0))
        if ended:
            yield LiveUpdate(max(last, 0.0), None, False, ended, (), 0.0)

    def _alarms(self, window: LiveWindow, pixels: NDArray[np.uint8], seconds: float) -> tuple[SeenAlarm, ...]:
        if window.likeness is None or window.watcher is None:
            return ()
        _, frame, patches = window.seen[-1]
        vector = self._call_model(embed_clips, [ClipTensors(frame, patches)])[0].numpy()
        likeness = window.likeness.add(seconds, np.asarray(vector, np.float32))
        probabilities = self._watch_probabilities(window.events, likeness)
        by_nudity = [event.by == OPEN_NSFW for event in window.events]
        if any(by_nudity):
            probabilities[by_nudity] = self._memory.nudity.scores(pixels[None])
        told = window.watcher.add(seconds, probabilities)
        picture = b""
        for alarm in window.watcher.running:
            if alarm.score > window.pictures.get(alarm.row, (-1.0, b""))[0]:
                picture = picture or make_thumbnail(pixels, max_side=PICTURE_SIDE)
                window.pictures[alarm.row] = alarm.score, picture
        seen = tuple(_seen(window, alarm) for alarm in told)
        for alarm in told:
            if alarm.is_over:
                window.pictures.pop(alarm.row, None)
        return seen

    def _sentence(self, window: LiveWindow) -> tuple[Caption, bool]:
        frames = torch.cat([frame for _, frame, _ in window.seen])
        patches = torch.cat([one for _, _, one in window.seen])
        clip = ClipTensors(frames, patches)
        if tells_strangeness(self._loaded) and self._call_model(are_strange, [clip])[0]:
            return Caption(CANNOT_TELL, 0.0, 0.0), False
        caption = self._call_model(caption_clips, [clip])[0][0]
        return caption, self._is_sure(caption)


def _seen(window: LiveWindow, alarm: Alarm) -> SeenAlarm:
    return SeenAlarm(window.events[alarm.row], alarm, window.pictures.get(alarm.row, (0.0, b""))[1])


def _running(window: LiveWindow) -> tuple[SeenAlarm, ...]:
    running = window.watcher.running if window.watcher is not None else ()
    return tuple(_seen(window, alarm) for alarm in running)
