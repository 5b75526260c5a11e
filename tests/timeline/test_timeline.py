"""The values of a timeline refuse what cannot be."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.timeline.samples import RATES, sample_timeline
from videobert_demo.timeline.timeline import Chapter, Media, Scene, Shot

SCENE = Scene(1.0, 2.0, "a dog runs", 0.5, True)


@pytest.mark.parametrize(
    "change",
    [
        {"end_seconds": 1.0},
        {"start_seconds": -0.1},
        {"end_seconds": float("nan")},
        {"caption": " "},
        {"caption": "two\nlines"},
        {"caption": "\ud800"},
        {"probability": 1.1},
        {"category": ""},
        {"visual_words": (-1,)},
        {"vector": np.ones(4, np.float32)},
    ],
)
def test_a_scene_checks_itself(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must"):
        replace(SCENE, **change)


def test_a_scene_keeps_its_vector_read_only() -> None:
    vector = np.array([0.6, 0.8], np.float32)
    kept = replace(SCENE, vector=vector).vector
    assert kept is not None
    assert not kept.flags.writeable
    assert vector.flags.writeable


def test_scenes_and_chapters_are_in_order_and_within_the_clip() -> None:
    timeline = sample_timeline("25")
    with pytest.raises(ValueError, match="in order"):
        replace(timeline, scenes=timeline.scenes[::-1])
    with pytest.raises(ValueError, match="in order"):
        replace(timeline, duration_seconds=71.0)
    with pytest.raises(ValueError, match="at least one"):
        replace(timeline, scenes=())
    with pytest.raises(ValueError, match="one after the other"):
        replace(timeline, chapters=(Chapter(3.0, "a"), Chapter(3.0, "b")))
    with pytest.raises(ValueError, match="within"):
        replace(timeline, chapters=(Chapter(72.0, "a"),))


def test_a_start_timecode_has_to_exist_at_the_rate() -> None:
    timeline = sample_timeline("variable")
    with pytest.raises(ValueError, match="constant"):
        replace(timeline, media=replace(timeline.media, start_timecode="01:00:00:00"))
    with pytest.raises(ValueError, match="leaves"):
        replace(sample_timeline("29.97"), media=replace(timeline.media, start_timecode="00:01:00;00"))


@pytest.mark.parametrize("name", ["", "folder/clip.mp4", "folder\\clip.mp4"])
def test_media_names_no_folders(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Media(name, 1, 1)


def test_shots_check_themselves() -> None:
    with pytest.raises(ValueError, match="cut_strength"):
        Shot(0.0, 1.0, -1.0)


def test_chapters_end_where_the_next_one_starts() -> None:
    assert [(start, end) for start, end, _ in sample_timeline("25").chapter_spans()] == [
        (0.0, 12.32),
        (12.32, 60.12),
        (60.12, 72.0),
    ]


def test_which_samples_drop_frames() -> None:
    assert [name for name in RATES if sample_timeline(name).is_drop_frame] == ["29.97", "59.94"]
