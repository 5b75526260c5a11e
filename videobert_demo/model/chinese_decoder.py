"""The decoder with Chinese words: it writes what it sees in Chinese, without an English sentence between.

    clip -> encoder -> the model's own decoder, with adapters and Chinese tokens of its own -> 一只狗在草地上奔跑

Its tokens are some of the translator's; their embeddings are few numbers each, which one linear map brings into the
decoder's width. Beside these it adds a bias a token and adapters (adapters.py), which are active in a view of the model
(views.py): nobody who reads English meets them, and all other weights take no memory twice. On disk its matrices have 8
bits a weight. Knows the model and the translator's tokens; knows no clip.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from videobert_demo.errors import CheckpointError
from videobert_demo.model.adapters import ADAPTERS, AdaptedLinear
from videobert_demo.model.eight_bit_linear import EightBitWeight
from videobert_demo.model.eight_bits import from_eight_bits, to_eight_bits
from videobert_demo.model.linear import FastLinear
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.translator import BEGIN, END, PAD, UNKNOWN, Translator
from videobert_demo.model.views import view_of

FILE = "decoder.safetensors"
"""Its file in the translator's folder."""
SPECIAL_TOKENS = (PAD, BEGIN, END, UNKNOWN)
_PAD, _BEGIN, _END, _UNKNOWN = range(len(SPECIAL_TOKENS))
_ABOUT, _TOKENS = "about", "tokens"


class ChineseDecoder(nn.Module):
    """The decoder.

    Args:
        model: whose decoder it is; the model itself stays as it is.
        translator: whose tokens it writes.
        tokens: the translator's ids of those that it writes, besides the special ones.
        rank: of the adapters. width: how many numbers a token's embedding is made of.
        fingerprint: of model and translator, as `fingerprint_of` gives it.

    Attributes:
        tokens: as given.
        view: the model as it writes Chinese, for `search_beams`; its N tokens are numbered anew, special ones first.
    """

    def __init__(
        self,
        model: VideoBertForConditionalGeneration,
        translator: Translator,
        tokens: Sequence[int],
        *,
        rank: int,
        width: int,
        fingerprint: str = "",
    ) -> None:
        super().__init__()
        self.tokens, self.rank, self.width, self.fingerprint = tuple(tokens), rank, width, fingerprint
        self._translator = translator
        self._ids = [*(translator.id_of(token) for token in SPECIAL_TOKENS), *tokens]
        self._numbers = {token: number for number, token in enumerate(self._ids)}
        words = model.decoder.embed_tokens.weight
        self.words = _Words(words.new_zeros(len(self._ids), width), words.new_zeros(words.shape[1], width))
        view = view_of(model)
        self._adapters = nn.ModuleDict()
        self.bias = nn.Parameter(words.new_zeros(len(self._ids)))
        for name, layer in list(view.decoder.layers.named_modules()):
            if isinstance(layer, nn.Linear):
                parent, _, last = name.rpartition(".")
                adapted = _adapted(layer, rank)
                setattr(view.decoder.layers.get_submodule(parent), last, adapted)
                self._adapters[name.replace(".", "/")] = adapted
        view.decoder.embed_tokens = cast(Any, self.words)
        view._parameters = {**view._parameters, "caption_bias": self.bias}
        self._is_light, view.eight_bit_words = model.eight_bit_words is not None, None
        view.config.bos_token_id = view.config.decoder_start_token_id = _BEGIN
        view.config.eos_token_id, view.config.pad_token_id = _END, _PAD
        view.train(mode=False)
        self._view = (view,)  # in a tuple, so that the rest of the model is no part of this module

    @property
    def view(self) -> VideoBertForConditionalGeneration:
        """The model as it writes Chinese."""
        return self._view[0]

    @property
    def never(self) -> tuple[int, ...]:
        """The tokens that it must not write."""
        return (_PAD, _BEGIN, _UNKNOWN)

    def own(self) -> dict[str, nn.Parameter]:
        """What it learns, by name: each token's numbers, their map, the bias and the adapters."""
        found = {"words": self.words.numbers, "map": self.words.up, "bias": self.bias}
        for name, weight in self._adapters.named_parameters():
            if name.endswith(ADAPTERS):
                found[name.replace("/", ".")] = weight
        return found

    def read(self, sentence: str) -> list[int] | None:
        """A Chinese sentence as it is learned, without its full stop and its end; None if it has another token."""
        ids = [self._numbers.get(token) for token in _ids_of(self._translator, sentence)]
        known = [number for number in ids if number is not None]
        return known if len(known) == len(ids) and _UNKNOWN not in known else None

    def decode(self, numbers: Sequence[int]) -> str:
        """Tokens that it wrote -> the sentence, without a full stop."""
        return self._translator.decode([self._ids[number] for number in numbers]).rstrip("。")

    def settle(self) -> ChineseDecoder:
        """Ends learning: its words are computed once, in 8 bits where the model computes so."""
        self.requires_grad_(False)
        with torch.no_grad():
            fixed = nn.Embedding.from_pretrained(self.words.weight.detach().clone())
        self.view.decoder.embed_tokens = cast(Any, fixed)
        if self._is_light:
            self.view.eight_bit_words = EightBitWeight(fixed.weight)
        return self.eval()


