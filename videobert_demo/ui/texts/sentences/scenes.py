"""The Scenes tab, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ScenesSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    scenes_tab: str = "Scenes"
    scenes_empty_heading: str = "What happens when?"
    scenes_empty_hint: str = (
        "Drop a clip, record one, or pick an example. Its scenes are listed here, to rename, search and take away."
    )
    scenes_error_heading: str = "No scenes were found in this clip"
    scenes_one: str = "One scene"
    scenes_one_hint: str = "the clip has no cuts; click its sentence to change it"
    scenes_count: str = "{scenes} scenes, {chapters} chapters"
    scenes_count_hint: str = "with their scores; click a picture to jump there, a title or a sentence to change it"
    scenes_title_label: str = "Title of the chapter at {time}"
    scenes_caption_label: str = "Sentence of the scene from {start} to {end}"
    scenes_picture: str = "Jump to {time}"
    scenes_probability_hint: str = "What the sentence is ranked by, from 0 to 100 %"
    scenes_hits_hint: str = "best first; click one to jump there"
    scenes_exports_heading: str = "Take it away"
    scenes_exports_hint: str = "with the titles and sentences as they stand above"
    scenes_exports_subtitles: str = "Subtitles"
    scenes_exports_chapters: str = "Chapters"
    scenes_exports_editors: str = "For editors"
    scenes_exports_reading: str = "To read, and for programs"
