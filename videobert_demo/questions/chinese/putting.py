"""The model's own questions in Chinese, to be suggested.

    what is the dog doing?  ->  狗在做什么？

What the patterns lack is left to the translator. It knows no model.
"""

from __future__ import annotations

import re

from videobert_demo.questions.chinese.lexicon import Word, words_by_english
from videobert_demo.questions.chinese.phrases import ing
from videobert_demo.questions.tagging import lemmas

GENERAL = {
    "who is in the video?": "视频里有谁？",
    "what is in the video?": "视频里有什么？",
    "what is happening?": "发生了什么？",
    "where is it?": "这是哪里？",
}
_BE = r"(?:is|are|was|were)"
_THINGS = ("person", "animal", "vehicle", "thing", "food", "instrument", "place")
_PRONOUNS = {"he": "他", "she": "她", "it": "它", "they": "他们", "someone": "有人"}


def question_in_chinese(question: str) -> str | None:
    """A question of the model in Chinese, or None if no pattern fits."""
    if question in GENERAL:
        return GENERAL[question]
    text = question.rstrip("? ")
    if match := re.fullmatch(rf"what {_BE} (?P<who>.+) doing", text):
        who = _named(match["who"])
        return who and f"{who}在做什么？"
    if match := re.fullmatch(rf"what {_BE} (?P<who>.+) (?P<do>\w+ing)(?P<about> about)?", text):
        who, verb = _named(match["who"]), _verb(match["do"])
        verb = "谈论" if match["about"] else verb
        return f"{who}在{verb}什么？" if who and verb else None
    if match := re.fullmatch(rf"who {_BE} (?P<do>\w+ing)(?P<thing> .+)?", text):
        verb, thing = _verb(match["do"]), _named((match["thing"] or "").strip()) if match["thing"] else ""
        if match["do"] == "playing" and thing:
            verb = "演奏" if _is_instrument(match["thing"]) else verb
        return None if verb is None or thing is None else f"谁在{verb}{thing}？"
    if match := re.fullmatch(rf"where {_BE} (?P<who>.+?)(?: (?P<do>\w+ing))?", text):
        who, verb = _named(match["who"]), _verb(match["do"]) if match["do"] else ""
        return None if who is None or verb is None else f"{who}在哪里{verb}？"
    if match := re.fullmatch(rf"what colou?r {_BE} (?P<what>.+)", text):
        what = _named(match["what"])
        return what and f"{what}是什么颜色的？"
    if match := re.fullmatch(rf"how many (?P<what>.+?)(?: {_BE} there| {_BE} (?P<do>\w+ing))", text):
        word, verb = _word(match["what"]), _verb(match["do"]) if match["do"] else ""
        return None if word is None or verb is None else _counted(word, verb)
    return None


def _counted(word: Word, verb: str) -> str:
    many = f"有几{word.measure or '个'}{word.chinese[0]}"
    return f"{many}在{verb}？" if verb else f"{many}？"


def _named(phrase: str) -> str | None:
    """Who or what is meant: the dog -> 狗, two men -> 两个男人."""
    if phrase in _PRONOUNS:
        return _PRONOUNS[phrase]
    first, _, rest = phrase.partition(" ")
    number = {"two": "两", "three": "三", "four": "四"}.get(first)
    word = _word(rest if first in ("the", "a", "an", "some", "two", "three", "four") and rest else phrase)
    if word is None:
        return None
    return f"{number}{word.measure or '个'}{word.chinese[0]}" if number else word.chinese[0]


def _word(noun: str) -> Word | None:
    for text in (noun, lemmas(noun).get("NOUN", noun)):
        for word in words_by_english().get(text, ()):
            if word.section in _THINGS:
                return word
    return None


def _is_instrument(phrase: str) -> bool:
    word = _word(phrase.strip().removeprefix("the ").removeprefix("a "))
    return word is not None and word.section == "instrument"


def _verb(doing: str) -> str | None:
    lemma = lemmas(doing).get("VERB", "")
    words = [word for word in words_by_english().get(lemma, ()) if word.section == "verb" and ing(lemma) == doing]
    return words[0].chinese[0] if words else None
