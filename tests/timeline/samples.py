"""Timelines to export: every frame rate, with letters that formats have to escape."""

from __future__ import annotations

from videobert_demo.timeline.cutlist import CutList, cut_list
from videobert_demo.timeline.exports.alarms import SeenAlarm
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timeline import Chapter, Media, Scene, Timeline
from videobert_demo.timeline.watching import Alarm
from videobert_demo.timeline.watchlist import WatchedEvent

RATES = {
    "23.976": FrameRate(24_000, 1001),
    "25": FrameRate(25),
    "29.97": FrameRate(30_000, 1001),
    "30": FrameRate(30),
    "50": FrameRate(50),
    "59.94": FrameRate(60_000, 1001),
    "60": FrameRate(60),
    "variable": None,
}
# The first frame of each file; those that drop frames start shortly before a minute that lacks numbers.
START_TIMECODES = {"25": "01:00:00:00", "29.97": "00:59:58;00", "59.94": "10:00:59;58"}
CAPTIONS = ("a man plays <b>guitar</b> & sings", "two dogs; one = brown, #1", 'a “cook” says "salt" --> 你好')
CHAPTERS = ("Guitar & song", "Dogs <outside>; yes = no", "Cook #3")


def sample_timeline(name: str) -> Timeline:
    """A clip of 1 minute and 12 seconds with three scenes at the frame rate of this name."""
    rate = RATES[name]
    edges = [0.0, 12.34, 60.1, 72.0]
    if rate is not None:
        edges = [rate.seconds_at(rate.frame_at(edge)) for edge in edges]
    scenes = tuple(
        Scene(
            start_seconds=start,
            end_seconds=end,
            caption=caption,
            probability=0.25 * number,
            is_sure=number > 1,
            category="music" if number == 1 else None,
            verb="playing",
            object="guitar" if number == 1 else None,
            visual_words=(number, 7),
            thumbnail=b"\xff\xd8 no real picture \xff\xd9",
        )
        for number, (start, end, caption) in enumerate(zip(edges[:-1], edges[1:], CAPTIONS, strict=True), start=1)
    )
    chapters = tuple(Chapter(start, title) for start, title in zip(edges[:-1], CHAPTERS, strict=True))
    media = Media("my <film> & 1.mp4", 1280, 720, has_sound=True, start_timecode=START_TIMECODES.get(name))
    return Timeline(media, edges[-1], rate, scenes, chapters)


def sample_cuts(name: str) -> CutList:
    """The same clip, of which two stretches stay."""
    timeline = sample_timeline(name)
    found = [((4.0, 12.34), 0.5), ((60.1, 71.0), 0.41)]
    return cut_list(timeline.media, timeline.duration_seconds, timeline.frame_rate, found, keeps=True, min_seconds=1.0)


def sample_alarm() -> SeenAlarm:
    """An alarm that is over."""
    event = WatchedEvent("a “fire” & smoke", "something is on fire", 0.2, "#b7791f")
    return SeenAlarm(event, Alarm(0, 1.0, 7.25, 3.5, 0.61234, is_over=True), b"\xff\xd8 no real picture \xff\xd9")
