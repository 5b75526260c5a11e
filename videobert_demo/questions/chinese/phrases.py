"""Chinese phrases in English, as far as the lexicon goes: 一只狗 -> a dog, 弹吉他 -> playing the guitar.

A phrase that is not all words of the lexicon is None: the caller has it translated. It knows no question.
"""

from __future__ import annotations

import re
from functools import cache

from videobert_demo.questions.chinese.lexicon import Word, measure_words, words_by_chinese
from videobert_demo.questions.tagging import ing_form, plural_form

PRONOUNS = {"他": "he", "她": "she", "它": "it", "他们": "they", "她们": "they", "它们": "they"}
_FEW = {"一": "a", "两": "two", "二": "two", "三": "three", "四": "four", "五": "five", "六": "six", "七": "seven"}
_THINGS = ("person", "animal", "vehicle", "thing", "food", "place", "instrument", "action")
# Verbs that people say with a thing, beyond those of the lexicon; the English one governs the thing as it stands.
_WITH_THING = {
    "弹奏": "playing the", "弹": "playing the", "演奏": "playing the", "拉": "pulling the", "吹": "playing the",
    "敲": "playing the", "打": "playing", "踢": "playing", "玩": "playing with a", "骑": "riding a",
    "骑着": "riding a", "开": "driving a", "驾驶": "driving a", "吃": "eating", "喝": "drinking",
    "穿": "wearing", "穿着": "wearing", "戴": "wearing", "戴着": "wearing", "拿": "holding a",
    "拿着": "holding a", "抱": "holding a", "抱着": "holding a", "举着": "holding a", "牵着": "holding a",
    "切": "cutting", "做": "making", "煮": "cooking", "炒": "cooking", "煎": "frying", "炸": "frying",
    "烤": "baking", "折": "folding", "看": "watching", "读": "reading a", "洗": "washing", "修": "fixing a",
    "修理": "fixing a", "推": "pushing a", "扔": "throwing a", "用": "using a", "使用": "using a",
    "追": "chasing a", "画": "drawing a", "谈论": "talking about", "爬": "climbing a", "搅拌": "mixing",
}  # fmt: skip
_PHRASES = {
    "拉小提琴": "playing the violin", "拉大提琴": "playing the cello", "弹琴": "playing the piano",
    "打鼓": "playing the drums", "吹口哨": "whistling", "玩游戏": "playing a video game",
    "打游戏": "playing a video game", "打电话": "talking on the phone", "折纸": "folding paper",
    "冲浪": "surfing", "骑马": "riding a horse", "骑车": "riding a bicycle", "赛车": "racing cars",
    "开车": "driving a car", "说话": "talking", "唱歌": "singing", "跳舞": "dancing", "做饭": "cooking",
    "踢足球": "playing soccer", "踢球": "playing soccer", "滑雪": "skiing", "滑冰": "skating",
}  # fmt: skip


@cache
def _determined() -> re.Pattern[str]:
    """A determiner or a number, with or without a measure word, and what it stands before."""
    measures = "|".join(sorted(map(re.escape, measure_words() | {"名", "些", "种"}), key=len, reverse=True))
    numbers = "".join(_FEW)
    return re.compile(
        rf"^(?:(?P<this>这|那|该|图中的?|视频[里中]的?|画面[里中]的?)?(?P<few>[{numbers}])?(?:{measures})?)(?P<rest>.+)$"
    )


def noun(phrase: str, *, article: str = "the") -> str | None:
    """A person or a thing: 这只狗 -> the dog, 两个人 -> two people, 他 -> he; None beyond the lexicon.

    Args:
        article: what stands before a noun that has no number.
    """
    if phrase in PRONOUNS:
        return PRONOUNS[phrase]
    found = thing(phrase)
    if found is not None:
        return _articled(found, article)
    match = _determined().match(phrase)
    if match is None:
        return None
    plural = match["rest"].removesuffix("们")
    found = thing(match["rest"]) or (thing(plural) if plural != match["rest"] else None)
    if found is None:
        return None
    few = _FEW.get(match["few"] or "", "")
    if few in ("", "a"):
        return f"the {plural_of(found)}" if plural != match["rest"] and not few else _articled(found, few or article)
    return f"{few} {plural_of(found)}"


def thing(phrase: str) -> Word | None:
    """The lexicon's word for a thing or a person."""
    return next((one for one in words_by_chinese().get(phrase, ()) if one.section in _THINGS), None)


def _articled(word: Word, article: str) -> str:
    if word.english in ("people", "someone", "somebody"):
        return word.english
    return f"{_an(word.english) if article == 'a' else article} {word.english}" if article else word.english


def _an(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


def plural_of(word: Word) -> str:
    """More than one of it."""
    return "people" if word.english == "person" else plural_form(word.english)


def doing(phrase: str) -> str | None:
    """What somebody does, in the -ing form: 跑步 -> running, 弹吉他 -> playing the guitar; None beyond the lexicon."""
    phrase = phrase.removeprefix("正").removeprefix("在")
    if phrase in _PHRASES:
        return _PHRASES[phrase]
    verbs = [one for one in words_by_chinese().get(phrase, ()) if one.section == "verb"]
    if verbs:
        return ing(verbs[0].english)
    for size in (2, 1):
        verb, rest = phrase[:size], phrase[size:].removeprefix("着")
        if verb not in _WITH_THING or not rest:
            continue
        spoken = _WITH_THING[verb]
        article = "" if not spoken.endswith((" the", " a")) else spoken.rsplit(" ", 1)[1]
        found = noun(rest, article=article or "")
        if found is not None:
            return f"{spoken.removesuffix(' the').removesuffix(' a')} {found}"
    return None


def ing(verb: str) -> str:
    """The -ing form of a verb, with what follows it: take pictures -> taking pictures."""
    first, *rest = verb.split()
    return " ".join([ing_form(first) or first, *rest])


def verb_with(character: str) -> str | None:
    """What a verb that asks for its thing is in English: 拿着 of 他拿着什么 -> holding."""
    if character in _WITH_THING:
        return _WITH_THING[character].removesuffix(" the").removesuffix(" a")
    verbs = [one for one in words_by_chinese().get(character, ()) if one.section == "verb"]
    return ing(verbs[0].english) if verbs else None
