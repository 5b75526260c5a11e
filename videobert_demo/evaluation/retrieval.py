"""How well does a sentence find its video? Text-to-video recall, with each video's first caption as the query.

A video's score is the library's: its whole vector's similarity and its best segment's.
"""

from __future__ import annotations

from pathlib import Path

import torch

from videobert_demo.evaluation.inputs import StoredFeatures, encode_videos, read_annotations
from videobert_demo.evaluation.metrics import score_retrieval
from videobert_demo.library.ranking import combine
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.embed import embed_clips, embed_segments, embed_sentences

PER_BATCH = 32


def evaluate_retrieval(
    loaded: LoadedModel, data: Path, *, split: str = "test", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, float]:
    """R@1, R@5, R@10 (accuracy_percent) and the median rank over the videos of `data`.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, whole = read_annotations(data, split)
    clips = list(encode_videos(loaded, data, videos, whole=whole, stored=stored, progress=progress))
    queries = [video.captions[0] for video in videos]
    starts = range(0, len(videos), PER_BATCH)
    texts = torch.cat([embed_sentences(loaded, queries[start : start + PER_BATCH]) for start in starts])
    entire = texts @ torch.cat([embed_clips(loaded, clips[start : start + PER_BATCH]) for start in starts]).T
    best_segment = torch.stack([(texts @ segments.T).amax(1) for segments in embed_segments(loaded, clips)], dim=1)
    return score_retrieval(combine(entire.numpy(), best_segment.numpy()))  # both (texts, videos)
