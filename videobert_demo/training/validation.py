"""How good is a model on held-out videos while it trains?

    loss = caption weight x nats a word piece + contrast weight x InfoNCE, over all captions of the held-out videos

Nothing is drawn: the same weights always give the same figures. Knows stored videos and the objectives; knows no
optimiser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from videobert_demo.errors import DataError
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.packing import pack_captions
from videobert_demo.model.processing_videobert import Words, as_processor
from videobert_demo.training.batches import VideoBatch
from videobert_demo.training.config import LossWeights, TrainingConfig
from videobert_demo.training.consensus import normalise
from videobert_demo.training.imitation import tokenize_captions
from videobert_demo.training.objectives import Objectives
from videobert_demo.training.pixels import PixelReader
from videobert_demo.training.store import FeatureStore, stack_features

VIDEOS_PER_BATCH = 16
MAX_CAPTIONS = 20
"""How many captions of each video are measured, at most: the first ones."""


class HeldOut:
    """The held-out videos of a store, in the plain view.

    Args:
        words: the model's tokenizers.
        pixels: reads the videos' frames, for a frame encoder that learns.

    Raises:
        DataError: there are none.
    """

    def __init__(
        self,
        store: FeatureStore,
        words: Words,
        config: TrainingConfig,
        *,
        split: str = "val",
        pixels: PixelReader | None = None,
    ) -> None:
        self._rows = [row for row, video in enumerate(store.videos) if video.split == split]
        if not self._rows:
            raise DataError(f"there are no videos of the split {split} to measure with; set patience to 0")
        self._store, self._words, self._pixels, self._weights = store, words, pixels, config.weights
        asked = LossWeights(caption=1.0, contrast=1.0)
        self._config = replace(config, weights=asked, label_smoothing=0.0, contrasted_per_step=0)

    @torch.no_grad()
    def measure(self, model: VideoBertForConditionalGeneration) -> dict[str, float]:
        """The figures "caption" (nats a word piece), "contrast" and "loss"; the model's mode stays as it was."""
        objectives = Objectives(model, self._words, self._config)
        training = model.training
        model.train(False)
        starts = range(0, len(self._rows), VIDEOS_PER_BATCH)
        sums = {"caption": 0.0, "contrast": 0.0}
        pieces = videos = 0
        for start in starts:
            batch = self._batch(self._rows[start : start + VIDEOS_PER_BATCH], model.config.decoder.vocab_size)
            assert batch.packed is not None
            batch.video.update({name: value.to(model.device) for name, value in batch.video.items()})
            losses = objectives(batch, 0)
            count = int((batch.packed.sentence_ids >= 0).sum())
            sums["caption"] += count * float(losses["caption"])
            sums["contrast"] += len(batch.texts) * float(losses["contrast"])
            pieces, videos = pieces + count, videos + len(batch.texts)
        model.train(training)
        found = {"caption": sums["caption"] / pieces, "contrast": sums["contrast"] / videos}
        loss = self._weights.caption * found["caption"] + self._weights.contrast * found["contrast"]
        return {**found, "loss": loss}

    def _batch(self, rows: Sequence[int], decoder_vocab_size: int) -> VideoBatch:
        drawn = [self._store.load(row) for row in rows]
        video = stack_features(drawn)
        if self._pixels is not None:
            video["images"] = self._pixels.read(drawn)
        texts = [[normalise(text) for text in self._store.videos[row].captions[:MAX_CAPTIONS]] for row in rows]
        words = as_processor(self._words).decoder_tokenizer
        ids = [tokenize_captions(words, captions, decoder_vocab_size) for captions in texts]
        packed = pack_captions(ids, words.cls_token_id, words.sep_token_id, words.pad_token_id)
        return VideoBatch(video, packed, [captions[0] for captions in texts], list(rows), rewarded=False)
