"""Builds an untrained model from published parts: a frame or clip encoder, a BERT as the encoder, a BART's decoder.

Each part is a folder or a Hub id and keeps its weights and its tokenizer; where widths differ, a bridge stands between.
What no part brings is new: it starts at random and has to be trained. Knows checkpoints; knows no data.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import nn
from transformers import BartConfig, BartForConditionalGeneration

from videobert_demo.errors import CheckpointError
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.description import BUNDLED_TOWER
from videobert_demo.model.encoders.efficientnet_lite import FEATURE_CHANNELS
from videobert_demo.model.encoders.taking import TakenEncoder, noise, take_encoder
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.model.tokenizers import Tokenizer, add_video_token
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.training.initialise import LABELS_FILE, copy_minilm, load_published_tower
from videobert_demo.training.text_parts import take_decoder, take_text

LABELS_PER_CLIP = 6
MAX_VIDEO_TOKENS = 4096
"""Of the longest clip; attention over more takes gigabytes a layer."""
CROSSING = "_to_"
"""What marks the names of attention to the other stream."""
_NEW_PARTS: dict[str, tuple[str, ...]] = {
    "visual words": ("encoder.codebook.",),
    "tokens of the video part": ("encoder.video_embeddings.",),
    "attention between the streams": (CROSSING,),
    "bridge to the decoder": ("bridge.",),
    "heads": ("word_transform.", "word_bias", "word_evidence", "visual_word_", "alignment_", "logit_scale"),
}


def build_from_parts(
    vision: str,
    text: str,
    decoder: str,
    *,
    streams: int = 1,
    patch_grid: int | Sequence[int] = 4,
    max_frames: int = 8,
    codebook: VisualCodebook | None = None,
    seed: int = 0,
) -> tuple[VideoBertForConditionalGeneration, VideoBertProcessor]:
    """A model to train from, and its processor.

    Args:
        vision: checkpoint of an image model, a clip model or a pair of towers; or "efficientnet-lite0".
        text: checkpoint of the BERT family.
        decoder: checkpoint of a BART.
        streams: 1 for text and video in one stream, 2 for a stream each; both start from the BERT's layers.
        patch_grid, max_frames: as in the config.
        codebook: its visual words; without one they are random until training fits them to features.
        seed: of what is new.

    Raises:
        CheckpointError: a part cannot be read, or does not fit.
    """
    eyes = _take_bundled() if vision == BUNDLED_TOWER else take_encoder(vision)
    _check_grid(eyes, patch_grid, max_frames)
    words, (bart, writer) = take_text(text), take_decoder(decoder)
    if codebook is not None and codebook.centroids(0).shape[1] != eyes.channels:
        raise CheckpointError(
            f"The visual words are of {codebook.centroids(0).shape[1]} channels, {vision} has {eyes.channels}; "
            "make them of its own features."
        )
    config = VideoBertConfig(
        encoder=words.config,
        decoder=_decoder_config(bart.config, writer),
        vision=eyes.vision,
        frame_channels=eyes.channels,
        patch_grid=patch_grid,
        max_frames=max_frames,
        projection_size=words.config.hidden_size,
        is_untrained=True,
        codebook_is_random=codebook is None,
        video_token_id=add_video_token(words.tokenizer),
        text_start_id=words.tokenizer.cls_token_id,
        text_end_id=words.tokenizer.sep_token_id,
        labels_per_clip=min(LABELS_PER_CLIP, len(eyes.labels)),
        id2label=dict(enumerate(eyes.labels)),
        streams=streams,
    )
    if codebook is not None:
        config.codebook_branching, config.codebook_levels = codebook.branching, codebook.levels
    torch.manual_seed(seed)
    model = VideoBertForConditionalGeneration(config)
    model.eval()  # type: ignore[no-untyped-call]
    copy_minilm(model, words.weights, words.source_ids)
    _copy_decoder(model, bart)
    model.encoder.frame_tower.load_state_dict(eyes.encoder.state_dict())
    _begin(model, words.tokenizer, eyes.labels, codebook)
    preparation = model.encoder.frame_tower.preparation
    return model, VideoBertProcessor(words.tokenizer, decoder_tokenizer=writer, preparation=preparation)


def _check_grid(eyes: TakenEncoder, patch_grid: int | Sequence[int], max_frames: int) -> None:
    """Refuses more patches than the frame encoder tells apart, and longer clips than attention has room for."""
    rows, columns = (patch_grid, patch_grid) if isinstance(patch_grid, int) else patch_grid
    with torch.no_grad():
        preparation = eyes.encoder.preparation
        height, width = eyes.encoder.encode(noise(preparation, preparation.shapes[0])).grid
    if rows > height or columns > width:
        raise CheckpointError(
            f"The frame encoder sees {height} x {width} patches, fewer than the {rows} x {columns} that the model is "
            "to read; make --patch-grid smaller."
        )
    tokens = max_frames * (1 + rows * columns)
    if tokens > MAX_VIDEO_TOKENS:
        raise CheckpointError(
            f"{max_frames} segments of {rows} x {columns} patches are {tokens} tokens, more than {MAX_VIDEO_TOKENS}; "
            "make --max-frames or --patch-grid smaller."
        )


def _take_bundled() -> TakenEncoder:
    labels = tuple(LABELS_FILE.read_text(encoding="utf-8").splitlines())
    return TakenEncoder(load_published_tower(), {}, FEATURE_CHANNELS, labels)


def _decoder_config(found: BartConfig, tokenizer: Tokenizer) -> BartConfig:
    """The decoder's config: sentences begin with the tokenizer's start token and end with its end token."""
    config = copy.deepcopy(found)
    config.is_decoder, config.is_encoder_decoder = True, False
    config.forced_bos_token_id = config.forced_eos_token_id = None
    config.pad_token_id, config.eos_token_id = tokenizer.pad_token_id, tokenizer.sep_token_id
    config.bos_token_id = config.decoder_start_token_id = tokenizer.cls_token_id
    config.dtype = None
    return config


@torch.no_grad()
def _copy_decoder(model: VideoBertForConditionalGeneration, bart: BartForConditionalGeneration) -> None:
    model.decoder.load_state_dict(bart.model.decoder.state_dict())
    model.caption_bias.copy_(bart.final_logits_bias[0])


@torch.no_grad()
def _begin(
    model: VideoBertForConditionalGeneration,
    tokenizer: Tokenizer,
    labels: tuple[str, ...],
    codebook: VisualCodebook | None,
) -> None:
    """Labels begin as the mean of their words, projections change nothing, visual words are random or as given."""
    words, embeddings = model.encoder.text_embeddings.word_embeddings.weight, model.encoder.video_embeddings
    for index, label in enumerate(labels):
        embeddings.label_embeddings.weight[index] = words[tokenizer(label, add_special_tokens=False).input_ids].mean(0)
    for projection in (model.text_projection, model.video_projection):
        nn.init.eye_(projection.weight)
    own = model.encoder.codebook
    if codebook is not None:
        own.load_state_dict(codebook.state_dict())
        return
    for level in range(own.levels):
        own.centroids(level).normal_()
        own.present(level).fill_(True)


def count_untrained(model: VideoBertForConditionalGeneration) -> dict[str, int]:
    """The weights of a new model that no part brought: names, with how many numbers each has."""
    weights = model.state_dict()
    counts = {
        name: sum(value.numel() for key, value in weights.items() if _is_of(key, prefixes))
        for name, prefixes in _NEW_PARTS.items()
    }
    return {name: count for name, count in counts.items() if count}


def _is_of(key: str, parts: tuple[str, ...]) -> bool:
    return CROSSING in key if CROSSING in parts else key.startswith(parts)
