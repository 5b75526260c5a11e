"""What the model says that is no sentence, in Chinese: one-word answers, and the parts that hold of a doubtful clip.

    play (doing)  ->  玩    two (how many)  ->  两个    a person; not sure what they do  ->  一个人；不确定在做什么
    samoyed, samoyede (label)  ->  萨摩耶犬      on (word)  ->  在…上

Whole sentences are left to the translator. It knows no model.
"""

from __future__ import annotations

import re

from videobert_demo.questions.chinese.lexicon import Word, label_words, words_by_english
from videobert_demo.questions.chinese.phrases import ing
from videobert_demo.questions.tagging import lemmas

_SECTIONS = {
    "doing": ("verb", "action", "thing"),
    "who": ("person", "animal"),
    "where": ("place",),
    "how many": ("number",),
    "colour": ("colour",),
    "yes/no": ("said",),
}
_FIXED = {
    "I cannot tell": "看不出来",
    "not sure": "不确定",
    "not sure what they do": "不确定在做什么",
    "not sure what happens": "不确定发生了什么",
    "not sure who or what": "不确定是谁或什么",
}
# Chinese says yes and no with the question's verb: 有狗吗？ 没有.
_COUNTED = {("no", "how many"): "没有", ("yes", "there"): "有", ("no", "there"): "没有"}
# Words that only hold a sentence together; `gloss_of` leaves them out.
_FUNCTION = {
    "a": "一个", "an": "一个", "the": "这个", "this": "这个", "that": "那个", "these": "这些", "those": "那些",
    "some": "一些", "another": "另一个", "other": "其他", "each": "每个", "many": "许多", "several": "几个",
    "is": "是", "are": "是", "was": "是", "were": "是", "be": "是", "being": "正在", "has": "有", "have": "有",
    "having": "有", "he": "他", "she": "她", "it": "它", "they": "他们", "i": "我", "you": "你", "we": "我们",
    "him": "他", "them": "他们", "his": "他的", "her": "她的", "its": "它的", "their": "他们的", "my": "我的",
    "who": "谁", "what": "什么", "while": "同时", "and": "和", "or": "或", "as": "作为", "of": "的", "with": "和",
    "without": "没有", "for": "为", "to": "到", "at": "在", "in": "在…里", "on": "在…上", "into": "进", "onto": "到…上",
    "from": "从", "by": "在…旁", "about": "关于", "over": "在…上方", "under": "在…下面", "behind": "在…后面",
    "between": "在…之间", "near": "在…附近", "next": "旁边", "beside": "在…旁边", "around": "在…周围",
    "through": "穿过", "across": "穿过", "along": "沿着", "against": "对着", "during": "在…期间", "after": "在…之后",
    "before": "在…之前", "like": "像", "up": "向上", "down": "向下", "off": "离开", "out": "出去", "away": "离开",
    "back": "后面", "front": "前面", "not": "不", "there": "那里", "then": "然后", "very": "很", "how": "怎么",
    "together": "一起", "something": "某物", "someone": "某人", "various": "各种",
}  # fmt: skip
_ABSENT = re.compile(r"there is no (?P<thing>[^,]+), I think")
_CATEGORY = re.compile(r"kind of clip: (?P<category>.+)")
_CHAPTER = re.compile(r"part (?P<number>\d+)")  # timeline/chapters.py
_PART = re.compile(r"(?:an?|the) [a-z ]+?(?: and (?:an?|the) [a-z ]+?)*(?:, [a-z]+)?|[a-z]+ing")


def phrase_in_chinese(text: str, role: str = "") -> str | None:
    """A word or a fixed phrase in Chinese; None if it is none that is known.

    Args:
        text: as the model says it.
        role: what the text is: the type of question that it answers, one of `QUESTION_TYPES`, or "there" for whether
            something is there; "word" for any one word of a sentence, "label" for a label of the frame tower; "" for
            anything else.
    """
    if role == "word":
        return gloss_of(text) or _FUNCTION.get(text)
    if role == "label" and (label := label_words().get(text.split(",")[0])):
        return label.chinese[0]
    if (text, role) in _COUNTED:
        return _COUNTED[text, role]
    if text in _FIXED:
        return _FIXED[text]
    if match := _CHAPTER.fullmatch(text):
        return f"第 {match['number']} 部分"
    if match := _ABSENT.fullmatch(text):
        thing = _word(match["thing"], "what")
        return None if thing is None else f"我想没有{thing.chinese[0]}"
    if "; " in text:
        parts = [phrase_in_chinese(part) for part in text.split("; ")]
        return None if None in parts else "；".join(part for part in parts if part)
    if match := _CATEGORY.fullmatch(text):
        category = _word(match["category"], "category")
        return None if category is None else f"类型：{category.chinese[0]}"
    word = _word(text, role)
    if word is not None:
        return f"{word.chinese[0]}个" if word.section == "number" and role == "how many" else word.chinese[0]
    return _part(text)


def gloss_of(word: str) -> str:
    """One word of a sentence, in whatever form it has there, in Chinese; empty for one without a meaning of its own."""
    for lemma in (word, *lemmas(word).values()):
        found = _word(lemma, "doing" if word.endswith("ing") else "what")
        if found is not None:
            return found.chinese[0]
    return ""


def _word(text: str, expected: str) -> Word | None:
    found = words_by_english().get(text, ())
    wanted = _SECTIONS.get(expected, (expected,) if expected == "category" else ())
    ranked = sorted(found, key=lambda word: wanted.index(word.section) if word.section in wanted else len(wanted))
    return ranked[0] if ranked else None


def _part(text: str) -> str | None:
    """A person and a dog, playing -> 一个人和一只狗，在玩."""
    if not _PART.fullmatch(text):
        return None
    seen, _, done = text.partition(", ") if text[:2] in ("a ", "an", "th") else ("", "", text)
    words = [_word(re.sub(r"^(an?|the) ", "", one), "what") for one in seen.split(" and ") if one]
    verb = next((word for word in _verbs() if done and done == ing(word.english)), None) if done else None
    if None in words or (done and verb is None):
        return None
    said = "和".join(word.counted for word in words if word is not None)
    return said + (f"{'，' if said else ''}在{verb.chinese[0]}" if verb is not None else "")


def _verbs() -> list[Word]:
    return [word for words in words_by_english().values() for word in words if word.section == "verb"]
