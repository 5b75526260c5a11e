"""Questions about a thing that is not seen: "what colour is the dog?" where there is no dog.

    evidence(thing | clip)   the log-odds that people mention it (support.py), where the head knows the word;
                             the cosine of the clip's vector with "there is a dog"

Below the limit that `calibrate` found for either evidence, the thing is taken not to be there; a checkpoint without
limits takes everything to be there. What people see and do not speak of (shirts, the sky) is never called absent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions import question_type_of
from videobert_demo.questions.lexicon import COLOURS, GENERAL, MANY, PART, PEOPLE, PLACES, words
from videobert_demo.questions.tagging import lemmas, tag
from videobert_demo.tasks.embed import embed_clips, embed_sentences
from videobert_demo.tasks.support import predict_mentions

_UNSPOKEN = words(
    """
    colour color background shirt t-shirt dress hat cap hair coat jacket pants jeans clothes shoe sock glove suit tie
    glasses sunglasses hand face head eye mouth nose ear leg arm foot finger body back wall door light sky cloud
    shadow day night time weather name shape size age kind thing animal object vehicle food music song sound
    """
)
EVIDENCE = ("mention", "vector")
"""What speaks for a thing: that people mention it, and the vectors."""
_SHARE = 1e-4


def thing_asked(question: str) -> str | None:
    """The thing that a question takes to be there, as a lemma: "dog" of "what colour is the dog?".

    None if it takes nothing to be there, or only people, places, and what nobody speaks of.

    Args:
        question: as `read_question` gives it.
    """
    if question_type_of(question) in ("yes/no", "how many", None):
        return None
    plain = question.rstrip("? ").split()
    before = ""
    for word, letter in zip(plain, tag(plain), strict=True):
        lemma = lemmas(word).get("NOUN", word)
        is_known = lemma in PEOPLE | PLACES | GENERAL | MANY | PART | COLOURS | _UNSPOKEN
        if letter in "NSU" and before in ("the", "a", "an") and not is_known:
            return lemma
        before = before if letter == "J" else word
    return None


def tells_absence(loaded: LoadedModel) -> bool:
    """Whether the checkpoint has a limit for either evidence, so that asking is worth a call of the model."""
    return any(loaded.model.config.calibration.get(f"absent_{source}") for source in EVIDENCE)


@torch.inference_mode()
def seen_evidence(
    loaded: LoadedModel, clips: Sequence[ClipTensors], things: Sequence[str]
) -> dict[str, list[list[float]]]:
    """What speaks for each thing in each of B clips: "mention" and "vector", each (B, things).

    "mention" is minus infinity for a word that the head does not know.
    """
    vectors = embed_clips(loaded, clips)
    names = list(loaded.model.config.mentioned_words)
    rows = predict_mentions(loaded, vectors).tolist()
    index_of = {word: index for index, word in enumerate(names)}
    mentions = [[_log_odds(row[index_of[one]]) if one in index_of else -math.inf for one in things] for row in rows]
    sentences = [f"there is {'an' if one[0] in 'aeiou' else 'a'} {one}" for one in things]
    cosines: list[list[float]] = (vectors @ embed_sentences(loaded, sentences).T).tolist()
    return {"mention": mentions, "vector": cosines}


def find_absent(loaded: LoadedModel, clips: Sequence[ClipTensors], questions: Sequence[str]) -> list[str | None]:
    """For each of B clips the thing that its question takes to be there and it does not show, if there is one."""
    things = {row: thing for row, one in enumerate(questions) if (thing := thing_asked(one)) is not None}
    found: list[str | None] = [None] * len(clips)
    if not things or not tells_absence(loaded):
        return found
    limits = {source: loaded.model.config.calibration.get(f"absent_{source}", ()) for source in EVIDENCE}
    evidence = seen_evidence(loaded, [clips[row] for row in things], list(things.values()))
    for number, (row, thing) in enumerate(things.items()):
        for source, limit in limits.items():
            value = evidence[source][number][number]
            if limit and math.isfinite(value) and value < limit[0]:
                found[row] = thing
    return found


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _SHARE), 1 - _SHARE)
    return math.log(bounded / (1 - bounded))
