"""Phrases with a noun in Chinese: how many, whose, of what colour, in which clothes.

    two little boys             ->  两个小男孩
    a man in a blue shirt       ->  一个穿蓝色衬衫的男人
    a football game             ->  一场足球比赛

It knows the lexicon; it knows no sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from videobert_demo.questions.chinese.lexicon import Word, words_by_english
from videobert_demo.questions.tagging import lemmas

THINGS = ("person", "animal", "vehicle", "thing", "food", "instrument", "place")
_FEW = {
    "a": "一", "an": "一", "one": "一", "two": "两", "three": "三", "four": "四", "five": "五", "six": "六",
    "some": "几", "several": "几", "another": "另一",
}  # fmt: skip
_OWN = {"the": "", "his": "他的", "her": "她的", "its": "它的", "their": "他们的"}
_FIXED = {
    "someone": "有人", "somebody": "有人", "people": "人们", "the people": "人们", "each other": "对方",
    "something": "什么东西", "a couple": "一对情侣", "the camera": "镜头", "him": "他", "her": "她", "it": "它",
    "them": "他们",
}  # fmt: skip
_AMOUNTS = {"cup": "杯", "glass": "杯", "bowl": "碗", "plate": "盘", "bottle": "瓶", "pair": "双", "bag": "袋"}
_COLOURS = {"black and white": "黑白相间的", "brown and white": "棕白相间的", "snow covered": "积雪的"}
_COMPOUND = frozenset(("cartoon", "animated", "wild"))
"""Qualities that make one word with a noun: 卡通猫."""
_WORN = {
    "hat": "戴", "cap": "戴", "helmet": "戴", "mask": "戴", "glasses": "戴", "sunglasses": "戴", "wig": "戴",
    "necklace": "戴", "tie": "系", "scarf": "系", "shirt": "穿", "t-shirt": "穿", "jacket": "穿", "coat": "穿",
    "dress": "穿", "suit": "穿", "uniform": "穿", "skirt": "穿", "bikini": "穿", "swimsuit": "穿", "sweater": "穿",
    "vest": "穿", "costume": "穿", "shorts": "穿", "jeans": "穿", "pants": "穿", "robe": "穿", "clothes": "穿",
}  # fmt: skip
_IN_CLOTHES = re.compile(r"(?P<who>.+?) (?:in|wearing) (?:an? )?(?P<what>[a-z -]+)")
_COUNTED = re.compile(r"(?:另?[一两三四五六几]\w)?")
_CONTESTS = ("game", "match")
_BALLS = ("basketball", "football", "baseball", "volleyball", "table tennis")


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase with a noun, in Chinese, and the lexicon's kind of thing."""

    text: str
    section: str


def phrase(text: str) -> Named | None:
    """A phrase with a noun: two little boys -> 两个小男孩, a man and a woman -> 一个男人和一个女人."""
    if text in _FIXED:
        return Named(_FIXED[text], "person")
    known = _of_one(text)
    if known is not None:
        return known
    for match in re.finditer(" and ", text):
        before, after = text[: match.start()], text[match.end() :]
        article = "a " if before.startswith(("a ", "an ")) and after.split()[0] not in (*_FEW, *_OWN) else ""
        first, second = phrase(before), phrase(article + after)
        if first is not None and second is not None:
            return Named(f"{first.text}和{second.text}", first.section)
    return None


def _of_one(text: str) -> Named | None:
    return _plain(text) or _in_clothes(text)


def _in_clothes(text: str) -> Named | None:
    """Clothes stand before who wears them: a man in a blue shirt -> 一个穿蓝色衬衫的男人."""
    match = _IN_CLOTHES.fullmatch(text)
    who, what = (_plain(match["who"]), _noun(match["what"])) if match else (None, None)
    how = _WORN.get(what[0].english) if what else None
    if who is None or what is None or how is None or who.section not in ("person", "animal"):
        return None
    counted = _COUNTED.match(who.text)
    assert counted is not None
    clothes = what[1].replace("色的", "色")  # 的 once, behind the clothes
    return Named(f"{counted[0]}{how}{clothes}的{who.text[counted.end() :]}", who.section)


