"""Tokenizers of published models: reads them, and tells which tokens are whole words, whatever marks the beginning.

    WordPiece (BERT)              play ##ing        a continuation is marked
    byte-level BPE (RoBERTa, BART)  Ġplay ing       the beginning of a word is marked
    SentencePiece                 ▁play ing

Knows tokens and ids; knows no model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, cast

from transformers import AutoTokenizer, BertTokenizer, PreTrainedTokenizerBase

from videobert_demo.model.sources import OWN_CODE

Tokenizer: TypeAlias = PreTrainedTokenizerBase
DECODER_FOLDER = "decoder_tokenizer"
VIDEO_TOKEN = "[>]"
START_MARKS = ("Ġ", "▁")
CONTINUATION = "##"
_BERT_CLASSES = ("BertTokenizer", "BertTokenizerFast")


def read_tokenizer(source: str | Path, revision: str | None = None) -> Tokenizer:
    """The tokenizer of a folder or Hub id; of code that lies beside it nothing is run.

    Words begin alike at the start of a text and within it, as the tokens of single words have to fit into sentences.

    Raises:
        OSError, ValueError: there is none, or it has no words.
    """
    found = _find_tokenizer(source, revision)
    if set(found.get_vocab()) <= set(found.all_special_tokens):  # transformers makes up an empty one
        raise OSError("it has no tokenizer, or one without words")
    return found


def _find_tokenizer(source: str | Path, revision: str | None) -> Tokenizer:
    folder = Path(source)
    if folder.is_dir() and not (folder / "tokenizer_config.json").exists():
        found: Tokenizer = BertTokenizer.from_pretrained(folder)
        return found
    if folder.is_dir():
        described = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        if described.get("tokenizer_class") in _BERT_CLASSES:
            found = BertTokenizer.from_pretrained(folder)
            return found
    found = AutoTokenizer.from_pretrained(source, revision=revision, **OWN_CODE)
    if start_mark(found) and not found.tokenize("a")[0].startswith(START_MARKS):
        found = AutoTokenizer.from_pretrained(source, revision=revision, add_prefix_space=True, **OWN_CODE)
    return found


@lru_cache(maxsize=8)
def start_mark(tokenizer: Tokenizer) -> str:
    """What stands before the first token of a word; blank where continuations are marked."""
    tokens = tokenizer.get_vocab()
    for mark in START_MARKS:
        if sum(token.startswith(mark) for token in tokens) > 1:
            return mark
    return ""


def word_of(tokenizer: Tokenizer, token: str) -> str | None:
    """The word that a token is by itself; None for a continuation."""
    mark = start_mark(tokenizer)
    if not mark:
        return None if token.startswith(CONTINUATION) else token
    return token.removeprefix(mark) if token.startswith(mark) and token != mark else None


def word_ids(tokenizer: Tokenizer, words: Sequence[str]) -> list[int]:
    """The id of each word as one token; that of the unknown token for a word of several."""
    mark = start_mark(tokenizer)
    found = tokenizer.convert_tokens_to_ids([f"{mark}{word}" for word in words])
    return cast(list[int], found)


def add_video_token(tokenizer: Tokenizer) -> int:
    """Adds `[>]`, which stands where the video part begins, unless it is there; returns its id."""
    if VIDEO_TOKEN not in tokenizer.get_vocab():
        tokenizer.add_special_tokens({"additional_special_tokens": [VIDEO_TOKEN]})
    return cast(int, tokenizer.convert_tokens_to_ids(VIDEO_TOKEN))
