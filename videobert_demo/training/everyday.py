"""Batches of labelled stills: what is done, played or seen in them, told apart from all other labels.

A still becomes a clip in one of three ways, so that clips do not look unlike stills:

    | still |      | view | view | view |      | still | another still of the label |

A batch is a pure function of (seed, step, process). Knows features, labels and sentences; knows no losses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from videobert_demo.data.everyday import LabelledClip, label_sentences
from videobert_demo.errors import DataError
from videobert_demo.model.packing import PackedCaptions, pack_captions
from videobert_demo.model.tokenizers import Tokenizer
from videobert_demo.training.consensus import normalise
from videobert_demo.training.seeds import SeedStream, open_stream
from videobert_demo.training.store import FeatureStore, VideoFeatures, stack_features

KIND_SHARES = {"action": 0.42, "sport": 0.42, "instrument": 0.1, "place": 0.06}
"""The share of each kind among a batch's stills."""
CAPTIONED_KINDS = ("action", "sport", "place")
"""The captions of instruments ("there is a drums") are not imitated."""
SINGLE_SHARE, VIEWS_SHARE = 0.6, 0.5
"""The share of batches that consist of single stills; and of clips in other batches that are views of one still."""
MAX_FRAMES = 3
LABELS_PER_STEP = 80
"""How many labels a clip is told apart from, at most."""


@dataclass(frozen=True)
class EverydayBatch:
    """Clips of labelled stills.

    Attributes:
        video: as in VideoBatch, of B clips.
        packed: one caption for each clip, none for kinds whose captions are not imitated.
        sentences: one for each of N labels of all kinds.
        labels: (B,) the number of the sentence of each clip's label.
    """

    video: dict[str, Tensor]
    packed: PackedCaptions
    sentences: list[str]
    labels: list[int]


class EverydayMaker:
    """Draws the batches.

    Args:
        store: features of the stills; those of the split train are used.
        labelled: the same stills with their labels, found by their names.
        tokenize: captions -> token ids of the decoder.
    """

    def __init__(
        self,
        store: FeatureStore,
        labelled: Sequence[LabelledClip],
        tokenizer: Tokenizer,
        tokenize: Callable[[list[str]], list[list[int]]],
        *,
        per_step: int,
        seed: int,
    ) -> None:
        self._store, self._tokenizer, self._per_step, self._seed = store, tokenizer, per_step, seed
        known = {one.clip.video_id: one for one in labelled if one.clip.split == "train"}
        self.rows = [row for row, video in enumerate(store.videos) if video.video_id in known]
        if not self.rows:
            raise DataError("the features of the everyday stills hold none of the split 'train'")
        self.clips = [known[store.videos[row].video_id] for row in self.rows]
        said = label_sentences(self.clips)
        self._said = [[normalise(text) for text in texts] for texts in said.values()]
        numbers = {label: number for number, label in enumerate(said)}
        self.labels = [numbers[one.kind, one.label] for one in self.clips]
        self._caption_ids = [tokenize([normalise(text) for text in one.clip.captions]) for one in self.clips]
        self._of_kind = {
            kind: np.array([index for index, one in enumerate(self.clips) if one.kind == kind], dtype=np.int64)
            for kind in KIND_SHARES
        }
        self._of_label = [
            np.array([index for index, label in enumerate(self.labels) if label == number])
            for number in range(len(said))
        ]

    def of_step(self, step: int, rank: int = 0) -> EverydayBatch:
        """The batch of one optimiser step in one process."""
        random = open_stream(self._seed, SeedStream.EVERYDAY, step, rank)
        chosen: list[int] = []
        kinds = {kind: indices for kind, indices in self._of_kind.items() if len(indices)}
        total = sum(KIND_SHARES[kind] for kind in kinds)
        for kind, indices in kinds.items():
            count = max(1, round(self._per_step * KIND_SHARES[kind] / total))
            chosen += [int(index) for index in random.choice(indices, min(count, len(indices)), replace=False)]
        frames = 1 if random.random() < SINGLE_SHARE else int(random.integers(2, MAX_FRAMES + 1))
        names = self._draw_labels([self.labels[index] for index in chosen], random)
        tokenizer = self._tokenizer
        return EverydayBatch(
            stack_features([self.draw(index, frames, random) for index in chosen]),
            pack_captions(
                [self._draw_caption(index, random) for index in chosen],
                tokenizer.cls_token_id,
                tokenizer.sep_token_id,
                tokenizer.pad_token_id,
            ),
            [self._said[label][int(random.integers(len(self._said[label])))] for label in names],
            [names.index(self.labels[index]) for index in chosen],
        )

    def _draw_labels(self, own: list[int], random: np.random.Generator) -> list[int]:
        """The labels of the clips, and others, up to LABELS_PER_STEP."""
        kept = sorted(set(own))
        others = np.setdiff1d(np.arange(len(self._said)), kept)
        more = min(len(others), max(0, LABELS_PER_STEP - len(kept)))
        return kept + [int(label) for label in random.choice(others, more, replace=False)]

    def _draw_caption(self, index: int, random: np.random.Generator) -> list[list[int]]:
        if self.clips[index].kind not in CAPTIONED_KINDS:
            return []
        texts = self._caption_ids[index]
        return [texts[int(random.integers(len(texts)))]]

    def draw(self, index: int, frames: int, random: np.random.Generator) -> VideoFeatures:
        """A clip of the still number `index` among `clips`: the still alone, views of it, or a pair of its label."""
        views = random.integers(self._store.views, size=frames).tolist()
        stills = [index] * frames
        if frames > 1 and random.random() >= VIEWS_SHARE:
            stills[1:] = random.choice(self._of_label[self.labels[index]], frames - 1).tolist()
        found = [self._store.load(self.rows[still], view) for still, view in zip(stills, views, strict=True)]
        return VideoFeatures(
            np.concatenate([one.pooled for one in found]), np.concatenate([one.patches for one in found])
        )
