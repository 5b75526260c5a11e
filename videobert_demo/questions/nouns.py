"""Which words of many captions are nouns that name things, and which captions mention one.

Works by counting neighbours, without a lexicon, so it sees how these very captions use a word. Knows no pixels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

MIN_CAPTION_SHARE = 0.3
"""A video shows a noun if at least this share of its captions have it."""

_MIN_OCCURRENCES = 10
_MIN_NOUN_USE = 0.4
_DETERMINERS = frozenset({"a", "an", "the", "his", "her", "their", "its", "my", "this", "two", "three", "four", "some"})
# What follows a noun, and hardly ever an adjective or the first half of a compound.
_FOLLOWING_WORDS = """
    is are was were and or in on at of to with from for by while as that who which has have into onto over around near
    under through about being
"""
_FOLLOWERS = frozenset(_FOLLOWING_WORDS.split())
# Nouns that name no thing that a picture shows in one place.
_UNSEEN_WORDS = """
    video clip scene scenes footage show movie film screen image picture pictures people person someone group couple
    bunch lot number variety series set pair kind type part side front back top bottom middle end background camera way
    time day night one two something somebody thing things other another others each different various several recipe
    song music topic game story voice talk trailer episode
"""
_UNSEEN = frozenset(_UNSEEN_WORDS.split())


def split_caption(caption: str) -> list[str]:
    """Lower-case words."""
    return re.findall(r"[a-z']+", caption.lower())


def find_nouns(captions: Sequence[str]) -> frozenset[str]:
    """The words that captions use as nouns: often after a determiner and before what follows a noun.

    a man is ..., the car on ..., a girl dancing    nouns
    a red car, she is cooking in ...                none
    """
    seen: Counter[str] = Counter()
    noun_like: Counter[str] = Counter()
    for caption in captions:
        words = split_caption(caption)
        for index, word in enumerate(words):
            seen[word] += 1
            before = words[index - 1] if index else ""
            after = words[index + 1] if index + 1 < len(words) else ""
            if before in _DETERMINERS and (not after or after in _FOLLOWERS or after.endswith("ing")):
                noun_like[word] += 1
    return frozenset(
        word
        for word, count in seen.items()
        if count >= _MIN_OCCURRENCES and noun_like[word] >= _MIN_NOUN_USE * count and word not in _UNSEEN
    )


def mentions(words: Collection[str], noun: str) -> bool:
    """Whether the words of some captions have the noun, or its plural or singular by an s."""
    return noun in words or f"{noun}s" in words or (noun.endswith("s") and noun[:-1] in words)
