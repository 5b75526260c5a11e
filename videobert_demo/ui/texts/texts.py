"""Every sentence that a person reads, by name; one `Texts` is one language.

The sentences are written in English: those of the page in sentences/, those of errors where they are raised. Any other
language is one catalogue, which has a translation for each English sentence. Which language a person reads is decided
in languages.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.ui.texts.sentences.ask import AskSentences
from videobert_demo.ui.texts.sentences.attend import AttendSentences
from videobert_demo.ui.texts.sentences.both import BothSentences
from videobert_demo.ui.texts.sentences.describe import DescribeSentences
from videobert_demo.ui.texts.sentences.films import FilmsSentences
from videobert_demo.ui.texts.sentences.mending import MendingSentences
from videobert_demo.ui.texts.sentences.models import ModelsSentences
from videobert_demo.ui.texts.sentences.own_labels import OwnLabelsSentences
from videobert_demo.ui.texts.sentences.page import PageSentences
from videobert_demo.ui.texts.sentences.scenes import ScenesSentences
from videobert_demo.ui.texts.sentences.search import SearchSentences
from videobert_demo.ui.texts.sentences.timeline import TimelineSentences
from videobert_demo.ui.texts.sentences.tokens import TokensSentences
from videobert_demo.ui.texts.sentences.watch import WatchSentences


@dataclass(frozen=True, kw_only=True)
class Texts(
    PageSentences,
    DescribeSentences,
    AskSentences,
    SearchSentences,
    AttendSentences,
    TokensSentences,
    OwnLabelsSentences,
    MendingSentences,
    BothSentences,
    ModelsSentences,
    TimelineSentences,
    ScenesSentences,
    FilmsSentences,
    WatchSentences,
):
    """The sentences of one language.

    Attributes:
        language: Its code, one for which Gradio has words of its own: "en", "zh-CN".
        catalogue: For each English sentence, of the page and of errors, its translation; empty for English.
        documentation: The same for what is told of the HTTP endpoints.
        panel: The same for what Gradio writes around that.
    """

    language: str = "en"
    catalogue: Mapping[str, str] = field(default_factory=dict, repr=False)
    documentation: Mapping[str, str] = field(default_factory=dict, repr=False)
    panel: Mapping[str, str] = field(default_factory=dict, repr=False)

    def explain(self, error: VideoBertDemoError) -> str:
        """An error's sentence in this language, or in English if the catalogue lacks it."""
        sentence = self.catalogue.get(error.template)
        return error.message if sentence is None else sentence.format(**error.values)


SENTENCE_NAMES = tuple(one.name for one in fields(Texts) if one.type == "str" and one.name != "language")


def texts_from(
    language: str,
    catalogue: Mapping[str, str],
    documentation: Mapping[str, str] | None = None,
    panel: Mapping[str, str] | None = None,
) -> Texts:
    """The texts of another language; a sentence that the catalogue lacks stays English.

    Args:
        language: Its code.
        catalogue: For each English sentence its translation.
        documentation: The same for what is told of the HTTP endpoints.
        panel: The same for what Gradio writes around that.
    """
    english = Texts()
    sentences = {name: getattr(english, name) for name in SENTENCE_NAMES}
    translated = {name: catalogue.get(sentence, sentence) for name, sentence in sentences.items()}
    return Texts(
        language=language, catalogue=catalogue, documentation=documentation or {}, panel=panel or {}, **translated
    )
