"""How far a watch list can be trusted: its alarms on held-out videos against what people say of these videos.

Every video is watched as a clip: an event has an alarm there if one of the frames reaches its threshold. Which words
name an event is listed here for the list that comes with the package; nobody has looked at the videos for this.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.evaluation.calibration import fit_logistic
from videobert_demo.evaluation.inputs import StoredFeatures, read_and_encode, read_pixels
from videobert_demo.evaluation.metrics import score_ranking
from videobert_demo.evaluation.retrieval import commonest_words
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import MIN_AGREEING, count_supporting
from videobert_demo.questions.short_queries import phrase_query
from videobert_demo.service.nudity import NudityScorer
from videobert_demo.service.watch_lists import read_watch_list
from videobert_demo.tasks.embed import embed_queries, embed_segments, embed_sentences
from videobert_demo.tasks.watching import WATCH_KEYS, watch_probabilities
from videobert_demo.timeline.watching import mean_likeness
from videobert_demo.timeline.watchlist import OPEN_NSFW

PRESET = "moderation"
NAMED_BY = {
    "fight": ("fight", "wrestle", "punch", "box", "boxing", "wrestling", "wrestler"),
    "weapon": ("gun", "rifle", "pistol", "weapon", "shoot", "sword"),
    "nudity": ("naked", "nude", "nudity", "underwear"),
    "blood": ("blood", "wound", "surgery", "bleed"),
    "smoking": ("smoke", "cigarette", "smoking", "cigar"),
    "fire": ("fire", "flame", "burn", "explosion", "explode"),
    "crowd": ("crowd", "audience", "spectator"),
}
"""Lemmas; an event is in a video if MIN_AGREEING of its captions have one of them."""

WORDS, MAX_SHARE, MIN_VIDEOS = 400, 0.05, 2
"""The fit is to those of the commonest words that few videos show, like what one watches for: at most this share."""
_PER_BATCH = 64


def evaluate_watching(
    loaded: LoadedModel,
    data: Path,
    *,
    split: str = "test",
    stored: StoredFeatures | None = None,
    progress: bool = True,
) -> dict[str, Any]:
    """Precision and recall of the preset's alarms, in percent, event by event.

    Returns:
        Of each event "fight_by", what told it, as `WatchedEvent` has it; "fight_named", in how many videos captions
        name it; "fight_alarms", how many have an alarm; "fight_precision", of these those where captions name it, None
        without alarms; "fight_recall"; "fight_AP", average precision; and "videos". Of events that no caption names
        only the alarms.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    events = read_watch_list(PRESET)
    sentences = [event.sentence for event in events]
    directions = embed_queries(loaded, sentences).numpy()
    likeness = clip_likeness(loaded, clips, directions)  # (videos, K)
    probabilities = watch_probabilities(loaded, sentences, likeness)
    by_nudity = [event.by == OPEN_NSFW for event in events]
    if any(by_nudity):
        scorer, whole = NudityScorer(), not (data / "videos.jsonl").exists()
        pictures = read_pixels(data, videos, int(loaded.model.config.max_frames), whole=whole, progress=progress)
        likeliest = np.array([scorer.scores(pixels).max() for pixels in pictures])
        probabilities[:, by_nudity] = likeliest[:, None]
    scores: dict[str, Any] = {}
    for row, event in enumerate(events):
        scores[f"{event.name}_by"] = event.by
        named = are_named(videos, NAMED_BY.get(event.name, (event.name,)))
        alarms = probabilities[:, row] >= event.threshold
        right = int((alarms & named).sum())
        scores[f"{event.name}_named"], scores[f"{event.name}_alarms"] = int(named.sum()), int(alarms.sum())
        if named.any():
            precision = round(100 * right / int(alarms.sum()), 1) if alarms.any() else None
            ranked = score_ranking(probabilities[:, row].astype(np.float32)[None], named[None])
            scores[f"{event.name}_precision"] = precision
            scores[f"{event.name}_recall"] = round(100 * right / int(named.sum()), 1)
            scores[f"{event.name}_AP"] = round(100 * float(ranked[0]), 1)
    return {**scores, "videos": len(videos)}


def calibrate_watching(
    loaded: LoadedModel, data: Path, *, split: str = "val", stored: StoredFeatures | None = None, progress: bool = True
) -> dict[str, list[float]]:
    """How likely a clip shows a rare thing, by its likeness: offset and slope for sentences, and for bare words.

    Returns:
        "watch_sentence" and "watch_word", as tasks/watching.py takes them; nothing where too little is known.

    Raises:
        DataError: the folder is not in a known format.
        ClipError: a whole clip cannot be read.
    """
    videos, clips = read_and_encode(loaded, data, split, stored=stored, progress=progress)
    counts = [count_supporting(video.captions) for video in videos]
    fitting = {
        word: np.array([count[word] >= MIN_AGREEING for count in counts]) for word in commonest_words(videos, WORDS)
    }
    fitting = {word: fits for word, fits in fitting.items() if fits.sum() >= MIN_VIDEOS and fits.mean() <= MAX_SHARE}
    if not fitting:
        return {}
    words, fits = list(fitting), np.stack(list(fitting.values())).T  # (videos, words)
    ways = {False: [as_sentence(word) for word in words], True: words}
    found: dict[str, list[float]] = {}
    for is_word, texts in ways.items():
        embed = embed_queries if is_word else embed_sentences
        starts = range(0, len(texts), _PER_BATCH)
        directions = torch.cat([embed(loaded, texts[start : start + _PER_BATCH]) for start in starts]).numpy()
        try:
            slope, middle = fit_logistic(clip_likeness(loaded, clips, directions).ravel(), fits.ravel())
        except ValueError:  # larger values do not mean yes
            continue
        found[WATCH_KEYS[is_word]] = [round(-slope * middle, 4), round(slope, 4)]
    return found


def clip_likeness(
    loaded: LoadedModel, clips: Sequence[ClipTensors], directions: NDArray[np.float32]
) -> NDArray[np.float64]:
    """How like K sentences the frame of each clip is that is likest to them: (clips, K)."""
    rows = []
    for vectors in embed_segments(loaded, clips):
        frames = vectors.numpy()
        others = [np.concatenate([np.delete(frames, at, axis=0), frames[at : at + 1]]) for at in range(len(frames))]
        rows.append(np.max([mean_likeness(directions, one) for one in others], axis=0))
    return np.stack(rows)


def are_named(videos: Sequence[CaptionedVideo], lemmas: Sequence[str]) -> NDArray[np.bool_]:
    """For each video whether MIN_AGREEING captions have one of the lemmas, as any part of speech."""
    wanted = set(lemmas)

    def named(video: CaptionedVideo) -> bool:
        return sum(not wanted.isdisjoint(count_supporting([one])) for one in video.captions) >= MIN_AGREEING

    return np.array([named(video) for video in videos])


def as_sentence(word: str) -> str:
    """A word as a sentence: "there is a gun", "a person is fighting"."""
    ways = phrase_query(word)
    return next((way for way in ways if way.startswith("there")), ways[0] if ways else word)
