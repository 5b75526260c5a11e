"""From which probability on a part of a description holds."""

from __future__ import annotations

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation.parts import choose_part_limit, holds
from videobert_demo.questions.content import count_supporting
from videobert_demo.tasks.parts import Part

CAPTIONS = ("a man plays the piano", "someone is playing music", "a woman is singing")


def test_what_two_people_say_holds() -> None:
    video = CaptionedVideo("v", "val", 1, ("v.jpg",), CAPTIONS)
    supporting = count_supporting(CAPTIONS)

    def holding(kind: str, text: str) -> bool:
        return holds(Part(kind, text, 0.5), video, supporting, ["music", "people"])

    assert holding("person", "person")
    assert holding("verb", "play")
    assert not holding("verb", "sing")
    assert not holding("object", "piano")
    assert holding("category", "people")
    assert not holding("category", "music")


def test_the_limit_is_where_parts_hold_often_enough() -> None:
    cases = [(0.9, True)] * 40 + [(0.505, False)] * 40
    limit = choose_part_limit(cases)
    assert limit is not None
    assert 0.75 <= limit <= 0.9
    assert choose_part_limit([(0.9, False)] * 40 + [(0.5, True)] * 5) is None


def test_what_mostly_holds_is_not_said_where_it_is_unlikely() -> None:
    cases = [(0.95, True)] * 90 + [(0.4, False)] * 6 + [(0.4, True)] * 4
    limit = choose_part_limit(cases)
    assert limit is not None
    assert limit > 0.4
