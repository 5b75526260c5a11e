"""In which of the model's languages the page shows what it says: the person's, where the checkpoint speaks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.texts.texts import Texts

T = TypeVar("T")
_ENGLISH = "en"


def spoken(service: VideoBertService, texts: Texts) -> str:
    """The code of the language in which the model's sentences are shown to who reads `texts`."""
    code = texts.language.split("-")[0]
    return code if code == _ENGLISH or code in service.languages else _ENGLISH


def shown(service: VideoBertService, value: T, texts: Texts) -> T:
    """A result with its sentences in that language."""
    code = spoken(service, texts)
    return value if code == _ENGLISH else service.in_language(value, code)


def suggested(service: VideoBertService, questions: tuple[str, ...], texts: Texts) -> tuple[str, ...]:
    """Questions in that language."""
    code = spoken(service, texts)
    return questions if code == _ENGLISH else service.ask_in(questions, code)


def glosses(service: VideoBertService, words: Sequence[str], texts: Texts) -> tuple[str, ...]:
    """Words in that language, as `service.gloss` gives them; none where it is English."""
    code = spoken(service, texts)
    return () if code == _ENGLISH else service.gloss(words, code)
