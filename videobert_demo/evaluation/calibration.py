"""Fits the three numbers with which statements and vectors count in answers (tasks/evidence.py), on held-out videos.

Use the videos by which checkpoints are chosen (split val), never those that are reported.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.data.msrvtt import read_videos
from videobert_demo.evaluation.answering import QUESTIONS_PER_BATCH, choose_questions
from videobert_demo.evaluation.inputs import StoredFeatures, encode_videos
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.answer import compare_statements, read_question, write_answers
from videobert_demo.tasks.evidence import read_statements, weigh_answers

STATEMENT_WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3)
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
) -> dict[str, float]:
    """Fits statement weight, slope and middle to the questions that the captions of `data` give.

    Returns:
        "answer_statement_weight", "answer_yes_slope", "answer_yes_middle", as the checkpoint's config takes them.

    Raises:
        DataError: `data` is not a folder with videos.jsonl and frames.tar.
    """
    videos = read_videos(data, split)
    clips = list(encode_videos(loaded, data, videos, whole=False, stored=stored, progress=progress))
    asked = choose_questions(videos, seed)
    polar = [one for one in asked if one.question_type == "yes/no"]
    cosines = compare_statements(
        loaded, [clips[one.video] for one in polar], [read_question(loaded, one.text) for one in polar]
    )
    slope, middle = fit_logistic(np.array(cosines), np.array([one.answer == "yes" for one in polar]))
    others = [one for one in asked if one.question_type != "yes/no"]
    right = np.zeros(len(STATEMENT_WEIGHTS))
    for start in range(0, len(others), QUESTIONS_PER_BATCH):
        part = others[start : start + QUESTIONS_PER_BATCH]
        questions = [read_question(loaded, one.text) for one in part]
        about = [clips[one.video] for one in part]
        written = write_answers(loaded, about, questions)
        log_probabilities = read_statements(loaded, about, questions, written)
        for one, answers, scores in zip(part, written, log_probabilities, strict=True):
            best = [weigh_answers(answers, scores, weight)[0].text for weight in STATEMENT_WEIGHTS]
            right += [text == one.answer for text in best]
    return {
        "answer_statement_weight": STATEMENT_WEIGHTS[int(right.argmax())],
        "answer_yes_slope": round(slope, 3),
        "answer_yes_middle": round(middle, 4),
    }


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
