"""Masked nouns and verbs of held-out captions: guessed with the clip, with another clip, and without one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from videobert_demo.evaluation.inputs import encode_videos, read_annotations
from videobert_demo.evaluation.metrics import percent, split_words
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.tagging import CONTENT, tag
from videobert_demo.tasks.cloze import MASK, MOST_WORDS, word_chances
from videobert_demo.tasks.features import ClipTensors

PER_BATCH = 32


def evaluate_cloze(
    loaded: LoadedModel, data: Path, *, split: str = "test", seed: int = 0, progress: bool = True
) -> dict[str, float]:
    """Hides each noun and verb of every video's first caption, one at a time.

    Words of several pieces count too, and are always missed: one [MASK] stands for one piece.

    Returns:
        "with_clip_top1", "with_clip_top5", "other_clip_top1", ..., "no_clip_top5", in percent of the hidden words;
        "words" and "videos", how many.

    Raises:
        DataError: the folder is not in a known format.
    """
    videos, whole = read_annotations(data, split)
    clips = list(encode_videos(loaded, data, videos, whole=whole, progress=progress))
    others = np.random.default_rng(seed).permutation(len(clips))
    sentences, answers, owners = [], [], []
    tokenizer = loaded.processor.tokenizer
    for number, video in enumerate(videos):
        words = split_words(video.captions[0]).split()[:MOST_WORDS]
        for place, kind in enumerate(tag(words)):
            if kind in CONTENT:
                pieces = tokenizer(words[place], add_special_tokens=False).input_ids
                sentences.append(" ".join([*words[:place], MASK, *words[place + 1 :]]))
                answers.append(pieces[0] if len(pieces) == 1 else -1)
                owners.append(number)
    scores: dict[str, float] = {}
    for name, shown in (
        ("with_clip", [clips[owner] for owner in owners]),
        ("other_clip", [clips[int(others[owner])] for owner in owners]),
        ("no_clip", None),
    ):
        best = _best_words(loaded, sentences, shown, progress=progress)  # (words, 5)
        hits = best == torch.tensor(answers)[:, None]
        scores[f"{name}_top1"], scores[f"{name}_top5"] = percent(hits[:, 0].numpy()), percent(hits.any(1).numpy())
    return {**scores, "words": len(sentences), "videos": len(videos)}


def _best_words(
    loaded: LoadedModel, sentences: list[str], clips: list[ClipTensors] | None, *, progress: bool
) -> Tensor:
    """The ids (N, 5) of the likeliest pieces at the one [MASK] of each sentence."""
    found = []
    for start in tqdm(range(0, len(sentences), PER_BATCH), desc="cloze", unit="batch", disable=not progress):
        part = slice(start, start + PER_BATCH)
        chances = word_chances(loaded, sentences[part], None if clips is None else clips[part])
        found += [row[0].topk(5).indices for row in chances]
    return torch.stack(found)
