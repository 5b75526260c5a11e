"""The timeline under the player, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TimelineSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    timeline_label: str = "Timeline of the clip"
    timeline_count: str = "{count} scenes"
    timeline_keys: str = "Scenes; the left and right arrow keys step from one to the next"
    timeline_scene: str = "Scene {number} of {count}, {start} to {end}: {caption}"
    timeline_not_sure: str = "not sure"
    timeline_subtitles: str = "Scenes as subtitles"
    timeline_said: str = "What is said"
    timeline_zoom_in: str = "Zoom in"
    timeline_zoom_out: str = "Zoom out"
    timeline_busy: str = "Looking for scenes"
    timeline_stop: str = "Stop"
    timeline_seconds_left: str = "about {seconds} s left"
    timeline_minutes_left: str = "about {minutes} min left"
    timeline_stopped: str = "Stopped at {time}: these are the scenes up to there."
    timeline_left_out: str = "The clip has {count} more scenes; the strongest cuts are shown."
    scope_label: str = "About"
    scope_clip: str = "The whole clip"
    scope_scene: str = "Scene {number}, {start}–{end}"
