"""Whether a Chinese sentence and an English one can both be said of one clip, as far as the lexicon knows their words.

    a man is playing a guitar | 弹吉他的男人      agree
    a man is playing a guitar | 一个女孩在唱歌    do not: another person, another deed

It knows the lexicon; it knows no clip and no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cache, lru_cache
from itertools import pairwise

from videobert_demo.questions.chinese.checking import words_not_said
from videobert_demo.questions.chinese.lexicon import Word, read_words
from videobert_demo.questions.chinese.searching import entries_in
from videobert_demo.questions.content import content_words
from videobert_demo.questions.tagging import lemmas, tag

_NAMING = frozenset(("person", "animal", "vehicle", "thing", "food", "instrument", "place", "verb", "action"))
_DOING = frozenset(("verb", "action"))
_HANDLED = frozenset(("vehicle", "thing", "food", "instrument"))
_THINGS = frozenset(("animal", "vehicle", "thing", "food", "instrument", "place"))
_LIGHT = frozenset(("play", "do", "make", "use", "perform", "have"))
"""Verbs that say little without their thing, and are other verbs in Chinese with each."""
_APART = (
    (frozenset(("man", "boy", "guy", "gentleman")), frozenset(("woman", "girl", "lady"))),
    (
        frozenset(("man", "woman", "guy", "lady", "gentleman")),
        frozenset(("boy", "girl", "child", "kid", "baby", "toddler", "infant")),
    ),
)
"""Who is one is not the other."""
_SAME = {
    "摩托": "摩托车", "台阶": "楼梯", "草丛": "草地", "岩石": "石头", "雪地": "雪", "街边": "街道", "路边": "马路",
    "海边": "海滩", "湖边": "湖", "河边": "河", "背着": "拿着", "叼着": "拿着", "牵着": "拿着", "飞翔": "飞",
    "飞奔": "奔跑", "谈论": "说话",
}  # fmt: skip
_IN_OTHER_WORDS = re.compile("|".join(f"{word}(?!车)" for word in _SAME))
"""Words that the lexicon lacks, as it has them: a search with one of them is better off with the translator."""
_SAYS_LITTLE = re.compile("什么|自己|互相|一起|某[件个]|事情?|(?<!吉)他|[给弹她它向对到从边旁前后些]")
"""Words that the lexicon does not have, and that nobody can be wrong with."""
_MANY = re.compile(r"[两三四五六七八几群们对]|一些|许多|很多|多[个只名位]|乐队|人群|(?<!在)和一")
_ANYBODY = frozenset(("person", "people", "someone", "somebody", "group", "crowd", "individual"))
_PLAYERS = frozenset(("player", "athlete"))
_CROWDS = frozenset(("group", "crowd", "several", "many", "three", "four", "five", "band", "team"))
_ONE = re.compile(r"一[个名位只条匹头]")
_BROKEN = re.compile(r"(.)\1\1|(.{2,})\2|[一两三][只条匹头辆](?:[^一的]{0,2})[人男女孩]")
"""A stutter, or people counted as animals or cars."""
_NUMBERS = frozenset(
    ("two", "three", "four", "five", "several", "many", "some", "couple", "group", "crowd", "band", "team")
)


@lru_cache(maxsize=4096)
def named(chinese: str) -> tuple[tuple[Word, ...], ...]:
    """What a Chinese sentence names, things and deeds: for each word of it the entries that it may be."""
    entries = entries_in(_plain(chinese), sections=_every_section(), alone=_every_section())[0]
    return tuple(words for words in entries if any(word.section in _NAMING for word in words))


def is_sentence(chinese: str) -> bool:
    """Whether the lexicon knows every word of a Chinese sentence, and none is there twice or with a wrong measure word.

    Who and what animals they are may be there twice: 一个男人在和一个男人说话.
    """
    told = _SAYS_LITTLE.sub("", _plain(chinese))
    share = entries_in(told, sections=_every_section(), alone=_every_section())[1]
    things = [words for words in named(chinese) if _is_thing(words) and words[0].section != "animal"]
    return share == 1.0 and len(set(things)) == len(things) and _BROKEN.search(chinese) is None


def share_not_said(english: str, chinese: str) -> float:
    """The share of the English sentence's nouns and verbs that the Chinese one does not say, in [0, 1]."""
    content = content_words(english)
    told = {*content.nouns, *content.verbs}
    missing = [word for word in words_not_said(english, _plain(chinese)) if told & {word, *lemmas(word).values()}]
    return len(missing) / max(1, len(content.nouns) + len(content.verbs))


def count_added(english: str, chinese: str) -> int:
    """How many things and deeds the Chinese sentence names that the English one does not."""
    said = _forms(english)
    return sum(not any(_words_of(word) & said for word in words) for words in named(chinese))


