"""Reads what somebody wants to do to a film: keep some parts of it, or remove them. Knows words; knows no film.

"keep the parts where someone plays guitar"    keep     "someone plays guitar"
"remove everything without people"             remove   "people", where it is not
"a dog runs"                                   keep     "a dog runs"
"去掉没有人的部分"                                remove   "人", where it is not
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERBS = {
    **dict.fromkeys(("keep", "show", "only", "leave", "take", "want"), True),
    **dict.fromkeys(("remove", "cut", "delete", "drop", "skip", "hide", "omit"), False),
}
_OPENING = re.compile(
    r"^(?:please\s+)?(?P<verb>" + "|".join(_VERBS) + r")(?:\s+(?:out|away|off|only|just))?"
    r"(?:\s+(?:(?:all|just|only|the|those|any|every)\s+)*(?:of\s+the\s+)?"
    r"(?:parts?|scenes?|places?|moments?|bits?|everything|all|shots?|passages?|stretches?))?"
    r"(?P<link>\s+(?:in\s+which|where|when|with(?:out)?|that\s+(?:show|have)|showing|which\s+show|of)\b)?"
    r"(?:\s+there\s+(?:is|are)\b)?\s*",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"^(?:请|帮我)?(?:把|将)?(?P<verb>保留|留下|只留|只要|只看|只保留|去掉|删除|删掉|剪掉|移除|去除|不要|跳过)?(?:所有|全部)?"
    r"(?P<link>没有|无|有|出现)?(?P<subject>.+?)(?:的)?(?:部分|片段|画面|镜头|场景|地方|段落)?(?P<late>去掉|删除|删掉|剪掉|保留|留下)?$"
)
_CHINESE_KEEPS = ("保留", "留下", "只留", "只要", "只看", "只保留")
_ABSENCE = re.compile(r"^(?:no|without|there (?:is|are) no)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted.

    Attributes:
        keeps: Whether the parts that are meant stay; otherwise they go.
        subject: What the parts show, or do not show.
        is_absent: Whether the parts that do not show it are meant.
    """

    keeps: bool
    subject: str
    is_absent: bool = False

    @property
    def keeps_subject(self) -> bool:
        """Whether the film that is left is made of what shows the subject."""
        return self.keeps != self.is_absent


def read_wish(text: str) -> Wish:
    """Reads a wish; what has no verb of cutting at its beginning is something to keep."""
    sentence = " ".join(text.split()).rstrip(".!。！")
    chinese = _CHINESE.match(sentence) if any("\u3400" <= letter <= "\u9fff" for letter in sentence) else None
    if chinese is not None:
        verb = chinese["verb"] or chinese["late"] or _CHINESE_KEEPS[0]
        return Wish(verb in _CHINESE_KEEPS, chinese["subject"], chinese["link"] in ("没有", "无"))
    found = _OPENING.match(sentence)
    if found is None or not sentence[found.end() :].strip():
        absence = _ABSENCE.match(sentence)
        return Wish(True, sentence[absence.end() :] if absence else sentence, absence is not None)
    keeps = _VERBS[found["verb"].lower()]
    subject = sentence[found.end() :]
    is_absent = "without" in (found["link"] or "").lower()
    absence = _ABSENCE.match(subject)
    if absence is not None:
        is_absent, subject = not is_absent, subject[absence.end() :]
    return Wish(keeps, subject, is_absent)
