"""Verb, object and category of held-out videos: by cloze, with and without the video, and by the trained head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from tqdm.auto import tqdm

from videobert_demo.datasets import CaptionedVideo
from videobert_demo.evaluation.inputs import encode_videos, read_annotations
from videobert_demo.evaluation.metrics import percent, split_words
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.tagging import lemmas, tag
from videobert_demo.tasks.classify import (
    category_chances,
    is_object_form,
    is_verb_form,
    object_chances,
    verb_chances,
)
from videobert_demo.tasks.cloze import whole_words
from videobert_demo.tasks.features import ClipTensors

PER_BATCH = 32
LEAST_CAPTIONS = 3
"""A verb or noun counts as a video's if so many of its captions have it."""

Chances = Callable[[LoadedModel, Sequence[ClipTensors] | None], Tensor]


def evaluate_classification(
    loaded: LoadedModel, data: Path, *, split: str = "test", progress: bool = True
) -> dict[str, float]:
    """The paper's table (arXiv 1904.01766, table 2) on the videos of `data`, and their categories.

    Returns:
        In percent: "verb_top1", "verb_top5", "object_top1", "object_top5" with the video; "verb_prior_top1", ... of the
        language alone; "category_top1", "category_top5" by the head, if the checkpoint has one and the data tells
        categories; and "videos".

    Raises:
        DataError: the folder is not in a known format.
    """
    videos, whole = read_annotations(data, split)
    clips = list(encode_videos(loaded, data, videos, whole=whole, progress=progress))
    scores: dict[str, float] = {}
    for name, tags, part, fits, chances_of in (
        ("verb", "GZVE", "VERB", is_verb_form, verb_chances),
        ("object", "NS", "NOUN", is_object_form, object_chances),
    ):
        truth = [_shared(video, tags, part) for video in videos]
        asked = [number for number, found in enumerate(truth) if found]
        guesses = _guess(loaded, [clips[number] for number in asked], fits, part, chances_of, progress=progress)
        prior = _guess(loaded, None, fits, part, chances_of, progress=False) * len(asked)
        for label, found in ((name, guesses), (f"{name}_prior", prior)):
            for count in (1, 5):
                hits = [bool(truth[number] & set(best[:count])) for number, best in zip(asked, found, strict=True)]
                scores[f"{label}_top{count}"] = percent(hits)
        scores[f"{name}_videos"] = len(asked)
    known = [number for number, video in enumerate(videos) if video.category is not None]
    if loaded.model.config.categories and known:
        starts = range(0, len(known), PER_BATCH)
        chances = torch.cat(
            [category_chances(loaded, [clips[n] for n in known[start : start + PER_BATCH]]) for start in starts]
        )
        answers = torch.tensor([videos[number].category for number in known])
        best = chances.topk(min(5, chances.shape[1]), dim=1).indices == answers[:, None]
        scores["category_top1"] = percent(best[:, 0].tolist())
        scores["category_top5"] = percent(best.any(1).tolist())
    return {**scores, "videos": len(videos)}


def _shared(video: CaptionedVideo, tags: str, part: str) -> set[str]:
    """The lemmas of one part of speech that LEAST_CAPTIONS captions have; of nouns those that name an object."""
    counts: Counter[str] = Counter()
    for caption in video.captions:
        words = split_words(caption).split()
        counts.update(
            {
                lemmas(word)[part]
                for word, kind in zip(words, tag(words), strict=True)
                if kind in tags and part in lemmas(word)
            }
        )
    least = min(LEAST_CAPTIONS, len(video.captions))
    found = {word for word, count in counts.items() if count >= least}
    return found if part == "VERB" else {word for word in found if is_object_form(word)}


def _guess(
    loaded: LoadedModel,
    clips: list[ClipTensors] | None,
    fits: Callable[[str], bool],
    part: str,
    chances_of: Chances,
    *,
    progress: bool,
) -> list[list[str]]:
    """The five likeliest lemmas for each clip; for no clips those of the language alone, once."""
    ids, texts = whole_words(loaded.processor.tokenizer)
    kept = [place for place, text in enumerate(texts) if fits(text)]
    words = [lemmas(texts[place])[part] for place in kept]
    found: list[list[str]] = []
    starts = range(0, 1 if clips is None else len(clips), PER_BATCH)
    for start in tqdm(starts, desc=part.lower(), unit="batch", disable=not progress):
        chances = chances_of(loaded, None if clips is None else clips[start : start + PER_BATCH])[:, ids[kept]]
        found += [[words[place] for place in row] for row in chances.topk(5, dim=1).indices.tolist()]
    return found
