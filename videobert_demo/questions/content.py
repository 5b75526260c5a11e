"""The nouns and verbs of captions, and how many captions of a video say the same. Knows words only.

"a man is playing the guitars" has the nouns man and guitar and the verb play. What a word says is found among other
captions in every reading that it may have there: a noun "play" supports a verb "play".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from videobert_demo.questions.lexicon import GENERAL, MANY, PART
from videobert_demo.questions.tagging import lemmas, tag

MIN_AGREEING = 2
"""How many captions of a video must have a caption's verb and main noun for it to count as right."""

_NOUN_TAGS, _VERB_TAGS = "NSU", "GZVEK"
_BEFORE_OF = MANY | PART | GENERAL
_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ContentWords:
    """The lemmas of a caption's nouns and verbs, each in order.

    Attributes:
        nouns, verbs: all of them.
        main_noun: the first noun that names something, "man" of "a group of men"; None without nouns.
    """

    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    main_noun: str | None

    @property
    def verb(self) -> str | None:
        """The first verb; None without verbs."""
        return self.verbs[0] if self.verbs else None


@lru_cache(maxsize=4096)
def content_words(caption: str) -> ContentWords:
    """The nouns and verbs of a caption, without forms of "be" and other helpers; the most recent ones are cached."""
    words = _WORD.findall(caption.lower())
    if not words:
        return ContentWords((), (), None)
    nouns, verbs, named = [], [], []
    for word, letter, after in zip(words, tag(words), [*words[1:], ""], strict=True):
        if letter in _NOUN_TAGS:
            nouns.append(lemmas(word).get("NOUN", word))
            if after != "of" or word not in _BEFORE_OF:
                named.append(nouns[-1])
        elif letter in _VERB_TAGS:
            verbs.append(lemmas(word).get("VERB", word))
    return ContentWords(tuple(nouns), tuple(verbs), next(iter([*named, *nouns]), None))


def count_supporting(captions: Sequence[str]) -> Counter[str]:
    """In how many of a video's captions each lemma is, in any reading of its word."""
    counts: Counter[str] = Counter()
    for caption in captions:
        counts.update(_all_lemmas(caption))
    return counts


def is_right(caption: str, supporting: Counter[str]) -> bool:
    """Whether MIN_AGREEING captions have the caption's verb and as many its main noun; one without either is wrong.

    Args:
        supporting: what `count_supporting` gives for the video's captions.
    """
    found = content_words(caption)
    told = [word for word in (found.verb, found.main_noun) if word is not None]
    return bool(told) and all(supporting[word] >= MIN_AGREEING for word in told)


@lru_cache(maxsize=65536)
def _all_lemmas(caption: str) -> frozenset[str]:
    words = _WORD.findall(caption.lower())
    return frozenset(lemma for word in words for lemma in (word, *lemmas(word).values()))
