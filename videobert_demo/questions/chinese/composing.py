"""Captions put into Chinese part by part: who, where, and what they do, from predicates.txt and the lexicon.

    two men | are | talking to each other | on stage   ->  两个男人 | 在 | 舞台上 | 互相交谈
    there is | a boat | on the river                   ->  河上 | 有 | 一艘船

What is put together so says what the English sentence says; a sentence with a part that is not known is None, and left
to the translator. It knows the lexicon; it knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from videobert_demo.questions.chinese.lexicon import words_by_english
from videobert_demo.questions.chinese.noun_phrases import THINGS, Named, phrase
from videobert_demo.questions.tagging import ing_form, lemmas

_FILE = Path(__file__).with_name("predicates.txt")
_PLACES = {
    "in": "里", "inside": "里", "into": "里", "through": "里", "on": "上", "on top of": "上", "at": "", "down": "上",
    "up": "上", "across": "上", "along": "上", "onto": "上", "around": "上", "over": "上", "off": "上",
    "near": "附近", "by": "旁边", "next to": "旁边", "beside": "旁边", "behind": "后面", "under": "下面",
    "in front of": "前面", "outside": "外面", "underneath": "下面",
}  # fmt: skip
_MUSICIANS, _PLAYS = ("乐队", "乐手", "音乐家", "音乐家们"), ("玩", "玩耍")
"""Who plays music, where others play games."""
_KINDS = {"boat": ("船",), "cycle": ("自行车", "摩托", "踏板车", "三轮车", "雪橇")}
_WHERE = re.compile(rf" ({'|'.join(sorted(_PLACES, key=len, reverse=True))}) ")
_ON = {
    "field", "street", "road", "beach", "mountain", "hill", "ground", "floor", "grass", "stage", "runway", "ice",
    "chair", "couch", "sofa", "bed", "bench",
}  # fmt: skip
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


def composed(sentence: str) -> str | None:
    """An English sentence in Chinese, without a full stop; None if a part of it is not known."""
    text = " ".join(sentence.lower().replace(",", " ").split()).rstrip(". ")
    return _there_is(text) or _view(text) or _somebody_does(text)


def _there_is(text: str) -> str | None:
    """Where what is: there is a boat on the river -> 河上有一艘船; there is a man driving -> 有一个男人在行驶."""
    match = re.fullmatch(r"there (?:is|are) (?P<all>.+)", text)
    if match is None:
        return None
    thing = re.fullmatch(r"(?P<what>.+?)(?: (?P<how>in|on|at|near|under|behind) (?P<place>.+))?", match["all"])
    assert thing is not None
    what, where = phrase(thing["what"]), _place(thing["how"], thing["place"]) if thing["place"] else ""
    if what is not None and where is not None:
        return f"{where}有{what.text}"
    done = _somebody_does(match["all"])
    return None if done is None else f"有{done}"


def _view(text: str) -> str | None:
    """What there is to see: a view of a mountain -> 山的景色."""
    match = re.fullmatch(r"a view of (?P<what>.+?)(?: (?P<how>in|on) (?P<place>.+))?", text)
    if match is None:
        return None
    what, where = phrase(match["what"]), _place(match["how"], match["place"]) if match["place"] else ""
    of = "" if what is None else re.sub("^一.", "", what.text)
    return None if what is None or where is None else f"{where}{'的' if where else ''}{of}的景色"


def _somebody_does(text: str) -> str | None:
    """Who does what: a man is singing, a man singing, a man sings -> 一个男人在唱歌."""
    words = text.split()
    for start in range(1, len(words)):
        is_one = text.startswith(("a ", "an ", "one ")) and " of " not in " ".join(words[:start])
        does = _doing(words[start:], is_one=is_one)
        who = phrase(" ".join(words[:start])) if does else None
        what = predicate(does) if who is not None and does else None
        if who is not None and what is not None:
            if who.text.endswith(_MUSICIANS) and what.doing in _PLAYS:
                what = replace(what, doing="演奏")
            return f"{who.text}{what.text}"
    return None


def _doing(words: Sequence[str], *, is_one: bool) -> str | None:
    """What words that begin with a verb say, as it stands after "is"; None if they begin with no verb.

    Args:
        is_one: whether one does it: then "race" is no verb, as in "a field race".
    """
    first, *rest = words
    if first in ("is", "are"):
        return " ".join(rest) or None
    lemma = lemmas(first).get("VERB", "")
    doing = ing_form(lemma) if lemma else None
    if doing is None or first not in (
        doing,
        f"{lemma}s",
        f"{lemma}es",
        f"{lemma[:-1]}ies",
        *(() if is_one else (lemma,)),
    ):
        return None
    return " ".join([doing, *rest])


def _place(how: str, text: str) -> str | None:
    """A place: in the water -> 水里, in front of a building -> 建筑物前面."""
    named = phrase(re.sub(r"^(an?|the) ", "", text))
    if named is None:
        return None
    head = text.split()[-1]
    if head == "grass":
        named = Named(named.text.removesuffix("草") + "草地", named.section)
    side = "旁" if how == "at" and named.section == "thing" else _PLACES[how]
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
            joint = (
                "" if not first.goes_on else "并" if second.doing.startswith("和") else "和"
            )  # 坐着说话: sits and talks
            both = first.doing if second.doing == first.doing else f"{first.doing}{joint}{second.doing}"
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
        sections = {"sport": ("action", "thing"), "instrument": ("instrument",), "part": THINGS}[name]
        forms = dict.fromkeys((said, lemmas(said).get("NOUN", said)))
        words = [word for form in forms for word in words_by_english().get(form, ()) if word.section in sections]
        return words[0].chinese[0] if words else None
    named = phrase(said)
    is_kind = (
        kind in ("", named.section) or any(part in named.text for part in _KINDS.get(kind, ())) if named else False
    )
    return named.text if named and is_kind else None


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
