"""Chinese as people type it, made uniform: simplified characters, no blanks, no closing particles and marks.

    他 在 做 什 麼 呢？  ->  他在做什么        dog在做什么？  ->  狗在做什么
    what is 狗 doing?  ->  what is the dog doing?

It knows characters and words; it knows no question.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from videobert_demo.questions.chinese.lexicon import words_by_chinese, words_by_english

_PARTICLES = re.compile(r"[呢啊呀哦啦噢嘞哟]+$")
_MARKS = re.compile(r"[\s。．.,，、!！?？~～…;；:：\"'“”‘’「」『』《》()（）]+$")
_BLANKS = re.compile(r"(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])")
_LATIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_RUN = re.compile(r"(?P<before>[a-z]+)?\s*(?P<run>[\u3400-\u9fff]+)\s*")
_SILENT = ("So", "Sk", "Cf", "Mn")
"""Unicode's kinds of characters that say nothing here: emoji, what changes their colour or joins them."""
_BEFORE_SUBJECT = frozenset(("is", "are", "was", "were", "does", "do", "did"))
_POLITE = re.compile(r"^(请问|请告诉我|告诉我|你知道|你觉得|你看|我想知道|那么|那|嗯)[,，:：\s]*(?=.{2})")


def has_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return any("\u3400" <= character <= "\u9fff" for character in text)


def plain(text: str) -> str:
    """A text as the patterns read it: simplified, in lower case, without what says nothing."""
    spoken = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in _SILENT)
    found = _LATIN.sub(_in_chinese, simplified(spoken).lower().strip())
    found = _BLANKS.sub("", found)
    found = _POLITE.sub("", found)
    before = None
    while before != found:
        before, found = found, _PARTICLES.sub("", _MARKS.sub("", found))
    return found


def _in_chinese(word: re.Match[str]) -> str:
    """An English word amid Chinese, by the lexicon; one that it lacks stays."""
    known = words_by_english().get(word[0])
    return known[0].chinese[0] if known else word[0]


def in_english_amid(text: str) -> str | None:
    """An English text with Chinese words in it, all in English; None if it is none, or a word is not in the lexicon."""
    found, known = simplified(unicodedata.normalize("NFKC", text)).lower().strip(), words_by_chinese()
    runs = [match["run"] for match in _RUN.finditer(found)]
    if len(_LATIN.findall(found)) == 0 or not runs or not all(run in known for run in runs):
        return None

    def english(match: re.Match[str]) -> str:
        before = match["before"] or ""
        article = " the" if before in _BEFORE_SUBJECT else ""
        return f"{before}{article} {known[match['run']][0].english} "

    return re.sub(r"\s+(?=[?.!,])", "", " ".join(_RUN.sub(english, found).split()))


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, by OpenCC; others stay."""
    converted: str = _converter().convert(text) if has_chinese(text) else text
    return converted


@cache
def _converter() -> Any:
    from opencc import OpenCC  # reads its tables when it is made

    return OpenCC("t2s")
