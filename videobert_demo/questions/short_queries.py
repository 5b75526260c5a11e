"""One to three words that someone searches with, put into the sentences that captions are made of.

    dog               a dog | there is a dog | a video of a dog
    sing, singing     a person is singing | a man is singing | a woman is singing
    riding horses     a person is riding horses | a man is riding horses | a woman is riding horses
    people riding     people riding | there are people riding | a video of people riding

Vectors were learned from sentences; one word alone lies among none of them. Pure text.
"""

from __future__ import annotations

import re

from videobert_demo.questions.tagging import ing_form, lemmas, tag

MAX_SHORT_WORDS = 3
"""Longer texts are sentences; an article in front does not count."""

GENERIC_SENTENCES = ("a person", "a video", "something", "a person is doing something")
"""Sentences that say nothing: what a query has in common with them tells nothing about what is wanted."""

_ARTICLES = ("a", "an", "the")
_NOT_A_WORD = re.compile(r"[^\w\s'-]|_")
_DOERS = ("a person", "a man", "a woman")


def phrase_query(text: str) -> tuple[str, ...]:
    """The sentences for a short query, at least two; none if it is a sentence already, or has no words.

    Args:
        text: as it was typed.
    """
    words = _NOT_A_WORD.sub(" ", text.lower()).split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    if not 1 <= len(words) <= MAX_SHORT_WORDS:
        return ()
    tags = tag(words)
    if set(tags) & set("BHW"):  # "dogs are running" is a sentence
        return ()
    phrase = " ".join(words)
    if len(words) == 1:
        known = lemmas(phrase)
        is_doing = phrase.endswith("ing") and "VERB" in known
        as_thing = () if is_doing or not ("NOUN" in known or "VERB" not in known) else _of_thing(words, tags)
        return (*as_thing, *(_of_doing(ing_form(known["VERB"]) or phrase) if "VERB" in known else ()))
    if words[0].endswith("ing") and "VERB" in lemmas(words[0]):
        return _of_doing(phrase)
    return _of_thing(words, tags)


def _of_thing(words: list[str], tags: str) -> tuple[str, ...]:
    """A noun phrase, with "a" before a singular that has no word for how many."""
    phrase = " ".join(words)
    is_plural = (
        tags[-1] == "S" or "S" in tags or tags[0] == "M" or lemmas(words[-1]).get("NOUN", words[-1]) != words[-1]
    )
    if not is_plural and tags[0] not in "DM":
        phrase = ("an " if phrase[0] in "aeiou" else "a ") + phrase
    return phrase, f"there {'are' if is_plural else 'is'} {phrase}", f"a video of {phrase}"


def _of_doing(phrase: str) -> tuple[str, ...]:
    return tuple(f"{doer} is {phrase}" for doer in _DOERS)
