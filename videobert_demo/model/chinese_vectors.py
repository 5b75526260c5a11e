"""Chinese sentences in the model's own space of vectors, without English between: the translator's encoder, adapted.

    草地上的狗 -> the translator's encoder with adapters of low rank -> states (S, W) -> H weighted means -> vector (D,)

The adapters (adapters.py) change what the encoder says for searches only; its own weights are the translator's and take
no memory twice. The head belongs to one checkpoint, whose clips it was trained to find. On disk its matrices have 8
bits a weight. Knows the translator; knows no clip.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from videobert_demo.errors import CheckpointError
from videobert_demo.model.adapters import ADAPTERS, AdaptedLinear, adapt
from videobert_demo.model.eight_bits import from_eight_bits, to_eight_bits
from videobert_demo.model.translator import Translator

FILE = "search.safetensors"
"""Its file in the translator's folder."""
_ABOUT = "about"
_ENCODER = "encoder."


class ChineseVectors(nn.Module):
    """The head.

    Args:
        translator: whose encoder it reads sentences with.
        dimension: D, of the model's vectors.
        means: H, how many weighted means of the states are taken.
        rank: of the adapters; none if it is 0.
        share: what its vector counts in a search beside that of the English translation, in [0, 1].
        fingerprint: of the checkpoint whose vectors it gives.
    """

    def __init__(
        self,
        translator: Translator,
        *,
        dimension: int,
        means: int = 2,
        rank: int = 0,
        dropout: float = 0.0,
        share: float = 0.5,
        fingerprint: str = "",
    ) -> None:
        super().__init__()
        self._translator = (translator,)  # in a tuple, so that its decoder is no part of this module
        self.sizes = {"dimension": dimension, "means": means, "rank": rank}
        self.share, self.fingerprint = share, fingerprint
        self.encoder = _adapted(translator.model.model.encoder, rank)
        width = int(translator.model.config.d_model or 0)
        self.dropout = nn.Dropout(dropout)
        self.weigh = nn.Linear(width, means)
        self.project = nn.Linear(means * width, dimension)

    def own(self) -> dict[str, nn.Parameter]:
        """What it learns, by name: all but the translator's weights."""
        return {
            name: weight
            for name, weight in self.named_parameters()
            if not name.startswith(_ENCODER) or name.endswith(ADAPTERS)
        }

    def forward(self, sentences: Sequence[str]) -> Tensor:
        """B sentences -> unit vectors (B, D)."""
        tokens, is_token = self._translator[0].encode(sentences, "en")
        states = self.encoder(input_ids=tokens, attention_mask=is_token).last_hidden_state  # (B, S, W)
        mask = is_token.bool()
        scores = self.weigh(states).float().masked_fill(~mask[:, :, None], float("-inf"))  # (B, S, H)
        weights = scores.softmax(1).to(states.dtype)
        means = weights.transpose(1, 2) @ self.dropout(states)  # (B, H, W)
        return functional.normalize(self.project(means.flatten(1)).float(), dim=-1)


def _adapted(encoder: nn.Module, rank: int) -> nn.Module:
    """An encoder of the same weights, not copied, each linear layer with an active adapter of `rank`."""
    shared = {id(tensor): tensor for tensor in (*encoder.parameters(), *encoder.buffers())}
    found: nn.Module = copy.deepcopy(encoder, shared)
    if rank:
        layers = found.get_submodule("layers")
        kept = dict(layers.named_parameters())
        adapt(layers, rank)
        for name, layer in layers.named_modules():
            if isinstance(layer, AdaptedLinear):
                layer.weight, layer.bias = kept[f"{name}.weight"], kept[f"{name}.bias"]
                layer.is_active = True
    return found


def save_vectors(head: ChineseVectors, folder: Path) -> int:
    """Writes it into a translator's folder, with 8 bits a weight (eight_bits.py); returns the bytes of the file."""
    about = {**head.sizes, "share": head.share, "fingerprint": head.fingerprint}
    path = folder / FILE
    save_file(
        to_eight_bits({name: weight.detach() for name, weight in head.own().items()}),
        path,
        metadata={_ABOUT: json.dumps(about)},
    )
    return path.stat().st_size


def load_vectors(folder: Path, translator: Translator) -> ChineseVectors | None:
    """Reads what `save_vectors` wrote, in eval mode; None if it wrote nothing there.

    Args:
        translator: with which the head was trained.

    Raises:
        CheckpointError: the file is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, "pt") as file:
            about = json.loads(file.metadata()[_ABOUT])
        head = ChineseVectors(translator, **about)
        weights = from_eight_bits(load_file(path))
        if weights.keys() != head.own().keys():
            raise ValueError("it has other weights than it tells")
        head.load_state_dict(weights, strict=False)
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as error:
        raise CheckpointError(f"{FILE} of the checkpoint cannot be read ({error}).") from error
    if not all(bool(weight.isfinite().all()) for weight in head.own().values()):
        raise CheckpointError(f"{FILE} of the checkpoint has weights that are no numbers; it is damaged.")
    return head.eval()
