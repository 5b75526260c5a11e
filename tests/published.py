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
_TIMM = {"pretrained_cfg": {"input_size": [3, 64, 64]}, "num_labels": 3}
TIMM: dict[str, tuple[str, dict[str, Any], str]] = {
    "timm_resnet": ("TimmWrapperConfig", {**_TIMM, "architecture": "resnet10t"}, "TimmWrapperModel"),
    "timm_vit": (
        "TimmWrapperConfig",
        {
            **_TIMM,
            "architecture": "vit_tiny_patch16_224",
            "model_args": {"img_size": 64, "depth": 2, "embed_dim": 32, "num_heads": 4},
        },
        "TimmWrapperModel",
    ),
}
"""Families that need the extra `timm`, and for it a torchvision that fits torch."""
LABELS = {0: "a cat", 1: "a dog", 2: "a cup"}
MEAN, DEVIATION = (0.5, 0.4, 0.3), (0.2, 0.25, 0.5)


def make_published(name: str, seed: int = 0) -> PreTrainedModel:
    """The whole random model of a family, in eval mode; wide enough that what it sees shows in what it says."""
    config_name, sizes, model_name = {**ALL, **TIMM}[name]
    config = getattr(transformers, config_name)(**sizes)
    if model_name.endswith("ForImageClassification"):
        config.id2label = LABELS
    torch.manual_seed(seed)
    model: PreTrainedModel = getattr(transformers, model_name)(config)
    if name in ALL:  # timm's own start is as wide; with this one a network of its size overflows
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


SENTENCES = [
    "a man is playing a piano",
    "a small white dog is running on the grass",
    "a woman is cooking in a kitchen",
    "a red car is driving on the road",
    "two girls are singing a song",
    "what is the man doing?",
    "a cat is sleeping on the water",
    "a person is showing a table in the street",
]
BERT_SIZES: dict[str, Any] = {**_WIDE, "max_position_embeddings": 64}


def save_bert(folder: Path, width: int = 32, seed: int = 1) -> None:
    """A tiny BERT with a WordPiece tokenizer of its own words, as published ones are saved."""
    words = sorted({word for text in SENTENCES for word in text.replace("?", " ?").split()})
    letters = "abcdefghijklmnopqrstuvwxyz'"
    pieces = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *letters]
    pieces = list(dict.fromkeys([*pieces, *(f"##{letter}" for letter in letters)]))
    tokenizer = transformers.BertTokenizer(vocab={piece: index for index, piece in enumerate(pieces)})
    config = transformers.BertConfig(**{**BERT_SIZES, "hidden_size": width}, vocab_size=len(pieces))
    torch.manual_seed(seed)
    transformers.BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def train_byte_pairs() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """The vocabulary and merges of a tiny byte-level BPE, the special tokens in BART's order."""
    from tokenizers import ByteLevelBPETokenizer

    trained = ByteLevelBPETokenizer(add_prefix_space=True)
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained.train_from_iterator(SENTENCES * 20, vocab_size=400, min_frequency=2, special_tokens=specials)
    model = json.loads(trained.to_str())["model"]
    return model["vocab"], [tuple(merge) for merge in model["merges"]]


def save_roberta(folder: Path) -> None:
    """A tiny RoBERTa: byte-level BPE, one token type, positions behind the padding id."""
    vocabulary, merges = train_byte_pairs()
    tokenizer = transformers.RobertaTokenizer(vocab=vocabulary, merges=merges)
    config = transformers.RobertaConfig(**BERT_SIZES, vocab_size=len(vocabulary), type_vocab_size=1, pad_token_id=1)
    torch.manual_seed(2)
    transformers.RobertaModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def save_bart(folder: Path, width: int = 48) -> transformers.BartForConditionalGeneration:
    """A tiny BART in the layout of the published ones: own byte-level BPE, own width, tied embeddings."""
    vocabulary, merges = train_byte_pairs()
    tokenizer = transformers.BartTokenizer(vocab=vocabulary, merges=merges)
    config = transformers.BartConfig(
        vocab_size=len(vocabulary),
        d_model=width,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=64,
    )
    torch.manual_seed(3)
    model = transformers.BartForConditionalGeneration(config).eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return model
