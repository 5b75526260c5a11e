"""Sentences that teach the translator words which the pairs lack: from patterns, and by swapping words in pairs.

    pattern  {a1:person} is {2:doing} = {一1}在{2}       ->  a chef is cooking        一位厨师在做饭
    swap     a dog is on the grass    = 一只狗在草地上     ->  a hamster is on the grass  一只仓鼠在草地上

Swapping a word on both sides is the augmentation of Fadaee et al. (arXiv 1705.00440), with a lexicon in place of an
alignment. Knows the lexicon of questions/chinese; knows no model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from videobert_demo.data.chinese import Pair
from videobert_demo.questions.chinese.lexicon import Word, measure_words, read_words, words_by_english
from videobert_demo.questions.chinese.patterns import draw, is_mass, read_patterns
from videobert_demo.training.seeds import SeedStream, open_stream
from videobert_demo.training.translation_examples import Example, both_ways

_WORD = re.compile(r"[a-z]+")
SWAPPED_SECTIONS = ("person", "animal", "vehicle", "thing", "food", "place", "instrument", "colour")


def word_sources(pairs: Sequence[Pair], seed: int, patterns: int, swapped: int) -> dict[str, list[Example]]:
    """`patterns` and `swapped`, at most so many pairs of each, in both directions."""
    random = open_stream(seed, SeedStream.TRANSLATIONS)
    return {
        "patterns": both_ways(pattern_pairs(patterns, random)),
        "swapped": both_ways(swapped_pairs(pairs, swapped, random)),
    }


def pattern_pairs(count: int, random: np.random.Generator) -> list[Pair]:
    """`count` pairs, each of a pattern drawn at random with words drawn at random."""
    patterns, _ = read_patterns()
    return [draw(patterns[index], random) for index in random.integers(len(patterns), size=count)]


def swapped_pairs(pairs: Sequence[Pair], count: int, random: np.random.Generator) -> list[Pair]:
    """At most `count` pairs in which one word of the lexicon stands for another of its section, on both sides.

    The rarer a word is in the pairs, the more often it is put in.
    """
    seen = Counter(word for english, _ in pairs for word in set(_WORD.findall(english.lower())))
    by_section = {section: [one for one in read_words() if one.section == section] for section in SWAPPED_SECTIONS}
    weights = {
        section: np.array([1 / (1 + seen[one.english]) ** 0.5 for one in words])
        for section, words in by_section.items()
    }
    found = []
    for index in random.permutation(len(pairs)):
        pair = pairs[index]
        options = [(word, named) for word in words_in(pair[0]) if (named := _named(word, pair[1]))]
        if not options:
            continue
        old, named = options[int(random.integers(len(options)))]
        section = weights[old.section]
        new = by_section[old.section][int(random.choice(len(section), p=section / section.sum()))]
        if new.english != old.english:
            found.append((_swap_english(pair[0].lower(), old, new), _swap_chinese(pair[1], named, new)))
        if len(found) == count:
            break
    return found


def words_in(english: str) -> list[Word]:
    """The words of a sentence that may be swapped."""
    known = words_by_english()
    return [
        word
        for text in dict.fromkeys(_WORD.findall(english.lower()))
        for word in known.get(text, ())
        if word.section in SWAPPED_SECTIONS
    ]


def _named(word: Word, chinese: str) -> str:
    """What a word is called in a sentence; empty if it is not there once, or may be part of another word."""
    named = max((one for one in word.chinese if one in chinese), key=len, default="")
    return named if chinese.count(named) == 1 and (len(named) > 1 or word.section != "thing") else ""


def _swap_english(sentence: str, old: Word, new: Word) -> str:
    article = "" if is_mass(new) else "an " if new.english[0] in "aeiou" else "a "
    sentence, swapped = re.subn(rf"\ban? {old.english}\b", f"{article}{new.english}", sentence)
    return sentence if swapped else re.sub(rf"\b{old.english}\b", new.english, sentence)


def _swap_chinese(sentence: str, named: str, new: Word) -> str:
    """The sentence with the new word, and with its measure word where the old one's stood right before it."""
    measures = "".join(one for one in measure_words() if len(one) == 1)
    pattern = re.compile(rf"(?<=[一两三四五几这那])[{measures}]({re.escape(named)})")
    said = new.chinese[0]
    if new.measure and pattern.search(sentence):
        return pattern.sub(f"{new.measure}{said}", sentence)
    return sentence.replace(named, said)
