"""Trains the head that puts Chinese sentences into the model's space of vectors (model/chinese_vectors.py).

    what people said of a picture --+
                                    +--> translator's encoder, frozen --> head --> nearest of all pictures to its own
    its captions, translated -------+                                         +--> near the English caption's vector

Nothing of the model or of the translator changes. What stays the same, their states and vectors, is computed once. A
batch is a pure function of (seed, step). Knows pictures and pairs; knows no search.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from tqdm.auto import tqdm

from videobert_demo.data.chinese import ChineseImage
from videobert_demo.errors import DataError
from videobert_demo.model.chinese_vectors import ChineseVectors, encode_states, save_vectors
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, fingerprint
from videobert_demo.model.translator import Translator, as_read
from videobert_demo.tasks.embed import embed_clips, embed_sentences
from videobert_demo.training.config import build_settings, read_yaml
from videobert_demo.training.seeds import SeedStream, open_stream

STATE_FILE, TAUGHT_FILE = "state.pt", "taught.pt"
PER_BATCH = 128
BATCHES_OF_A_LENGTH = 8


@dataclass(frozen=True)
class ChineseSearchConfig:
    """The settings of a run.

    Attributes:
        means, inner, share: as `ChineseVectors` takes them.
        translated: how many of a picture's translated captions are learned from, beside what people said of it.
        english: the weight of the distance to the English caption's vector.
        scale: by which similarities are multiplied before the softmax over all pictures.
    """

    seed: int = 1
    means: int = 2
    inner: int = 128
    share: float = 0.7
    dropout: float = 0.1
    translated: int = 2
    english: float = 1.0
    scale: float = 20.0
    steps: int = 900
    sentences_per_step: int = 256
    learning_rate: float = 1e-3
    warmup_steps: int = 60
    weight_decay: float = 0.05
    save_every: int = 100


def read_chinese_search_config(path: Path) -> ChineseSearchConfig:
    """Reads a YAML file; raises DataError for an unreadable file, an unknown setting or a value of the wrong type."""
    config: ChineseSearchConfig = build_settings(ChineseSearchConfig, read_yaml(path), path)
    return config


@dataclass(frozen=True, eq=False)
class Taught:
    """What a run learns from: N sentences of M pictures.

    Attributes:
        states: of each sentence, (S, W) fp16.
        pictures: (N,) int64, which picture each is about.
        vectors: (M, D), the pictures' unit vectors.
        english: (N, D), the unit vector of the English caption that a sentence is a translation of; zeros for none.
    """

    states: Sequence[Tensor]
    pictures: Tensor
    vectors: Tensor
    english: Tensor


def teach(
    loaded: LoadedModel,
    images: Sequence[ChineseImage],
    clips: Sequence[ClipTensors],
    *,
    translated: int,
    seed: int,
    progress: bool = True,
) -> Taught:
    """Computes what the head learns from.

    Args:
        images: none that is held out; `clips`: their features.
        translated: how many of the machine's pairs of each picture are taken, at most.

    Raises:
        DataError: there are no pictures, or the checkpoint has no translator.
    """
    translator = loaded.translator
    if translator is None or not images:
        raise DataError("a head for Chinese searches needs a checkpoint with a translator, and pictures to learn from")
    random = open_stream(seed, SeedStream.CHINESE_SEARCH)
    rows: list[tuple[str, int, str]] = []  # a Chinese sentence, the picture's number, the English caption or ""
    for number, image in enumerate(images):
        rows += [(text, number, "") for text in image.captions]
        chosen = random.permutation(len(image.machine))[:translated]
        rows += [(image.machine[index][1], number, image.machine[index][0]) for index in sorted(chosen.tolist())]
    starts = range(0, len(clips), PER_BATCH)
    vectors = torch.cat([embed_clips(loaded, clips[start : start + PER_BATCH]) for start in starts])
    english = torch.zeros(len(rows), vectors.shape[1])
    known = sorted((row for row, (_, _, text) in enumerate(rows) if text), key=lambda row: len(rows[row][2]))
    for start in tqdm(range(0, len(known), PER_BATCH), desc="English captions", disable=not progress):
        part = known[start : start + PER_BATCH]
        english[part] = embed_sentences(loaded, [as_read(rows[row][2]) for row in part])
    states = _states(translator, [text for text, _, _ in rows], progress=progress)
    return Taught(states, torch.tensor([number for _, number, _ in rows]), vectors, english)


def _states(translator: Translator, sentences: Sequence[str], *, progress: bool) -> list[Tensor]:
    found: list[Tensor] = [torch.zeros(0)] * len(sentences)
    order = sorted(range(len(sentences)), key=lambda row: len(sentences[row]))
    for start in tqdm(range(0, len(order), PER_BATCH), desc="Chinese sentences", disable=not progress):
        part = order[start : start + PER_BATCH]
        states, mask = encode_states(translator, [sentences[row] for row in part])
        for row, one, is_token in zip(part, states.half(), mask, strict=True):
            found[row] = one[: int(is_token.sum())].clone()
    return found


def train_chinese_search(
    loaded: LoadedModel,
    taught: Taught,
    out: Path,
    config: ChineseSearchConfig,
    *,
    stop_after: int | None = None,
    progress: bool = True,
) -> Path:
    """Trains the head, or goes on training what is in `out`; it is written there after every `save_every` steps.

    Args:
        stop_after: leave after this many steps of this call.

    Returns:
        The folder with the head, which belongs into the translator's folder of the checkpoint.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    head = ChineseVectors(
        width=taught.states[0].shape[1],
        dimension=taught.vectors.shape[1],
        means=config.means,
        inner=config.inner,
        dropout=config.dropout,
        share=config.share,
        fingerprint=fingerprint(loaded.model),
    ).train()
    optimizer = torch.optim.AdamW(head.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    done, path = 0, out / STATE_FILE
    if path.exists():
        state = torch.load(path, weights_only=True)
        head.load_state_dict(state["head"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    last = config.steps if stop_after is None else min(config.steps, done + stop_after)
    bar = tqdm(range(done, last), initial=done, total=config.steps, desc="head", disable=not progress)
    for step in bar:
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, config)
        torch.manual_seed(hash((config.seed, step)) % 2**63)
        loss = head_loss(head, taught, rows_of_step(taught, step, config), config)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        if step % 20 == 0:
            bar.set_postfix(loss=f"{float(loss.detach()):.3f}")
        if (step + 1) % config.save_every == 0 or step + 1 == last:
            save_vectors(head, out)
            temporary = path.with_suffix(".new")
            kept = {"head": head.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}
            torch.save(kept, temporary)
            temporary.replace(path)
    return out


def rows_of_step(taught: Taught, step: int, config: ChineseSearchConfig) -> list[int]:
    """The sentences of one step, of about one length: of a few batches' sentences, sorted, one batch."""
    block, number = divmod(step, BATCHES_OF_A_LENGTH)
    random = open_stream(config.seed, SeedStream.CHINESE_SEARCH, block)
    size = min(config.sentences_per_step, len(taught.states))
    drawn: list[int] = random.integers(len(taught.states), size=size * BATCHES_OF_A_LENGTH).tolist()
    drawn.sort(key=lambda row: len(taught.states[row]))
    place = int(random.permutation(BATCHES_OF_A_LENGTH)[number])
    return drawn[place * size : (place + 1) * size]


def head_loss(head: ChineseVectors, taught: Taught, rows: Sequence[int], config: ChineseSearchConfig) -> Tensor:
    """Cross-entropy of each sentence's picture among all, and the distance of translated ones to their English."""
    longest = max(len(taught.states[row]) for row in rows)
    states = torch.zeros(len(rows), longest, taught.states[rows[0]].shape[1])
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    for place, row in enumerate(rows):
        states[place, : len(taught.states[row])] = taught.states[row].float()
        mask[place, : len(taught.states[row])] = True
    with torch.autocast("cpu", torch.bfloat16):
        vectors = head(states, mask)
        logits = config.scale * vectors @ taught.vectors.T  # (B, M)
    loss = functional.cross_entropy(logits.float(), taught.pictures[list(rows)])
    english = taught.english[list(rows)]
    is_known = english.abs().sum(1) > 0
    if config.english > 0 and bool(is_known.any()):
        distance = 1 - (vectors[is_known].float() * english[is_known]).sum(1)
        loss = loss + config.english * distance.mean()
    return loss


def _rate(step: int, config: ChineseSearchConfig) -> float:
    """The learning rate: up in `warmup_steps`, then down along a cosine."""
    if step < config.warmup_steps:
        return config.learning_rate * (step + 1) / config.warmup_steps
    share = (step - config.warmup_steps) / max(1, config.steps - config.warmup_steps)
    return config.learning_rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))


def save_taught(taught: Taught, path: Path) -> None:
    """Keeps it on disk, for a run that is interrupted."""
    lengths = torch.tensor([len(one) for one in taught.states])
    kept = {"states": torch.cat(list(taught.states)), "lengths": lengths, "pictures": taught.pictures}
    torch.save({**kept, "vectors": taught.vectors, "english": taught.english}, path)


def load_taught(path: Path) -> Taught:
    """What `save_taught` kept."""
    kept = torch.load(path, weights_only=True)
    states = kept["states"].split(kept["lengths"].tolist())
    return Taught(list(states), kept["pictures"], kept["vectors"], kept["english"])
