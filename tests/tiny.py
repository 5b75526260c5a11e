"""A model of the real classes that is tiny and random, its tokenizer, and made-up data in the real formats."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import BartConfig, BertConfig, BertTokenizer

from videobert_demo.model.chinese_decoder import ChineseDecoder, fingerprint_of, save_decoder
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.encoders.efficientnet_lite import FEATURE_CHANNELS
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.translator import FOLDER, is_chinese, new_translator, save_translator, train_tokenizer
from videobert_demo.model.vocabulary import SPECIAL_TOKENS, build_tokenizer
from videobert_demo.training.checkpoints import save_model
from videobert_demo.training.kmeans import fit_codebook

CAPTIONS = (
    ("a man is playing a piano", "the man is playing a song on a piano", "a man with a piano"),
    ("a small white dog is running on the grass", "the dog is running in the grass", "a white dog running"),
    ("a woman is cooking in a kitchen", "the woman is in the kitchen cooking", "a woman cooking"),
    ("a red car is driving on the road", "the car is on a road", "a red car driving"),
    ("a cat is sleeping on the water", "the cat is sleeping", "a small cat sleeping"),
    ("two girls are singing a song", "the girls are singing", "girls singing and talking"),
)
WRITTEN = sorted({word for texts in CAPTIONS for text in texts for word in text.split()})
READ_ONLY = ["bicycle", "guitar", "horse", "mountain", "river", "table", "window", "street"]
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
TOKENS = tuple(dict.fromkeys([*SPECIAL_TOKENS, *WRITTEN, *LETTERS, *(f"##{letter}" for letter in LETTERS), *READ_ONLY]))
DECODER_TOKENS = len(TOKENS) - len(READ_ONLY)


def tiny_tokenizer() -> BertTokenizer:
    """Specials, some words, all letters: ids of the written words come first, as in the real one."""
    return build_tokenizer(TOKENS)


def tiny_config(**changes: Any) -> VideoBertConfig:
    """Two encoder layers, two decoder layers, 32 wide; at most 4 frames of 1 + 4 tokens, 3 labels; no dropout."""
    encoder = BertConfig(
        vocab_size=len(TOKENS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    decoder = BartConfig(
        vocab_size=DECODER_TOKENS,
        d_model=32,
        decoder_layers=2,
        encoder_layers=0,
        decoder_attention_heads=4,
        decoder_ffn_dim=64,
        max_position_embeddings=64,
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        is_decoder=True,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        decoder_start_token_id=2,
        forced_eos_token_id=None,
    )
    sizes: dict[str, Any] = {
        "patch_grid": 2,
        "max_frames": 4,
        "codebook_branching": 3,
        "codebook_levels": 2,
        "projection_size": 16,
        "labels_per_clip": 3,
    }
    return VideoBertConfig(encoder=encoder, decoder=decoder, **{**sizes, **changes})


def tiny_model(seed: int = 0, *, attention: str = "sdpa", **changes: Any) -> VideoBertForConditionalGeneration:
    """A random model in eval mode, its codebook fitted to random vectors."""
    torch.manual_seed(seed)
    config = tiny_config(**changes)
    config._attn_implementation = attention
    model = VideoBertForConditionalGeneration(config).eval()
    widen(model, 0.3)
    fit_codebook(model.encoder.codebook, np.random.default_rng(seed).random((40, FEATURE_CHANNELS), dtype=np.float32))
    return model


@torch.no_grad()
def widen(model: VideoBertForConditionalGeneration, std: float) -> None:
    """Draws the narrow matrices anew: the usual initialisation is so narrow that everything looks alike."""
    values = dict(model.named_parameters())
    values["word_evidence"] = values.pop("word_evidence")  # last, so that the others are drawn as without it
    for value in values.values():
        if value.ndim == 2 and value.shape[1] <= 64:
            value.normal_(std=std)


def write_tiny_checkpoint(folder: Path, *, half: bool = False, **changes: Any) -> Path:
    """A folder that `load_checkpoint` loads."""
    save_model(folder, tiny_model(**changes), tiny_tokenizer(), half=half)
    return folder


def random_clips(frames: Sequence[int], *, seed: int = 0, patches: int = 4) -> dict[str, Tensor]:
    """The encoder's video inputs for clips with these numbers of frames, padded to the longest."""
    random = torch.Generator().manual_seed(seed)
    count, longest = len(frames), max(frames)
    mask = torch.arange(longest)[None] < torch.tensor(frames)[:, None]
    pooled = torch.rand(count, longest, FEATURE_CHANNELS, generator=random) * mask[:, :, None]
    places = torch.rand(count, longest, patches, FEATURE_CHANNELS, generator=random) * mask[:, :, None, None]
    return {"frame_features": pooled, "patch_features": places, "frame_mask": mask}


