"""Captions put into Chinese part by part: who, where, and what they do, from predicates.txt and the lexicon.

    two men | are | talking to each other | on stage   ->  两个男人 | 在 | 舞台上 | 互相交谈
    there is | a boat | on the river                   ->  河上 | 有 | 一艘船

What is put together so says what the English sentence says; a sentence with a part that is not known is None, and left
to the translator. It knows the lexicon; it knows no model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from videobert_demo.questions.chinese.lexicon import Word, words_by_english
from videobert_demo.questions.tagging import ing_form, lemmas

_FILE = Path(__file__).with_name("predicates.txt")
_THINGS = ("person", "animal", "vehicle", "thing", "food", "instrument", "place")
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
_PLACES = {
    "in": "里", "inside": "里", "into": "里", "through": "里", "on": "上", "on top of": "上", "at": "", "down": "上",
    "up": "上", "across": "上", "along": "上", "onto": "上", "around": "上", "over": "上", "off": "上",
    "near": "附近", "by": "旁边", "next to": "旁边", "beside": "旁边", "behind": "后面", "under": "下面",
    "in front of": "前面", "outside": "外面", "underneath": "下面",
}  # fmt: skip
_WHERE = re.compile(rf" ({'|'.join(sorted(_PLACES, key=len, reverse=True))}) ")
_ON = {"field", "street", "road", "beach", "mountain", "hill", "ground", "floor", "grass", "stage", "runway", "ice"}
_IN = {"ocean", "sea", "river", "lake", "water", "pool", "forest", "sky", "snow", "city", "house", "car", "boat"}
# Verbs that take a thing, where the lexicon's first word for them would not: 切, not 切碎; 唱, not 唱歌.
_WITH_THING = {
    "climb": "爬", "take": "拿", "write": "写", "draw": "画", "paint": "画", "drink": "喝", "read": "读", "hit": "打",
    "catch": "接", "sing": "唱", "cook": "做", "fry": "煎", "slice": "切", "chop": "切", "throw": "扔", "kick": "踢",
    "ride": "骑", "pass": "传", "wash": "洗", "fold": "折", "film": "拍摄", "shoot": "射", "sail": "驾驶",
    "perform": "表演", "clean": "清洁", "smoke": "抽", "solve": "解", "type": "打", "ski": "滑", "eat": "吃",
    "apply": "涂抹", "make": "做", "put": "放", "park": "停", "pack": "打包", "hunt": "捕猎", "bounce": "拍",
}  # fmt: skip
_TAKES_THING = frozenset({
    "add", "adjust", "admire", "arrange", "assemble", "attack", "bake", "bite", "blend", "boil", "build",
    "break", "brush", "burn", "buy", "carry", "change", "chase", "check", "close", "collect", "comb", "create",
    "cross", "cut", "decorate", "demonstrate", "describe", "destroy", "discuss", "display", "drag", "drop",
    "enter", "examine", "explore", "feed", "fix", "flip", "follow", "grab", "grill", "hold", "hug", "inspect",
    "install", "introduce", "kiss", "knead", "lick", "lift", "light", "make", "massage", "measure", "mix",
    "move", "observe", "open", "peel", "pick", "practice", "prepare", "press", "pull", "push", "record",
    "remove", "repair", "review", "roll", "see", "sell", "serve", "sew", "shake", "show", "smell", "spin",
    "spray", "spread", "squeeze", "stir", "taste", "test", "tie", "touch", "train", "unwrap", "use", "view",
    "visit", "watch", "wear", "wipe", "wrap",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A phrase with a noun, in Chinese, and the lexicon's kind of thing."""

    text: str
    section: str


def composed(sentence: str) -> str | None:
    """An English sentence in Chinese, without a full stop; None if a part of it is not known."""
    text = " ".join(sentence.lower().replace(",", " ").split()).rstrip(". ")
    if match := re.fullmatch(
        r"there (?:is|are) (?P<what>.+?)(?: (?P<how>in|on|at|near|under|behind) (?P<place>.+))?", text
    ):
        what, where = phrase(match["what"]), _place(match["how"], match["place"]) if match["place"] else ""
        return None if what is None or where is None else f"{where}有{what.text}"
    if match := re.fullmatch(r"a view of (?P<what>.+?)(?: (?P<how>in|on) (?P<place>.+))?", text):
        what, where = phrase(match["what"]), _place(match["how"], match["place"]) if match["place"] else ""
        of = "" if what is None else re.sub("^一.", "", what.text)
        return None if what is None or where is None else f"{where}{'的' if where else ''}{of}的景色"
    match = re.fullmatch(r"(?P<who>.+?) (?:is|are) (?P<does>.+)", text)
    if match is None:
        return None
    who, does = phrase(match["who"]), predicate(match["does"])
    return None if who is None or does is None else f"{who.text}{does.text}"


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
    if match := re.fullmatch(r"(?:a|the) (?:large |small |big )?(?:group|bunch|crowd) of (?P<what>.+)", text):
        what = _noun(match["what"])
        return what and Named(f"一群{what[1]}", what[0].section)
    if match := re.fullmatch(r"(?:a|one|some) (?P<amount>\w+) of (?P<what>.+)", text):
        what = _noun(match["what"])
        if what is None or match["amount"] not in ("piece", "slice", *_AMOUNTS):
            return None
        return Named(f"一{_AMOUNTS.get(match['amount'], what[0].measure or '块')}{what[1]}", what[0].section)
    first, _, rest = text.partition(" ")
    if first in _FEW and rest:
        what = _noun(rest)
        if what is None:
            return None
        if first == "some" and not what[2]:
            return Named(f"一些{what[1]}", what[0].section)
        many = _FEW[first] if what[0].measure else ""
        return Named(f"{many}{what[0].measure}{what[1]}", what[0].section)
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
    for start in range(len(words)):
        word, is_plural = _thing(" ".join(words[start:]))
        if word is not None:
            before = _qualities(" ".join(words[:start]))
            return None if before is None else (word, before + word.chinese[0], is_plural)
    return None


