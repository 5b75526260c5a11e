"""How well does a sentence, or a single word, find its videos?

Sentences: text-to-video recall, with each video's first caption, or all of them, as queries. Words: mean average
precision, with the nouns and verbs that the captions have most often. A video's score is the library's: its whole
vector's similarity and its best segment's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.metrics import score_ranking, score_retrieval
from videobert_demo.library.ranking import combine
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import MIN_AGREEING, content_words, count_supporting
from videobert_demo.tasks.embed import embed_clips, embed_queries, embed_segments, embed_sentences

PER_BATCH = 32
WORDS = 100
"""How many words are searched for."""


def evaluate_retrieval(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    stored: StoredFeatures | None = None,
    progress: bool = True,
    all_captions: bool = False,
) -> dict[str, float]:
    """R@1, R@5, R@10 in percent, and the median rank, over the videos of `data`.

    Args:
        all_captions: asks by every caption, twenty times as many in MSR-VTT; else by each video's first one.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    asked = [video.captions if all_captions else video.captions[:1] for video in videos]
    wanted = [number for number, captions in enumerate(asked) for _ in captions]
    queries = embed_all(loaded, [caption for captions in asked for caption in captions], embed_queries)
    return score_retrieval(compare_with_clips(loaded, queries, clips), wanted)


def evaluate_word_retrieval(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, float]:
    """Searches for the WORDS commonest nouns and verbs of the captions, each typed as its lemma.

    A video fits a word if MIN_AGREEING of its captions have it.

    Returns:
        In percent: "mAP", mean average precision; "mAP_nouns" and "mAP_verbs", the same over these alone; "mAP_bare",
        with the word's own vector in place of that of `embed_queries`; "mAP_chance", the mean share of videos that
        fit; and "words", "videos", how many.

    Raises:
        DataError, ClipError: as `evaluate_retrieval`.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    asked = fitting_videos(videos, MIN_AGREEING)
    words, fitting = list(asked), list(asked.values())
    precisions = {
        way: score_ranking(compare_with_clips(loaded, embed_all(loaded, words, embed), clips), np.stack(fitting))
        for way, embed in (("queries", embed_queries), ("bare", embed_sentences))
    }
    are_nouns = np.array([bool(content_words(f"a {word}").nouns) for word in words])

    def mean(values: NDArray[np.float64]) -> float:
        return round(100 * float(values.mean()), 2) if len(values) else 0.0

    return {
        "mAP": mean(precisions["queries"]),
        "mAP_nouns": mean(precisions["queries"][are_nouns]),
        "mAP_verbs": mean(precisions["queries"][~are_nouns]),
        "mAP_bare": mean(precisions["bare"]),
        "mAP_chance": mean(np.array([fits.mean() for fits in fitting])),
        "words": len(words),
        "videos": len(videos),
    }


def fitting_videos(videos: Sequence[CaptionedVideo], min_captions: int) -> dict[str, NDArray[np.bool_]]:
    """For each of the commonest words that fits any video, whether it fits each of V videos, (V,).

    Args:
        videos: whose captions are counted.
        min_captions: a word fits a video if this many of its captions have it.
    """
    supporting = [count_supporting(video.captions) for video in videos]
    return {
        word: fits
        for word in commonest_words(videos)
        if (fits := np.array([counts[word] >= min_captions for counts in supporting])).any()
    }


def commonest_words(videos: Sequence[CaptionedVideo], count: int = WORDS) -> list[str]:
    """The lemmas that the captions have most often as nouns or verbs, the commonest first."""
    found: Counter[str] = Counter()
    for video in videos:
        for caption in video.captions:
            words = content_words(caption)
            found.update((*words.nouns, *words.verbs))
    return [word for word, _ in sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))[:count]]


def compare_with_clips(loaded: LoadedModel, texts: Tensor, clips: Sequence[ClipTensors]) -> NDArray[np.float32]:
    """The library's scores (texts, clips) of unit vectors (texts, projection) with clips."""
    starts = range(0, len(clips), PER_BATCH)
    entire = texts @ torch.cat([embed_clips(loaded, clips[start : start + PER_BATCH]) for start in starts]).T
    best_segment = torch.stack([(texts @ segments.T).amax(1) for segments in embed_segments(loaded, clips)], dim=1)
    return combine(entire.numpy(), best_segment.numpy())


def embed_all(
    loaded: LoadedModel, texts: Sequence[str], embed: Callable[[LoadedModel, Sequence[str]], Tensor]
) -> Tensor:
    """What `embed` makes of all texts, PER_BATCH at a time: (texts, projection)."""
    return torch.cat([embed(loaded, texts[start : start + PER_BATCH]) for start in range(0, len(texts), PER_BATCH)])