def write_features(
    folder: Path, captions: Sequence[Sequence[str]] = CAPTIONS, *, frames: int = 2, views: int = 1
) -> Path:
    """A folder in the format of training/features.py: one video for each group of captions, features of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(len(captions))
    means = random.random((1, len(captions), 1, FEATURE_CHANNELS)) * 2
    pooled = means + 0.1 * random.random((views, len(captions), frames, FEATURE_CHANNELS))
    patches = pooled[:, :, :, None] + 0.1 * random.random((views, len(captions), frames, 4, FEATURE_CHANNELS))
    np.save(folder / "pooled.npy", pooled.reshape(views, -1, FEATURE_CHANNELS).astype(np.float16))
    np.save(folder / "patches.npy", patches.reshape(views, -1, 4, FEATURE_CHANNELS).astype(np.float16))
    videos = [
        {
            "video_id": f"video{number}",
            "split": "train",
            "category": None,
            "frame_files": [f"{number}_{frame}.png" for frame in range(frames)],
            "captions": list(texts),
            "first_row": number * frames,
        }
        for number, texts in enumerate(captions)
    ]
    index = {"views": views, "grid": 2, "seed": 0, "frames": frames * len(videos), "videos": videos}
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    (folder / "state.json").write_text('{"batches": 1}', encoding="utf-8")
    return folder


def draw_picture(seed: int, height: int = 30, width: int = 40) -> NDArray[np.uint8]:
    """A blurred random picture, (H, W, 3) uint8."""
    noise = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def write_frames(
    folder: Path, captions: Sequence[Sequence[str]] = CAPTIONS, *, frames: int = 2, split: str = "test"
) -> Path:
    """A folder in the msrvtt format: videos.jsonl and frames.tar."""
    folder.mkdir(parents=True, exist_ok=True)
    records = []
    with tarfile.open(folder / "frames.tar", "w") as archive:
        for number, texts in enumerate(captions):
            names = [f"frames/{number}_{frame}.png" for frame in range(frames)]
            for frame, name in enumerate(names):
                member = tarfile.TarInfo(name)
                data = cv2.imencode(".png", draw_picture(100 * number + frame))[1].tobytes()
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
            records.append(
                {
                    "video_id": f"video{number}",
                    "split": split,
                    "category": number % 20,
                    "frames": [{"file": name, "shot": 0, "frame": frame} for frame, name in enumerate(names)],
                    "captions": list(texts),
                }
            )
    write_jsonl(folder / "videos.jsonl", records)
    return folder


def write_jsonl(path: Path, records: Sequence[object]) -> Path:
    """One JSON value a line."""
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


def add_tiny_chinese_decoder(folder: Path) -> Path:
    """Puts a random decoder with Chinese words into a tiny checkpoint that has a translator."""
    loaded = load_checkpoint(str(folder))
    assert loaded.translator is not None
    torch.manual_seed(0)
    vocabulary = loaded.translator.tokenizer.get_vocab()
    decoder = ChineseDecoder(
        loaded.model,
        loaded.translator,
        sorted(number for token, number in vocabulary.items() if is_chinese(token) and "。" not in token),
        rank=2,
        width=64,
        fingerprint=fingerprint_of(loaded.model, loaded.translator),
    )
    with torch.no_grad():
        for weight in decoder.own().values():
            weight.normal_(std=0.2)
    save_decoder(decoder, folder / FOLDER)
    return folder


def add_tiny_translator(folder: Path) -> Path:
    """Puts a random translator into a checkpoint; what it writes is no Chinese, but it writes."""
    torch.manual_seed(0)
    texts = [text for group in CAPTIONS for text in group] + [
        "一个男人在弹钢琴。",
        "一只白色的小狗在草地上奔跑。",
        "穿红衣服的女人",
    ] * 2
    save_translator(new_translator(train_tokenizer(texts, 200), width=64, layers=1), folder / FOLDER)
    return folder