def _thing(text: str) -> tuple[Word | None, bool]:
    if text == "people":
        return words_by_english()["person"][0], True
    plain = lemmas(text).get("NOUN", text) if " " not in text else _singular(text)
    for form in dict.fromkeys((text, plain)):
        for word in words_by_english().get(form, ()):
            if word.section in _THINGS:
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
        found = (said if len(said) == 1 or said.endswith("的") else f"{said}的") + found
    return found


def _place(how: str, text: str) -> str | None:
    """A place: in the water -> 水里, in front of a building -> 建筑物前面."""
    named = phrase(re.sub(r"^(an?|the) ", "", text))
    if named is None:
        return None
    head = text.split()[-1]
    if head == "grass":
        named = Named(named.text.removesuffix("草") + "草地", named.section)
    side = _PLACES[how]
    if how in ("in", "at", "through", "down", "across", "around", "along") and head in _ON | _IN:
        side = "上" if head in _ON else "里"
    return named.text.removesuffix("们") + ("" if named.text.endswith(side) else side)


@dataclass(frozen=True, slots=True)
class Does:
    """What somebody does, and where.

    Attributes:
        doing: What, in Chinese; empty for who is only somewhere.
        where: The place, in Chinese, or empty.
        goes_on: Whether it is an activity, before which 在 stands; 坐着 is none.
    """

    doing: str
    where: str = ""
    goes_on: bool = True

    @property
    def text(self) -> str:
        """Behind the subject."""
        return f"{'在' if self.where or self.goes_on else ''}{self.where}{self.doing}"


def predicate(text: str) -> Does | None:
    """What somebody does: playing with a dog in the snow -> 在雪里和一只狗玩."""
    known = _known(text)
    if known is not None:
        return known
    for match in re.finditer(" and ", text):
        first, second = predicate(text[: match.start()]), predicate(text[match.end() :])
        if first is not None and second is not None:
            both = first.doing if second.doing == first.doing else f"{first.doing}和{second.doing}"
            return Does(both, first.where + second.where, first.goes_on)
    for match in reversed(list(_WHERE.finditer(f" {text}"))):
        where = _place(match[1], f" {text}"[match.end() :])
        before = f" {text}"[: match.start()].strip()
        does = predicate(before) if before else Does("", goes_on=False)
        if where is not None and does is not None:
            return Does(does.doing, f"{where}{'的' if does.where else ''}{does.where}", does.goes_on)
    return None


def _known(text: str) -> Does | None:
    """By predicates.txt, or else a verb of the lexicon, alone or with a thing."""
    for reads, slots, chinese in _predicates():
        match = reads.fullmatch(text)
        if match is None:
            continue
        filled = [_fill(slot, said) for slot, said in zip(slots, match.groups(), strict=True)]
        if all(filled):
            by_name = {slot.split(":")[0]: said or "" for slot, said in zip(slots, filled, strict=True)}
            said = re.sub(r"\{(\w+)\}", lambda slot: by_name[slot[1]], chinese)  # noqa: B023
            return Does(said.removesuffix("!"), goes_on=not said.endswith("!"))
    first, _, rest = text.partition(" ")
    lemma = lemmas(first).get("VERB", "")
    verb = next((word for word in words_by_english().get(lemma, ()) if word.section == "verb"), None)
    if verb is None or ing_form(lemma) != first:
        return None
    if not rest:
        return Does(verb.chinese[0])
    thing = phrase(rest) if lemma in _WITH_THING or lemma in _TAKES_THING else None
    return None if thing is None else Does(f"{_WITH_THING.get(lemma, verb.chinese[0])}{thing.text}")


def _fill(slot: str, said: str) -> str | None:
    name, _, kind = slot.partition(":")
    if name == "do":
        verb, _, rest = said.partition(" ")
        done = predicate(" ".join([ing_form(verb) or verb, *([rest] if rest else [])]))
        return done.doing if done else None
    if name in ("sport", "instrument", "part"):
        sections = {"sport": ("action", "thing"), "instrument": ("instrument",), "part": _THINGS}[name]
        forms = dict.fromkeys((said, lemmas(said).get("NOUN", said)))
        words = [word for form in forms for word in words_by_english().get(form, ()) if word.section in sections]
        return words[0].chinese[0] if words else None
    named = phrase(said)
    if named is None or (kind == "boat" and "船" not in named.text) or (kind not in ("", "boat", named.section)):
        return None
    return named.text


@cache
def _predicates() -> tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...]:
    found = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            english, _, chinese = line.partition(" = ")
            slots = re.findall(r"\{([\w:]+)\}", english)
            parts = re.split(r"\{[\w:]+\}", english)
            reads = "([a-z' -]+?)".join(map(re.escape, parts))
            found.append((re.compile(reads), tuple(slots), chinese))
    return tuple(found)
