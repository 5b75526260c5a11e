"""Turns stored features and captions into batches.

A batch is a pure function of (seed, step, process), so resuming needs no state.

The batches of questions and composites are drawn by asking.py and composites.py; here they get their features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import Tensor

from videobert_demo.data.everyday import LabelledClip
from videobert_demo.data.texts import read_sentences
from videobert_demo.model.packing import PackedCaptions, pack_captions
from videobert_demo.model.tokenizers import Tokenizer
from videobert_demo.questions import Question
from videobert_demo.training.asking import Asker, QuestionBatch
from videobert_demo.training.composites import CompositeBatch, CompositeMaker
from videobert_demo.training.config import FRAME_CAP_SHARES, FRAME_CAPS, TrainingConfig
from videobert_demo.training.consensus import Consensus, KnownPhrases, has_two_verbs, normalise
from videobert_demo.training.epochs import rows_of_step
from videobert_demo.training.everyday import EverydayBatch, EverydayMaker
from videobert_demo.training.imitation import imitation_shares, tokenize_captions, well_formed
from videobert_demo.training.label_clips import LabelClips, Labels, clips_of_labels
from videobert_demo.training.mirroring import SidedCaptions
from videobert_demo.training.pixels import PixelReader
from videobert_demo.training.seeds import SeedStream, open_stream
from videobert_demo.training.self_critical import Rewards
from videobert_demo.training.store import FeatureStore, stack_features


@dataclass(frozen=True)
class VideoBatch:
    """video: frame_features (B, T, C), patch_features (B, T, P, C), frame_mask (B, T). captions: one text a video.

    For a frame encoder that learns, `video` has images (B, T, ...) as well.

    `packed` is None when the batch is for the contrast alone. Label clips have label_ids, label_probabilities (B, K) as
    well, and no frames (T = 0). `rewarded` batches take part in self-critical training; their `indices` are the
    videos' indices in the training list, for the references.
    """

    video: dict[str, Tensor]
    packed: PackedCaptions | None
    texts: list[str]
    indices: list[int]
    rewarded: bool


@dataclass(frozen=True)
class TextBatch:
    """Sentences alone; `paraphrases` holds for each another caption of the same video or image (or the same again)."""

    sentences: list[str]
    paraphrases: list[str]


Batch = VideoBatch | TextBatch | QuestionBatch | CompositeBatch | EverydayBatch


class BatchMaker:
    """Draws the batches of a run. With `pixels`, batches of videos hold frames as well, for an encoder that learns.

    Args:
        store: features of videos; `split` train is used.
        stills: features of stills, or None.
        pairs: features of videos side by side, for composites.
        sentence_files: text-only .jsonl files for the language objectives.
    """

    def __init__(
        self,
        store: FeatureStore,
        stills: FeatureStore | None,
        sentence_files: list[Path],
        tokenizer: Tokenizer,
        decoder_vocab_size: int,
        config: TrainingConfig,
        pairs: FeatureStore | None = None,
    ) -> None:
        self._config, self.store, self._stills, self.tokenizer = config, store, stills, tokenizer
        self._decoder_vocab_size = decoder_vocab_size
        self.video_rows = [row for row, video in enumerate(store.videos) if video.split == "train"]
        self.captions = [[normalise(text) for text in store.videos[row].captions] for row in self.video_rows]
        self._sided = SidedCaptions(self.captions, self.tokenize)
        self._frame_counts = np.array([len(store.videos[row].frame_files) for row in self.video_rows])
        self._still_captions = (
            [[normalise(text) for text in video.captions] for video in stills.videos] if stills else []
        )
        self._sided_stills = SidedCaptions(self._still_captions, self.tokenize)
        self.sentences = [
            well_formed([normalise(text) for text in group if text.isascii()])
            for path in sentence_files
            for group in read_sentences(path)
        ]
        self.sentences = [group for group in self.sentences if group]
        self._label_clips: LabelClips | None = None
        self._of_label_clips = SidedCaptions([], self.tokenize)
        self.rewards: Rewards | None = None
        self._shares: list[np.ndarray] = []
        if config.consensus_temperature > 0 or config.weights.self_critical > 0:
            self._cook()
        self.pixels: PixelReader | None = None
        self.asker: Asker | None = None
        if config.questions_per_step:
            about_videos = (store, self.video_rows, self.captions)
            about_stills = (stills, range(len(self._still_captions)), self._still_captions) if stills else None
            self.asker = Asker(about_videos, about_stills, tokenizer, self.tokenize, config)
        self.everyday: EverydayMaker | None = None
        self._composites: CompositeMaker | None = None
        if config.composites_per_step:
            assert pairs is not None
            self._composites = CompositeMaker(store, pairs, self.video_rows, self.captions, config)

    def add_label_clips(
        self,
        label_words: list[list[str]],
        find_labels: Callable[[Tensor], Labels],
        asked: Sequence[tuple[Sequence[str], Sequence[Question]]] = (),
    ) -> None:
        """Prepares label clips from the text-only captions, and questions about them.

        Args:
            label_words: per ImageNet label the words it is known by.
            find_labels: pooled features (T, C) -> a clip's label ids (K,) and probabilities (K,).
            asked: captions of videos without frames, with questions that people asked about these.
        """
        clips = []
        for store, rows, captions in (
            (self.store, self.video_rows, self.captions),
            (self._stills, range(len(self._still_captions)), self._still_captions),
        ):
            if store is not None:
                clips += [
                    (texts, find_labels(store.load(row).to_tensors().frame_features))
                    for row, texts in zip(rows, captions, strict=True)
                ]
        self._label_clips = LabelClips(self.sentences, label_words, clips)
        self._of_label_clips = SidedCaptions([captions for captions, _, _ in self._label_clips.groups], self.tokenize)
        if asked and self.asker is not None:
            self.asker.add_label_clips(asked, label_words, clips)

    def label_clips_of_step(self, step: int, rank: int = 0) -> VideoBatch:
        """The batch of label clips of one optimiser step in one process."""
        assert self._label_clips is not None
        random = open_stream(self._config.seed, SeedStream.LABEL_CLIPS, step, rank)
        count, config = self._config.label_clips_per_step, self._config
        groups, label_ids, probabilities = self._label_clips.draw(count, config.labels_per_clip, random)
        video = clips_of_labels(label_ids, probabilities, self.store)
        return self._assemble(groups, video, self._of_label_clips, [], random, rewarded=False)

    def add_everyday(self, store: FeatureStore, labelled: Sequence[LabelledClip]) -> None:
        """Adds labelled stills: batches of them, and questions about them where questions are asked.

        Args:
            store: their features. labelled: the same stills with their labels.
        """
        config = self._config
        self.everyday = EverydayMaker(
            store, labelled, self.tokenizer, self.tokenize, per_step=config.everyday_per_step, seed=config.seed
        )
        if self.asker is not None:
            self.asker.add_everyday(self.everyday)

    def add_questions(self, asked: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Adds what people asked about the videos, with their answers, to what is made of captions.

        Args:
            asked: (question, answer) pairs by the videos' names.
        """
        if self.asker is not None:
            names = [self.store.videos[row].video_id for row in self.video_rows]
            self.asker.add_questions([asked.get(name, ()) for name in names])

    def known_words(self) -> frozenset[str]:
        """Every word of the captions."""
        groups = [*self.captions, *self._still_captions, *self.sentences]
        return frozenset(word for group in groups for text in group for word in text.split())

    def _cook(self) -> None:
        config, consensus, phrases = self._config, Consensus(self.captions), None
        references = [[consensus.cook(text) for text in captions] for captions in self.captions]
        if config.unknown_phrase_cost > 0:
            groups = [*self.captions, *self._still_captions, *self.sentences]
            phrases = KnownPhrases(text for group in groups for text in group if not has_two_verbs(text))
        self.rewards = Rewards(self.tokenizer, consensus, references, phrases, config.unknown_phrase_cost)
        if config.consensus_temperature > 0:
            self._shares = [
                imitation_shares(texts, consensus.agreement(cooked), config.consensus_temperature)
                for texts, cooked in zip(self.captions, references, strict=True)
            ]

    def tokenize(self, captions: list[str]) -> list[list[int]]:
        """As `tokenize_captions`, for this run's decoder."""
        return tokenize_captions(self.tokenizer, captions, self._decoder_vocab_size)

    def _load(
        self, rows: list[int], max_frames: int, random: np.random.Generator
    ) -> tuple[dict[str, Tensor], list[bool]]:
        """A random view of each video, and whether it is a mirror image."""
        rate = self._config.frame_dropout
        drawn = [self.store.draw_view(self.video_rows[row], max_frames, random, rate) for row in rows]
        video = stack_features(drawn)
        mirrored = [self.store.is_mirrored(one) for one in drawn]
        if self.pixels is not None:
            video["images"], flipped = self.pixels.vary(drawn, random)
            mirrored = [one != other for one, other in zip(mirrored, flipped, strict=True)]
        return video, mirrored

    def videos(self, step: int, rank: int = 0, world: int = 1) -> VideoBatch:
        """The video batch of one optimiser step in one process."""
        rows = rows_of_step(self._config.seed, step, self._config.videos_per_step, self._frame_counts, rank, world)
        random = open_stream(self._config.seed, SeedStream.VIDEOS, step, rank)
        video, mirrored = self._load(rows, int(random.choice(FRAME_CAPS, p=FRAME_CAP_SHARES)), random)
        return self._assemble(rows, video, self._sided, mirrored, random, shares=self._shares, rewarded=True)

    def contrasted(self, step: int, rank: int = 0, world: int = 1) -> VideoBatch:
        """A large batch of videos with few frames each, for the contrast alone."""
        rows = rows_of_step(self._config.seed, step, self._config.contrasted_per_step, self._frame_counts, rank, world)
        random = open_stream(self._config.seed, SeedStream.CONTRASTED, step, rank)
        video, mirrored = self._load(rows, FRAME_CAPS[0], random)
        sided = [self._sided.of(row, is_mirrored=one)[0] for row, one in zip(rows, mirrored, strict=True)]
        texts = [captions[int(random.integers(len(captions)))] for captions in sided]
        return VideoBatch(video, None, texts, rows, rewarded=False)

    def stills(self, step: int, rank: int = 0, world: int = 1) -> VideoBatch:
        """The batch of stills of one optimiser step in one process."""
        assert self._stills is not None
        counts = np.ones(len(self._sided_stills), dtype=np.int64)
        rows = rows_of_step(self._config.seed, step, self._config.stills_per_step, counts, rank, world)
        random = open_stream(self._config.seed, SeedStream.STILLS, step, rank)
        features = [self._stills.load(row, int(random.integers(self._stills.views))) for row in rows]
        mirrored = [self._stills.is_mirrored(one) for one in features]
        return self._assemble(rows, stack_features(features), self._sided_stills, mirrored, random, rewarded=False)

    def _assemble(
        self,
        rows: list[int],
        video: dict[str, Tensor],
        sided: SidedCaptions,
        mirrored: Sequence[bool],
        random: np.random.Generator,
        *,
        shares: Sequence[np.ndarray] = (),
        rewarded: bool,
    ) -> VideoBatch:
        packed, chosen_texts = [], []
        for number, row in enumerate(rows):
            texts, ids = sided.of(row, is_mirrored=bool(mirrored) and mirrored[number])
            count = min(self._config.captions_per_video, len(ids))
            share = shares[row] if len(shares) else None
            chosen = random.choice(len(ids), count, replace=share is not None, p=share)
            packed.append([ids[index] for index in chosen])
            chosen_texts.append(texts[int(random.integers(len(texts)))])
        tokenizer = self.tokenizer
        return VideoBatch(
            video,
            pack_captions(packed, tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id),
            chosen_texts,
            rows,
            rewarded,
        )

    def sentences_of_step(self, step: int, rank: int = 0) -> TextBatch:
        """Sentences for the language-only objectives, each with another sentence of its group."""
        random = open_stream(self._config.seed, SeedStream.SENTENCES, step, rank)
        pairs = []
        for group in random.integers(len(self.sentences), size=self._config.sentences_per_step):
            texts = self.sentences[group]
            first, second = random.choice(len(texts), 2, replace=len(texts) < 2)
            pairs.append((texts[first], texts[second]))
        return TextBatch([first for first, _ in pairs], [second for _, second in pairs])

    def of_step(self, step: int, rank: int = 0, world: int = 1) -> list[Batch]:
        """All batches of one process for one optimiser step, as the config asks for them."""
        config, work = self._config, list[Batch]()
        if config.weights.of_videos:
            work.append(self.videos(step, rank, world))
            if config.contrasted_per_step:
                work.append(self.contrasted(step, rank, world))
            if config.stills_per_step:
                work.append(self.stills(step, rank, world))
            if config.label_clips_per_step and config.weights.of_label_clips:
                work.append(self.label_clips_of_step(step, rank))
        if config.sentences_per_step and config.weights.of_sentences:
            work.append(self.sentences_of_step(step, rank))
        if self.asker is not None and config.weights.answer > 0:
            work += self.asker.of_step(step, rank)
        if self._composites is not None and config.weights.grounding > 0:
            work.append(self._composites.of_step(step, rank))
        if self.everyday is not None and config.weights.of_everyday:
            work.append(self.everyday.of_step(step, rank))
        return work
