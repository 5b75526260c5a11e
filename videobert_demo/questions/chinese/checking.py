"""Whether a translated sentence says all that its English says, as far as the lexicon knows its words.

    a man is playing tennis  ->  一个男人在弹奏网球   does not: the lexicon has no 弹奏 for play

It knows the lexicon; it knows no model.
"""

from __future__ import annotations

from videobert_demo.questions.chinese.lexicon import words_by_english
from videobert_demo.questions.tagging import lemmas, tag

_CONTENT = frozenset("NSUGKZVEJM")
"""Nouns, verbs, adjectives and numbers, as tagging.py tags them."""
_LIGHT = frozenset(("is", "are", "a", "an", "the", "there", "while", "being"))


def words_not_said(english: str, chinese: str) -> list[str]:
    """The words of an English sentence that its translation does not say by any word of the lexicon.

    A word that the lexicon lacks counts as not said: nobody can tell.
    """
    words = english.lower().replace(",", " ").rstrip(". ").split()
    content = [word for word, kind in zip(words, tag(words), strict=True) if kind in _CONTENT and word not in _LIGHT]
    return [word for word in content if not _is_said(word, chinese)]


def _is_said(word: str, chinese: str) -> bool:
    known = words_by_english()
    entries = [entry for form in dict.fromkeys((word, *lemmas(word).values())) for entry in known.get(form, ())]
    return any(said.rstrip("的") in chinese for entry in entries for said in entry.chinese)
