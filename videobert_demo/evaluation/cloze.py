"""Masked nouns and verbs of held-out captions: guessed with the clip, with another clip, and without one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.metrics import accuracy_percent, split_words
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.tagging import CONTENT, tag
from videobert_demo.tasks.cloze import MASK, MAX_WORDS, word_probabilities

PER_BATCH = 32


@dataclass(frozen=True)
class _Sentence:
    """A caption with hidden words: its text, the ids of what stood there (-1: several pieces), its video's number."""

    text: str
    answers: tuple[int, ...]
    video: int


def evaluate_cloze(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    seed: int = 0,
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, float]:
    """Hides the nouns and verbs of every video's first caption: all of them together, and one at a time.

    One at a time, the other words tell most of what is hidden; all together, the clip has to. Words of several pieces
    count too, and are always missed: one [MASK] stands for one piece.

    Returns:
        "with_clip_top1", "with_clip_top5", "other_clip_top1", ..., "no_clip_top5" of words hidden together, in percent
        of the hidden words; the same with "one_" before it of words hidden alone; "words" and "videos", how many.

    Raises:
        DataError: the folder is not in a known format.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    others = np.random.default_rng(seed).permutation(len(clips))
    together = [one for number, video in enumerate(videos) for one in _hide(loaded, number, video, alone=False)]
    alone = [one for number, video in enumerate(videos) for one in _hide(loaded, number, video, alone=True)]
    scores: dict[str, float] = {}
    for prefix, sentences in (("", together), ("one_", alone)):
        sentences.sort(key=lambda one: len(one.text))  # sentences of like length meet
        for name, shown in (
            ("with_clip", [clips[one.video] for one in sentences]),
            ("other_clip", [clips[int(others[one.video])] for one in sentences]),
            ("no_clip", None),
        ):
            hits = _guess(loaded, sentences, shown, progress=progress)  # (words, 5)
            scores[f"{prefix}{name}_top1"] = accuracy_percent(hits[:, 0].numpy())
            scores[f"{prefix}{name}_top5"] = accuracy_percent(hits.any(1).numpy())
    return {**scores, "words": len(alone), "videos": len(videos)}


def _hide(loaded: LoadedModel, number: int, video: CaptionedVideo, *, alone: bool) -> list[_Sentence]:
    """The first caption with all nouns and verbs hidden, or one sentence for each of them."""
    words = split_words(video.captions[0]).split()[:MAX_WORDS]
    positions = [position for position, tagged in enumerate(tag(words)) if tagged in CONTENT]
    sentences = []
    for hidden in [[position] for position in positions] if alone else [positions] if positions else []:
        pieces = loaded.processor.tokenizer([words[at] for at in hidden], add_special_tokens=False).input_ids
        text = " ".join(MASK if position in hidden else word for position, word in enumerate(words))
        sentences.append(_Sentence(text, tuple(ids[0] if len(ids) == 1 else -1 for ids in pieces), number))
    return sentences


def _guess(
    loaded: LoadedModel, sentences: list[_Sentence], clips: list[ClipTensors] | None, *, progress: bool
) -> Tensor:
    """Which of the five likeliest pieces at each hidden word is the one that stood there: (N, 5) bool."""
    found = []
    for start in tqdm(range(0, len(sentences), PER_BATCH), desc="cloze", unit="batch", disable=not progress):
        part = slice(start, start + PER_BATCH)
        probabilities = word_probabilities(
            loaded, [one.text for one in sentences[part]], None if clips is None else clips[part]
        )
        for one, rows in zip(sentences[part], probabilities, strict=True):
            found.append(rows.topk(5).indices == torch.tensor(one.answers)[:, None])
    return torch.cat(found)
