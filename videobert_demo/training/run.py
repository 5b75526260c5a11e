"""A whole training run: reads config, features and sentences, builds or loads the model, fits the codebook, trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import set_seed
from torch import Tensor, nn

from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.asked import read_asked
from videobert_demo.data.everyday import read_labelled
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.data.stills import read_stills
from videobert_demo.data.texts import read_questions, read_sentences
from videobert_demo.errors import DataError
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.finding import find_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.model.sources import quiet_loading
from videobert_demo.training.asking import sort_out
from videobert_demo.training.batches import BatchMaker
from videobert_demo.training.codebooks import check_encoder, load_codebook
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.consensus import normalise
from videobert_demo.training.dry_run import measure_step
from videobert_demo.training.features import Looker
from videobert_demo.training.initialise import build_initial_model, read_label_words
from videobert_demo.training.kmeans import fit_codebook
from videobert_demo.training.label_clips import Labels
from videobert_demo.training.loop import train
from videobert_demo.training.pixel_operations import check_kornia
from videobert_demo.training.pixels import PixelReader, Variation
from videobert_demo.training.store import FeatureStore

SENTENCE_FILES = ("msrvtt/text_only.jsonl", "coco_text/captions.jsonl", "msvd_text/captions.jsonl")
QUESTIONS = "msvd_text"
EVERYDAY = "everyday"


def run_stage(
    config: TrainingConfig,
    data: Path,
    features: Path,
    out: Path,
    *,
    init: str | None = None,
    resume: bool = False,
    stop_after: int | None = None,
    cpu: bool = False,
    dry: bool = False,
) -> dict[str, float]:
    """Runs one stage, or with `dry` two steps of it, and tells what it will cost (dry_run.py); `out` stays as it is.

    Args:
        config: its settings.
        data: a folder with `msrvtt/` and, where the config asks for them, `flickr8k/`, `coco_text/` (docs/recipe.md).
        features: what `python -m videobert_demo features` wrote for `msrvtt` and `flickr8k`.
        out: checkpoints go here; the model to use is `out/model`.
        init: checkpoint folder to start from, in place of the config's.
    """
    if init is not None:
        config = replace(config, init=init)
    set_seed(config.seed)  # a new model draws its first weights
    store = FeatureStore(features / "msrvtt")
    stills = FeatureStore(features / "flickr8k") if config.stills_per_step else None
    pairs = FeatureStore(features / "pairs") if config.composites_per_step else None
    sentence_files = [data / name for name in SENTENCE_FILES if (data / name).exists()]
    if config.init == "new":
        model, processor = _build_model(config, data, sentence_files, store)
    else:
        model, processor = _continue_model(config)
    check_features(model.config, features, (store, stills, pairs))
    if model.config.codebook_is_random:
        _fill_codebook(model, config, store)
    _set_up(model, config)
    words = processor.decoder_tokenizer
    batches = BatchMaker(store, stills, sentence_files, words, model.config.decoder.vocab_size, config, pairs)
    if config.tower_blocks:
        batches.pixels = _read_pixels(model, config, data, store)
    if config.label_clips_per_step:
        if model.encoder.frame_tower.classifier is None:
            raise DataError("label clips need a frame encoder that tells labels; set label_clips_per_step to 0")
        asked = read_questions(data / QUESTIONS) if (data / QUESTIONS).is_dir() else []
        batches.add_label_clips(
            read_label_words(), lambda pooled: _labels_of(model, pooled), sort_out(asked, batches.known_words())
        )
    if config.questions_per_step:
        batches.add_questions(read_asked(data / "msrvtt"))
    if config.everyday_per_step:
        batches.add_everyday(FeatureStore(features / EVERYDAY), read_labelled(data / EVERYDAY))
    if dry:
        return measure_step(model, processor, batches, config, cpu=cpu).to_dict()
    out.mkdir(parents=True, exist_ok=True)
    return train(model, processor, batches, config, out, resume=resume, stop_after=stop_after, cpu=cpu)


def _read_pixels(
    model: VideoBertForConditionalGeneration, config: TrainingConfig, data: Path, store: FeatureStore
) -> PixelReader:
    """What reads the frames themselves, each time varied, for a frame encoder that learns."""
    tower = model.encoder.frame_tower
    looker = Looker(tower, tower.preparation, model.config.frame_channels, max_segments=model.config.max_frames)
    if config.pixel_operations:
        check_kornia()
    varied = Variation(
        config.pixel_crop, config.pixel_flip, config.pixel_colour, config.frame_jitter, config.pixel_operations
    )
    return PixelReader(store, FrameArchive(data / "msrvtt" / "frames.tar"), looker, varied)


def _set_up(model: VideoBertForConditionalGeneration, config: TrainingConfig) -> None:
    """Sets what of the model is the stage's: labels, dropout, how attention is computed and what is kept of a pass."""
    model.config.is_untrained = False
    model.config.labels_per_clip = config.labels_per_clip
    model.config.patch_dropout, model.config.layer_dropout = config.patch_dropout, config.layer_dropout
    model.encoder.video_embeddings.dropout.p = config.input_dropout
    for layer in model.encoder.layers.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = config.hidden_dropout  # drawing it takes a tenth of a step on CPUs
    with quiet_loading():  # on CPUs the fused kernel's backward is slower than plain attention for such narrow heads
        model.set_attn_implementation("eager")
    if config.gradient_checkpointing:
        model.activation_checkpointing_enable()


