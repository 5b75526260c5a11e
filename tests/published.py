"""Tiny random models of published families, saved as their authors' checkpoints are: weights, config, processor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import PreTrainedModel

_WIDE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
_TRANSFORMER = {**_WIDE, "image_size": 64, "patch_size": 16}
_STAGES = {"hidden_sizes": [8, 12, 16, 32], "depths": [1, 1, 1, 1]}
_TEXT = {**_WIDE, "vocab_size": 50}
_PREDICTOR = {"pred_hidden_size": 16, "pred_num_attention_heads": 2, "pred_num_hidden_layers": 1}

# name: (config class, its sizes, model class); the pairs of towers are saved whole, as they are published
IMAGES: dict[str, tuple[str, dict[str, Any], str]] = {
    "clip": ("CLIPConfig", {"vision_config": _TRANSFORMER, "text_config": _TEXT}, "CLIPModel"),
    "clip_tower": ("CLIPVisionConfig", _TRANSFORMER, "CLIPVisionModel"),
    "siglip": ("SiglipConfig", {"vision_config": _TRANSFORMER, "text_config": _TEXT}, "SiglipModel"),
    "siglip2": (
        "Siglip2Config",
        {"vision_config": {**_WIDE, "num_patches": 16, "patch_size": 16}, "text_config": _TEXT},
        "Siglip2Model",
    ),
    "dinov2": ("Dinov2Config", _TRANSFORMER, "Dinov2Model"),
    "dinov2_registers": ("Dinov2WithRegistersConfig", _TRANSFORMER, "Dinov2WithRegistersModel"),
    "dinov3": ("DINOv3ViTConfig", {**_TRANSFORMER, "num_register_tokens": 3}, "DINOv3ViTModel"),
    "dinov3_convnext": ("DINOv3ConvNextConfig", _STAGES, "DINOv3ConvNextModel"),
    "convnext": ("ConvNextConfig", _STAGES, "ConvNextForImageClassification"),
    "resnet": ("ResNetConfig", {**_STAGES, "embedding_size": 8}, "ResNetForImageClassification"),
    "vit": ("ViTConfig", _TRANSFORMER, "ViTForImageClassification"),
    "vit_alone": ("ViTConfig", _TRANSFORMER, "ViTModel"),
}
CLIPS: dict[str, tuple[str, dict[str, Any], str]] = {
    "videomae": ("VideoMAEConfig", {**_TRANSFORMER, "num_frames": 4, "tubelet_size": 2}, "VideoMAEModel"),
    "timesformer": ("TimesformerConfig", {**_TRANSFORMER, "num_frames": 4}, "TimesformerModel"),
    "vivit": (
        "VivitConfig",
        {**_WIDE, "image_size": 64, "num_frames": 4, "tubelet_size": [2, 16, 16]},
        "VivitModel",
    ),
    "vjepa2": (
        "VJEPA2Config",
        {**_WIDE, **_PREDICTOR, "crop_size": 64, "patch_size": 16, "frames_per_clip": 4, "tubelet_size": 2},
        "VJEPA2Model",
    ),
    "xclip": (
        "XCLIPConfig",
        {
            "vision_config": {
                **_TRANSFORMER,
                "num_frames": 4,
                "mit_hidden_size": 32,
                "mit_num_attention_heads": 4,
                "mit_intermediate_size": 64,
            },
            "text_config": _TEXT,
            "projection_dim": 32,
        },
        "XCLIPModel",
    ),
}
ALL = {**IMAGES, **CLIPS}
LABELS = {0: "a cat", 1: "a dog", 2: "a cup"}
MEAN, DEVIATION = (0.5, 0.4, 0.3), (0.2, 0.25, 0.5)


def make_published(name: str, seed: int = 0) -> PreTrainedModel:
    """The whole random model of a family, in eval mode; wide enough that what it sees shows in what it says."""
    config_name, sizes, model_name = ALL[name]
    config = getattr(transformers, config_name)(**sizes)
    if model_name.endswith("ForImageClassification"):
        config.id2label = LABELS
    torch.manual_seed(seed)
    model: PreTrainedModel = getattr(transformers, model_name)(config)
    with torch.no_grad():
        for value in model.parameters():
            if value.ndim >= 2:
                value.normal_(std=0.2)
    return model.eval()


def save_published(name: str, folder: Path, seed: int = 0, *, side: int = 64) -> PreTrainedModel:
    """Saves a family's model and the settings of its processor; returns the model."""
    model = make_published(name, seed)
    model.save_pretrained(folder)
    settings: dict[str, Any] = {"image_mean": MEAN, "image_std": DEVIATION, "rescale_factor": 1 / 255}
    settings["size"] = {"height": side, "width": side}
    file = "video_preprocessor_config.json" if name == "vjepa2" else "preprocessor_config.json"
    (folder / file).write_text(json.dumps(settings), encoding="utf-8")
    return model