class _Words(nn.Module):
    """Embeddings of few numbers a token (N, R), mapped to the decoder's width D: `weight` (N, D)."""

    def __init__(self, numbers: Tensor, up: Tensor) -> None:
        super().__init__()
        self.numbers, self.up = nn.Parameter(numbers), nn.Parameter(up)

    @property
    def weight(self) -> Tensor:
        return self.numbers @ self.up.T

    def forward(self, tokens: Tensor) -> Tensor:
        """(...) int64 -> (..., D)."""
        return self.numbers[tokens] @ self.up.T


def count_tokens(translator: Translator, sentences: Sequence[str], least: int) -> list[int]:
    """The ids of the tokens that Chinese sentences need, each at least so often, in order."""
    special = {translator.id_of(token) for token in SPECIAL_TOKENS}
    counts = Counter(number for sentence in sentences for number in _ids_of(translator, sentence))
    return sorted(number for number, count in counts.items() if count >= least and number not in special)


def _ids_of(translator: Translator, sentence: str) -> list[int]:
    """A sentence's tokens, without its full stop and its end."""
    stop = translator.tokenizer.token_to_id("。")
    ids = translator.target_ids(sentence.rstrip("。. "))[:-1]
    return ids[:-1] if ids and ids[-1] == stop else ids


def _adapted(layer: nn.Linear, rank: int) -> AdaptedLinear:
    """A layer of the same weights, not copied, with an active adapter of its own."""
    weight = layer.weight
    with torch.device("meta"):
        made = AdaptedLinear(layer.in_features, layer.out_features, rank=rank, bias=layer.bias is not None)
    made.weight, made.bias, made.is_active = layer.weight, layer.bias, True
    made.down = nn.Parameter(weight.new_empty(rank, layer.in_features))
    made.up = nn.Parameter(weight.new_zeros(layer.out_features, rank))
    made.reset_adapter()
    if isinstance(layer, FastLinear):
        made.eight_bits = layer.eight_bits
    return made.train(layer.training)


def fingerprint_of(model: VideoBertForConditionalGeneration, translator: Translator) -> str:
    """16 hexadecimal digits that differ where the decoder's weights or the translator's tokens do."""
    digest = hashlib.sha256(translator.tokenizer.to_str().encode())
    for weight in (model.decoder.embed_tokens.weight, *model.decoder.layers.parameters()):
        digest.update(weight.detach().flatten()[:4096].bfloat16().view(torch.int16).cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def save_decoder(decoder: ChineseDecoder, folder: Path) -> int:
    """Writes it into a translator's folder, with 8 bits a weight (eight_bits.py); returns the bytes of the file."""
    weights = {name: _turned(name, weight.detach()) for name, weight in decoder.own().items()}
    path = folder / FILE
    about = {"rank": decoder.rank, "width": decoder.width, "fingerprint": decoder.fingerprint}
    stored = {**to_eight_bits(weights), _TOKENS: torch.tensor(decoder.tokens, dtype=torch.int32)}
    save_file(stored, path, metadata={_ABOUT: json.dumps(about)})
    return path.stat().st_size


def load_decoder(
    folder: Path, model: VideoBertForConditionalGeneration, translator: Translator
) -> ChineseDecoder | None:
    """Reads what `save_decoder` wrote, settled; None if it wrote nothing there, or for another model or translator.

    Raises:
        CheckpointError: the file is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, "pt") as file:
            about = json.loads(file.metadata()[_ABOUT])
        if about["fingerprint"] != fingerprint_of(model, translator):
            return None
        stored = from_eight_bits(load_file(path))
        decoder = ChineseDecoder(model, translator, stored.pop(_TOKENS).tolist(), **about)
        own, weights = decoder.own(), {name: _turned(name, weight) for name, weight in stored.items()}
        if weights.keys() != own.keys() or any(weights[name].shape != own[name].shape for name in own):
            raise ValueError("it has other weights than it tells")
        with torch.no_grad():
            for name, weight in weights.items():
                own[name].copy_(weight)
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as error:
        raise CheckpointError(f"{FILE} of the checkpoint cannot be read ({error}).") from error
    if not all(bool(weight.isfinite().all()) for weight in own.values()):
        raise CheckpointError(f"{FILE} of the checkpoint has weights that are no numbers; it is damaged.")
    return decoder.settle()


def _turned(name: str, weight: Tensor) -> Tensor:
    """A weight as it lies in the file, and back: `up` lies on its side, so that it has fewer rows, a scale each."""
    return weight.T.contiguous() if name.endswith(ADAPTERS[1]) else weight
