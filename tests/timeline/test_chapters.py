"""Neighbouring scenes that say and show the same are one chapter, and titles tell chapters apart."""

from dataclasses import replace

import numpy as np
import pytest

from videobert_demo.timeline.chapters import find_chapters, telling_words
from videobert_demo.timeline.timeline import Scene, split_title


def scenes(*captions: str) -> list[Scene]:
    return [Scene(float(10 * at), float(10 * at + 10), caption, 0.5, True) for at, caption in enumerate(captions)]


def towards(*values: float) -> np.ndarray:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def found(parts: list[Scene]) -> list[tuple[float, str]]:
    return [(chapter.start_seconds, chapter.title) for chapter in find_chapters(parts)]


def test_scenes_that_say_the_same_are_one_chapter() -> None:
    parts = scenes("a man plays a guitar", "a man plays the guitar", "two dogs run in a field")
    assert found(parts) == [(0.0, "A man plays a guitar"), (20.0, "Two dogs run in a field")]


@pytest.mark.parametrize("caption", ["a man rides a horse", "a video game is played"])
@pytest.mark.parametrize(("cosine", "joins"), [(0.8, True), (0.7, False)])
def test_what_is_shown_counts_and_not_what_is_said(cosine: float, caption: str, joins: bool) -> None:
    first, second = scenes("a man rides a horse", caption)
    first = replace(first, vector=towards(1, 0))
    second = replace(second, vector=np.array([cosine, (1 - cosine**2) ** 0.5], np.float32))
    assert len(found([first, second])) == (1 if joins else 2)


def test_they_have_to_show_the_same_as_well() -> None:
    first, second = scenes("a man plays a guitar", "a man plays a guitar")
    first, alike = replace(first, vector=towards(1, 0)), replace(second, vector=towards(1, 0.5))
    assert found([first, alike]) == [(0.0, "A man plays a guitar")]
    other = replace(second, vector=towards(0, 1))
    assert found([first, other]) == [(0.0, "A man plays a guitar"), (10.0, "A man plays a guitar (2)")]


def test_only_neighbours_join() -> None:
    titles = [title for _, title in found(scenes("a cat sleeps", "a dog barks", "a cat sleeps", "a cat sleeps"))]
    assert titles == ["A cat sleeps", "A dog barks", "A cat sleeps (2)"]


def test_a_title_that_is_taken_gives_way_to_another_sentence_of_the_chapter() -> None:
    parts = scenes("a man is talking", "a dog barks", "a man is talking", "a man is talking loudly")
    parts = [
        replace(part, vector=towards(*axis)) for part, axis in zip(parts, ((1, 0), (0, 1), (1, 0), (1, 0)), strict=True)
    ]
    parts[3] = replace(parts[3], probability=0.1)
    assert found(parts)[-1] == (20.0, "A man is talking loudly")
    assert found(parts[:3])[-1] == (20.0, "A man is talking (2)")


def test_labels_which_may_be_wrong_are_in_no_title() -> None:
    parts = scenes("a man is running", "a dog barks", "a man is running")
    parts[2] = replace(parts[2], verb="running", object="track")
    assert found(parts)[-1] == (20.0, "A man is running (2)")
    assert split_title("A man is running (2)") == ("A man is running", " (2)")
    assert split_title("A man (on a track)") == ("A man (on a track)", "")


def test_the_title_is_the_sentence_with_words_that_other_chapters_lack() -> None:
    parts = scenes("a man is talking outside", "a man is talking outside quietly", "a woman talking and a man cooking")
    assert found(parts)[0] == (0.0, "A man is talking outside quietly")
    parts[1] = replace(parts[1], is_sure=False)
    assert found(parts)[0] == (0.0, "A man is talking outside")


def test_telling_words() -> None:
    assert telling_words("A man's dog is on the roof, 你好") == {"man's", "dog", "roof", "你好"}
    assert found(scenes("it is", "it is", "this is it")) == [(0.0, "It is"), (20.0, "This is it")]


def test_no_scenes_have_no_chapters() -> None:
    with pytest.raises(ValueError, match="at least one"):
        find_chapters([])


def test_chapters_of_which_nothing_can_be_told_are_called_by_their_place() -> None:
    parts = scenes("I cannot tell", "a dog barks", "I cannot tell", "I cannot tell", "a cat sleeps")
    parts = [replace(part, is_sure=part.caption != "I cannot tell") for part in parts]
    assert [title for _, title in found(parts)] == ["Part 1", "A dog barks", "Part 3", "A cat sleeps"]
    parts[1] = replace(parts[1], is_sure=False)
    alike = [replace(part, vector=towards(1, 0)) for part in parts[:2]]
    assert found(alike) == [(0.0, "A dog barks")]  # not sure, but better than nothing
