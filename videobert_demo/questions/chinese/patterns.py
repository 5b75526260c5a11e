"""Sentences of patterns and words (patterns.txt): drawn at random to learn from, or read to be put into Chinese.

    {a1:person} is {2:doing} in {a3:in} = {一1}在{3}里{2}
    a chef is dancing in a kitchen      ->  一位厨师在厨房里跳舞

It knows the lexicon; it knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from videobert_demo.questions.chinese.lexicon import Word, read_words, words_by_english
from videobert_demo.questions.chinese.phrases import ing
from videobert_demo.questions.tagging import plural_form

_FILE = Path(__file__).with_name("patterns.txt")
_SLOT = re.compile(r"\{(a?)(\d)(s?):(\w+)\}")
_PLACE = re.compile(r"\{([一量]?)(\d)\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """An English sentence with slots, and the Chinese one that says the same.

    Attributes:
        english, chinese: As in patterns.txt.
        reads: Matches an English sentence, a group for each slot.
        slots: For each of them its number, whether it is plural, and what fills it.
    """

    english: str
    chinese: str
    reads: re.Pattern[str]
    slots: tuple[tuple[str, bool, str], ...]

    @property
    def openness(self) -> int:
        """How much it leaves open: what somebody does more than who it is or where."""
        return sum(2 if filling == "doing" else 1 for _, _, filling in self.slots)


@cache
def read_patterns() -> tuple[tuple[Pattern, ...], Mapping[str, Sequence[Word]]]:
    """The patterns, and for each filling of a slot its words."""
    patterns: list[Pattern] = []
    fillings: dict[str, list[Word]] = {}
    for word in read_words():
        fillings.setdefault(word.section, []).append(word)
    fillings["doing"] = fillings["verb"]
    name = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[] ")
        elif name and line:
            listed = [one.replace("_", " ") for one in line.split()]
            fillings[name] = [words_by_english()[one][0] for one in listed if one in words_by_english()]
        elif line and not line.startswith("#"):
            english, _, chinese = line.partition(" = ")
            patterns.append(_pattern(english, chinese))
    return tuple(patterns), fillings


def _pattern(english: str, chinese: str) -> Pattern:
    slots = tuple((number, bool(plural), filling) for _, number, plural, filling in _SLOT.findall(english))
    parts = _SLOT.split(english)  # text, then article, number, plural and filling of a slot, and so on
    reads = re.escape(parts[0])
    for at in range(1, len(parts), 5):
        article = "(?:an? )?" if parts[at] else ""
        reads += f"{article}([a-z' -]+?){re.escape(parts[at + 4])}"
    return Pattern(english, chinese, re.compile(reads), slots)


def sentence_in_chinese(sentence: str) -> str | None:
    """An English sentence in Chinese, by the pattern that leaves least open of those that it fits; None without any."""
    text = " ".join(sentence.lower().split()).rstrip(".")
    patterns, _ = read_patterns()
    fitting = [(pattern.openness, pattern, found) for pattern in patterns if (found := pattern.reads.fullmatch(text))]
    for _, pattern, found in sorted(fitting, key=lambda one: one[0]):
        words = {
            number: _word_of(said, is_plural=plural, filling=filling)
            for (number, plural, filling), said in zip(pattern.slots, found.groups(), strict=True)
        }
        chosen = {number: word for number, word in words.items() if word is not None}
        if len(chosen) == len(words):
            return fill_chinese(pattern.chinese, {number: (word, word.chinese[0]) for number, word in chosen.items()})
    return None


@cache
def _forms(filling: str, *, is_plural: bool) -> Mapping[str, Word]:
    """The words of a filling by the form that they have in a slot."""
    form = ing if filling == "doing" else plural_form if is_plural else str
    found: dict[str, Word] = {}
    for word in read_patterns()[1][filling]:
        found.setdefault(form(word.english), word)
        if is_plural and word.english == "person":
            found["people"] = word
    return found


def _word_of(said: str, *, is_plural: bool, filling: str) -> Word | None:
    return _forms(filling, is_plural=is_plural).get(said)


def draw(pattern: Pattern, random: np.random.Generator) -> tuple[str, str]:
    """The pattern with words drawn at random, in English and in Chinese."""
    fillings = read_patterns()[1]
    chosen: dict[str, tuple[Word, str]] = {}

    def english(slot: re.Match[str]) -> str:
        article, number, plural, filling = slot.groups()
        words = fillings[filling]
        word = words[int(random.integers(len(words)))]
        variants = word.chinese[:3]
        said = variants[0] if random.random() < 0.7 else variants[int(random.integers(len(variants)))]
        chosen[number] = (word, said)
        if filling == "doing":
            return ing(word.english)
        if plural:
            return plural_form(word.english)
        return with_article(word) if article else word.english

    filled = _SLOT.sub(english, pattern.english)
    return filled, fill_chinese(pattern.chinese, chosen)


def fill_chinese(chinese: str, words: Mapping[str, tuple[Word, str]]) -> str:
    """The Chinese side of a pattern with words, each with what it is called where it stands alone."""

    def fill(slot: re.Match[str]) -> str:
        how, number = slot.groups()
        word, said = words[number]
        if how == "一":
            return word.counted
        return f"{word.measure or '个'}{word.chinese[0]}" if how == "量" else said

    return _PLACE.sub(fill, chinese)


def with_article(word: Word) -> str:
    """The word with "a" or "an", or as it is where it takes none."""
    return word.english if is_mass(word) else f"{'an' if word.english[0] in 'aeiou' else 'a'} {word.english}"


def is_mass(word: Word) -> bool:
    """Whether the English word takes no article: it is plural, or not counted."""
    plural = word.english.endswith("s") and not word.english.endswith("ss")
    return plural or not word.measure or (word.section == "food" and word.measure not in "个根颗")
