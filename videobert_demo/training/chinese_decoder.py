"""Trains the decoder's Chinese (model/chinese_decoder.py): its words, their map, a bias, and adapters.

    clip's states --> decoder + adapters --> next Chinese token, by teacher forcing with cross-entropy
                          ^
    Chinese tokens -------+   begun where the English words lie that translate them

Nothing else of the model or of the translator changes. A batch is a pure function of (seed, step). Knows what
chinese_decoder_examples.py put together; knows no search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from videobert_demo.errors import DataError
from videobert_demo.model.chinese_decoder import ChineseDecoder, count_tokens, fingerprint_of, save_decoder
from videobert_demo.model.loading import LoadedModel
from videobert_demo.training.chinese_decoder_examples import SOURCES, ChineseCaptions
from videobert_demo.training.config import build_settings, read_yaml
from videobert_demo.training.seeds import SeedStream, open_stream
from videobert_demo.training.short_runs import RunSettings, run_steps
from videobert_demo.training.translation_embeddings import align_tokens, place_translations

TAUGHT_FILE = "taught.pt"
MAX_TOKENS = 24
"""Longer captions are left out."""
_BIAS_RATE = 3.0
"""By this the learning rate of the bias is multiplied."""


@dataclass(frozen=True)
class ChineseDecoderConfig(RunSettings):
    """The settings of a run.

    Attributes:
        rank, width: as `ChineseDecoder` takes them.
        least: tokens that are in fewer captions are not written, nor captions with them learned from.
        sentences: how many captions of a step come from each source: what people said of pictures ("pictures"), what
            they said of videos, put into Chinese ("videos"), and what the model says of these ("said"). Sources without
            a sentence are left out.
        translated: how many captions of a video that no rule fits are translated, at most.
        smoothing: the share of the probability that cross-entropy gives to all tokens alike.
    """

    rank: int = 8
    width: int = 128
    least: int = 8
    sentences: Mapping[str, int] = field(default_factory=lambda: {"pictures": 24, "videos": 16, "said": 8})
    translated: int = 0
    smoothing: float = 0.1
    steps: int = 2400
    learning_rate: float = 7e-4
    warmup_steps: int = 40
    save_every: int = 200

    def __post_init__(self) -> None:
        if set(self.sentences) - set(SOURCES) or sum(self.sentences.values()) < 1:
            raise DataError(f"sentences must be counts of some of {', '.join(SOURCES)}, got {dict(self.sentences)}")


def read_chinese_decoder_config(path: Path) -> ChineseDecoderConfig:
    """Reads a YAML file; raises DataError for an unreadable file, an unknown setting or a value of the wrong type."""
    config: ChineseDecoderConfig = build_settings(ChineseDecoderConfig, read_yaml(path), path)
    return config


def train_chinese_decoder(
    loaded: LoadedModel,
    captions: ChineseCaptions,
    out: Path,
    config: ChineseDecoderConfig,
    *,
    stop_after: int | None = None,
    progress: bool = True,
) -> Path:
    """Trains the decoder, or goes on training what is in `out`; it is written there after every `save_every` steps.

    Args:
        stop_after: leave after this many steps of this call.

    Returns:
        The folder with the decoder, which belongs into the translator's folder of the checkpoint.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    decoder = new_decoder(loaded, captions, config)
    own = decoder.own()
    groups = [
        {"params": [weight for name, weight in own.items() if (name == "bias") == is_bias], "times": times}
        for is_bias, times in ((False, 1.0), (True, _BIAS_RATE))
    ]
    optimizer = torch.optim.AdamW(
        groups, lr=config.learning_rate, weight_decay=config.weight_decay, betas=(0.9, 0.98), fused=True
    )
    read = [decoder.read(text) for text in captions.texts]
    decoder.view.decoder.train()  # for its dropout
    lessons = _Lessons(captions, [ids if ids and len(ids) < MAX_TOKENS else None for ids in read])
    run_steps(
        own,
        optimizer,
        lambda step: lessons.loss(decoder, lessons.rows_of_step(step, config), config.smoothing),
        lambda: save_decoder(decoder, out),
        out,
        config,
        final_rate=0.03,
        label="decoder",
        stop_after=stop_after,
        progress=progress,
    )
    return out


