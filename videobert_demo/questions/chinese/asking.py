"""Chinese questions in English: patterns for the kinds of question that the model knows.

    他在做什么？      ->  what is he doing?         有几只狗？        ->  how many dogs are there?
    谁在弹吉他？      ->  who is playing the guitar?  狗是什么颜色的？   ->  what color is the dog?

Phrases that the lexicon lacks go through `translate`, a sentence at a time. It knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from videobert_demo.questions.chinese import phrases
from videobert_demo.questions.chinese.lexicon import measure_words
from videobert_demo.questions.chinese.reading import plain

Translate = Callable[[str], str | None]
"""A Chinese sentence in English, in lower case and without a full stop; None if its words are not known."""

_CLIP = r"(?:这个|这段|本|该)?(?:视频|录像|影片|画面|图片|图|片子|影像|镜头|短片)(?:里面?|中|上|里头)?(?:的)?"
_WHAT = r"(?:什么|啥|甚么|什么东西|什么事情?)"
_WHERE = r"(?:哪里|哪儿|哪边|什么地方|何处|哪个地方)"
_ASKING = ("什么", "甚么", "怎么", "多么", "干嘛", "干吗")
"""Words that end as a question for yes or no does."""
_MANY = r"(?:几|多少)"
_THERE = re.compile(rf"(?<=.)(?:出现)?在{_CLIP}$")
_HERE = re.compile(rf"^(?:在)?(?:{_CLIP}|这里|这儿|这边|里面?)(?=.)")
_GENERAL: Sequence[tuple[str, str]] = (
    (rf"(?:现在|正在|正|都)?(?:发生了?|有)?{_WHAT}(?:事|情况)?(?:正?在)?发生(?:了)?", "what is happening?"),
    (rf"(?:正在|正)?发生(?:了|着)?{_WHAT}(?:事|事情)?", "what is happening?"),
    (
        rf"(?:怎么回事|怎么了|什么情况|出了{_WHAT}事|讲(?:的是|了|的)?{_WHAT}|说(?:的是|了)?{_WHAT}|拍(?:的是|了)?{_WHAT})",
        "what is happening?",
    ),
    (rf"(?:正?在)?(?:做|干){_WHAT}|在?干[嘛吗]|在做啥", "what is happening?"),
    (
        r"(?:都)?(?:有|是|出现了?)(?:谁|哪些人|什么人)|(?:谁|什么人)(?:在)?(?:出现)?(?:里面)?|(?:这|那|他|她|这个人|那个人)是谁|是谁",
        "who is in the video?",
    ),
    (rf"(?:都)?(?:有|出现了?|看到|能看到|看得到)(?:些|了)?{_WHAT}|(?:有)?哪些东西", "what is in the video?"),
    (rf"(?:这|那|它|这个|那个)?是(?:个|一个)?{_WHAT}", "what is in the video?"),
    (rf"(?:这|那|它|他们?|她们?|这里)?(?:是)?在?(?:{_WHERE})", "where is it?"),
    (rf"(?:这|那|这里)是{_WHERE}", "where is it?"),
    (rf"(?:这|那)?(?:是)?在{_WHERE}(?:拍摄?|录|发生)的", "where is it?"),
    (r"(?:这|那|它)?是(?:一只|一种)?什么动物", "what animal is it?"),
    (r"(?:这|那|它)?(?:是|在进行|进行的是)(?:一种|一项)?什么(?:运动|体育运动|比赛)", "what sport is it?"),
    (r"(?:这|那|它)?(?:是|有)(?:一种|一件)?什么乐器", "what instrument is it?"),
    (r"(?:这|那|它)?是(?:一辆|一种)?什么车", "what vehicle is it?"),
)


def in_english(question: str, translate: Translate) -> str | None:
    """A Chinese question as the model's English one, or None if it is not understood.

    Args:
        question: as it was typed.
        translate: for the phrases that the lexicon lacks.
    """
    text = plain(question)
    bare = _THERE.sub("", _HERE.sub("", text))
    for asked in dict.fromkeys((bare, text)):
        for pattern, english in _GENERAL:
            if re.fullmatch(pattern, asked):
                return english
    for read in (_colour, _how_many, _doing, _who, _what_verb, _where, _what_kind, _yes_no):
        found = read(bare, translate)
        if found is not None:
            return found
    return None


def _subject(phrase: str, translate: Translate) -> str | None:
    """Who or what a question is about, with an article; by the lexicon, else by translation."""
    phrase = phrase.removesuffix("正在").removesuffix("正").removesuffix("都")
    known = phrases.noun(phrase)
    if known is not None:
        return known
    before, marker, last = phrase.rpartition("的")
    if marker and before and phrases.thing(last) is None and not last:
        return None
    found = translate(phrase)
    if found is None:
        return None
    found = re.sub(r"^(?:there (?:is|are) )?(?:an?|one) ", "the ", found.rstrip("?. "))
    return found if found.split()[0] in ("the", "two", "three", "people") else f"the {found}"


def _be(subject: str) -> str:
    """The form of "be" that goes with a subject."""
    words = subject.split()
    many = words[0] in ("two", "three", "four", "five", "they", "people", "some", "many")
    head = words[1] if len(words) > 1 else words[0]
    return (
        "are"
        if many
        or (head.endswith("s") and not head.endswith(("ss", "us")))
        or head in ("people", "men", "women", "children")
        else "is"
    )


def _doing(text: str, translate: Translate) -> str | None:
    match = re.fullmatch(rf"(?P<who>.+?)(?:正在|在|正|都在)?(?:做|干|搞|弄|忙)(?:着|些)?(?:{_WHAT}|嘛)(?:事|呢)?", text)
    match = match or re.fullmatch(r"(?P<who>.+?)(?:正在|在)?干[嘛吗]", text)
    if match is None:
        return None
    who = _subject(match["who"], translate)
    return None if who is None else f"what {_be(who)} {who} doing?"


def _who(text: str, translate: Translate) -> str | None:
    match = re.fullmatch(r"(?:是)?(?:谁|哪个人|什么人)(?:正在|在|正)?(?P<do>.+)", text) or re.fullmatch(
        r"(?:正在|在)?(?P<do>.+?)的?(?:人)?是(?:谁|什么人)", text
    )
    if match is None:
        return None
    done = _deed(match["do"], translate)
    return None if done is None else f"who is {done}?"


def _deed(phrase: str, translate: Translate) -> str | None:
    """What is done, from its -ing form on: by the lexicon, else from the translation of a whole sentence."""
    known = phrases.doing(phrase)
    if known is not None:
        return known
    found = translate(f"一个人在{phrase.removeprefix('正在').removeprefix('在')}")
    match = re.match(
        r"(?:an?|the|one) (?:person|man|woman|boy|girl|people)\b.*?\b(?:is )?(?P<do>\w+ing\b.*)", found or ""
    )
    return match["do"].rstrip("?. ") if match else None


def _what_verb(text: str, translate: Translate) -> str | None:
    """她拿着什么 -> what is she holding; 什么在飞 -> what is flying."""
    if match := re.fullmatch(rf"{_WHAT}(?:正在|在)(?P<do>.+)", text):
        done = _deed(match["do"], translate)
        return None if done is None else f"what is {done}?"
    for size in (1, 2):  # of the verb: 男人 | 拿, not 男 | 人拿
        match = re.fullmatch(
            rf"(?P<who>.+?)(?:正在|在|正)?(?P<verb>[\u4e00-\u9fff]{{{size}}})(?:着|的是|了)?{_WHAT}(?P<of>菜|乐器|衣服|游戏|球|歌|运动|车|舞|饭|水果|食物|东西)?",
            text,
        )
        verb = match and ("cooking" if match["of"] in ("菜", "饭") else phrases.verb_with(match["verb"]))
        who = _subject(match["who"], translate) if match and verb else None
        if who is not None:
            return f"what {_be(who)} {who} {verb}?"
    return None


def _what_kind(text: str, translate: Translate) -> str | None:
    """这是什么动物 with a longer subject: 跑的是什么动物 -> what animal is running."""
    match = re.fullmatch(r"(?:正在|在)?(?P<do>.+?)的?是什么(?P<kind>动物|东西|人|车)?", text)
    if match is None:
        return None
    done = _deed(match["do"], translate)
    return None if done is None else f"what is {done}?"


def _where(text: str, translate: Translate) -> str | None:
    match = re.fullmatch(rf"(?P<who>.+?)(?:正)?(?:是)?(?:在|去|到|位于)(?:了)?(?:{_WHERE})(?P<do>.*)", text)
    if match is None:
        return None
    who = _subject(match["who"], translate)
    if who is None:
        return None
    done = _deed(match["do"], translate) if match["do"] else ""
    return None if done is None else f"where {_be(who)} {who}{f' {done}' if done else ''}?"


def _how_many(text: str, translate: Translate) -> str | None:
    measures = "|".join(sorted(map(re.escape, measure_words() | {"种", "名", "位"}), key=len, reverse=True))
    match = re.fullmatch(
        rf"(?:.*?(?:一共|总共|共)?有)?{_MANY}(?:{measures})?(?P<what>[^在]+?)(?:(?:正在|在)(?P<do>.+))?", text
    )
    match = match or re.fullmatch(rf"(?P<what>.+?)(?:一共|总共|共)?有{_MANY}(?:{measures})?(?P<do>)", text)
    if match is None:
        return None
    word = phrases.thing(match["what"].removesuffix("们"))
    if word is not None:
        many = phrases.plural_of(word)
    else:
        found = translate(f"两个{match['what']}")
        if found is None:
            return None
        many = re.sub(r"^(two|some|a couple of) ", "", found.rstrip("?. "))
    if not match["do"]:
        return f"how many {many} are there?"
    done = _deed(match["do"], translate)
    return None if done is None else f"how many {many} are {done}?"


def _colour(text: str, translate: Translate) -> str | None:
    match = (
        re.fullmatch(r"(?:这|那|它|这里)?(?:是|有)?(?:一只|一个|一辆|一匹|一件)?什么颜色的(?P<what>.+)", text)
        or re.fullmatch(r"(?P<what>.+?)(?:的颜色)?是?(?:什么颜色|哪种颜色|什么色)(?:的)?", text)
        or re.fullmatch(r"(?P<what>.+?)的颜色是(?:什么|啥|哪种)", text)
    )
    if match is None:
        return None
    what = _subject(match["what"], translate)
    return None if what is None else f"what color {_be(what)} {what}?"


def _yes_no(text: str, translate: Translate) -> str | None:
    said = _statement(text)
    if said is None:
        return None
    if match := re.fullmatch(r"(?:这|那|它|这个|那个)?是(?P<what>.+)", said):
        word = phrases.noun(match["what"], article="a")
        return f"is it {word}?" if word is not None else None
    if match := re.fullmatch(r"(?:.{0,3}?)有(?:一|个|一个|一只|只|人)?(?P<what>.+)", said):
        word = phrases.noun(match["what"], article="a")
        if word is not None:
            return f"{_be(word)} there {word} in the video?"
    if match := re.fullmatch(r"(?:有人|有谁)(?:正在|在)?(?P<do>.+)", said):
        done = _deed(match["do"], translate)
        return None if done is None else f"is someone {done}?"
    if match := re.fullmatch(r"(?P<who>.+?)(?:正在|在|正)(?P<do>.+)", said):
        who, done = phrases.noun(match["who"]), phrases.doing(match["do"])
        if who is not None and done is not None:
            return f"{_be(who)} {who} {done}?"
    found = translate(said)
    match = re.match(r"(?P<who>.+?) (?P<be>is|are|was|were) (?P<rest>.+)", found or "")
    if match is None:
        return None
    return f"{match['be']} {match['who']} {match['rest'].rstrip('?. ')}?"


def _statement(text: str) -> str | None:
    """What a question asks whether it is so: 有狗 of 有没有狗 and of 有狗吗; None if it is no such question."""
    for asked, said in (("有没有", "有"), ("是不是", "是"), ("在不在", "在"), ("会不会", "会")):
        if asked in text:
            before, _, after = text.partition(asked)
            rest = after.removesuffix("吗")
            return f"{before}{rest}" if asked == "是不是" and before and "在" in rest else f"{before}{said}{rest}"
    if text.endswith(("吗", "么", "嘛")) and not text.endswith(_ASKING):
        return text[:-1]
    return text[:-2] if text.endswith(("没有", "是吧", "对吧")) else None
