"""Makes frame encoders: from a checkpoint's config, and for a new checkpoint out of a published one.

What a config keeps of an encoder is its `vision`, a dict; empty for EfficientNet-Lite0 as it was published:

    model         config of the transformers model
    preparation   how pixels become its input (contract.Preparation)
    pooled        which vector stands for a segment (published.Pooled)
    weights       a digest of its weights

Code that comes with a checkpoint is never run. Knows no clips and no words.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from transformers import CONFIG_MAPPING, MODEL_MAPPING, AutoModel, PreTrainedConfig, PreTrainedModel

from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.clips import ClipEncoder, FrameSequenceEncoder
from videobert_demo.model.encoders.contract import FrameEncoder, Preparation
from videobert_demo.model.encoders.efficientnet_lite import PREPARATION, FrameTower
from videobert_demo.model.encoders.images import ImageEncoder
from videobert_demo.model.encoders.packed_images import PackedImageEncoder
from videobert_demo.model.encoders.published import Pooled, PublishedEncoder, frames_of
from videobert_demo.model.encoders.timm_images import TimmImageEncoder

PACKED, TIMM, VISION, PREDICTOR, POOLER = "spatial_shapes", "timm_wrapper", "vision_config", "predictor", "pooler"


def build_encoder(vision: Mapping[str, Any], channels: int, label_count: int) -> FrameEncoder:
    """The encoder that a config describes, with weights that are still to be loaded.

    Raises:
        CheckpointError: this version of transformers, or of what is installed, has no such model.
    """
    if not vision.get("model"):
        return FrameTower(label_count)
    described = dict(vision["model"])
    name = str(described.get("model_type"))
    if name not in CONFIG_MAPPING:
        raise CheckpointError(f"This version of transformers has no frame encoder {name!r}; install a newer one.")
    try:
        model = make_model(CONFIG_MAPPING[name].from_dict(described))
    except ImportError as error:
        raise CheckpointError(missing_package(name)) from error
    pooled = Pooled(vision["pooled"])
    drop_unread_pooler(model, pooled)
    return wrap(model, Preparation.from_dict(vision["preparation"]), pooled, channels, label_count)


def missing_package(model_type: str) -> str:
    """The sentence about a model that transformers cannot make with what is installed."""
    return (
        f"The frame encoder {model_type!r} needs a package that is missing: pip install 'videobert-demo[timm]', and "
        "the torchvision that belongs to your torch."
    )


def make_model(config: PreTrainedConfig) -> PreTrainedModel:
    """The visual tower of a config, with random weights: the model itself, or that part of a pair of towers."""
    tower = vision_part(config)
    is_whole = type(tower) in MODEL_MAPPING
    model = AutoModel.from_config(tower) if is_whole else AutoModel.from_config(config).vision_model
    return drop_predictor(model)


def drop_predictor(model: PreTrainedModel) -> PreTrainedModel:
    """The model without its predictor of masked positions (V-JEPA 2), for which an encoder has no use."""
    if hasattr(model, PREDICTOR):
        setattr(model, PREDICTOR, nn.Identity())
    return model


def drop_unread_pooler(model: PreTrainedModel, pooled: Pooled) -> None:
    """Takes out a pooler with weights where another vector stands for a segment: often nobody trained it."""
    pooler = getattr(model, POOLER, None)
    if pooled is not Pooled.POOLER and pooler is not None and any(True for _ in pooler.parameters()):
        setattr(model, POOLER, None)  # its class calls the pooler only if there is one


def vision_part(config: PreTrainedConfig) -> PreTrainedConfig:
    """The config of the visual tower; the config itself where there is no other one."""
    part: PreTrainedConfig = getattr(config, VISION, None) or config
    return part


def wrap(
    model: PreTrainedModel, preparation: Preparation, pooled: Pooled, channels: int, label_count: int = 0
) -> PublishedEncoder:
    """The model behind the contract, as its config and its `forward` declare how it is called."""
    config = model.config
    encoder: type[PublishedEncoder] = ImageEncoder
    if config.model_type == TIMM:
        encoder = TimmImageEncoder
    elif frames_of(config) > 1:
        encoder = FrameSequenceEncoder if config.base_config_key == VISION else ClipEncoder
    elif PACKED in inspect.signature(model.forward).parameters:
        encoder = PackedImageEncoder
    return encoder(model, preparation, pooled, channels, label_count)


def encoder_hash(vision: Mapping[str, Any]) -> str:
    """16 hexadecimal digits that differ between encoders whose vectors cannot be compared.

    They cover the model's sizes, its weights, the preparation of frames and the choice of the pooled vector.
    """
    described = dict(vision)
    if not described.get("model"):
        described = {"model": "efficientnet-lite0", "preparation": PREPARATION.to_dict(), **described}
    text = json.dumps(described, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@torch.no_grad()
def digest_weights(encoder: FrameEncoder) -> str:
    """16 hexadecimal digits of an encoder's weights, the same in fp32 and in fp16."""
    digest = hashlib.sha256()
    for name, value in sorted(encoder.state_dict().items()):
        digest.update(name.encode())
        digest.update((value.half() if value.is_floating_point() else value).cpu().numpy().tobytes())
    return digest.hexdigest()[:16]
