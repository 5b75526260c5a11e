"""Which language a person reads: the one chosen on the page, else Chinese where the browser wants it, else English.

The server decides, by a cookie and the Accept-Language header. A sentence then reaches the page in one of two ways:

    a property of a component, a view that is there at the start -> a marker -> the browser replaces the marker
    what the server renders later                                -> `texts_for(request)`

Callers of the HTTP API are answered in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.datastructures import Headers, MutableHeaders

from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.texts import SENTENCE_NAMES, Texts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LANGUAGES = (ENGLISH, CHINESE)
LANGUAGE_COOKIE = "vb_language"
"""Set by the page's own button; its value is a language's code."""
# What Gradio says to screen readers without a Chinese word for it, or without any: its key, our sentence's name.
_SPOKEN = {
    "status.queue_position": "queue",
    "common.progress": "spoken_progress",
    "common.complete": "spoken_complete",
}


def texts_for(request: gr.Request) -> Texts:
    """The texts for the person whose browser sent this request."""
    return texts_by(request.headers)


def texts_by(headers: Mapping[str, str]) -> Texts:
    """The texts for a browser that sends these headers."""
    cookies: SimpleCookie = SimpleCookie()
    with suppress(CookieError):  # whatever it is, it chooses no language
        cookies.load(headers.get("cookie", ""))
    chosen = cookies[LANGUAGE_COOKIE].value if LANGUAGE_COOKIE in cookies else ""
    return next((texts for texts in LANGUAGES if texts.language == chosen), None) or texts_in(
        headers.get("accept-language", "")
    )


def texts_in(accept_language: str) -> Texts:
    """The texts for a browser with this header, such as "zh-TW,zh;q=0.9,en;q=0.8"."""
    first = accept_language.split(",")[0].split(";")[0].strip().lower()
    return CHINESE if first.split("-")[0] == "zh" else ENGLISH


class OneLanguage:
    """Makes Gradio's script use the language that the server has chosen.

    Left alone, the script knows only zh-CN and zh-TW, shows English for every other kind of Chinese, and mixes its own
    words, in French for example, into the English page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; a script that names the language is put into the page itself."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].strip("/"):
            await self._app(scope, receive, send)
            return
        language = texts_by(Headers(scope=scope)).language
        script = f'<script>Object.defineProperty(navigator, "language", {{ value: "{language}" }})</script>'.encode()

        is_page = False

        async def send_on(message: Message) -> None:
            nonlocal is_page
            headers = MutableHeaders(raw=message.get("headers", []))
            if headers.get("content-type", "").startswith("text/html"):
                is_page = True
                headers["content-length"] = str(int(headers["content-length"]) + len(script))
                headers.add_vary_header("accept-language, cookie")
            elif is_page:
                message["body"] = message["body"].replace(b"<head>", b"<head>" + script, 1)
            await send(message)

        await self._app(scope, receive, send_on)


class Translations:
    """Sentences that the browser translates, because they are there from the start and the same for everyone.

    Attributes:
        i18n: Every sentence by its key, for Gradio's `launch`.
        texts: A marker in place of each sentence. Gradio replaces only one marker in a component's property.
    """

    def __init__(self) -> None:
        spoken = {texts.language: {key: getattr(texts, name) for key, name in _SPOKEN.items()} for texts in LANGUAGES}
        self.i18n = gr.I18n(**spoken)
        marks: dict[str, Any] = {name: self._mark(name, attrgetter(name)) for name in SENTENCE_NAMES}
        self.texts = replace(ENGLISH, **marks)

    def view(self, render: Callable[[Texts], str]) -> str:
        """A marker for a whole view: HTML with any number of sentences.

        Args:
            render: Makes the view in one language. It must not return an empty string.
        """
        return self._mark(f"view {len(self.i18n.translations_dict[ENGLISH.language])}", render)

    def _mark(self, name: str, render: Callable[[Texts], str]) -> str:
        key = f"vb {name}"  # Gradio has words of its own, under keys such as "queue"
        for texts in LANGUAGES:
            self.i18n.translations_dict[texts.language][key] = render(texts)
        return str(self.i18n(key))
