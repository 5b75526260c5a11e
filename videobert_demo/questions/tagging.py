"""Lemmas and parts of speech of the words of a caption, by rules over a lexicon.

Lemmas and possible parts of speech come from lemminflect's lexicon (Apache/MIT; the NIH's SPECIALIST lexicon).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import lemminflect  # type: ignore[import-untyped]

from videobert_demo.questions.lexicon import FUNCTION, LEMMAS, PEOPLE, SAME_IN_SINGULAR, SHORT, THINGS

CONTENT = frozenset("NSGZVE")
"""The tags of nouns and verbs."""


@lru_cache(maxsize=65536)
def lemmas(word: str) -> Mapping[str, str]:
    """Lemma by part of speech ("NOUN", "VERB", "ADJ", "ADV") of a lower-case word; empty for an unknown one."""
    word = word.removesuffix("'s")
    if word in SAME_IN_SINGULAR:
        return {"NOUN": word}
    if word in SHORT:
        return {"NOUN": SHORT[word]}
    if word in LEMMAS:
        return LEMMAS[word]
    found: dict[str, str] = {}
    for part, choices in lemminflect.getAllLemmas(word).items():
        if part == "NOUN" and word in choices and not word.endswith("s"):
            found[part] = word
        else:
            found[part] = next((choice for choice in choices if choice != word), word) if part == "NOUN" else choices[0]
    if found.get("NOUN") in THINGS and not word.endswith(("ing", "ed")):
        found.pop("VERB", None)
    if not found and word.endswith("s") and "N" in (FUNCTION.get(word[:-1]), "N" if word in FUNCTION else ""):
        found["NOUN"] = word[:-1]
    if not found and FUNCTION.get(word) == "N":
        found["NOUN"] = word
    return found


@lru_cache(maxsize=65536)
def _readings(word: str) -> str:
    """The tags a word can have: N noun, S plural, G -ing, Z third person, V base form, E past, J, R, U unknown."""
    if word in FUNCTION:
        return FUNCTION[word]
    found = lemmas(word)
    if word.endswith("'s"):
        return "J" if "NOUN" in found else "."
    tags = ""
    if "VERB" in found:
        is_base = word == found["VERB"]
        tags += "V" if is_base else "G" if word.endswith("ing") else "Z" if word.endswith("s") else "E"
    if "NOUN" in found:
        tags += "N" if found["NOUN"] == word and word not in SAME_IN_SINGULAR else "S"
    if "ADJ" in found:
        tags += "J"
    if "ADV" in found and not tags:
        tags += "R"
    return tags or ("U" if word.isalpha() and word.isascii() else ".")


def _choose(options: str, before: str, after: str, finite: bool, person: bool) -> str:
    """One tag out of several, by the tag before, those the next word can have, and whether the clause has its verb."""
    noun_follows = bool(set(after) & set("NSUJ")) and after[:1] not in ("D", "P", "B")
    noun = "N" if "N" in options else "S" if "S" in options else ""
    if before in "DJM":
        if "G" in options or "E" in options or "J" in options:
            return "J" if noun_follows or not noun else noun
        return noun or options[0]
    if "G" in options:
        if before == "P":
            return "J" if noun_follows and not noun else noun or "K"
        if before == "N" and noun and not person and not set(after) & set("DGP"):
            return noun
        return "G" if before in "NSUBROCWFI^GJE" else "K"
    if before in "NU" and not finite and "Z" in options:
        return "Z"
    if before == "S" and not finite and "V" in options:
        return "V"
    if before in "RW" and not finite and set(options) & set("ZV"):
        return "Z" if "Z" in options else "V"
    if before == "C" and "Z" in options and not finite and set(after) & set("DPS"):
        return "Z"
    if before in "TI" and "V" in options:
        return "V"
    if before == "N" and person and not finite and options == "V":
        return "V"
    if "E" in options:
        return "E" if not noun or before in "NSUBI" else noun
    if "J" in options and (noun_follows or not noun or before == "B"):
        return "J"
    return noun or options[0]


def tag(tokens: list[str]) -> str:
    """One letter a word, see `_readings`; K is an -ing form that is no clause's verb."""
    tags = ""
    finite = False
    for index, word in enumerate(tokens):
        options = _readings(word)
        after = _readings(tokens[index + 1]) if index + 1 < len(tokens) else ""
        before = tags[-1] if tags else "^"
        person = index > 0 and lemmas(tokens[index - 1]).get("NOUN") in PEOPLE
        if word in FUNCTION:
            chosen = options
        else:
            chosen = _choose(options, before, after, finite, person) if len(options) > 1 or options in "G" else options
            if options == "E" and before in "DJM":
                chosen = "J"
        if chosen in "CW.":
            finite = False
        finite = finite or chosen in "BZVGH"
        tags += chosen
    return tags


def plural_form(noun: str) -> str:
    """The plural of a noun: "dogs" of "dog"; a word that is not in the lexicon gets a regular form."""
    forms = lemminflect.getInflection(noun, "NNS")
    return str(forms[0]) if forms else noun


def ing_form(verb: str) -> str:
    """The -ing form of a verb: "playing" of "play". A word that is not in the lexicon gets a regular form."""
    forms = lemminflect.getInflection(verb, "VBG")
    return str(forms[0]) if forms else ""
