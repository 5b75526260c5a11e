"""Fits how statements and vectors count in answers (evidence.py) and how likely these are right, on held-out data.

Use the videos by which checkpoints are chosen (split val), never those that are reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.data.msrvtt import read_videos
from videobert_demo.evaluation.answering import QUESTIONS_PER_BATCH, AnsweredQuestion, choose_questions
from videobert_demo.evaluation.inputs import StoredFeatures, encode_videos
from videobert_demo.evaluation.sureness import choose_sure_from, fit_correction
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.answer import compare_statements, read_question, write_answers
from videobert_demo.tasks.evidence import group_people, read_statements, says_the_same, weigh_answers, yes_or_no
from videobert_demo.tasks.sureness import answer_key, correct_probability, sure_key
from videobert_demo.types import Answer

STATEMENT_WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3)
MIN_OF_TYPE = 50
"""How many questions of a type there must be for a limit of their own."""
_NEWTON_STEPS = 50
_RIDGE = 1e-3


def calibrate_answers(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "val",
    seed: int = 0,
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, Any]:
    """Fits statement weight, slope, middle and probabilities to the questions that the captions of `data` give.

    Returns:
        "answer_statement_weight", "answer_yes_slope", "answer_yes_middle", and "calibration" with what
        tasks/sureness.py reads, as the checkpoint's config takes them.

    Raises:
        DataError: `data` is not a folder with videos.jsonl and frames.tar.
    """
    videos = read_videos(data, split)
    clips = list(encode_videos(loaded, data, videos, whole=False, stored=stored, progress=progress))
    asked = choose_questions(videos, seed)
    polar = [one for one in asked if one.question_type == "yes/no"]
    cosines: list[float] = []
    for start in range(0, len(polar), QUESTIONS_PER_BATCH):
        part = polar[start : start + QUESTIONS_PER_BATCH]
        texts = [read_question(loaded, one.text) for one in part]
        cosines += compare_statements(loaded, [clips[one.video] for one in part], texts)
    slope, middle = fit_logistic(np.array(cosines), np.array([one.answer == "yes" for one in polar]))
    others = [one for one in asked if one.question_type != "yes/no"]
    weighed = _weigh(loaded, clips, others)
    right = [sum(found[0].text == one.answer for found, one in zip(row, others, strict=True)) for row in weighed]
    best = int(np.argmax(right))
    answered = [yes_or_no(cosine, slope, middle) for cosine in cosines] + [group_people(row) for row in weighed[best]]
    return {
        "answer_statement_weight": STATEMENT_WEIGHTS[best],
        "answer_yes_slope": round(slope, 3),
        "answer_yes_middle": round(middle, 4),
        "calibration": fit_sureness([*polar, *others], [found[0] for found in answered]),
    }


def fit_sureness(asked: Sequence[AnsweredQuestion], found: Sequence[Answer]) -> dict[str, list[float]]:
    """How likely the answers to each type of question are right, and from which probability on one is sure.

    Args:
        asked: n questions. found: the answer to each; yes and no have probabilities of being right already.
    """
    right = [says_the_same(answer.text, one.answer) for answer, one in zip(found, asked, strict=True)]
    calibration: dict[str, list[float]] = {}
    for question_type in {one.question_type for one in asked} - {"yes/no"}:
        rows = [row for row, one in enumerate(asked) if one.question_type == question_type]
        numbers = fit_correction([found[row].probability for row in rows], [right[row] for row in rows])
        if numbers:
            calibration[answer_key(question_type)] = numbers
    corrected = [
        correct_probability(calibration, answer_key(one.question_type), answer.probability)
        for answer, one in zip(found, asked, strict=True)
    ]
    said, is_right = np.array(corrected), np.array(right)
    calibration["answer_sure"] = [choose_sure_from(said, is_right)]
    types = np.array([one.question_type for one in asked])
    for question_type in {one.question_type for one in asked}:
        of_type = types == question_type
        if of_type.sum() >= MIN_OF_TYPE:
            calibration[sure_key(question_type)] = [choose_sure_from(said[of_type], is_right[of_type])]
    return dict(sorted(calibration.items()))


def _weigh(
    loaded: LoadedModel, clips: Sequence[ClipTensors], asked: Sequence[AnsweredQuestion]
) -> list[list[tuple[Answer, ...]]]:
    """For each of STATEMENT_WEIGHTS the answers to each question, the likeliest first."""
    found: list[list[tuple[Answer, ...]]] = [[] for _ in STATEMENT_WEIGHTS]
    for start in range(0, len(asked), QUESTIONS_PER_BATCH):
        part = asked[start : start + QUESTIONS_PER_BATCH]
        questions = [read_question(loaded, one.text) for one in part]
        about = [clips[one.video] for one in part]
        written = write_answers(loaded, about, questions)
        log_probabilities = read_statements(loaded, about, questions, written)
        for row, weight in zip(found, STATEMENT_WEIGHTS, strict=True):
            row += [weigh_answers(*both, weight) for both in zip(written, log_probabilities, strict=True)]
    return found


def fit_logistic(values: NDArray[np.float64], is_yes: NDArray[np.bool_]) -> tuple[float, float]:
    """Fits p(yes) = sigmoid(slope * (value - middle)) by Newton's method; returns slope and middle.

    Args:
        values: (n,). is_yes: (n,).

    Raises:
        ValueError: both answers are needed, and larger values have to mean yes.
    """
    if is_yes.all() or not is_yes.any():
        raise ValueError("both answers are needed")
    spread = float(values.std()) or 1.0
    inputs = np.stack([(values - values.mean()) / spread, np.ones(len(values))], axis=1)
    weights = np.zeros(2)
    for _ in range(_NEWTON_STEPS):
        probabilities = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (is_yes - probabilities) - _RIDGE * weights
        curvature = (inputs * (probabilities * (1 - probabilities))[:, None]).T @ inputs + _RIDGE * np.eye(2)
        weights = weights + np.linalg.solve(curvature, gradient)
    if weights[0] <= 0:
        raise ValueError("larger values do not mean yes")
    return float(weights[0] / spread), float(values.mean() - spread * weights[1] / weights[0])
