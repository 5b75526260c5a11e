"""Does a caption profit from words beside the frames? Captions of the same videos without words and with two sorts.

No data set here has both speech and captions. So the words are captions: one of the video's own, which is left out of
the references, stands for speech that tells what is seen, and one of another video for speech about something else.
They bound what subtitles can do: nobody's speech says as plainly what is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tqdm.auto import tqdm

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation.captioning import VIDEOS_PER_BATCH
from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode
from videobert_demo.evaluation.metrics import score_captions
from videobert_demo.evaluation.truth import score_truth
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.caption import caption_clips


def evaluate_subtitles(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    videos: int = 200,
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, float]:
    """CIDEr, and what people's other captions support, of captions without words and beside them.

    Args:
        videos: how many videos count, evenly taken.

    Returns:
        "alone_CIDEr" and so on, "own_CIDEr" beside a caption of the video's own, "other_CIDEr" beside another's; and
        "own_words_CIDEr", of that caption itself.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    found, encoded = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    chosen = range(0, len(found), max(1, len(found) // videos))[:videos]
    pairs = [(found[index], encoded[index]) for index in chosen if len(found[index].captions) > 1]
    own = [video.captions[0] for video, _ in pairs]
    other = [*own[1:], *own[:1]]
    references = {video.video_id: video.captions[1:] for video, _ in pairs}
    scores: dict[str, float] = {}
    for name, words in (("alone", None), ("own", own), ("other", other)):
        written = _write(loaded, pairs, words, progress=progress)
        of_kind = {**score_captions(written, references, ("CIDEr",)), **score_truth(written, references)}
        scores |= {f"{name}_{figure}": value for figure, value in of_kind.items() if figure != "videos"}
    said = dict(zip(references, own, strict=True))
    scores["own_words_CIDEr"] = score_captions(said, references, ("CIDEr",))["CIDEr"]
    return {**scores, "videos": len(pairs)}


def _write(
    loaded: LoadedModel,
    pairs: Sequence[tuple[CaptionedVideo, ClipTensors]],
    words: Sequence[str] | None,
    *,
    progress: bool,
) -> dict[str, str]:
    """The best caption of each video, by its name."""
    written: dict[str, str] = {}
    starts = range(0, len(pairs), VIDEOS_PER_BATCH)
    for start in tqdm(starts, desc="captions", unit="batch", disable=not progress):
        batch = pairs[start : start + VIDEOS_PER_BATCH]
        said = None if words is None else words[start : start + VIDEOS_PER_BATCH]
        captions = caption_clips(loaded, [clip for _, clip in batch], words=said)
        written |= {video.video_id: best[0].text for (video, _), best in zip(batch, captions, strict=True)}
    return written
