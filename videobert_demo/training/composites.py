"""Clips made of two videos, so that the model learns which patches a word is about.

    side by side   | a a b b |     one after the other   | a a a a | | b b b b |
                   | a a b b |                           | a a a a | | b b b b |

Side by side, the tower saw both in one picture (`features` made them); one after the other, the features of two videos
are joined. A text goes with each: a noun that its captions use and the other's do not, or a whole caption.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.data.pairs import split_pair
from videobert_demo.errors import DataError
from videobert_demo.questions.nouns import MIN_CAPTION_SHARE, find_nouns, mentions, split_caption
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.seeds import SeedStream, open_stream
from videobert_demo.training.store import FeatureStore, VideoFeatures, stack_features

NOUN_SHARE = 0.75


@dataclass(frozen=True)
class CompositeBatch:
    """B composites.

    Attributes:
        video: frame_features (B, T, C), patch_features (B, T, P, C), frame_mask (B, T).
        sides: (B, T, P) int64: 0 for patches of the first video, 1 for the second's, -1 for padding.
        first, second: the text of each one's video.
    """

    video: dict[str, Tensor]
    sides: Tensor
    first: list[str]
    second: list[str]


class PairTexts:
    """Chooses the texts that tell two videos apart.

    Args:
        captions: of each video, normalised.
        nouns: words that may stand for a video.
    """

    def __init__(self, captions: Sequence[Sequence[str]], nouns: frozenset[str]) -> None:
        self._captions = captions
        counts = [Counter(word for text in texts for word in set(split_caption(text))) for texts in captions]
        self._mentioned = [frozenset(words) for words in counts]
        self._nouns = [
            [word for word, times in words.items() if word in nouns and times >= MIN_CAPTION_SHARE * len(texts)]
            for words, texts in zip(counts, captions, strict=True)
        ]

    def choose(self, first: int, second: int, random: np.random.Generator) -> tuple[str, str]:
        """A text for each of two videos; often nouns, where both have one that the other's captions do not mention."""
        own = [word for word in self._nouns[first] if not mentions(self._mentioned[second], word)]
        others = [word for word in self._nouns[second] if not mentions(self._mentioned[first], word)]
        if own and others and random.random() < NOUN_SHARE:
            return str(random.choice(own)), str(random.choice(others))
        texts = [self._captions[row][int(random.integers(len(self._captions[row])))] for row in (first, second)]
        return texts[0], texts[1]


class CompositeMaker:
    """Draws batches of composites of the training videos.

    Args:
        store: single videos. pairs: two side by side in each picture.
        rows: the training videos' indices in the store. captions: of each, normalised.

    Raises:
        DataError: a pair's videos are none of these, or the patches have no halves.
    """

    def __init__(
        self,
        store: FeatureStore,
        pairs: FeatureStore,
        rows: Sequence[int],
        captions: Sequence[Sequence[str]],
        config: TrainingConfig,
    ) -> None:
        grid_rows, grid_columns = store.grid
        if grid_columns % 2:
            raise DataError(f"composites need an even number of columns of patches, the features have {grid_columns}")
        self._store, self._pairs, self._rows, self._config = store, pairs, rows, config
        self._texts = PairTexts(captions, find_nouns([text for texts in captions for text in texts]))
        numbers = {store.videos[row].video_id: number for number, row in enumerate(rows)}
        self._beside = []  # indices in `pairs` with the numbers of both videos
        for index, pair in enumerate(pairs.videos):
            left, right = split_pair(pair.video_id)
            if left not in numbers or right not in numbers:
                raise DataError(f"the features of pairs hold {left} and {right}, which are no training videos")
            if left != right:
                self._beside.append((index, numbers[left], numbers[right]))
        sides = np.repeat([0, 1], grid_columns // 2)
        self._halves = np.broadcast_to(sides, (grid_rows, grid_columns)).reshape(1, -1)

    def of_step(self, step: int, rank: int = 0) -> CompositeBatch:
        """Composites of one optimiser step in one process: half side by side, half one after the other."""
        random = open_stream(self._config.seed, SeedStream.COMPOSITES, step, rank)
        clips, sides, texts = [], [], []
        for number in range(self._config.composites_per_step):
            if number % 2 == 0:
                index, *videos = self._beside[int(random.integers(len(self._beside)))]
                clip = self._pairs.draw_view(index, self._config.max_frames, random)
                side = np.repeat(self._halves, len(clip.patches), axis=0).astype(np.int64)
            else:
                videos = [int(index) for index in random.integers(len(self._rows), size=2)]
                max_frames = int(random.integers(1, self._config.max_frames // 2 + 1))
                clip, side = join(*(self._store.draw_view(self._rows[video], max_frames, random) for video in videos))
            clips.append(clip)
            sides.append(side)
            texts.append(self._texts.choose(videos[0], videos[1], random))
        first, second = zip(*texts, strict=True)
        return CompositeBatch(stack_features(clips), stack_sides(sides), list(first), list(second))


def join(first: VideoFeatures, second: VideoFeatures) -> tuple[VideoFeatures, NDArray[np.int64]]:
    """Two videos one after the other: the features, and the side (T, P) of each patch."""
    patches = np.concatenate([first.patches, second.patches])
    sides = np.repeat([0, 1], [len(first.patches), len(second.patches)])[:, None]
    clip = VideoFeatures(np.concatenate([first.pooled, second.pooled]), patches)
    return clip, np.broadcast_to(sides, patches.shape[:2]).astype(np.int64)


def stack_sides(sides: Sequence[NDArray[np.int64]]) -> Tensor:
    """The sides (T, P) of B composites -> (B, T, P), padded with -1."""
    longest = max(len(one) for one in sides)
    stacked = torch.full((len(sides), longest, sides[0].shape[1]), -1)
    for row, one in enumerate(sides):
        stacked[row, : len(one)] = torch.from_numpy(one)
    return stacked
