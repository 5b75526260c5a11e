"""Fits the masked-word head on a frozen encoder: which word a [MASK] hides, with the clip and without it.

Source of the objective: VideoBERT arXiv 1904.01766, section 3.3. What the frozen encoder makes of a [MASK] is computed
once, in a pass with the clip and in one without; then the head is fitted to both in minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm.auto import tqdm

from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.model.features import stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.tagging import CONTENT, tag
from videobert_demo.tasks.cloze import MASK, MAX_WORDS, read_masks
from videobert_demo.training.consensus import normalise
from videobert_demo.training.store import FeatureStore

CAPTIONS_PER_VIDEO = 2
ALL_SHARE, CONTENT_SHARE = 0.4, 0.75
"""How often all nouns and verbs are hidden; and, in the other cases, how often one or two of them are, rather than any
other words."""
PER_BATCH = 32
STEPS, ROWS_PER_STEP = 250, 192
RATE, DECAY, DROPOUT, EVIDENCE_DROPOUT, SMOOTHING = 1e-3, 0.1, 0.2, 0.5, 0.1


@dataclass(frozen=True)
class MaskedStates:
    """What the head reads (tasks/cloze.py) of N hidden words: (N, D) fp32 each, and their ids (N,) int64.

    Attributes:
        beside, seen: beside the clip.
        alone: without it.
    """

    beside: Tensor
    seen: Tensor
    alone: Tensor
    words: Tensor


def fit_word_head(loaded: LoadedModel, store: FeatureStore, *, seed: int = 0, progress: bool = True) -> int:
    """Fits the head to captions of the split train; all other weights stay the same, even the word embeddings.

    Returns:
        How many hidden words it learned from; 0 changes nothing.
    """
    states = read_states(loaded, store, seed=seed, progress=progress)
    if len(states.words):
        fit_states(loaded, states, seed=seed, progress=progress)
    return len(states.words)


def hide_words(text: str, random: np.random.Generator) -> tuple[list[str], list[int]]:
    """A caption's words, and the indices of those to hide: one or two, or all nouns and verbs; none if it is empty."""
    words = text.split()[:MAX_WORDS]
    indices = list(range(len(words)))
    content = [index for index, letter in enumerate(tag(words)) if letter in CONTENT]
    if content and random.random() < ALL_SHARE:
        return words, content
    if random.random() < CONTENT_SHARE:
        indices = content or indices
    count = min(len(indices), int(random.integers(1, 3)))
    return words, sorted(int(index) for index in random.choice(indices, count, replace=False)) if indices else []


@torch.inference_mode()
def read_states(loaded: LoadedModel, store: FeatureStore, *, seed: int = 0, progress: bool = True) -> MaskedStates:
    """Hides words in some captions of each training video, and reads them with the video and without it.

    Words of several pieces are not hidden: one [MASK] stands for one piece.
    """
    random = np.random.default_rng(seed)
    tokenizer = loaded.processor.tokenizer
    asked: list[tuple[int, str, list[int]]] = []  # row, sentence with masks, ids of the hidden words
    for row, video in enumerate(store.videos):
        for caption in _draw(video, random):
            words, indices = hide_words(caption, random)
            pieces = {index: tokenizer(words[index], add_special_tokens=False).input_ids for index in indices}
            single = {index: ids[0] for index, ids in pieces.items() if len(ids) == 1}
            if single:
                text = " ".join(MASK if index in single else word for index, word in enumerate(words))
                asked.append((row, text, list(single.values())))
    random.shuffle(asked)
    found: list[tuple[Tensor, ...]] = []
    for start in tqdm(range(0, len(asked), PER_BATCH), desc="masks", unit="batch", disable=not progress):
        part = asked[start : start + PER_BATCH]
        texts = [text for _, text, _ in part]
        views = [store.load(row, int(random.integers(store.views))).to_tensors() for row, _, _ in part]
        masks = read_masks(loaded, texts, stack_clips(views, loaded.device, loaded.model.dtype))
        assert masks.seen is not None
        found.append(tuple(one.float().cpu() for one in (masks.states, masks.seen, masks.alone)))
    ids = torch.tensor([word for _, _, hidden in asked for word in hidden], dtype=torch.int64)
    empty = torch.empty(0, loaded.model.config.encoder.hidden_size)
    beside, seen, alone = (torch.cat([empty, *(parts[index] for parts in found)]) for index in range(3))
    return MaskedStates(beside, seen, alone, ids)


def fit_states(loaded: LoadedModel, states: MaskedStates, *, seed: int = 0, progress: bool = True) -> None:
    """Cross-entropy over all word pieces; three quarters of each batch are read beside the clip, the rest alone."""
    torch.manual_seed(seed)
    model = loaded.model
    head = [model.word_evidence, *model.word_transform.parameters(), model.word_bias]
    model.requires_grad_(False)
    for value in head:
        value.requires_grad_(True)
    optimizer = torch.optim.AdamW(head, lr=RATE, weight_decay=DECAY)
    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, STEPS)
    for _ in tqdm(range(STEPS), desc="word head", disable=not progress):
        rows = torch.randint(len(states.words), (ROWS_PER_STEP,))
        others = torch.randint(len(states.words), (ROWS_PER_STEP // 3,))
        beside = model.predict_words(
            _drop(states.beside[rows]), functional.dropout(states.seen[rows], EVIDENCE_DROPOUT)
        )
        alone = model.predict_words(_drop(states.alone[others]))
        targets = torch.cat([states.words[rows], states.words[others]])
        loss = functional.cross_entropy(torch.cat([beside, alone]), targets, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()


def _draw(video: CaptionedVideo, random: np.random.Generator) -> list[str]:
    if video.split != "train":
        return []
    count = min(CAPTIONS_PER_VIDEO, len(video.captions))
    return [normalise(str(text)) for text in random.choice(video.captions, count, replace=False)]


def _drop(states: Tensor) -> Tensor:
    return functional.dropout(states, DROPOUT)