def check_features(config: Any, folder: Path, stores: Sequence[FeatureStore | None]) -> None:
    """Refuses features that another frame encoder made, or with patches on another grid.

    Raises:
        DataError: they do not belong to the model.
    """
    for store in stores:
        if store is not None and store.encoder != encoder_hash(config.vision):
            raise DataError(f"{folder} holds features of another frame encoder; make them with this model's")
        if store is not None and store.grid != config.grid_shape:
            raise DataError(f"{folder} has {store.grid} patches a frame, the model reads {config.grid_shape}")


def _build_model(
    config: TrainingConfig, data: Path, sentence_files: Sequence[Path], store: FeatureStore
) -> tuple[VideoBertForConditionalGeneration, VideoBertProcessor]:
    """A new model that can write the words of all captions, with visual words fitted to the training videos."""
    captions = [normalise(text) for video in read_videos(data / "msrvtt", "train") for text in video.captions]
    for path in sentence_files:
        captions += [normalise(text) for group in read_sentences(path) for text in group]
    if (data / "flickr8k").is_dir():
        captions += [normalise(text) for still in read_stills(data / "flickr8k") for text in still.captions]
    if (data / EVERYDAY).is_dir():
        shown = [one.clip for one in read_labelled(data / EVERYDAY, "train")]
        captions += [normalise(text) for still in shown for text in still.captions]
    model, tokenizer = build_initial_model(
        captions,
        patch_grid=config.patch_grid,
        max_frames=config.max_frames,
        encoder_layers=config.encoder_layers,
        decoder_layers=config.decoder_layers,
        streams=config.streams,
        codebook=load_codebook(Path(config.codebook)) if config.codebook else None,
    )
    if config.codebook:
        check_encoder(Path(config.codebook), encoder_hash(model.config.vision))
    else:
        _fill_codebook(model, config, store)
    return model, VideoBertProcessor(tokenizer)


def _fill_codebook(model: VideoBertForConditionalGeneration, config: TrainingConfig, store: FeatureStore) -> None:
    """Makes the model's visual words: those of the config's file, or new ones of the training videos' features."""
    codebook = model.encoder.codebook
    if config.codebook:
        found = load_codebook(Path(config.codebook))
        check_encoder(Path(config.codebook), encoder_hash(model.config.vision))
        if (found.branching, found.levels) != (codebook.branching, codebook.levels):
            raise DataError(f"{config.codebook} has another size than the model's visual words; make it of their size")
        codebook.load_state_dict(found.state_dict())
    else:
        rows = [row for row, video in enumerate(store.videos) if video.split == "train"]
        fit_codebook(codebook, store.all_pooled(rows), seed=config.seed)
    model.config.codebook_is_random = False


def _continue_model(config: TrainingConfig) -> tuple[VideoBertForConditionalGeneration, VideoBertProcessor]:
    """The model and processor of the checkpoint to start from."""
    folder = find_checkpoint(config.init)
    sizes = VideoBertConfig.from_pretrained(folder)
    if sizes.streams < config.streams:
        raise DataError(f"{config.init} has one stream, but the config wants {config.streams}; use `init: new`")
    sizes.answer_rank = sizes.answer_rank or config.answer_rank
    with quiet_loading():
        model = VideoBertForConditionalGeneration.from_pretrained(
            folder, config=sizes, dtype="float32", use_safetensors=True
        )
    return model, VideoBertProcessor.read(folder, model.encoder.frame_tower.preparation)


@torch.no_grad()
def _labels_of(model: VideoBertForConditionalGeneration, pooled: Tensor) -> Labels:
    """A clip's pooled features (T, C) -> its label ids (K,) and their probabilities."""
    ids, probabilities = model.encoder.find_labels(pooled[None], torch.ones(1, len(pooled), dtype=torch.bool))
    return ids[0].numpy(), probabilities[0].numpy()
