"""Which words are verbs, which name objects, and which of them the captions of a video share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from videobert_demo.questions.lexicon import FUNCTION, GENERAL, PEOPLE
from videobert_demo.questions.tagging import lemmas, tag

MIN_CAPTIONS = 3
"""How many of a video's captions must have a verb or an object for it to count."""

_TAGS = {"verb": ("GZVE", "VERB"), "object": ("NS", "NOUN")}
_WORD = re.compile(r"[a-z0-9']+")


def is_verb_form(word: str) -> bool:
    """Whether a word is the -ing form of a verb."""
    return word.endswith("ing") and len(word) > 4 and "VERB" in lemmas(word)


def is_object_form(word: str) -> bool:
    """Whether a word is a noun in the singular that names a thing or an animal; "man" and "video" do not."""
    if word in PEOPLE or word in GENERAL:
        return False
    return len(word) > 2 and FUNCTION.get(word, "N") == "N" and lemmas(word).get("NOUN") == word


def agreed_words(captions: Sequence[str], head: str) -> frozenset[str]:
    """The lemmas of the verbs ("verb") or of the nouns that name objects ("object") that MIN_CAPTIONS captions have.

    Where there are fewer captions, all must have them.
    """
    tags, part = _TAGS[head]
    counts: Counter[str] = Counter()
    for caption in captions:
        words = _WORD.findall(caption.lower())
        counts.update(
            {lemmas(word).get(part, "") for word, found in zip(words, tag(words), strict=True) if found in tags}
        )
    needed = min(MIN_CAPTIONS, len(captions))
    return frozenset(
        word for word, count in counts.items() if word and count >= needed and (head == "verb" or is_object_form(word))
    )
