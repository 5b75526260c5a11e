"""Chinese sentences in the model's own space of vectors, without English between: a head on the translator's encoder.

    草地上的狗 -> the translator's encoder -> states (S, W) -> one more layer -> H weighted means -> unit vector (D,)

It belongs to one checkpoint, whose clips it was trained to find. On disk its matrices have 8 bits a weight. Knows the
translator; knows no clip.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from videobert_demo.errors import CheckpointError
from videobert_demo.model.eight_bits import from_eight_bits, to_eight_bits
from videobert_demo.model.translator import Translator

FILE = "search.safetensors"
"""Its file in the translator's folder."""
_ABOUT = "about"


class ChineseVectors(nn.Module):
    """The head.

    Args:
        width: W, of the translator's states.
        dimension: D, of the model's vectors.
        means: H, how many weighted means of the states are taken.
        inner: the width inside the linear maps of the layer; no layer if it is 0.
        share: what its vector counts in a search beside that of the English translation, in [0, 1].
        fingerprint: of the checkpoint whose vectors it gives.
    """

    def __init__(
        self,
        *,
        width: int,
        dimension: int,
        means: int = 2,
        inner: int = 0,
        dropout: float = 0.0,
        share: float = 0.5,
        fingerprint: str = "",
    ) -> None:
        super().__init__()
        self.sizes = {"width": width, "dimension": dimension, "means": means, "inner": inner}
        self.share, self.fingerprint = share, fingerprint
        self.layer = (
            nn.TransformerEncoderLayer(width, max(1, width // 64), inner, dropout, "gelu", batch_first=True)
            if inner
            else None
        )
        self.dropout = nn.Dropout(dropout)
        self.weigh = nn.Linear(width, means)
        self.project = nn.Linear(means * width, dimension)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (B, S, W) of sentences, and where there are tokens, (B, S) bool -> unit vectors (B, D)."""
        if self.layer is not None:
            states = self.layer(states, src_key_padding_mask=~mask)
        scores = self.weigh(states).float().masked_fill(~mask[:, :, None], float("-inf"))  # (B, S, H)
        weights = scores.softmax(1).to(states.dtype)
        means = weights.transpose(1, 2) @ self.dropout(states)  # (B, H, W)
        return functional.normalize(self.project(means.flatten(1)), dim=-1)


@torch.no_grad()
def encode_states(translator: Translator, sentences: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Sentences -> the states (B, S, W) of the translator's encoder, and where there are tokens, (B, S) bool."""
    tokens, mask = translator.encode(sentences, "en")
    states = translator.model.model.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
    return states, mask.bool()


def save_vectors(head: ChineseVectors, folder: Path) -> int:
    """Writes it into a translator's folder, with 8 bits a weight (eight_bits.py); returns the bytes of the file."""
    about = {**head.sizes, "share": head.share, "fingerprint": head.fingerprint}
    path = folder / FILE
    save_file(to_eight_bits(head.state_dict()), path, metadata={_ABOUT: json.dumps(about)})
    return path.stat().st_size


def load_vectors(folder: Path) -> ChineseVectors | None:
    """Reads what `save_vectors` wrote, in eval mode; None if it wrote nothing there.

    Raises:
        CheckpointError: the file is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with safe_open(path, "pt") as file:
            about = json.loads(file.metadata()[_ABOUT])
        head = ChineseVectors(**about)
        head.load_state_dict(from_eight_bits(load_file(path)))
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as error:
        raise CheckpointError(f"{FILE} of the checkpoint cannot be read ({error}).") from error
    if not all(bool(weight.isfinite().all()) for weight in head.parameters()):
        raise CheckpointError(f"{FILE} of the checkpoint has weights that are no numbers; it is damaged.")
    return head.eval()
