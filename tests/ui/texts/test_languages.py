"""The sentences of the page and of errors, and who reads which language."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import videobert_demo
from videobert_demo import errors
from videobert_demo.errors import EmptyClipError, QuestionError
from videobert_demo.service.examples import read_examples
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import LANGUAGES, OneLanguage, Translations, texts_by, texts_in
from videobert_demo.ui.texts.texts import SENTENCE_NAMES, Texts, texts_from

PACKAGE = Path(videobert_demo.__file__).parent
FOR_API = {name for name in SENTENCE_NAMES if "api_" in name} | {"no_addresses"}
# Names, and sentences that are nothing but what is filled in.
ALIKE = {
    "title",
    "example_credit",
    "search_hits_for",
    "attend_result_heading",
    "tokens_reel_heading",
}
NAMED_BY_VALUE = ("attend_method_", "tokens_part_")
VISITORS_ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type)
    and issubclass(
        kind,
        errors.ClipError
        | errors.MethodError
        | QuestionError
        | errors.WordError
        | errors.LibraryError
        | errors.TimelineExportError
        | errors.WatchListError
        | errors.SubtitleError,
    )
}
FOR_VISITORS = ("attention", "library", "service", "tasks", "timeline", "ui", "video")
FOR_THE_COMMAND_LINE = {"indexing.py"}


def placeholders(sentence: str) -> set[tuple[str | None, str | None]]:
    return {(name, form) for _, name, form, _ in string.Formatter().parse(sentence) if name is not None}


def of_the_page() -> dict[str, str]:
    """The English sentences that a visitor reads in Chinese, with their names."""
    return {name: getattr(ENGLISH, name) for name in SENTENCE_NAMES if name not in FOR_API | ALIKE}


@pytest.mark.parametrize(
    "header", ["zh", "zh-CN", "zh-TW,zh;q=0.9,en;q=0.8", "zh-HK;q=1", "ZH-hans-SG", " zh-Hant , en"]
)
def test_any_chinese_is_answered_in_chinese(header: str) -> None:
    assert texts_in(header) is CHINESE


@pytest.mark.parametrize(
    ("cookie", "accepted", "texts"),
    [
        ("vb_language=en", "zh", ENGLISH),
        ("a=b; vb_language=zh-CN", "en", CHINESE),
        ("vb_language=xx", "zh", CHINESE),
        ("vb_language=", "en", ENGLISH),
        ("; ;=;vb language=", "zh", CHINESE),
    ],
)
def test_what_was_chosen_on_the_page_counts_before_the_browsers_language(
    cookie: str, accepted: str, texts: Texts
) -> None:
    assert texts_by({"cookie": cookie, "accept-language": accepted}) is texts


@pytest.mark.parametrize("header", ["", "en-US,en;q=0.9,zh;q=0.8", "fr", "*", "zha", ",zh", "ja,zh-CN"])
def test_everyone_else_in_english(header: str) -> None:
    assert texts_in(header) is ENGLISH


@cache
def raised_sentences() -> tuple[tuple[str, ast.expr], ...]:
    """The first argument of each error that a visitor can meet, with the place where it is raised."""
    return tuple(_raised_sentences())


def _raised_sentences() -> Iterator[tuple[str, ast.expr]]:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    constants = {
        node.targets[0].id: node.value
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for path, tree in trees.items():
        if path.relative_to(PACKAGE).parts[0] not in FOR_VISITORS or path.name in FOR_THE_COMMAND_LINE:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in VISITORS_ERRORS:
                sentence = node.args[0]
                if isinstance(sentence, ast.Name):
                    sentence = constants.get(sentence.id, sentence)
                yield f"{path.name}:{node.lineno}", sentence


def test_every_sentence_and_every_error_is_in_the_catalogue_and_nothing_else() -> None:
    wanted = {sentence: name for name, sentence in of_the_page().items()}
    for place, sentence in raised_sentences():
        assert isinstance(sentence, ast.Constant), f"{place}: give a template and its values, no finished sentence"
        wanted[str(sentence.value)] = place
    assert {sentence: place for sentence, place in wanted.items() if sentence not in CHINESE.catalogue} == {}
    assert set(CHINESE.catalogue) - set(wanted) == set()


@pytest.mark.parametrize("sentence", CHINESE.catalogue)
def test_a_translation_is_one_and_is_filled_in_alike(sentence: str) -> None:
    translated = CHINESE.catalogue[sentence]
    assert translated.strip()
    assert translated != sentence
    assert placeholders(translated) == placeholders(sentence)


def test_errors_end_as_sentences_do() -> None:
    for _, sentence in raised_sentences():
        assert isinstance(sentence, ast.Constant)
        assert CHINESE.catalogue[str(sentence.value)].endswith(("。", "”"))


def test_every_sentence_is_used() -> None:
    folder = PACKAGE / "ui" / "texts" / "sentences"
    files = (path for path in PACKAGE.rglob("*.*") if path.suffix in (".py", ".html") and path.parent != folder)
    used = set(re.findall(r"\w+", " ".join(path.read_text(encoding="utf-8") for path in files)))
    assert {name for name in SENTENCE_NAMES if name not in used and not name.startswith(NAMED_BY_VALUE)} == set()


def test_a_sentence_that_is_missing_in_a_catalogue_is_english() -> None:
    texts = texts_from("xx", {"Ask": "?"})
    assert (texts.language, texts.ask_button, texts.search_button) == ("xx", "?", "Search")
    assert all(getattr(ENGLISH, name).strip() for name in SENTENCE_NAMES)


def test_an_error_is_explained_in_the_language_or_in_english() -> None:
    error = EmptyClipError("{name} is empty (0 bytes); save or download it again.", name="{a}.mp4")
    assert CHINESE.explain(error) == "{a}.mp4 是空文件（0 字节），请重新保存或下载。"
    assert ENGLISH.explain(error) == error.message == "{a}.mp4 is empty (0 bytes); save or download it again."
    assert CHINESE.explain(QuestionError("A {new} sentence.")) == "A {new} sentence."


def test_examples_have_chinese_titles() -> None:
    for example in read_examples():
        assert example.title_in("en") == example.title_in("fr") == example.title
        assert example.title_in(CHINESE.language) not in ("", example.title)


def test_a_marker_stands_for_a_sentence_or_a_whole_view() -> None:
    translations = Translations()
    marker = translations.view(lambda texts: f"<p>{texts.ask_button} · {texts.ask_label}</p>")
    english, chinese = (translations.i18n.translations_dict[texts.language] for texts in LANGUAGES)
    assert english.keys() == chinese.keys()
    (key,) = [key for key in english if key in marker]
    assert (english[key], chinese[key]) == ("<p>Ask · Question</p>", "<p>提问 · 问题</p>")
    assert english["vb ask_button"] == "Ask"
    assert '"vb ask_button"' in translations.texts.ask_button
    assert translations.view(lambda texts: texts.title) != marker


@pytest.mark.parametrize(("header", "language"), [("zh-HK,zh;q=0.9", "zh-CN"), ("fr-FR", "en"), ("", "en")])
def test_the_page_is_told_its_language_before_all_else(header: str, language: str) -> None:
    async def page(_request: Any) -> HTMLResponse:
        return HTMLResponse("<html><head><title>x</title></head></html>")

    async def plain(_request: Any) -> PlainTextResponse:
        return PlainTextResponse("<head>")

    routes = [Route("/", page), Route("/other", page), Route("/plain", plain)]
    client = TestClient(OneLanguage(Starlette(routes=routes)), headers={"accept-language": header})
    answer = client.get("/")
    assert answer.text.startswith('<html><head><script>Object.defineProperty(navigator, "language"')
    assert f'"{language}"' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["vary"] == "accept-language, cookie"
    assert "script" not in client.get("/other").text
    assert client.get("/plain").text == "<head>"


def test_a_refusal_in_place_of_the_page_stays_as_it_is() -> None:
    async def refuse(_request: Any) -> PlainTextResponse:
        return PlainTextResponse("<head>", status_code=403)

    answer = TestClient(OneLanguage(Starlette(routes=[Route("/", refuse)]))).get("/")
    assert (answer.status_code, answer.text) == (403, "<head>")
