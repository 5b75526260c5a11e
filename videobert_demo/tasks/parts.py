"""The part that holds of a clip whose caption is not sure: who or what is seen, what happens, what kind of clip it is.

    person 0.97   verb play 0.31   category music 0.88   ->   a person; kind of clip: music; not sure what they do

Each part is there only if its probability reaches the limit that `calibrate` found for it; a checkpoint without limits
says nothing. Knows heads and labels; knows no captions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.lexicon import PEOPLE
from videobert_demo.questions.tagging import ing_form
from videobert_demo.tasks.classify import guess_by_heads
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.tasks.support import mention_table, predict_mentions
from videobert_demo.tasks.sureness import correct_probability, head_key

ASPECTS = ("person", "object", "label", "verb", "category")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that may be said of a clip.

    Attributes:
        aspect: One of ASPECTS.
        text: A lemma or the name of a category.
        probability: That it holds, by the head that says it, in [0, 1].
    """

    aspect: str
    text: str
    probability: float


@torch.inference_mode()
def guess_parts(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> list[tuple[Part, ...]]:
    """The likeliest part of each aspect for B clips, however unlikely; none of an aspect that has no head."""
    config, calibration = loaded.model.config, loaded.model.config.calibration
    mentions = mention_table(config.mentioned_words, predict_mentions(loaded, embed_clips(loaded, clips)))
    heads = guess_by_heads(loaded, clips, count=1)
    inputs = stack_clips(clips, loaded.device, loaded.model.dtype)
    rows = []
    for at, table in enumerate(mentions):
        people = [probability for word, probability in table.items() if word in PEOPLE]
        person = correct_probability(calibration, head_key("person"), max(people, default=0.0))
        found = [Part("person", "person", person)] if people else []
        for aspect in ("object", "verb", "category"):
            found += [Part(aspect, one.text, one.probability) for one in heads[aspect][at]]
        rows.append(found)
    if config.label_count and any(config.label_words):
        ids, probabilities = loaded.model.encoder.find_labels(inputs["frame_features"], inputs["frame_mask"])
        for found, label_ids, values in zip(rows, ids.tolist(), probabilities.tolist(), strict=True):
            found += [
                replace(one, probability=correct_probability(calibration, head_key("label"), one.probability))
                for one in _of_labels(config.label_words, label_ids, values)
            ]
    return [tuple(found) for found in rows]


def find_holding(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> list[str]:
    """What holds of each of B clips, as one phrase; empty where nothing does."""
    limits = {aspect: loaded.model.config.calibration.get(f"part_{aspect}", ()) for aspect in ASPECTS}
    if not any(limits.values()):
        return [""] * len(clips)
    return [
        say_parts([one for one in parts if limits[one.aspect] and one.probability >= limits[one.aspect][0]])
        for parts in guess_parts(loaded, clips)
    ]


def say_parts(parts: Sequence[Part]) -> str:
    """Parts that hold as one phrase; empty without any."""
    if not parts:
        return ""
    texts: Mapping[str, str] = {one.aspect: one.text for one in parts}
    seen = [f"{'an' if word[0] in 'aeiou' else 'a'} {word}" for word in _seen(texts)]
    doing = (ing_form(texts["verb"]) or texts["verb"]) if "verb" in texts else ""
    phrase = [" and ".join(seen) + (f", {doing}" if doing and seen else doing)] if seen or doing else []
    if "category" in texts:
        phrase.append(f"kind of clip: {texts['category']}")
    if not doing:
        phrase.append("not sure what they do" if "person" in texts else "not sure what happens")
    elif not seen:
        phrase.append("not sure who or what")
    return "; ".join(phrase)


def _seen(texts: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(texts[aspect] for aspect in ("person", "object", "label") if aspect in texts))


def _of_labels(words: Sequence[str], ids: Sequence[int], probabilities: Sequence[float]) -> list[Part]:
    """The likeliest label that has a word people say, such as "dog" for a breed."""
    named = [
        (value, words[one].split()[0])
        for one, value in zip(ids, probabilities, strict=True)
        if one < len(words) and words[one]
    ]
    return [Part("label", word, min(1.0, value)) for value, word in [max(named)]] if named else []
