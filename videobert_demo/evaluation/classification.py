"""Verb, object and category of held-out videos: by cloze, with and without the video, and by the trained heads.

A verb or an object is a video's if three of its captions have it (questions/words.py); one hit counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from torch import Tensor
from tqdm.auto import tqdm

from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.tagging import lemmas
from videobert_demo.questions.words import agreed_words, is_object_form, is_verb_form
from videobert_demo.tasks.classify import guess_by_heads, object_probabilities, verb_probabilities
from videobert_demo.tasks.cloze import whole_words

PER_BATCH = 32
Probabilities = Callable[[LoadedModel, Sequence[ClipTensors] | None], Tensor]


def evaluate_classification(
    loaded: LoadedModel, data: Path, *, split: str = "test", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, float]:
    """The paper's table (arXiv 1904.01766, table 2) on the videos of `data`, and their categories.

    Returns:
        In percent: "verb_top1", "verb_top5", "object_top1", "object_top5" by cloze with the video;
        "verb_prior_top1", ... of the language alone; "verb_head_top1", ... and "category_top1", "category_top5" by the
        trained heads that the checkpoint has (categories only if the data tells them); and "verb_videos",
        "object_videos", "videos".

    Raises:
        DataError: the folder is not in a known format.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    trained = _by_heads(loaded, clips)
    scores: dict[str, float] = {}
    for name, part, fits, probabilities_of in (
        ("verb", "VERB", is_verb_form, verb_probabilities),
        ("object", "NOUN", is_object_form, object_probabilities),
    ):
        truth = [agreed_words(video.captions, name) for video in videos]
        asked = [number for number, found in enumerate(truth) if found]
        shown = [clips[number] for number in asked]
        guesses = {
            name: _guess(loaded, shown, fits, part, probabilities_of, progress=progress),
            f"{name}_prior": _guess(loaded, None, fits, part, probabilities_of, progress=False) * len(asked),
        }
        if loaded.model.head_labels()[name]:
            guesses[f"{name}_head"] = [trained[name][number] for number in asked]
        for label, found in guesses.items():
            for count in (1, 5):
                hits = [bool(truth[number] & set(best[:count])) for number, best in zip(asked, found, strict=True)]
                scores[f"{label}_top{count}"] = accuracy_percent(hits)
        scores[f"{name}_videos"] = len(asked)
    names = loaded.model.config.categories
    told = {n: names[video.category] for n, video in enumerate(videos) if video.category in range(len(names))}
    if told:
        for count in (1, 5):
            hits = [answer in trained["category"][number][:count] for number, answer in told.items()]
            scores[f"category_top{count}"] = accuracy_percent(hits)
    return {**scores, "videos": len(videos)}


def _by_heads(loaded: LoadedModel, clips: list[ClipTensors]) -> dict[str, list[list[str]]]:
    """The five likeliest names for each clip by each trained head."""
    found: dict[str, list[list[str]]] = {head: [] for head in loaded.model.head_labels()}
    for start in range(0, len(clips), PER_BATCH):
        for head, guesses in guess_by_heads(loaded, clips[start : start + PER_BATCH]).items():
            found[head] += [[guess.text for guess in row] for row in guesses]
    return found


def _guess(
    loaded: LoadedModel,
    clips: list[ClipTensors] | None,
    fits: Callable[[str], bool],
    part: str,
    probabilities_of: Probabilities,
    *,
    progress: bool,
) -> list[list[str]]:
    """The five likeliest lemmas for each clip; for no clips those of the language alone, once."""
    ids, texts = whole_words(loaded.processor.tokenizer)
    kept = [index for index, text in enumerate(texts) if fits(text)]
    words = [lemmas(texts[index])[part] for index in kept]
    found: list[list[str]] = []
    starts = range(0, 1 if clips is None else len(clips), PER_BATCH)
    for start in tqdm(starts, desc=part.lower(), unit="batch", disable=not progress):
        probabilities = probabilities_of(loaded, None if clips is None else clips[start : start + PER_BATCH])[
            :, ids[kept]
        ]
        found += [[words[index] for index in row] for row in probabilities.topk(5, dim=1).indices.tolist()]
    return found
