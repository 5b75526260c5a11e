"""A clip as VideoBERT reads it: one visual word a segment, and what the other words predict for a hidden one.

Sources: VideoBERT arXiv 1904.01766, sections 3.2 and 4.1; mask-predict arXiv 1904.09324, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.types.visual_words import VisualWord

MAX_ROUNDS, MAX_TEMPERATURE, MAX_SEED = 12, 5, 2**31 - 1
REEL_SEGMENTS = 6
"""The length of a reel where nobody chooses one."""


@torch.inference_mode()
def read_visual_words(loaded: LoadedModel, clip: ClipTensors) -> tuple[VisualWord, ...]:
    """The visual word of each of the clip's T segments, with its distance."""
    codebook = loaded.model.encoder.codebook
    features = clip.frame_features.to(loaded.device)
    ids = codebook(features)
    distances = (features - word_centroids(codebook, ids)).norm(dim=-1) / features.norm(dim=-1).clamp(min=1e-6)
    return named_words(loaded, ids.tolist(), distances.tolist())


def named_words(loaded: LoadedModel, ids: Sequence[int], values: Sequence[float]) -> tuple[VisualWord, ...]:
    """Visual words with their values and with the names that the checkpoint has for them."""
    names = loaded.model.config.visual_word_names
    return tuple(
        VisualWord(word, value, tuple(names.get(str(word), ()))) for word, value in zip(ids, values, strict=True)
    )


@torch.inference_mode()
def words_in_use(loaded: LoadedModel) -> tuple[VisualWord, ...]:
    """All visual words that the codebook has; their values mean nothing."""
    codebook = loaded.model.encoder.codebook
    ids = codebook.present(codebook.levels - 1).nonzero()[:, 0].tolist()
    return named_words(loaded, ids, [0.0] * len(ids))


def word_centroids(codebook: VisualCodebook, ids: Tensor) -> Tensor:
    """Ids (...) of words -> their centroids (..., C), fp32."""
    found: Tensor = codebook.centroids(codebook.levels - 1)[ids].float()
    return found


@torch.inference_mode()
def all_centroids(loaded: LoadedModel) -> NDArray[np.float32]:
    """The centroids (codebook size, C) of all visual words, in use or not."""
    codebook = loaded.model.encoder.codebook
    found: NDArray[np.float32] = codebook.centroids(codebook.levels - 1).float().cpu().numpy()
    return found


@torch.inference_mode()
def predict_segments(
    loaded: LoadedModel, clip: ClipTensors, hidden: Sequence[int], sentence: str | None = None, *, count: int = 5
) -> list[tuple[VisualWord, ...]]:
    """The likeliest visual words of hidden segments.

    Args:
        hidden: indices of these segments in the clip.
        sentence: read beside the clip; None for the clip alone.
        count: how many words are wanted for each segment.

    Returns:
        For each hidden segment `count` words, the likeliest first.
    """
    (probabilities,) = segment_probabilities(loaded, [clip], [hidden], None if sentence is None else [sentence])
    best = probabilities.topk(min(count, probabilities.shape[-1]), dim=-1)
    return [
        named_words(loaded, ids, values)
        for ids, values in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]


def forecast(loaded: LoadedModel, clip: ClipTensors, *, count: int = 5) -> tuple[int, list[tuple[VisualWord, ...]]]:
    """What the model expects after the first half of the clip.

    Returns:
        The number of segments that it saw, and for each of the others the `count` likeliest words. A clip of one
        segment has no second half: its list is empty.
    """
    seen = (len(clip.frame_features) + 1) // 2
    hidden = range(seen, len(clip.frame_features))
    return seen, predict_segments(loaded, clip, hidden, count=count) if hidden else []


def are_reel_numbers(segments: Any, temperature: Any, seed: Any, *, max_segments: int) -> bool:
    """Whether a reel can be written with these values, which someone sent.

    Args:
        max_segments: the `max_frames` of the model.
    """
    if not all(isinstance(number, int | float) for number in (segments, temperature, seed)):
        return False
    if segments % 1 or seed % 1:  # no whole numbers, or none at all: NaN and infinity leave NaN
        return False
    return bool(1 <= segments <= max_segments and 0 <= temperature <= MAX_TEMPERATURE and 0 <= seed <= MAX_SEED)


