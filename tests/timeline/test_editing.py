"""A person's words replace those of scenes and chapters, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.timeline.samples import sample_timeline
from videobert_demo.timeline.editing import with_caption, with_title
from videobert_demo.timeline.timeline import Chapter

FILM = sample_timeline("25")


def test_a_title_is_given_to_its_chapter_only() -> None:
    changed = with_title(FILM, 1, "Our dogs")
    assert [chapter.title for chapter in changed.chapters] == [FILM.chapters[0].title, "Our dogs", "Cook #3"]
    assert changed.scenes == FILM.scenes


def test_a_sentence_of_a_person_counts_as_sure() -> None:
    assert not FILM.scenes[0].is_sure
    changed = with_caption(FILM, 0, "Ann plays")
    assert (changed.scenes[0].caption, changed.scenes[0].is_sure, changed.scenes[0].probability) == (
        "Ann plays",
        True,
        1.0,
    )
    assert changed.scenes[1:] == FILM.scenes[1:]
    assert changed.chapters == FILM.chapters  # its chapter has a title of its own


def test_a_chapter_that_repeats_its_one_scene_goes_along() -> None:
    alike = replace(FILM, chapters=(Chapter(0.0, FILM.scenes[0].caption.capitalize()), FILM.chapters[1]))
    assert alike.is_called_by_its_scene(0)
    assert not alike.is_called_by_its_scene(1)
    numbered = replace(alike, chapters=(Chapter(0.0, alike.chapters[0].title + " (2)"), alike.chapters[1]))
    assert numbered.is_called_by_its_scene(0)
    changed = with_caption(alike, 0, "Ann plays")
    assert changed.chapters == (Chapter(0.0, "Ann plays"), FILM.chapters[1])


@pytest.mark.parametrize("index", [-1, 3])
def test_what_there_is_not_cannot_be_changed(index: int) -> None:
    with pytest.raises(IndexError, match="index must be in"):
        with_title(FILM, index, "x")
    with pytest.raises(IndexError, match="index must be in"):
        with_caption(FILM, index, "x")


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "\ud800"])
def test_words_that_no_file_can_hold_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        with_title(FILM, 0, text)
    with pytest.raises(ValueError, match="must"):
        with_caption(FILM, 0, text)


def test_a_scene_knows_its_chapter() -> None:
    assert [FILM.chapter_index_of(scene) for scene in FILM.scenes] == [0, 1, 2]
    later = replace(FILM, chapters=FILM.chapters[1:])
    assert [later.chapter_index_of(scene) for scene in later.scenes] == [None, 0, 1]
