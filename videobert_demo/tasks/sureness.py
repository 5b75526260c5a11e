"""How likely an answer or a label of a head is right: the decoder's and the heads' probabilities, corrected.

    p(right) = sigmoid(offset + slope * log-odds of p)        Platt, 1999, on log-odds

Offset and slope are in the checkpoint's config, for each type of question and each head, fitted by
`python -m videobert_demo calibrate`; without them probabilities stay as they are. Knows numbers; knows no clips.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from videobert_demo.tasks.support import logistic
from videobert_demo.types import SURE_PROBABILITY, Answer

_LEAST = 1e-6

SURE_LABEL = 0.75
"""A label is sure from this probability of being right on, where no such limit was measured."""

Calibration = Mapping[str, Sequence[float]]


def log_odds(probability: float) -> float:
    """log(p / (1 - p)), finite for every p in [0, 1]."""
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def answer_key(question_type: str) -> str:
    """What the numbers for answers to a type of question are called in the config."""
    return f"answer {question_type}"


def head_key(head: str) -> str:
    """What the numbers for a head's labels are called in the config."""
    return f"head {head}"


def correct_probability(calibration: Calibration, key: str, probability: float) -> float:
    """The probability of being right, in [0, 1]; the same one where there are no numbers for it."""
    numbers = calibration.get(key)
    return logistic(numbers[0], numbers[1:], [log_odds(probability)]) if numbers else probability


def correct_answers(calibration: Calibration, question_type: str, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Answers in the same order, each with the probability that it is right."""
    key = answer_key(question_type)
    return tuple(Answer(one.text, correct_probability(calibration, key, one.probability)) for one in answers)


def sure_key(question_type: str) -> str:
    """What the limit for answers to a type of question is called in the config."""
    return f"answer_sure {question_type}"


def sure_answer_from(calibration: Calibration, question_type: str = "") -> float:
    """The probability from which on an answer is sure: that of its type of question, or that of all."""
    found = calibration.get(sure_key(question_type)) or calibration.get("answer_sure", ())
    return float(next(iter(found), SURE_PROBABILITY))


def sure_label_from(calibration: Calibration) -> float:
    """The probability from which on a label of a trained head is sure."""
    measured = calibration.get("label_sure")
    if measured:
        return float(measured[0])
    return SURE_LABEL if any(key.startswith(head_key("")) for key in calibration) else SURE_PROBABILITY
