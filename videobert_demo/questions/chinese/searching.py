"""What people search for in Chinese, in English: 一只狗 -> a dog, 弹吉他的人 -> a person playing the guitar.

Phrases that the lexicon lacks go through `translate`; of those that are not understood `words_in` tells the words that
the lexicon knows. It knows no model.
"""

from __future__ import annotations

import re

from videobert_demo.questions.chinese import phrases
from videobert_demo.questions.chinese.asking import Translate
from videobert_demo.questions.chinese.lexicon import Word, words_by_chinese
from videobert_demo.questions.chinese.reading import plain

_SECTIONS = frozenset((
    "person", "animal", "vehicle", "thing", "food", "instrument", "place", "verb", "action", "colour", "number",
    "quality",
))  # fmt: skip
_ALONE = frozenset(("animal", "person", "vehicle", "colour", "number"))
"""Of these sections a single character says something; one of a verb may be part of any other word."""
_SMALL = frozenset("的在着了一个只条位名群里上下和与正被把们中辆张件块片匹头")


def words_in(text: str) -> tuple[list[str], float]:
    """The words of a text that the lexicon knows, in English, and what share of its characters they are.

    Characters that only hold a sentence together do not count.
    """
    found, share = entries_in(text)
    return list(dict.fromkeys(words[0].english for words in found)), share


def entries_in(
    text: str, *, sections: frozenset[str] = _SECTIONS, alone: frozenset[str] = _ALONE
) -> tuple[list[tuple[Word, ...]], float]:
    """As `words_in`, with all entries that a word may be, those first whose best translation it is.

    Args:
        sections: those whose words count; `alone`: those of which a single character does.
    """
    phrase, known = plain(text), words_by_chinese()
    longest = max(map(len, known))
    found: list[tuple[Word, ...]] = []
    start = covered = characters = 0
    while start < len(phrase):
        length, words = 1, tuple[Word, ...]()
        is_small = phrase[start] in _SMALL
        for length in range(1 if phrase[start] == "一" else min(longest, len(phrase) - start), int(is_small), -1):
            wanted = sections if length > 1 else alone
            words = tuple(one for one in known.get(phrase[start : start + length], ()) if one.section in wanted)
            if words:
                break
        if is_small and not words:
            start += 1
            continue
        characters += length
        if words:
            found.append(words)
            covered += length
        start += length
    return found, covered / max(1, characters)


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
