"""What people search for in Chinese, in English: 一只狗 -> a dog, 弹吉他的人 -> a person playing the guitar.

Phrases that the lexicon lacks go through `translate`. It knows no model.
"""

from __future__ import annotations

import re

from videobert_demo.questions.chinese import phrases
from videobert_demo.questions.chinese.asking import Translate
from videobert_demo.questions.chinese.lexicon import words_by_chinese
from videobert_demo.questions.chinese.reading import plain


def sought_in_english(text: str, translate: Translate) -> str | None:
    """What is searched for in English, or None if it is not understood."""
    phrase = plain(text)
    found = _by_lexicon(phrase)
    if found is None:
        found = translate(phrase)
    return found


def _by_lexicon(phrase: str) -> str | None:
    """A noun, a deed, both, or two of them with 和 between."""
    for known in (phrases.noun(phrase, article=""), _coloured(phrase), phrases.doing(phrase)):
        if known is not None:
            return known
    if match := re.fullmatch(r"(?P<do>.+)的(?P<who>[^的]+)", phrase):
        done, who = phrases.doing(match["do"]), phrases.noun(match["who"], article="a")
        if done is not None and who is not None:
            return f"{who} {done}"
    if match := re.fullmatch(r"(?P<who>.+?)(?:正在|在)(?P<do>.+)", phrase):
        who, done = phrases.noun(match["who"], article="a"), phrases.doing(match["do"])
        if done is not None and who is not None:
            return f"{who} {'are' if who.split()[0] in ('two', 'three', 'people') else 'is'} {done}"
    first, marker, second = phrase.partition("和")
    if marker and first and second:
        both = _by_lexicon(first), _by_lexicon(second)
        if both[0] is not None and both[1] is not None:
            return f"{both[0]} and {both[1]}"
    return None


def _coloured(phrase: str) -> str | None:
    """红色的车, 白狗, 一匹白色的马 -> a red car, a white dog, a white horse."""
    match = re.fullmatch(r"(?:一(?P<measure>\S)?)?(?P<colour>[^的一]{1,3}?)的?(?P<what>[^的]+)", phrase)
    if match is None:
        return None
    colours = [word for word in words_by_chinese().get(match["colour"], ()) if word.section in ("colour", "quality")]
    what = phrases.thing(match["what"])
    if not colours or what is None:
        return None
    colour = colours[0].english
    return f"{'an' if colour[0] in 'aeiou' else 'a'} {colour} {what.english}"
