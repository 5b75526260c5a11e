"""The model's words in Chinese, from words.txt and labels.txt, and back. It knows no sentence and no model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("words.txt")
_LABELS_FILE = Path(__file__).with_name("labels.txt")


@dataclass(frozen=True, slots=True)
class Word:
    """An English word and what it is called in Chinese.

    Attributes:
        english: A lemma, or a fixed phrase such as "ping pong".
        chinese: Its translations, the best first.
        section: What part of speech or what kind of thing it is, such as "animal" or "verb".
        measure: The Chinese measure word, such as "只"; empty for what is not counted.
    """

    english: str
    chinese: tuple[str, ...]
    section: str
    measure: str = ""

    @property
    def counted(self) -> str:
        """One of it: "一只狗"."""
        return f"一{self.measure}{self.chinese[0]}" if self.measure else self.chinese[0]


@cache
def read_words() -> tuple[Word, ...]:
    """All words, in the order of the file."""
    return _read(_FILE)


@cache
def label_words() -> Mapping[str, Word]:
    """The frame tower's labels by the first of their English names, such as "samoyed"."""
    return MappingProxyType({word.english: word for word in _read(_LABELS_FILE)})


def _read(path: Path) -> tuple[Word, ...]:
    words, section = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif line and not line.startswith("#"):
            english, chinese, *measure = line.split()
            words.append(Word(english.replace("_", " "), tuple(chinese.split("/")), section, "".join(measure)))
    return tuple(words)


@cache
def words_by_english() -> Mapping[str, tuple[Word, ...]]:
    """For an English word its entries, of every section that has one."""
    found: dict[str, list[Word]] = {}
    for word in read_words():
        found.setdefault(word.english, []).append(word)
    return MappingProxyType({english: tuple(words) for english, words in found.items()})


@cache
def words_by_chinese() -> Mapping[str, tuple[Word, ...]]:
    """For a Chinese word the entries that have it, those first whose best translation it is."""
    found: dict[str, list[tuple[int, Word]]] = {}
    for word in read_words():
        for rank, chinese in enumerate(word.chinese):
            found.setdefault(chinese, []).append((rank, word))
    return MappingProxyType(
        {chinese: tuple(word for _, word in sorted(words, key=lambda one: one[0])) for chinese, words in found.items()}
    )


@cache
def measure_words() -> frozenset[str]:
    """Every measure word of the file."""
    return frozenset(word.measure for word in read_words() if word.measure)