def _plain(text: str) -> Named | None:
    if match := re.fullmatch(r"(?:a|the) (?:large |small |big )?(?:group|bunch|crowd) of (?P<what>.+)", text):
        what = _noun(match["what"])
        return what and Named(f"一群{what[1]}", what[0].section)
    if match := re.fullmatch(r"(?:a|one|some) (?P<amount>\w+) of (?P<what>.+)", text):
        what = _noun(match["what"])
        if what is None or match["amount"] not in ("piece", "slice", *_AMOUNTS):
            return None
        if match["amount"] == "pair" and what[0].section in ("person", "animal"):
            return Named(f"两{what[0].measure or '个'}{what[1]}", what[0].section)
        return Named(f"一{_AMOUNTS.get(match['amount'], what[0].measure or '块')}{what[1]}", what[0].section)
    first, _, rest = text.partition(" ")
    if first in _FEW and rest:
        what = _noun(rest)
        if what is None:
            return None
        if first == "some" and not what[2]:
            return Named(f"一些{what[1]}", what[0].section)
        is_counted = what[0].measure or first not in (
            "a",
            "an",
            "some",
        )  # some water is not counted, three children are
        counted = f"{_FEW[first]}{what[0].measure or '个'}" if is_counted else ""
        return Named(f"{counted}{what[1]}", what[0].section)
    owner = _OWN.get(first)
    what = _noun(rest if owner is not None else text)
    if what is None:
        return None
    is_several = what[2] or what[0].english in ("children", "kids")
    plural = "们" if is_several and what[0].section == "person" and len(what[0].chinese[0]) < 4 else ""
    return Named(f"{owner or ''}{what[1]}{plural if owner is None else ''}", what[0].section)


def _noun(text: str) -> tuple[Word, str, bool] | None:
    """A noun with what qualifies it: its word, all of it in Chinese, and whether it is plural."""
    words = text.split()
    contest, is_several = _thing(words[-1]) if words else (None, False)
    if contest is not None and contest.english in _CONTESTS and len(words) > 1:
        of = " ".join(words[:-1])
        sport = next((one for one in words_by_english().get(of, ()) if one.section == "action" or of in _BALLS), None)
        if sport is not None:
            return Word(text, (f"{sport.chinese[0]}比赛",), "thing", "场"), f"{sport.chinese[0]}比赛", is_several
    for start in range(len(words)):
        word, is_plural = _thing(" ".join(words[start:]))
        if word is not None:
            before = _qualities(" ".join(words[:start]))
            if before and word.section == "person":
                before = before.replace("黑色的", "黑人").replace("白色的", "白人")
            return None if before is None else (word, before + word.chinese[0], is_plural)
    return None


def _thing(text: str) -> tuple[Word | None, bool]:
    if text == "people":
        return words_by_english()["person"][0], True
    plain = lemmas(text).get("NOUN", text) if " " not in text else _singular(text)
    for form in dict.fromkeys((text, plain)):
        for word in words_by_english().get(form, ()):
            if word.section in THINGS:
                return word, form != text
    return None, False


def _singular(text: str) -> str:
    *before, last = text.split()
    return " ".join([*before, lemmas(last).get("NOUN", last)])


def _qualities(text: str) -> str | None:
    found = ""
    for known, chinese in _COLOURS.items():
        if text.endswith(known):
            text, found = text.removesuffix(known).strip(), chinese
    for word in reversed(text.split()):
        entries = [one for one in words_by_english().get(word, ()) if one.section in ("colour", "quality")]
        if not entries:
            return None
        said = entries[0].chinese[0]
        is_bare = len(said) == 1 or said.endswith("的") or word in _COMPOUND
        found = (said if is_bare else f"{said}的") + found
    return found
