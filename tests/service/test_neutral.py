"""Results in words that do not say whether someone is a man or a woman."""

from __future__ import annotations

from videobert_demo.service.neutral import neutral_answers, neutral_captions, neutral_timeline
from videobert_demo.timeline.timeline import Chapter, Media, Scene, Timeline
from videobert_demo.types import Answer, Caption


def test_captions_that_are_alike_then_are_one() -> None:
    captions = (Caption("a man sings", 0.6, 0.5), Caption("a woman sings", 0.4), Caption("a dog barks", 0.2))
    assert neutral_captions(captions) == (Caption("a person sings", 0.6, 0.5), Caption("a dog barks", 0.2))


def test_answers_that_are_alike_then_are_one() -> None:
    answers = (Answer("dog", 0.4), Answer("man", 0.5), Answer("woman", 0.25))
    assert neutral_answers(answers) == (Answer("person", 0.75), Answer("dog", 0.4))
    assert neutral_answers((Answer("man", 0.8), Answer("woman", 0.8)))[0].probability == 1.0


def test_a_timeline_says_so_in_scenes_and_chapters() -> None:
    scene = Scene(0.0, 2.0, "two men talk", 0.5, is_sure=True)
    timeline = Timeline(
        media=Media("a.mp4", 32, 24),
        duration_seconds=2.0,
        frame_rate=None,
        scenes=(scene,),
        chapters=(Chapter(0.0, "A woman sings"),),
    )
    changed = neutral_timeline(timeline)
    assert [one.caption for one in changed.scenes] == ["two people talk"]
    assert changed.scenes[0].probability == scene.probability
    assert changed.chapters == (Chapter(0.0, "A person sings"),)
