"""Trains the translator between English and Chinese: on pairs, then also on what it translated itself.

    pairs --round 1--> model --translates captions of one language--> synthetic sources --round 2--> model

Knows the optimiser, and the state that a run goes on from; the examples are drawn by translation_examples.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import torch
from tqdm.auto import tqdm

from videobert_demo.data.chinese import ChineseImage, ChineseVideo, Pair
from videobert_demo.errors import DataError
from videobert_demo.model.translator import (
    Translator,
    as_read,
    load_translator,
    new_translator,
    save_translator,
    train_tokenizer,
)
from videobert_demo.training.averaging import WeightAverage
from videobert_demo.training.config import build_settings, read_yaml
from videobert_demo.training.schedule import rate_of_step
from videobert_demo.training.translation_embeddings import align_tokens, place_translations
from videobert_demo.training.translation_examples import (
    IGNORED,
    Example,
    Examples,
    both_ways,
    make_batch,
    pair_sources,
    synthetic_sources,
    token_losses,
)
from videobert_demo.training.translation_words import word_sources

STATE_FILE, SYNTHETIC_FILE, MODEL_FOLDER = "state.pt", "synthetic.json", "translator"


@dataclass(frozen=True)
class Round:
    """How many steps, what share of the examples comes from each source, and at what share of the config's rate."""

    steps: int
    shares: Mapping[str, float]
    rate: float = 1.0

    def __post_init__(self) -> None:
        if self.steps < 1 or not self.shares or min(self.shares.values()) < 0:
            raise DataError(f"a round needs steps and shares that are not negative, got {self}")


@dataclass(frozen=True)
class TranslationConfig:
    """The settings of a run.

    Attributes:
        vocabulary: tokens of both languages together. width, layers: of encoder and decoder.
        inner: the width inside a layer's two linear maps; four times `width` if not told.
        into_chinese: the share of examples whose target is Chinese; the others go the other way.
        final_rate: what the learning rate falls to, as a share of it, along a cosine in each round.
        back_translated: how many sentences of each language are translated between two rounds.
        patterns, swapped: so many pairs are made of patterns, and by swapping words in pairs (translation_words.py).
    """

    rounds: tuple[Round, ...] = field(default=())
    seed: int = 1
    width: int = 256
    inner: int | None = None
    layers: int = 3
    vocabulary: int = 8000
    dropout: float = 0.1
    sentences_per_step: int = 192
    learning_rate: float = 1e-3
    warmup_steps: int = 300
    final_rate: float = 0.05
    label_smoothing: float = 0.1
    average_decay: float = 0.995
    weight_decay: float = 0.01
    into_chinese: float = 0.65
    save_every: int = 200
    back_translated: int = 8000
    patterns: int = 60_000
    swapped: int = 40_000


def read_translation_config(path: Path) -> TranslationConfig:
    """Reads a YAML file; raises DataError for an unreadable file, an unknown setting or a value of the wrong type."""
    values = read_yaml(path)
    rounds = values.get("rounds")
    if not isinstance(rounds, list) or not rounds:
        raise DataError(f"{path}: rounds is {rounds!r}; it must be a list of steps and shares")
    built = tuple(build_settings(Round, one, path) for one in rounds)
    config: TranslationConfig = build_settings(TranslationConfig, {**values, "rounds": built}, path)
    return config


def train_translator(
    images: Sequence[ChineseImage],
    videos: Sequence[ChineseVideo],
    english: Sequence[str],
    out: Path,
    config: TranslationConfig,
    *,
    glosses: Sequence[Pair] = (),
    stop_after: int | None = None,
    progress: bool = True,
) -> Path:
    """Trains, or goes on training what is in `out`.

    Args:
        english: captions in English alone, for the source `back_translated`.
        glosses: English words and their Chinese, for words that the pairs lack; the source `glosses`.
        stop_after: leave after this many steps of this call.

    Returns:
        The folder of the translator, as `save_translator` writes it; it is there after every `save_every` steps.
    """
    out.mkdir(parents=True, exist_ok=True)
    sources: dict[str, Sequence[Example]] = dict(pair_sources(images))
    sources |= word_sources(_pairs(sources), config.seed, config.patterns, config.swapped)
    sources["glosses"] = both_ways(glosses)
    run = _Run(out, config, lambda: _texts(sources, images, videos, english), _pairs(sources))
    left = math.inf if stop_after is None else stop_after
    for number, one in enumerate(config.rounds):
        wanted = {name for name, share in one.shares.items() if share > 0} - set(sources)
        if number > 0 and wanted:
            make = partial(synthetic_sources, images=images, videos=videos, english=english, wanted=wanted)
            sources |= run.synthetic(partial(make, count=config.back_translated, seed=config.seed))
        examples = Examples(
            sources,
            one.shares,
            number=number,
            seed=config.seed,
            per_step=config.sentences_per_step,
            into_chinese=config.into_chinese,
            length=run.length,
        )
        if run.round > number:
            continue
        bar = tqdm(
            range(run.step, one.steps),
            initial=run.step,
            total=one.steps,
            desc=f"round {number + 1}",
            disable=not progress,
        )
        for step in bar:
            if left <= 0:
                run.save()
                return out / MODEL_FOLDER
            left -= 1
            share = rate_of_step(step, one.steps, warmup_steps=config.warmup_steps, final=config.final_rate)
            loss = run.train(examples.of_step(step), config.learning_rate * one.rate * share)
            if step % 20 == 0:
                bar.set_postfix(loss=f"{loss:.3f}")
            if (step + 1) % config.save_every == 0:
                run.save()
        run.next_round()
    return out / MODEL_FOLDER


