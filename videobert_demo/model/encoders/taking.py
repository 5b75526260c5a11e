"""Takes the visual tower out of a published checkpoint, a folder or a Hub id, for a new model.

Weights are read as safetensors, code that lies beside them is never run. What the checkpoint does not say is found by
running it once: the number of channels, whether it takes frames of other proportions, and whether its classifier reads
one of the vectors that the contract gives. Knows the contract and transformers; knows no clips and no words.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import (
    MODEL_MAPPING,
    AutoModel,
    AutoModelForImageClassification,
    PreTrainedConfig,
    PreTrainedModel,
)

from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.building import (
    TIMM,
    digest_weights,
    drop_predictor,
    drop_unread_pooler,
    missing_package,
    vision_part,
    wrap,
)
from videobert_demo.model.encoders.contract import FrameEncoder, Preparation
from videobert_demo.model.encoders.processor_settings import PROCESSOR_FILES, input_shapes, read_settings, three_numbers
from videobert_demo.model.encoders.published import Pooled, as_mapping, frames_of, time_stride
from videobert_demo.model.sources import OWN_CODE, check_finite, explain, first_line, quiet_loading, read_part_config

CLASSIFIES = "ForImageClassification"
SAME = 1e-4
PIXELS = "pixel_values"
_UNREADABLE = (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, AssertionError, ImportError)


@dataclass(frozen=True, eq=False)
class TakenEncoder:
    """An encoder out of a published checkpoint.

    Attributes:
        encoder: with its weights, fp32, in eval mode.
        vision: what a config keeps of it (building.py).
        channels: C.
        labels: of its classifier, in order; none without one.
    """

    encoder: FrameEncoder
    vision: dict[str, Any]
    channels: int
    labels: tuple[str, ...]


def take_encoder(source: str, revision: str | None = None) -> TakenEncoder:
    """The visual tower of a checkpoint: of an image model, a clip model or a pair of towers such as CLIP.

    Raises:
        CheckpointError: it cannot be read, holds no such tower, or gives something else than the contract.
    """
    config = read_part_config(source, revision)
    try:
        with quiet_loading():
            loaded = _load(source, revision, config)
    except ImportError as error:
        raise CheckpointError(missing_package(config.model_type)) from error
    except (SafetensorError, *_UNREADABLE) as error:
        raise CheckpointError(explain(source, "frame encoder", error)) from error
    model = loaded.tower
    if not str(model.main_input_name).startswith(PIXELS):
        raise CheckpointError(
            f"{source} is a {config.model_type!r} model, which reads no images; the frame encoder must be an image "
            "model, a clip model or a pair of towers such as CLIP."
        )
    check_finite(source, model.state_dict())
    for part in (model, loaded.classifier):
        if part is not None:
            part.eval().requires_grad_(False)
    try:
        preparation = _prepare(source, model, read_settings(source, revision))
        pooled, label_head = _choose_pooled(loaded, preparation)
        channels = _run(model, preparation, Pooled.MEAN, preparation.shapes[0]).shape[1]
    except _UNREADABLE as error:
        raise CheckpointError(
            f"The model of {source} cannot be run as its config and its processor declare ({first_line(error)}); fetch "
            "them again, or choose another one."
        ) from error
    labels: tuple[str, ...] = ()
    if label_head is not None:
        named: Any = config.id2label
        labels = tuple(str(named[index]) for index in range(label_head.out_features))
    drop_unread_pooler(model, pooled)
    encoder = wrap(model, preparation, pooled, channels, len(labels))
    if label_head is not None:
        assert encoder.classifier is not None
        encoder.classifier.load_state_dict(label_head.state_dict())
    described = vision_part(config) if type(vision_part(config)) in MODEL_MAPPING else config
    vision = {
        "model": as_mapping(described.to_dict()),
        "preparation": preparation.to_dict(),
        "pooled": str(pooled),
        "weights": digest_weights(encoder),
    }
    return TakenEncoder(encoder.eval(), vision, channels, labels)


@dataclass(frozen=True, eq=False)
class _Loaded:
    """The tower, the whole model with its classifier if there is one, and whether there is a pooler."""

    tower: PreTrainedModel
    classifier: nn.Module | None
    has_pooler: bool


def _load(source: str, revision: str | None, config: PreTrainedConfig) -> _Loaded:
    options: dict[str, Any] = {
        "revision": revision,
        "dtype": torch.float32,
        "use_safetensors": True,
        "output_loading_info": True,
        **OWN_CODE,
    }
    part = vision_part(config)
    name = (config.architectures or [""])[0]
    if name.endswith(CLASSIFIES) and config.model_type != TIMM:
        whole, report = AutoModelForImageClassification.from_pretrained(source, **options)
        _check_report(source, report)
        return _Loaded(whole.base_model, whole, has_pooler=True)
    if type(part) in MODEL_MAPPING:
        model, report = AutoModel.from_pretrained(source, config=part, **options)
    else:
        whole, report = AutoModel.from_pretrained(source, **options)
        model = whole.vision_model
    _check_report(source, report)
    has_pooler = not any("pooler" in key for key in report["missing_keys"])
    return _Loaded(drop_predictor(model), None, has_pooler)


def _check_report(source: str, report: dict[str, Any]) -> None:
    absent = sorted(key for key in report["missing_keys"] if "pooler" not in key)
    if absent or report["mismatched_keys"]:
        named = ", ".join([*absent, *(str(key) for key in report["mismatched_keys"])][:3])
        raise CheckpointError(f"{source} lacks weights of its frame encoder ({named}); fetch it again.")


def _prepare(source: str, model: PreTrainedModel, settings: dict[str, Any]) -> Preparation:
    config = model.config
    timm = (config.to_dict().get("pretrained_cfg") or {}) if config.model_type == TIMM else {}
    if settings.get("do_flip_channel_order"):
        raise CheckpointError(f"{source} reads blue, green, red; only encoders of red, green, blue can be taken.")
    mean = settings.get("image_mean") or timm.get("mean")
    deviation = settings.get("image_std") or timm.get("std")
    if settings.get("do_normalize") is False:
        mean, deviation = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    if mean is None or deviation is None:
        raise CheckpointError(
            f"{source} does not say how images are normalised; put the {PROCESSOR_FILES[0]} that was published with it "
            "beside its weights."
        )
    scale = float(settings.get("rescale_factor") or 1 / 255) if settings.get("do_rescale", True) else 1.0
    shift = 1.0 if settings.get("offset") else 0.0  # ViViT's processor takes 1 off before it normalises
    red, green, blue = ((value + shift) / scale for value in three_numbers("image_mean", mean))
    spread = [value / scale for value in three_numbers("image_std", deviation)]
    frames = frames_of(config)

    def preparation(shapes: tuple[tuple[int, int], ...]) -> Preparation:
        return Preparation(
            shapes,
            (red, green, blue),
            (spread[0], spread[1], spread[2]),
            frames,
            time_stride(config) if frames > 1 else 1,
        )

    square, others = input_shapes(config, settings, timm)
    try:
        for shape in others:
            _run(model, preparation((shape,)), Pooled.MEAN, shape)
    except (RuntimeError, ValueError, AssertionError):  # its positions are those of square frames
        others = ()
    return preparation((square, *others))


@torch.no_grad()
def _run(model: PreTrainedModel, preparation: Preparation, pooled: Pooled, shape: tuple[int, int]) -> Tensor:
    """The maps of one segment of noise."""
    encoder = wrap(model, preparation, pooled, 1)
    return encoder.encode(noise(preparation, shape)).maps


def noise(preparation: Preparation, shape: tuple[int, int]) -> Tensor:
    """A prepared segment of noise, the same at every call."""
    frames = (preparation.frames,) if preparation.frames > 1 else ()
    return torch.randn(1, *frames, 3, *shape, generator=torch.Generator().manual_seed(0))


@torch.no_grad()
def _choose_pooled(loaded: _Loaded, preparation: Preparation) -> tuple[Pooled, nn.Linear | None]:
    """The vector that the checkpoint's classifier reads, if it is one of ours; else pooler, class token or mean.

    Returns:
        The vector, and the classifier's linear layer.
    """
    images = noise(preparation, preparation.shapes[0])
    found: dict[Pooled, Tensor] = {}
    for pooled in Pooled:
        if pooled is Pooled.POOLER and not loaded.has_pooler:
            continue
        try:
            features = wrap(loaded.tower, preparation, pooled, 1).encode(images)
        except ValueError:
            if pooled is Pooled.MEAN:
                raise
            continue
        if pooled is Pooled.MEAN or features.own_pooled is not None:
            found[pooled] = features.pooled
    if loaded.classifier is not None:
        classifier = loaded.classifier
        freely = "interpolate_pos_encoding" in inspect.signature(classifier.forward).parameters
        logits: Tensor = classifier(images, **({"interpolate_pos_encoding": True} if freely else {})).logits
        for head in (part for part in classifier.modules() if isinstance(part, nn.Linear)):
            if head.out_features == logits.shape[-1]:
                for pooled, vector in found.items():
                    if vector.shape[1] == head.in_features and torch.allclose(head(vector), logits, atol=SAME):
                        return pooled, head
    return next(iter(found)), None
