"""A training run in miniature: a tiny model, six videos, six stills and some sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tests.tiny import (
    CAPTIONS,
    tiny_config,
    tiny_tokenizer,
    widen,
    write_features,
    write_frames,
    write_jsonl,
    write_tiny_checkpoint,
)
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.training.batches import BatchMaker
from videobert_demo.training.config import LossWeights, TrainingConfig
from videobert_demo.training.kmeans import fit_codebook
from videobert_demo.training.loop import train
from videobert_demo.training.store import FeatureStore

NOTHING = {"caption": 0.0}


def make_config(weights: dict[str, float] | None = None, **settings: Any) -> TrainingConfig:
    """Small steps over all six videos; `weights` are those of LossWeights (the caption loss has 1 by default)."""
    chosen: dict[str, Any] = {
        "steps": 40,
        "videos_per_step": 6,
        "captions_per_video": 2,
        "learning_rate": 3e-3,
        "encoder_learning_rate": 3e-3,
        "weight_decay": 0.0,
        "warmup_steps": 5,
        "final_rate": 0.3,
        "label_smoothing": 0.0,
        "average_decay": 0.5,
        "save_every": 1000,
        "log_every": 10,
    }
    return TrainingConfig(weights=LossWeights(**(weights or {})), **{**chosen, **settings})


def make_model(
    seed: int = 0, *, dropout: float = 0.0, pool: FeatureStore | None = None, **changes: Any
) -> VideoBertForConditionalGeneration:
    """An untrained tiny model; its codebook is fitted to the features of `pool`."""
    torch.manual_seed(seed)
    config = tiny_config(**changes)
    config.encoder.hidden_dropout_prob = config.decoder.dropout = dropout
    model = VideoBertForConditionalGeneration(config)
    if pool is not None:
        fit_codebook(model.encoder.codebook, pool.all_pooled(list(range(len(pool.videos)))))
    return model


def make_batches(
    folder: Path,
    config: TrainingConfig,
    *,
    captions: Sequence[Sequence[str]] = CAPTIONS,
    frames: int = 2,
    views: int = 1,
) -> BatchMaker:
    """Writes made-up data into a folder and opens it."""
    store = FeatureStore(write_features(folder / "msrvtt", captions, frames=frames, views=views))
    stills = FeatureStore(write_features(folder / "flickr8k", CAPTIONS, frames=1))
    sentences = write_jsonl(folder / "sentences.jsonl", [{"captions": list(texts)} for texts in CAPTIONS])
    tokenizer, size = tiny_tokenizer(), tiny_config().decoder.vocab_size
    pairs = FeatureStore(write_pairs(folder / "pairs", store)) if config.composites_per_step else None
    return BatchMaker(store, stills, [sentences], tokenizer, size, config, pairs)


def write_pairs(folder: Path, store: FeatureStore) -> Path:
    """Features of every two videos side by side: the left column of the first one's patches, the other's right one."""
    videos = [store.load(row) for row in range(len(store.videos))]
    places = [(left, right) for left in range(len(videos)) for right in range(len(videos)) if left != right]
    write_features(folder, [["-"]] * len(places), frames=1)
    left = np.stack([videos[first].patches[:1] for first, _ in places])[None, :, 0]
    right = np.stack([videos[second].patches[:1] for _, second in places])[None, :, 0]
    patches = np.where(np.array([True, False, True, False])[:, None], left, right)
    np.save(folder / "patches.npy", patches)
    np.save(folder / "pooled.npy", patches.mean(2, dtype=np.float32).astype(np.float16))
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    for record, (first, second) in zip(index["videos"], places, strict=True):
        record["video_id"] = f"video{first}|video{second}"
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def run(
    folder: Path,
    config: TrainingConfig,
    *,
    captions: Sequence[Sequence[str]] = CAPTIONS,
    frames: int = 2,
    std: float = 0.02,
) -> tuple[VideoBertForConditionalGeneration, list[dict[str, float]]]:
    """Trains a tiny model and returns it with the averaged weights, and the logged losses.

    Args:
        std: spread of the weights at the start; so narrow a model learns faster from a wider one.
    """
    batches = make_batches(folder, config, captions=captions, frames=frames)
    model = make_model(pool=FeatureStore(folder / "msrvtt"))
    if std != 0.02:
        widen(model, std)
    train(model, tiny_tokenizer(), batches, config, folder / "out", cpu=True)
    averaged = VideoBertForConditionalGeneration.from_pretrained(folder / "out" / "model")
    return averaged, read_losses(folder / "out")


def read_losses(out: Path) -> list[dict[str, float]]:
    """What the loop logged."""
    return [json.loads(line) for line in (out / "losses.jsonl").read_text(encoding="utf-8").splitlines()]


def write_run_data(folder: Path, settings: str) -> Path:
    """Six videos, sentences, features, a tiny checkpoint and a config that starts from it; returns the folder."""
    write_frames(folder / "msrvtt", split="train")
    write_jsonl(folder / "msrvtt" / "text_only.jsonl", [{"captions": ["a dog is singing"]}])
    write_jsonl(folder / "coco_text.jsonl", [])
    write_features(folder / "features" / "msrvtt")
    checkpoint = write_tiny_checkpoint(folder / "tiny")
    (folder / "config.yaml").write_text(f"init: {checkpoint}\n{settings}", encoding="utf-8")
    return folder
