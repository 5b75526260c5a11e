"""Fits the mention head on a frozen encoder: which nouns and verbs would people mention?

One logistic layer over the clip's vector. A video teaches all words: each is in one of its captions or in none. A
labelled still teaches only the words of the labels, since its captions are templates that leave everything else out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm.auto import tqdm

from videobert_demo.data.everyday import LabelledClip
from videobert_demo.errors import DataError
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import MIN_AGREEING, content_words
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.training.store import FeatureStore

MIN_CLIPS = 12
"""The least number of clips that a word needs to be learned."""
PER_BATCH = 32
STEPS, ROWS_PER_STEP = 500, 192
RATE, DECAY, DROPOUT = 2e-3, 0.3, 0.5


@dataclass(frozen=True)
class Mentions:
    """What N clips teach.

    Attributes:
        vectors: (N, projection).
        targets, known: (N, words), 1 where a word is said, and where the clip teaches it.
    """

    vectors: Tensor
    targets: Tensor
    known: Tensor


def fit_mention_head(
    loaded: LoadedModel,
    store: FeatureStore,
    stills: FeatureStore | None = None,
    labelled: Sequence[LabelledClip] = (),
    *,
    min_clips: int = MIN_CLIPS,
    seed: int = 0,
    progress: bool = True,
) -> int:
    """Fits the head to videos and labelled stills of the split train, and puts it and its words into the model.

    Args:
        store: features of the videos. stills: of the labelled stills, which are found by their names.

    Returns:
        How many words it knows.

    Raises:
        DataError: no video is there to learn from.
    """
    rows = [row for row, video in enumerate(store.videos) if video.split == "train"]
    if not rows:
        raise DataError("the features hold no video of the split 'train'")
    mentioned = [_mentioned(store.videos[row].captions) for row in rows]
    counts = Counter(word for one in mentioned for word, count in one.items() if count >= MIN_AGREEING)
    labels = [one for one in labelled if one.clip.split == "train"] if stills is not None else []
    of_labels = Counter(word for one in labels for word in _label_words(one))
    words = sorted(word for word, count in (counts + of_labels).items() if count >= min_clips)
    taught = [
        Mentions(
            read_vectors(loaded, store, [store.videos[row].video_id for row in rows], progress=progress),
            torch.tensor([[float(word in one) for word in words] for one in mentioned]),
            torch.ones(len(rows), len(words)),
        )
    ]
    if stills is not None and labels:
        is_label = torch.tensor([float(word in of_labels) for word in words])
        taught.append(
            Mentions(
                read_vectors(loaded, stills, [one.clip.video_id for one in labels], progress=progress),
                torch.tensor([[float(word in _label_words(one)) for word in words] for one in labels]),
                is_label.expand(len(labels), -1),
            )
        )
    loaded.model.config.mentioned_words = words
    loaded.model.register_module("mention_head", fit_mentions(taught, seed=seed) if words else None)
    return len(words)


def fit_mentions(taught: Sequence[Mentions], *, seed: int = 0) -> nn.Linear:
    """A layer by binary cross-entropy over the words that are taught; each step draws both sources evenly."""
    torch.manual_seed(seed)
    first = taught[0]
    mean, spread = first.vectors.mean(0), first.vectors.std(0, unbiased=False).clamp(min=1e-4)
    head = nn.Linear(first.vectors.shape[1], first.targets.shape[1])
    nn.init.zeros_(head.weight)
    with torch.no_grad():
        head.bias.copy_(torch.logit(first.targets.mean(0).clamp(1e-3, 1 - 1e-3)))
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        losses = []
        for one in taught:
            rows = torch.randint(len(one.vectors), (ROWS_PER_STEP,))
            drawn = functional.dropout((one.vectors[rows] - mean) / spread, DROPOUT)
            loss = functional.binary_cross_entropy_with_logits(head(drawn), one.targets[rows], reduction="none")
            losses.append((loss * one.known[rows]).sum(1).mean())
        optimizer.zero_grad()
        torch.stack(losses).sum().backward()
        optimizer.step()
    with torch.no_grad():  # so that the head reads vectors that are not normalised
        head.weight.div_(spread)
        head.bias.sub_(head.weight @ mean)
    return head


def read_vectors(loaded: LoadedModel, store: FeatureStore, names: Sequence[str], *, progress: bool = True) -> Tensor:
    """The vectors (N, projection) of clips as they are shown, in the order of their names."""
    found = []
    for start in tqdm(range(0, len(names), PER_BATCH), desc="vectors", unit="batch", disable=not progress):
        found.append(embed_clips(loaded, store.load_named(names[start : start + PER_BATCH])))
    return torch.cat(found).clone()


def _mentioned(captions: Sequence[str]) -> Counter[str]:
    """In how many captions each noun and verb is."""
    counts: Counter[str] = Counter()
    for caption in captions:
        found = content_words(caption)
        counts.update({*found.nouns, *found.verbs})
    return counts


def _label_words(one: LabelledClip) -> frozenset[str]:
    """The verb of a label, and the last word of its object."""
    return frozenset([*([one.verb] if one.verb else []), *([one.object.split()[-1]] if one.object else [])])
