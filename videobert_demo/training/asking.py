"""Batches of questions for training: about videos, about stills, and about clips of labels only.

Questions about videos and stills are made from their captions; those about label clips were written for videos that
have no frames here. Knows what is asked of which clip; the clips' features are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from videobert_demo.model.packing import PackedCaptions, pack_captions
from videobert_demo.model.tokenizers import Tokenizer
from videobert_demo.questions import (
    Question,
    ask_of_label,
    best_supported,
    make_questions,
    make_yes_no,
    question_type_of,
)
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.consensus import normalise
from videobert_demo.training.everyday import EverydayMaker
from videobert_demo.training.label_clips import LabelClips, Labels, clips_of_labels
from videobert_demo.training.seeds import SeedStream, open_stream
from videobert_demo.training.store import FeatureStore, stack_features

TYPE_SHARES = {
    "who": 0.24,
    "what": 0.42,
    "doing": 0.22,
    "where": 0.04,
    "how many": 0.03,
    "colour": 0.04,
    "yes/no": 0.01,  # vectors tell these better (tasks/evidence.py)
}
"""How often each type of question is drawn for a clip that has questions of all types."""

AGREEMENT = 3.0
"""A question is drawn in proportion to this power of its support: the model learns mostly what many captions say."""

FRAME_CAPS, FRAME_CAP_SHARES = (3, 4, 6), (0.3, 0.6, 0.1)
"""How many frames of a clip a batch of questions reads: fewer than for captions, since every question takes a pass."""

STILL_SHARE, EVERYDAY_SHARE = 0.2, 0.25
"""The shares of questions about stills, and about labelled stills, where there are any."""
YES_NO_PER_CLIP = 6
OWN_SUPPORT = 4
OTHER_TYPE = "what"
"""Questions of no known type ("when", "why") are drawn as often as those of this one."""
Tokenize = Callable[[list[str]], list[list[int]]]


@dataclass(frozen=True)
class QuestionBatch:
    """One question about each of B clips: `video` as in VideoBatch, `answers` one short sentence a clip.

    `weight` is B over the mean B of the step's batches, so that every question of a step counts alike.
    """

    video: dict[str, Tensor]
    questions: list[str]
    answers: PackedCaptions
    weight: float = 1.0


class QuestionPool:
    """The questions of many clips, to draw from.

    Args:
        asked: the questions of each clip; clips without any are never drawn.
        tokenize: answers -> token ids.
        unknown_id: an answer with this token cannot be written and is left out.
    """

    def __init__(self, asked: Sequence[Sequence[Question]], tokenize: Tokenize, unknown_id: int) -> None:
        answers = sorted({question.answer for questions in asked for question in questions})
        ids = dict(zip(answers, tokenize(answers), strict=True))
        self.clips: list[int] = []
        self._by_type: list[dict[str, tuple[list[str], list[list[int]], np.ndarray]]] = []
        for clip, questions in enumerate(asked):
            by_type: dict[str, tuple[list[str], list[list[int]], list[float]]] = {}
            for question in best_supported(questions):
                if ids[question.answer] and unknown_id not in ids[question.answer]:
                    texts, written, weights = by_type.setdefault(question.question_type, ([], [], []))
                    texts.append(question.text)
                    written.append(ids[question.answer])
                    weights.append(max(1, question.support) ** AGREEMENT)
            if by_type:
                self.clips.append(clip)
                self._by_type.append(
                    {
                        question_type: (texts, written, np.array(weights) / sum(weights))
                        for question_type, (texts, written, weights) in by_type.items()
                    }
                )

    def draw(self, index: int, random: np.random.Generator) -> tuple[str, list[int]]:
        """Draws a question about the clip `clips[index]`: first its type, then by how many captions agree.

        Returns:
            The question, and its answer's token ids.
        """
        by_type = self._by_type[index]
        shares = np.array([TYPE_SHARES[question_type] for question_type in by_type])
        texts, answers, weights = list(by_type.values())[int(random.choice(len(by_type), p=shares / shares.sum()))]
        chosen = int(random.choice(len(texts), p=weights))
        return texts[chosen], answers[chosen]


Source = tuple[FeatureStore, Sequence[int], Sequence[Sequence[str]]]
"""Features, the clips' indices in them, and the captions of each."""


