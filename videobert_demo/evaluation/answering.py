"""How often is the answer right, and how often would it be without looking?

An answer is right if it is, word for word, the one that the question was made with; "person" for "man" is wrong. The
papers on MSVD-QA and MSRVTT-QA count in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.jsonl import read_jsonl
from videobert_demo.errors import DataError
from videobert_demo.evaluation.inputs import StoredFeatures, encode_videos, read_annotations
from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.evaluation.sureness import measure_sureness
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions import QUESTION_TYPES, best_supported, make_questions, make_yes_no, question_type_of
from videobert_demo.tasks.answer import answer_questions, read_question
from videobert_demo.tasks.evidence import says_the_same
from videobert_demo.tasks.sureness import sure_answer_from

CLIP_QUESTIONS_FILE = "qa.jsonl"
MAX_PER_VIDEO = {"who": 1, "what": 2, "doing": 1, "where": 1, "how many": 1, "colour": 1, "yes/no": 1}
OTHER_TYPE = "other"
QUESTIONS_PER_BATCH = 48


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question about the video number `video`; `question_type` is one of QUESTION_TYPES or "other"."""

    video: int
    text: str
    answer: str
    question_type: str


def evaluate_answering(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    seed: int = 0,
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, Any]:
    """Asks about every video of `data`, with its frames and with all of them blanked.

    A folder with qa.jsonl ({"clip": file name without extension, "question", "answer"}) beside whole clips is asked
    those; any other folder the questions that `choose_questions` makes from its captions.

    Returns:
        In percent: "accuracy", "blank_accuracy", "by_type" {type: {"accuracy", "blank_accuracy", "questions"}},
        "who_what_doing" (accuracy over these three), "sure" {"share", "accuracy"} and "unsure" {"accuracy"}: what the
        page's threshold of "not sure" tells apart; what `measure_sureness` gives, where words for people that say the
        same count as right; and "questions", how many.

    Raises:
        DataError: the folder is not in a known format, or gives no questions.
        ClipError: a whole clip cannot be read.
    """
    if (data / CLIP_QUESTIONS_FILE).exists():
        videos, asked, whole = *read_clips_and_questions(data), True
    else:
        videos, whole = read_annotations(data, split)
        asked = choose_questions(videos, seed)
    if not asked:
        raise DataError(f"{data} gives no questions")
    clips = list(encode_videos(loaded, data, videos, whole=whole, stored=stored, progress=progress))
    seen = _answer(loaded, clips, asked, blank=False, progress=progress)
    blind = _answer(loaded, clips, asked, blank=True, progress=progress)
    right = np.array([answer == one.answer for (answer, _), one in zip(seen, asked, strict=True)])
    lucky = np.array([answer == one.answer for (answer, _), one in zip(blind, asked, strict=True)])
    fitting = [says_the_same(answer, one.answer) for (answer, _), one in zip(seen, asked, strict=True)]
    probabilities = [probability for _, probability in seen]
    calibration = loaded.model.config.calibration
    limits = [sure_answer_from(calibration, question_type_of(one.text) or "") for one in asked]
    sure = np.array(probabilities) >= np.array(limits)
    types = np.array([one.question_type for one in asked])
    return {
        "accuracy": accuracy_percent(right),
        "blank_accuracy": accuracy_percent(lucky),
        "by_type": {
            question_type: {
                "accuracy": accuracy_percent(right[types == question_type]),
                "blank_accuracy": accuracy_percent(lucky[types == question_type]),
                "questions": int((types == question_type).sum()),
            }
            for question_type in (*QUESTION_TYPES, OTHER_TYPE)
            if (types == question_type).any()
        },
        "who_what_doing": accuracy_percent(right[np.isin(types, ("who", "what", "doing"))]),
        "sure": {"share": accuracy_percent(sure), "accuracy": accuracy_percent(right[sure])},
        "unsure": {"accuracy": accuracy_percent(right[~sure])},
        **measure_sureness(probabilities, fitting, sure.tolist()),
        "questions": len(asked),
    }


def choose_questions(videos: Sequence[CaptionedVideo], seed: int) -> list[AnsweredQuestion]:
    """At most MAX_PER_VIDEO questions of each type about each video, those that most captions agree on.

    Of a question with several answers the best supported one counts. The yes/no questions are right for every second
    video; the wrong ones come from a video of another category, drawn by `seed`.
    """
    random = np.random.default_rng(seed)
    asked: list[AnsweredQuestion] = []
    for number, video in enumerate(videos):
        questions = best_supported(make_questions(video.captions))
        ranked = sorted(questions, key=lambda question: (-question.support, question.text))
        for question_type in QUESTION_TYPES:
            fitting = [question for question in ranked if question.question_type == question_type]
            asked += [
                AnsweredQuestion(number, question.text, question.answer, question_type)
                for question in fitting[: MAX_PER_VIDEO[question_type]]
            ]
        others = [other for other in videos if other.category != video.category] or list(videos)
        other = others[int(random.integers(len(others)))]
        wanted = "yes" if number % 2 == 0 else "no"
        both = make_yes_no(video.captions, other.captions, random, 2)
        asked += [
            AnsweredQuestion(number, one.text, one.answer, one.question_type) for one in both if one.answer == wanted
        ][:1]
    return asked


def read_clips_and_questions(data: Path) -> tuple[list[CaptionedVideo], list[AnsweredQuestion]]:
    """Whole clips and the questions about them, from a folder with qa.jsonl.

    Raises:
        DataError: a line lacks a field, or names a clip that is not there.
    """
    files = {path.stem: path.name for path in sorted(data.iterdir()) if path.is_file() and path.suffix != ".jsonl"}
    numbers: dict[str, int] = {}
    asked = []
    for line, record in enumerate(read_jsonl(data / CLIP_QUESTIONS_FILE), start=1):
        try:
            clip, text, answer = str(record["clip"]), str(record["question"]), str(record["answer"])
        except KeyError as error:
            raise DataError(f"{data / CLIP_QUESTIONS_FILE}:{line} lacks the field {error}") from error
        if clip not in files:
            raise DataError(f"{data / CLIP_QUESTIONS_FILE}:{line} names the clip {clip!r}, which is not in {data}")
        number = numbers.setdefault(clip, len(numbers))
        asked.append(AnsweredQuestion(number, text, answer.strip().lower(), question_type_of(text) or OTHER_TYPE))
    videos = [CaptionedVideo(clip, "test", None, (files[clip],), ("-",)) for clip in numbers]
    return videos, asked


def _answer(
    loaded: LoadedModel, clips: list[ClipTensors], asked: list[AnsweredQuestion], *, blank: bool, progress: bool
) -> list[tuple[str, float]]:
    """The likeliest answer to each question, and its probability.

    Questions of one video stay together; of blanked videos, the same questions: what they share is computed once.
    """
    order = list(range(len(asked)))
    if blank:
        order.sort(key=lambda number: (len(clips[asked[number].video].frame_features), asked[number].text))
    found: dict[int, tuple[str, float]] = {}
    starts = range(0, len(asked), QUESTIONS_PER_BATCH)
    for start in tqdm(starts, desc="blank" if blank else "answers", unit="batch", disable=not progress):
        numbers = order[start : start + QUESTIONS_PER_BATCH]
        answers = answer_questions(
            loaded,
            [clips[asked[number].video] for number in numbers],
            [read_question(loaded, asked[number].text) for number in numbers],
            candidates=1,
            blank=blank,
        )
        found |= {number: (best[0].text, best[0].probability) for number, best in zip(numbers, answers, strict=True)}
    return [found[number] for number in range(len(asked))]
