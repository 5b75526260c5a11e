"""The tokenizer's vocabulary: MiniLM's WordPiece vocabulary, reordered so that the words that captions use come first.

The decoder writes only the first `decoder_size` ids, the encoder reads all of them: one tokenizer, one id space, a
small softmax. Knows texts and ids; knows no model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from transformers import BertTokenizer

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[>]")


@dataclass(frozen=True)
class Vocabulary:
    """Tokens in the order of their new ids, how many the decoder writes, and their ids in the source vocabulary."""

    tokens: tuple[str, ...]
    decoder_size: int
    source_ids: tuple[int, ...]


def build_vocabulary(source_tokens: list[str], captions: Iterable[str], *, min_count: int = 5) -> Vocabulary:
    """Orders `source_tokens` (WordPiece, line n is id n): specials, caption tokens by frequency, other ASCII tokens.

    Tokens outside ASCII and the unused slots of BERT are left out: the model speaks English only. `[>]` takes the
    vector of BERT's first unused slot.
    """
    source = {token: index for index, token in enumerate(source_tokens)}
    tokenizer = BertTokenizer(vocab=source)
    backend = tokenizer.backend_tokenizer
    counts: Counter[str] = Counter()
    for encoding in backend.encode_batch(list(captions), add_special_tokens=False):
        counts.update(encoding.tokens)
    frequent = [token for token, count in counts.most_common() if count >= min_count and token not in SPECIAL_TOKENS]
    letters = [token for token in source if token.isascii() and len(token.removeprefix("##")) == 1]
    written = list(dict.fromkeys([*SPECIAL_TOKENS, *frequent, *letters]))
    rest = [token for token in source if token.isascii() and not token.startswith("[unused")]
    tokens = tuple(dict.fromkeys([*written, *rest]))
    ids = tuple(source["[unused0]"] if token == "[>]" else source[token] for token in tokens)
    return Vocabulary(tokens, len(written), ids)


def build_tokenizer(tokens: Iterable[str]) -> BertTokenizer:
    """A lower-casing WordPiece tokenizer over `tokens`, with `[>]` as a special token."""
    tokenizer = BertTokenizer(vocab={token: index for index, token in enumerate(tokens)}, do_lower_case=True)
    tokenizer.add_special_tokens({"additional_special_tokens": ["[>]"]})
    return tokenizer


def read_wordpiece_vocabulary(path: Path) -> list[str]:
    """BERT's vocab.txt, one token a line."""
    return path.read_text(encoding="utf-8").splitlines()
