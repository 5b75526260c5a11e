"""Fits on held-out videos how much labels count in captions, and captions and vectors in answers.

The numbers are those of tasks/guidance.py and tasks/evidence.py.

Use the videos by which checkpoints are chosen (split val), never those that are reported.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.datasets import CaptionedVideo, read_videos
from videobert_demo.evaluation.answering import QUESTIONS_PER_BATCH, Asked, caption_all, choose_questions
from videobert_demo.evaluation.inputs import encode_videos
from videobert_demo.evaluation.metrics import score_captions
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.answer import compare_statements, read_question, write_answers
from videobert_demo.tasks.evidence import caption_words, weigh_by_captions
from videobert_demo.tasks.features import ClipTensors

CAPTION_WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
LABEL_WEIGHTS = (0.0, 1.0, 1.5, 2.0, 2.5, 3.0)
_NEWTON_STEPS = 50
_RIDGE = 1e-3


def calibrate(
    loaded: LoadedModel, data: Path, *, split: str = "val", seed: int = 0, progress: bool = True
) -> dict[str, float]:
    """Fits the weight of labels to the captions of `data`, and all that concerns answers to questions made from them.

    The weights that are found are also set in `loaded`'s config, as the later ones depend on the earlier.

    Returns:
        "caption_label_weight", "answer_caption_weight", "answer_yes_slope", "answer_yes_middle", as in the config;
        the first is missing for a checkpoint whose config has no label_words.

    Raises:
        DataError: `data` is not a folder with videos.jsonl and frames.tar.
    """
    videos = read_videos(data, split)
    clips = list(encode_videos(loaded, data, videos, whole=False, progress=progress))
    found: dict[str, float] = {}
    if loaded.model.config.label_words:
        found["caption_label_weight"] = fit_label_weight(loaded, videos, clips, progress=progress)
        loaded.model.config.caption_label_weight = found["caption_label_weight"]
    return found | fit_answers(loaded, clips, choose_questions(videos, seed), progress=progress)


def fit_label_weight(
    loaded: LoadedModel, videos: list[CaptionedVideo], clips: list[ClipTensors], *, progress: bool = True
) -> float:
    """Of LABEL_WEIGHTS the one whose captions have the best CIDEr."""
    references = {video.video_id: video.captions for video in videos}
    before = loaded.model.config.caption_label_weight
    scores = []
    for weight in LABEL_WEIGHTS:
        loaded.model.config.caption_label_weight = weight
        written = caption_all(loaded, clips, candidates=1, progress=progress)
        texts = {video.video_id: captions[0].text for video, captions in zip(videos, written, strict=True)}
        scores.append(score_captions(texts, references)["CIDEr"])
    loaded.model.config.caption_label_weight = before
    return LABEL_WEIGHTS[int(np.argmax(scores))]


def fit_answers(
    loaded: LoadedModel, clips: list[ClipTensors], asked: list[Asked], *, progress: bool = True
) -> dict[str, float]:
    """Caption weight, slope and middle: "answer_caption_weight", "answer_yes_slope", "answer_yes_middle"."""
    captions = caption_all(loaded, clips, progress=progress)
    polar = [one for one in asked if one.kind == "yes/no"]
    cosines = compare_statements(
        loaded, [clips[one.video] for one in polar], [read_question(loaded, one.text) for one in polar]
    )
    slope, middle = fit_logistic(np.array(cosines), np.array([one.answer == "yes" for one in polar]))
    others = [one for one in asked if one.kind != "yes/no"]
    right = np.zeros(len(CAPTION_WEIGHTS))
    for start in range(0, len(others), QUESTIONS_PER_BATCH):
        part = others[start : start + QUESTIONS_PER_BATCH]
        questions = [read_question(loaded, one.text) for one in part]
        written = write_answers(loaded, [clips[one.video] for one in part], questions)
        for one, question, answers in zip(part, questions, written, strict=True):
            shares = caption_words(captions[one.video])
            best = [weigh_by_captions(question, answers, shares, weight)[0].text for weight in CAPTION_WEIGHTS]
            right += [text == one.answer for text in best]
    return {
        "answer_caption_weight": CAPTION_WEIGHTS[int(right.argmax())],
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
        chances = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (is_yes - chances) - _RIDGE * weights
        curvature = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + _RIDGE * np.eye(2)
        weights = weights + np.linalg.solve(curvature, gradient)
    if weights[0] <= 0:
        raise ValueError("larger values do not mean yes")
    return float(weights[0] / spread), float(values.mean() - spread * weights[1] / weights[0])
