"""Captions, answers and timelines in words that do not say whether someone is a man or a woman.

Candidates that say the same afterwards become one. Knows results and words (questions/neutral.py); knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from videobert_demo.questions.neutral import say_neutrally
from videobert_demo.timeline.timeline import Scene, Timeline
from videobert_demo.types import Answer, Caption


def neutral_captions(captions: Sequence[Caption]) -> tuple[Caption, ...]:
    """Captions, the best first; only the best of those that have become alike."""
    kept: dict[str, Caption] = {}
    for one in captions:
        text = say_neutrally(one.text)
        kept.setdefault(text, replace(one, text=text))
    return tuple(kept.values())


def neutral_answers(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Answers, the likeliest first; those that have become alike are one, with the probability of all of them."""
    totals: dict[str, float] = {}
    for one in answers:
        text = say_neutrally(one.text)
        totals[text] = totals.get(text, 0.0) + one.probability
    kept = [Answer(text, min(1.0, total)) for text, total in totals.items()]
    return tuple(sorted(kept, key=lambda one: -one.probability))


def neutral_timeline(timeline: Timeline) -> Timeline:
    """A timeline whose sentences and titles are neutral."""
    return replace(
        timeline,
        scenes=neutral_scenes(timeline.scenes),
        chapters=tuple(replace(one, title=say_neutrally(one.title)) for one in timeline.chapters),
    )


def neutral_scenes(scenes: Sequence[Scene]) -> tuple[Scene, ...]:
    """Scenes whose sentences are neutral; what was written in Chinese goes: it is said of the neutral sentence anew."""
    return tuple(replace(one, caption=say_neutrally(one.caption), chinese="") for one in scenes)
