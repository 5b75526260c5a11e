"""How good and how true are captions? BLEU-4, ROUGE-L, CIDEr, and what people's captions support (truth.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm.auto import tqdm

from videobert_demo.evaluation.caption_metrics import DEFAULT, check_metrics
from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.metrics import score_captions
from videobert_demo.evaluation.sureness import measure_sureness
from videobert_demo.evaluation.truth import score_truth
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import count_supporting, is_right
from videobert_demo.tasks.caption import BEAMS, caption_clips, sure_caption_from
from videobert_demo.types import Caption

VIDEOS_PER_BATCH = 16


@dataclass(frozen=True)
class CaptioningReport:
    """The metrics, and what was written of each video."""

    scores: dict[str, float]
    captions: dict[str, str]


def evaluate_captioning(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    beams: int = BEAMS,
    stored: StoredFeatures | None = None,
    metrics: Sequence[str] = DEFAULT,
    progress: bool = True,
) -> CaptioningReport:
    """Captions every video of `data` and scores them; a calibrated checkpoint's probabilities, too (sureness.py).

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
        SettingsError: a metric cannot be computed here.
    """
    check_metrics(metrics)
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    written: dict[str, str] = {}
    first: list[Caption] = []
    pairs = list(zip(videos, clips, strict=True))
    batches = [pairs[start : start + VIDEOS_PER_BATCH] for start in range(0, len(pairs), VIDEOS_PER_BATCH)]
    for batch in tqdm(batches, desc="captions", unit="batch", disable=not progress):
        results = caption_clips(loaded, [clip for _, clip in batch], beams=beams)
        for (video, _), captions in zip(batch, results, strict=True):
            written[video.video_id] = captions[0].text
            first.append(captions[0])
    references = {video.video_id: video.captions for video in videos}
    scores = {**score_captions(written, references, metrics), **score_truth(written, references)}
    if all(one.probability is not None for one in first):
        sure_from = sure_caption_from(loaded)
        scores |= measure_sureness(
            [one.probability or 0.0 for one in first],
            [is_right(one.text, count_supporting(video.captions)) for one, video in zip(first, videos, strict=True)],
            [(one.probability or 0.0) >= sure_from for one in first],
        )
    return CaptioningReport(scores, written)