class Asker:
    """Draws batches of questions.

    Args:
        tokenize: answers -> token ids.
    """

    def __init__(
        self,
        videos: Source,
        stills: Source | None,
        tokenizer: Tokenizer,
        tokenize: Tokenize,
        config: TrainingConfig,
    ) -> None:
        self._config, self._tokenizer, self._tokenize = config, tokenizer, tokenize
        self._videos, self._stills = videos, stills
        self._asked_of_videos = ask_of_captions(videos[2], config.seed)
        self._video_pool = self._pool(self._asked_of_videos)
        self._still_pool = self._pool(ask_of_captions(stills[2], config.seed)) if stills else None
        self._everyday: EverydayMaker | None = None
        self._everyday_pool: QuestionPool | None = None
        self._label_clips: LabelClips | None = None
        self._label_pool: QuestionPool | None = None

    def _pool(self, asked: Sequence[Sequence[Question]]) -> QuestionPool:
        return QuestionPool(asked, self._tokenize, self._tokenizer.unk_token_id)

    def add_questions(self, asked: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Adds what people asked: (question, answer) pairs about each video, in the order of the videos.

        An answer of a person counts as much as OWN_SUPPORT captions do.
        """
        added = [
            [
                Question(f"{normalise(text)}?", normalise(answer), question_type_of(text) or OTHER_TYPE, OWN_SUPPORT)
                for text, answer in pairs
            ]
            for pairs in asked
        ]
        both = zip(self._asked_of_videos, added, strict=True)
        self._video_pool = self._pool([[*made, *own] for made, own in both])

    def add_label_clips(
        self,
        asked: Sequence[tuple[Sequence[str], Sequence[Question]]],
        label_words: list[list[str]],
        clips: Sequence[tuple[Sequence[str], Labels]],
    ) -> None:
        """Prepares questions about label clips.

        Args:
            asked: captions and questions of videos without frames.
            label_words, clips: as `LabelClips` takes them.
        """
        questions = {tuple(captions): found for captions, found in asked}
        self._label_clips = LabelClips(list(questions), label_words, clips)
        self._label_pool = self._pool([questions[captions] for captions, _, _ in self._label_clips.groups])

    def add_everyday(self, maker: EverydayMaker) -> None:
        """Prepares questions about labelled stills."""
        asked = [ask_of_label(one.kind, one.label, one.clip.captions, one.verb, one.object) for one in maker.clips]
        self._everyday, self._everyday_pool = maker, self._pool(asked)

    def of_step(self, step: int, rank: int = 0) -> list[QuestionBatch]:
        """The batches of one optimiser step in one process: about videos and stills, and about label clips."""
        batches = [self._of_frames(step, rank)]
        if self._label_clips is not None and self._config.label_questions_per_step:
            batches.append(self._of_labels(step, rank))
        mean = sum(len(batch.questions) for batch in batches) / len(batches)
        return [replace(batch, weight=len(batch.questions) / mean) for batch in batches]

    def _of_frames(self, step: int, rank: int) -> QuestionBatch:
        random = open_stream(self._config.seed, SeedStream.QUESTIONS, step, rank)
        max_frames, count = int(random.choice(FRAME_CAPS, p=FRAME_CAP_SHARES)), self._config.questions_per_step
        of_stills = int(STILL_SHARE * count) if self._still_pool and self._still_pool.clips else 0
        of_everyday = int(EVERYDAY_SHARE * count) if self._everyday_pool else 0
        clips, drawn = [], []
        if self._everyday is not None and self._everyday_pool is not None:
            for index in random.integers(len(self._everyday_pool.clips), size=of_everyday):
                still, frames = self._everyday_pool.clips[int(index)], int(random.integers(1, 3))
                clips.append(self._everyday.draw(still, frames, random))
                drawn.append(self._everyday_pool.draw(int(index), random))
        for source, pool, wanted in (
            (self._videos, self._video_pool, count - of_stills - of_everyday),
            (self._stills, self._still_pool, of_stills),
        ):
            if source is None or pool is None:
                continue
            store, rows, _ = source
            for index in random.integers(len(pool.clips), size=wanted):
                clips.append(store.draw_view(rows[pool.clips[int(index)]], max_frames, random))
                drawn.append(pool.draw(int(index), random))
        return self._batch(stack_features(clips), drawn)

    def _of_labels(self, step: int, rank: int) -> QuestionBatch:
        assert self._label_clips is not None
        assert self._label_pool is not None
        random = open_stream(self._config.seed, SeedStream.LABEL_QUESTIONS, step, rank)
        count, pool = self._config.label_questions_per_step, self._label_pool
        indices = [int(index) for index in random.integers(len(pool.clips), size=count)]
        groups = [pool.clips[index] for index in indices]
        _, label_ids, probabilities = self._label_clips.draw(count, self._config.labels_per_clip, random, groups)
        video = clips_of_labels(label_ids, probabilities, self._videos[0])
        return self._batch(video, [pool.draw(index, random) for index in indices])

    def _batch(self, video: dict[str, Tensor], drawn: list[tuple[str, list[int]]]) -> QuestionBatch:
        tokenizer = self._tokenizer
        answers = pack_captions(
            [[ids] for _, ids in drawn], tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id
        )
        return QuestionBatch(video, [text for text, _ in drawn], answers)


def ask_of_captions(groups: Sequence[Sequence[str]], seed: int) -> list[list[Question]]:
    """Makes questions from each clip's captions; yes/no questions need another clip, which is drawn by `seed`."""
    random = open_stream(seed, SeedStream.YES_NO)
    asked = []
    for captions in groups:
        other = groups[int(random.integers(len(groups)))]
        asked.append([*make_questions(captions), *make_yes_no(captions, other, random, YES_NO_PER_CLIP)])
    return asked


def sort_out(
    asked: Sequence[tuple[Sequence[str], Sequence[tuple[str, str]]]], known_words: frozenset[str]
) -> list[tuple[tuple[str, ...], list[Question]]]:
    """Questions that people asked about videos without frames, as training takes them.

    Args:
        asked: captions, and (question, answer) pairs, as `data.texts.read_questions` gives them.
        known_words: questions with other answers are left out: such sets contain errors of a lemmatiser ("slouse").

    Returns:
        For each video the normalised captions, and the questions whose type is known.
    """
    found = []
    for captions, pairs in asked:
        questions = [
            Question(f"{normalise(text)}?", answer, question_type)
            for text, answer in pairs
            if (question_type := question_type_of(text)) and answer in known_words
        ]
        if questions:
            found.append((tuple(normalise(text) for text in captions if text.isascii()), questions))
    return [(captions, questions) for captions, questions in found if captions]
