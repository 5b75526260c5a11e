"""Is what captions say true, as far as people's captions of the same videos tell? Knows words only.

A word that none of a video's captions has need not be wrong, only unsupported. Whether a person is a man or a woman is
taken from what most captions say; the data tells nothing else about the people in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.questions.content import content_words, count_supporting, is_right
from videobert_demo.questions.lexicon import MEN, WOMEN


def score_truth(written: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """How far people's captions support what was written.

    Args:
        written: one caption a video. references: people's captions of the same videos.

    Returns:
        In percent: "unsupported", the share of the nouns and verbs that no reference has; "right", the captions whose
        verb and main noun are each in at least two references; "gender_wrong", of the captions that say man or woman
        (or a like word) those of videos where more references say the other; "gender_wrong_man" and
        "gender_wrong_woman", the same for captions with such a word for men, and for women.
    """
    missing: list[bool] = []
    right: list[bool] = []
    wrong: dict[str, list[bool]] = {"man": [], "woman": []}
    for video, caption in written.items():
        supporting = count_supporting(references[video])
        found = content_words(caption)
        missing += [supporting[word] == 0 for word in (*found.nouns, *found.verbs)]
        right.append(is_right(caption, supporting))
        men, women = _count_naming(references[video], MEN), _count_naming(references[video], WOMEN)
        if MEN & set(found.nouns):
            wrong["man"].append(men < women)
        if WOMEN & set(found.nouns):
            wrong["woman"].append(women < men)
    return {
        "unsupported": accuracy_percent(missing),
        "right": accuracy_percent(right),
        "gender_wrong": accuracy_percent([*wrong["man"], *wrong["woman"]]),
        "gender_wrong_man": accuracy_percent(wrong["man"]),
        "gender_wrong_woman": accuracy_percent(wrong["woman"]),
    }


def _count_naming(captions: Sequence[str], words: frozenset[str]) -> int:
    """How many of the captions have a noun of the set."""
    return sum(bool(words & set(content_words(caption).nouns)) for caption in captions)