def contradicts(english: str, chinese: str) -> bool:
    """Whether both cannot be true of one clip, or tell of different things.

    Other people, an animal or a thing in place of another, one in place of many, another deed, nothing in common.
    """
    if share_not_said(english, chinese) >= 1:
        return True  # they have nothing in common
    said, names = _forms(english), named(chinese)
    people = [words for words in names if any(word.section == "person" for word in words)]
    animals = [words for words in names if any(word.section == "animal" for word in words)]
    told = {form for words in people for word in words for form in _words_of(word)}
    for left, right in _APART:
        here, there = (bool(said & left), bool(said & right)), (bool(told & left), bool(told & right))
        if any(there) and here != there and (all(here) or (any(here) and there == here[::-1])):
            return True
    if _knows_more_of_people({*content_words(english).nouns, *(said & _ANYBODY)} & _of_section("person"), people):
        return True
    has_people, has_animals = bool(said & _of_section("person")), bool(said & _of_section("animal"))
    if any(not any(_words_of(word) & said for word in words) for words in animals):
        return True  # it names an animal of its own
    if (people and not has_people) or (has_people and animals and not people):
        return True
    if ((people and has_people) or (animals and has_animals)) and _counts_otherwise(english, chinese):
        return True
    if not _is_many(english) and len(people) + len(animals) > _count_beings(english):
        return True  # a woman who talks is given somebody to talk to
    return _does_other(english, chinese, said, names) or _names_other_things(english, chinese, said)


@lru_cache(maxsize=4096)
def _plain(chinese: str) -> str:
    """A Chinese sentence in words of the lexicon, as far as others for them are known."""
    return _IN_OTHER_WORDS.sub(lambda match: _SAME[match[0]], chinese)


def _names_other_things(english: str, chinese: str, said: frozenset[str]) -> bool:
    """Whether the Chinese sentence names a thing or a place in the place of one that the English sentence names."""
    entries = entries_in(_plain(chinese), sections=_every_section(), alone=_every_section())[0]
    added = [words for words in entries if _is_thing(words) and not any(_words_of(word) & said for word in words)]
    deed = content_words(english).verb
    left = (lemmas(word).values() for word in words_not_said(english, _plain(chinese)) if word not in _NUMBERS)
    return bool(added) and any(deed not in forms and not set(forms) & _of_section("person") for forms in left)


def _knows_more_of_people(said: Set[str], people: Sequence[tuple[Word, ...]]) -> bool:
    """Whether the English sentence does not say who somebody is, and the Chinese one does: a person, 一个女孩."""
    if not said or not said <= _ANYBODY:
        return False
    return any(not any(_words_of(word) & (_ANYBODY | _PLAYERS) for word in words) for words in people)


def _counts_otherwise(english: str, chinese: str) -> bool:
    """Whether one sentence tells of one and the other of many; a bare noun, 草地上的狗, may be either."""
    if not _is_many(english):
        return _MANY.search(chinese) is not None
    said = set(english.split())
    if "两" in chinese or ("和一" in chinese and "群" not in chinese):
        return bool(said & _CROWDS)
    if "群" in chinese:
        return "two" in said
    return _ONE.search(chinese) is not None and "和一" not in chinese


@lru_cache(maxsize=4096)
def _count_beings(english: str) -> int:
    """How many of an English sentence's words name people or animals."""
    beings = _of_section("person") | _of_section("animal")
    words = english.lower().replace(",", " ").rstrip(". ").split()
    return sum(bool({word, *lemmas(word).values()} & beings) for word in words)


def _is_thing(words: Sequence[Word]) -> bool:
    """Whether a Chinese word can only be a thing, an animal or a place, neither a person nor a deed."""
    sections = {word.section for word in words}
    return bool(sections & _THINGS) and not sections & {"person", *_DOING}


def _does_other(english: str, chinese: str, said: frozenset[str], names: Sequence[tuple[Word, ...]]) -> bool:
    """Whether both tell deeds, and none of either is told by the other."""
    verbs = frozenset(content_words(english).verbs)
    deeds = [words for words in names if any(word.section in _DOING for word in words)]
    if not verbs or not deeds or any(_words_of(word) & said for words in deeds for word in words):
        return False
    things = [words for words in names if any(word.section in _HANDLED for word in words)]
    if verbs <= _LIGHT and any(_words_of(word) & said for words in things for word in words):
        return False  # playing basketball is 打篮球
    told = [word for word in english.split() if verbs & set(lemmas(word).values())]
    return not any(not words_not_said(word, _plain(chinese)) for word in told)


@lru_cache(maxsize=4096)
def _is_many(english: str) -> bool:
    """Whether the subject of an English sentence is more than one."""
    words = english.lower().split()
    tags = tag(words) if words else ""
    verb = next(
        (place for place, kind in enumerate(tags) if kind in "GZVEK" or words[place] in ("is", "are")), len(words)
    )
    subject = words[:verb]
    kinds = tags[:verb]
    after = {right for left, right in pairwise(subject) if left == "and"}
    joined = after & (_of_section("person") | _of_section("animal") | {"a", "an", "the", "his", "her", "two"})
    return "S" in kinds or bool(joined) or bool(_NUMBERS & set(subject)) or "people" in subject


@lru_cache(maxsize=4096)
def _forms(english: str) -> frozenset[str]:
    words = english.lower().replace(",", " ").rstrip(". ").split()
    return frozenset(form for word in words for form in (word, *lemmas(word).values()))


@lru_cache(maxsize=4096)
def _words_of(word: Word) -> frozenset[str]:
    return frozenset(word.english.split())


@cache
def _every_section() -> frozenset[str]:
    return frozenset(word.section for word in read_words())


@cache
def _of_section(section: str) -> frozenset[str]:
    return frozenset(word.english for word in read_words() if word.section == section)