def _pairs(sources: Mapping[str, Sequence[Example]]) -> list[Pair]:
    """The English and the Chinese sentence of every example whose target is Chinese."""
    return [(source, text) for found in sources.values() for source, text, language in found if language == "zh"]


def _texts(
    sources: Mapping[str, Sequence[Example]],
    images: Sequence[ChineseImage],
    videos: Sequence[ChineseVideo],
    english: Sequence[str],
) -> list[str]:
    """What the vocabulary is made of: about as much of one language as of the other, nothing that is held out."""
    pairs = [text for found in sources.values() for _, text, _ in found]
    chinese = [text for image in images if not image.is_held_out for text in image.captions]
    spoken = [text for video in videos for text in video.chinese]
    return pairs + chinese + spoken + list(english[::4])


class _Run:
    """A model in training, and its state on disk.

    Args:
        texts: what the tokenizer is made of; called for a new run only.
        pairs: English and Chinese sentences, from which a new run knows where to put the embeddings.
    """

    def __init__(
        self, out: Path, config: TranslationConfig, texts: Callable[[], list[str]], pairs: Sequence[Pair]
    ) -> None:
        self._out, self._config = out, config
        torch.manual_seed(config.seed)
        state_path = out / STATE_FILE
        if state_path.exists():
            known = load_translator(out / MODEL_FOLDER)
            tokenizer = known.tokenizer
        else:
            tokenizer = train_tokenizer(texts(), config.vocabulary)
        self._translator = new_translator(
            tokenizer, width=config.width, layers=config.layers, inner=config.inner, dropout=config.dropout
        )
        self._translator.model.set_attn_implementation("eager")  # faster than the fused one on sentences this short
        self._optimizer = torch.optim.AdamW(
            self._translator.model.parameters(), betas=(0.9, 0.98), weight_decay=config.weight_decay, fused=True
        )
        self._average = WeightAverage(self._translator.model, config.average_decay)
        self._lengths: dict[str, int] = {}
        self.round = self.step = 0
        if not state_path.exists():
            self._place_embeddings(pairs)
            self._average = WeightAverage(self._translator.model, config.average_decay)
        else:
            state = torch.load(state_path, weights_only=True)
            self._translator.model.load_state_dict(state["model"])
            self._optimizer.load_state_dict(state["optimizer"])
            self._average.weights, self._average.updates = state["average"], state["updates"]
            self.round, self.step = state["round"], state["step"]

    def _place_embeddings(self, pairs: Sequence[Pair]) -> None:
        embeddings = self._translator.model.model.shared.weight
        english, chinese = (
            [self._translator.tokenizer.encode(as_read(pair[side])).ids for pair in pairs] for side in (0, 1)
        )
        place_translations(embeddings.data, align_tokens(english, chinese, len(embeddings)))

    def length(self, text: str) -> int:
        """How many tokens a sentence has."""
        if text not in self._lengths:
            self._lengths[text] = len(self._translator.tokenizer.encode(as_read(text)).ids)
        return self._lengths[text]

    def train(self, examples: Sequence[Example], rate: float) -> float:
        """One step; returns its loss."""
        model = self._translator.model.train()
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        torch.manual_seed(hash((self._config.seed, self.round, self.step)) % 2**63)
        batch = make_batch(self._translator, examples)
        with torch.autocast("cpu", torch.bfloat16):
            losses = token_losses(self._translator, batch, smoothing=self._config.label_smoothing)
        loss = losses.sum() / (batch["labels"] != IGNORED).sum()
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        self._optimizer.step()
        self._average.update(model)
        self.step += 1
        return float(loss.detach())

    def save(self) -> None:
        """Writes the averaged model, and the state to go on from."""
        model = self._translator.model.eval()
        with self._average.swapped_in(model):
            save_translator(self._translator, self._out / MODEL_FOLDER)
        state = {
            "model": model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "average": self._average.weights,
            "updates": self._average.updates,
            "round": self.round,
            "step": self.step,
        }
        temporary = self._out / f"{STATE_FILE}.new"
        torch.save(state, temporary)
        temporary.replace(self._out / STATE_FILE)

    def next_round(self) -> None:
        """The round is over."""
        self.round, self.step = self.round + 1, 0
        self.save()

    def synthetic(self, make: Callable[[Translator], dict[str, list[Example]]]) -> dict[str, list[Example]]:
        """What the averaged model of the first round makes, from disk if it has been made."""
        path = self._out / SYNTHETIC_FILE
        if not path.exists():
            model = self._translator.model.eval()
            with self._average.swapped_in(model):
                made = make(self._translator)
            temporary = path.with_suffix(".new")
            temporary.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
            temporary.replace(path)
        kept: dict[str, list[list[str]]] = json.loads(path.read_text(encoding="utf-8"))
        return {name: [(one[0], one[1], one[2]) for one in found] for name, found in kept.items()}