@torch.inference_mode()
def write_reel(
    loaded: LoadedModel,
    sentence: str,
    *,
    segments: int = REEL_SEGMENTS,
    temperature: float = 1.0,
    rounds: int = 4,
    seed: int = 0,
) -> tuple[VisualWord, ...]:
    """A sentence -> a sequence of visual words, by mask-predict: all are drawn, then the least sure are drawn again.

    After round r of R the share (R - r) / R of the words that is least likely is hidden and drawn anew, given the
    sentence and the other words. A word that is given is read as a frame whose features all are the word's centroid.

    Args:
        segments: length of the sequence, from 1 to the `max_frames` of the model.
        temperature: 0 to 5; 0 takes the likeliest word each time, 1 draws by the model's probabilities.
        rounds: R, 1 to 12.

    Raises:
        ValueError: a number is outside its range.
    """
    max_segments = int(loaded.model.config.max_frames)
    if not are_reel_numbers(segments, temperature, seed, max_segments=max_segments) or not 1 <= rounds <= MAX_ROUNDS:
        raise ValueError(f"cannot write {segments} segments in {rounds} rounds at temperature {temperature}")
    generator = torch.Generator().manual_seed(seed)
    codebook, config = loaded.model.encoder.codebook, loaded.model.config
    ids = torch.zeros(segments, dtype=torch.long)
    probabilities = torch.zeros(segments)
    hidden = list(range(segments))
    for turn in range(rounds):
        features = word_centroids(codebook, ids.to(loaded.device)).cpu()  # (T, C)
        patches = features[:, None].expand(-1, config.patches_per_frame, -1)
        (found,) = segment_probabilities(
            loaded, [ClipTensors(features, patches)], [hidden], [sentence]
        )  # (hidden, words)
        for segment, row in zip(hidden, found, strict=True):
            if temperature > 0:
                scores = row.clamp(min=1e-12).log().double()
                # The likeliest word keeps a score of 0 at any temperature, so that a tiny one does not make NaN of it.
                tempered = (scores - scores.max()).div(temperature).softmax(-1).float()
                ids[segment] = torch.multinomial(tempered, 1, generator=generator)[0]
            else:
                ids[segment] = row.argmax()
            probabilities[segment] = row[ids[segment]]
        again = segments * (rounds - turn - 1) // rounds
        hidden = sorted(probabilities.argsort()[:again].tolist())
        if not hidden:
            break
    return named_words(loaded, ids.tolist(), probabilities.tolist())


@torch.inference_mode()
def segment_probabilities(
    loaded: LoadedModel,
    clips: Sequence[ClipTensors],
    hidden: Sequence[Sequence[int]],
    sentences: Sequence[str] | None,
) -> list[Tensor]:
    """Probabilities of all visual words at the hidden segments of B clips, beside B sentences or alone.

    Args:
        hidden: for each clip the indices of its hidden segments.

    Returns:
        For each clip (hidden, words), fp32, on the CPU; 0 for ids that are no word.
    """
    model = loaded.model
    inputs = stack_clips(clips, loaded.device, model.dtype)
    inputs["segment_mask"] = torch.zeros_like(inputs["frame_mask"])
    for row, segments in enumerate(hidden):
        inputs["segment_mask"][row, list(segments)] = True
    text = {} if sentences is None else loaded.processor(text=list(sentences), with_video=True).to(loaded.device)
    logits = model.predict_visual_words(model.encoder(**text, **inputs).segment_states()).float()  # (B, T, words)
    codebook = model.encoder.codebook
    absent = ~codebook.present(codebook.levels - 1)
    probabilities = logits.masked_fill(absent, float("-inf")).softmax(-1).cpu()
    return [row[list(segments)] for row, segments in zip(probabilities, hidden, strict=True)]