def new_decoder(loaded: LoadedModel, captions: ChineseCaptions, config: ChineseDecoderConfig) -> ChineseDecoder:
    """A decoder that knows nothing yet but where its words lie: among the model's own that translate them."""
    translator = loaded.translator
    assert translator is not None
    loaded.model.requires_grad_(False)
    decoder = ChineseDecoder(
        loaded.model,
        translator,
        count_tokens(translator, captions.texts, config.least),
        rank=config.rank,
        width=config.width,
        fingerprint=fingerprint_of(loaded.model, translator),
    ).requires_grad_(False)
    own = decoder.own()
    for weight in own.values():
        weight.requires_grad_(True)
    with torch.no_grad():
        placed = _place_words(loaded, decoder, captions.pairs, len(own["words"]))  # (N, D)
        left, sizes, right = torch.linalg.svd(placed, full_matrices=False)
        rank = min(config.width, len(sizes))
        own["words"][:, :rank] = left[:, :rank] * sizes[:rank].sqrt()
        own["map"][:, :rank] = right[:rank].T * sizes[:rank].sqrt()
    return decoder


def _place_words(loaded: LoadedModel, decoder: ChineseDecoder, pairs: Sequence[tuple[str, str]], count: int) -> Tensor:
    """Embeddings (N, D) of N tokens: random ones, moved to those of the English words that they translate."""
    english = loaded.model.decoder.embed_tokens.weight.detach().float().cpu()
    writer = loaded.processor.decoder_tokenizer
    sources, targets = [], []
    for sentence, chinese in pairs:
        tokens = decoder.read(chinese)
        ids = writer(sentence.lower().rstrip(" ."), add_special_tokens=False).input_ids
        if tokens:
            sources.append([number for number in ids if number < len(english)])
            targets.append([len(english) + token for token in tokens])
    joint = torch.cat([english, torch.randn(count, english.shape[1]) * english.std()])
    if sources:
        place_translations(joint, align_tokens(sources, targets, len(joint)))
    return joint[len(english) :]


@dataclass(frozen=True, eq=False)
class _Lessons:
    """The captions with their tokens; None for those that are not learned from."""

    captions: ChineseCaptions
    tokens: Sequence[list[int] | None]

    def __post_init__(self) -> None:
        sources = self.captions.sources.tolist()
        rows: list[list[int]] = [[] for _ in SOURCES]
        for row, (source, ids) in enumerate(zip(sources, self.tokens, strict=True)):
            if ids is not None:
                rows[source].append(row)
        object.__setattr__(self, "_rows", rows)

    def rows_of_step(self, step: int, config: ChineseDecoderConfig) -> list[int]:
        """The captions of one step."""
        random = open_stream(config.seed, SeedStream.CHINESE_DECODER, step)
        rows: list[list[int]] = self._rows  # type: ignore[attr-defined]
        return [
            rows[SOURCES.index(name)][int(number)]
            for name, count in config.sentences.items()
            if rows[SOURCES.index(name)]
            for number in random.integers(len(rows[SOURCES.index(name)]), size=count)
        ]

    def loss(self, decoder: ChineseDecoder, rows: Sequence[int], smoothing: float) -> Tensor:
        """The mean cross-entropy of the tokens of some captions, their ends included."""
        is_picture = [int(self.captions.sources[row]) == SOURCES.index("pictures") for row in rows]
        total, tokens = torch.zeros(()), 0
        for kind in (True, False):  # apart, since what the decoder reads of a picture is a quarter as long
            chosen = [row for row, is_one in zip(rows, is_picture, strict=True) if is_one == kind]
            if chosen:
                logits, wanted = self._predict(decoder, chosen)
                total = total + functional.cross_entropy(logits, wanted, label_smoothing=smoothing, reduction="sum")
                tokens += len(wanted)
        return total / tokens

    def _predict(self, decoder: ChineseDecoder, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Logits (n, N) of all tokens of some captions, and the tokens (n,)."""
        view = decoder.view
        start, end, pad = (
            int(token or 0)
            for token in (view.config.decoder_start_token_id, view.config.eos_token_id, view.config.pad_token_id)
        )
        ids = [self.tokens[row] or [] for row in rows]
        inputs = pad_sequence([torch.tensor([start, *row]) for row in ids], batch_first=True, padding_value=pad)
        wanted = pad_sequence([torch.tensor([*row, end]) for row in ids], batch_first=True, padding_value=-1)
        states = [self.captions.states[int(self.captions.clips[row])].float() for row in rows]
        memory = pad_sequence(states, batch_first=True)  # (B, S, D)
        is_real = pad_sequence([torch.ones(len(one), dtype=torch.long) for one in states], batch_first=True)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = view.decoder(
                input_ids=inputs, encoder_hidden_states=memory, encoder_attention_mask=is_real, use_cache=False
            ).last_hidden_state
            logits = view.caption_logits(hidden[wanted >= 0])
        return logits.float(), wanted[wanted >= 0]
