"""Turns stored features and captions into batches.

A batch is a pure function of (seed, step, process), so resuming needs no state.

Captions of one video are packed into one row, so that the decoder reads the video's keys and values once:

    row         [CLS] a dog runs [CLS] a brown dog ...
    sentence      0   0  0   0     1   1   1    1
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import BertTokenizer

from videobert_demo.datasets import read_sentences
from videobert_demo.tasks.features import stack_clips
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.consensus import Consensus, CookedSentence, normalise
from videobert_demo.training.store import FeatureStore, VideoFeatures

LONGEST_CAPTION = 24
FRAME_CAPS, FRAME_CAP_SHARES = (3, 4, 6, 8), (0.2, 0.4, 0.3, 0.1)
BATCHES_PER_BLOCK = 4
IGNORED = -100


@dataclass(frozen=True)
class PackedCaptions:
    """K captions of each of B videos in one row each, padded to m tokens.

    decoder_input_ids, labels (IGNORED for padding), sentence_ids (-1 for padding), positions: (B, m) int64.
    """

    decoder_input_ids: Tensor
    labels: Tensor
    sentence_ids: Tensor
    positions: Tensor


@dataclass(frozen=True)
class VideoBatch:
    """video: frame_features (B, T, C), patch_features (B, T, P, C), frame_mask (B, T). captions: one text a video.

    `indices` are the videos' places in the training list (for the references of self-critical training).
    """

    video: dict[str, Tensor]
    packed: PackedCaptions
    texts: list[str]
    indices: list[int]
    stills: bool


def pack_captions(rows: list[list[list[int]]], start_id: int, end_id: int, pad_id: int) -> PackedCaptions:
    """Token ids per video per caption (without special tokens) -> packed rows."""
    length = max(sum(len(caption) + 1 for caption in captions) for captions in rows)
    inputs = torch.full((len(rows), length), pad_id)
    labels = torch.full((len(rows), length), IGNORED)
    sentences = torch.full((len(rows), length), -1)
    positions = torch.zeros((len(rows), length), dtype=torch.long)
    for row, captions in enumerate(rows):
        place = 0
        for number, caption in enumerate(captions):
            span = slice(place, place + len(caption) + 1)
            inputs[row, span] = torch.tensor([start_id, *caption])
            labels[row, span] = torch.tensor([*caption, end_id])
            sentences[row, span] = number
            positions[row, span] = torch.arange(len(caption) + 1)
            place = span.stop
    return PackedCaptions(inputs, labels, sentences, positions)


class BatchMaker:
    """Draws the batches of a run.

    Args:
        store: features of videos; `split` train is used.
        stills: features of stills, or None.
        sentence_files: text-only .jsonl files for the language objectives.
    """

    def __init__(
        self,
        store: FeatureStore,
        stills: FeatureStore | None,
        sentence_files: list[Path],
        tokenizer: BertTokenizer,
        decoder_vocab_size: int,
        config: TrainingConfig,
    ) -> None:
        self._config, self._store, self._stills, self._tokenizer = config, store, stills, tokenizer
        self._decoder_vocab_size = decoder_vocab_size
        self.video_rows = [row for row, video in enumerate(store.videos) if video.split == "train"]
        self.captions = [[normalise(text) for text in store.videos[row].captions] for row in self.video_rows]
        self._caption_ids = [self._tokenize(captions) for captions in self.captions]
        self._frame_counts = np.array([len(store.videos[row].frame_files) for row in self.video_rows])
        self._still_captions = (
            [[normalise(text) for text in video.captions] for video in stills.videos] if stills else []
        )
        self._still_ids = [self._tokenize(captions) for captions in self._still_captions]
        self.sentences = [
            [normalise(text) for text in group if text.isascii()]
            for path in sentence_files
            for group in read_sentences(path)
        ]
        self.sentences = [group for group in self.sentences if group]
        self.consensus: Consensus | None = None
        self.references: list[list[CookedSentence]] = []
        self._shares: list[np.ndarray] = []
        if config.consensus_temperature > 0 or config.weights.self_critical > 0:
            self._cook()

    def _cook(self) -> None:
        self.consensus = Consensus(self.captions)
        self.references = [[self.consensus.cook(text) for text in captions] for captions in self.captions]
        if self._config.consensus_temperature > 0:
            for references in self.references:
                scores = np.array(self.consensus.agreement(references)) / self._config.consensus_temperature
                shares = np.exp(scores - scores.max())
                self._shares.append(shares / shares.sum())

    def _tokenize(self, captions: list[str]) -> list[list[int]]:
        unknown = self._tokenizer.unk_token_id
        encoded = self._tokenizer(captions, add_special_tokens=False).input_ids
        return [
            [token if token < self._decoder_vocab_size else unknown for token in ids[:LONGEST_CAPTION]]
            for ids in encoded
        ]

    def _rows_of_step(
        self, step: int, batch_size: int, counts: np.ndarray, rank: int, world: int
    ) -> tuple[list[int], int]:
        """The videos of one step: epochs are permutations; within a block of batches, videos of like length meet."""
        per_epoch = max(1, len(counts) // (batch_size * world))
        epoch, place = divmod(step, per_epoch)
        random = np.random.default_rng((self._config.seed, 1, epoch))
        order = random.permutation(len(counts))
        block = batch_size * BATCHES_PER_BLOCK
        pieces = [order[start : start + block] for start in range(0, len(order), block)]
        order = np.concatenate([piece[np.argsort(counts[piece], kind="stable")] for piece in pieces])
        batches = [order[start : start + batch_size] for start in range(0, len(order) - batch_size + 1, batch_size)]
        if not batches:
            batches = [order]
        shuffled = random.permutation(len(batches))
        return [int(row) for row in batches[shuffled[(place * world + rank) % len(batches)]]], epoch

    def _draw_frames(self, features: VideoFeatures, cap: int, random: np.random.Generator) -> VideoFeatures:
        count = len(features.pooled)
        if count <= cap:
            return features
        kept = np.sort(random.choice(count, cap, replace=False))
        return VideoFeatures(features.pooled[kept], features.patches[kept])

    def videos(self, step: int, rank: int = 0, world: int = 1) -> VideoBatch:
        """The video batch of one optimiser step in one process."""
        rows, _ = self._rows_of_step(step, self._config.videos_per_step, self._frame_counts, rank, world)
        random = np.random.default_rng((self._config.seed, 2, step, rank))
        cap = int(random.choice(FRAME_CAPS, p=FRAME_CAP_SHARES))
        features = [
            self._draw_frames(
                self._store.load(self.video_rows[row], int(random.integers(self._store.views))), cap, random
            )
            for row in rows
        ]
        return self._assemble(rows, features, self._caption_ids, self.captions, self._shares, random, stills=False)

    def stills(self, step: int, rank: int = 0, world: int = 1) -> VideoBatch:
        """The batch of stills of one optimiser step in one process."""
        assert self._stills is not None
        counts = np.ones(len(self._still_ids), dtype=np.int64)
        rows, _ = self._rows_of_step(step, self._config.stills_per_step, counts, rank, world)
        random = np.random.default_rng((self._config.seed, 3, step, rank))
        features = [self._stills.load(row, int(random.integers(self._stills.views))) for row in rows]
        return self._assemble(rows, features, self._still_ids, self._still_captions, [], random, stills=True)

    def _assemble(
        self,
        rows: list[int],
        features: list[VideoFeatures],
        ids: list[list[list[int]]],
        texts: list[list[str]],
        shares: list[np.ndarray],
        random: np.random.Generator,
        *,
        stills: bool,
    ) -> VideoBatch:
        packed, chosen_texts = [], []
        for row in rows:
            count = min(self._config.captions_per_video, len(ids[row]))
            share = shares[row] if shares else None
            chosen = random.choice(len(ids[row]), count, replace=share is not None, p=share)
            packed.append([ids[row][index] for index in chosen])
            chosen_texts.append(texts[row][int(random.integers(len(texts[row])))])
        tokenizer = self._tokenizer
        return VideoBatch(
            stack_clips([item.to_tensors() for item in features], torch.device("cpu"), torch.float32),
            pack_captions(packed, tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id),
            chosen_texts,
            rows,
            stills,
        )

    def sentences_of_step(self, step: int, rank: int = 0) -> list[str]:
        """Sentences for the language-only objectives."""
        random = np.random.default_rng((self._config.seed, 4, step, rank))
        groups = random.integers(len(self.sentences), size=self._config.sentences_per_step)
        return [str(random.choice(self.sentences[group])) for group in groups]
