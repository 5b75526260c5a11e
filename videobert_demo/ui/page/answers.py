"""Sees to it that every request is answered: with what it asked for, or with a sentence and a status that fits.

Gradio answers a name that it does not know, or a value that it cannot read, with a bare 500, and a full disk likewise.
It reads a body of any length into memory. It knows HTTP; what events take is in values.py.
"""

from __future__ import annotations

import errno
import json
import logging
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.exceptions import Error
from gradio.route_utils import FnIndexInferError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import LANGUAGES, texts_by
from videobert_demo.ui.texts.texts import Texts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger(__name__)
MAX_BODY_BYTES = 4 * 1024 * 1024
"""The most that a request may send, other than an upload, whose limit is the settings'."""

_UPLOAD = "/gradio_api/upload"
# Gradio's routes that read what was sent before any handler of ours does, and fail on it in ways of their own.
_CALLS = ("/gradio_api/call/", "/gradio_api/run/", "/gradio_api/api/", "/gradio_api/queue/")
_DIRECT_CALLS = ("/gradio_api/run/", "/gradio_api/api/")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNEXPECTED = frozenset({None, *(texts.unexpected_error for texts in LANGUAGES)})


def told(error: Exception, texts: Texts) -> Error:
    """The error that a caller gets for one that was raised while their request was worked on.

    Args:
        error: Gradio's own are for callers already; this package's have a sentence; others are logged.
        texts: The caller's language.
    """
    if isinstance(error, Error):
        return error
    if isinstance(error, VideoBertDemoError):
        return gr.Error(texts.explain(error), print_exception=False)
    if is_full(error):
        _LOG.error("no space is left on the server's disk: %s", error)
        return gr.Error(texts.server_full, print_exception=False)
    _LOG.error("a request failed", exc_info=error)
    # Not as a notice on the page, where the tab that asked says it in its place.
    return gr.Error(texts.unexpected_error, print_exception=False, visible=False)


def is_full(error: BaseException) -> bool:
    """Whether there is no space left for a file, or for this user's."""
    return isinstance(error, OSError) and error.errno in _FULL


class AnswerGuard:
    """Answers with a sentence where Gradio would answer with a bare 500, and refuses bodies that are too long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")).rstrip("/")
        headers = Headers(scope=scope)
        texts = texts_by(headers)
        is_begun = False

        async def send_on(message: Message) -> None:
            nonlocal is_begun
            is_begun = is_begun or message["type"] == "http.response.start"
            await send(message)

        passed = _fitting_status(send_on) if path.startswith(_DIRECT_CALLS) else send_on
        counted = receive if path == _UPLOAD else _limited(receive)
        try:
            if path != _UPLOAD and _announced_bytes(headers) > MAX_BODY_BYTES:
                raise _TooLongError
            await self._app(scope, counted, passed)
        except Exception as error:
            if is_begun:
                raise
            status, sentence = _answer_to(error, path, texts)
            if status == 500:
                _LOG.error("a request to %s failed", path, exc_info=error)
            await JSONResponse({"detail": sentence, "error": sentence}, status)(scope, receive, send)


class _TooLongError(Exception):
    """The body is longer than MAX_BODY_BYTES."""


def _answer_to(error: Exception, path: str, texts: Texts) -> tuple[int, str]:
    """The status and the sentence for what Gradio's routes raise."""
    if isinstance(error, _TooLongError):
        return 413, ENGLISH.api_too_long.format(most=MAX_BODY_BYTES)
    if is_full(error):
        _LOG.error("no space is left on the server's disk: %s", error)
        return 507, texts.server_full
    if isinstance(error, LookupError | TypeError | ValueError | Error | FnIndexInferError) and path.startswith(_CALLS):
        return 400, ENGLISH.api_unreadable
    return 500, texts.unexpected_error


def _announced_bytes(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _limited(receive: Receive) -> Receive:
    """Counts what arrives, because a body in parts does not announce its length."""
    received = 0

    async def receive_on() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            raise _TooLongError
        return message

    return receive_on


def _fitting_status(send: Send) -> Send:
    """Gives a refusal the status 400: Gradio sends 500 with each of its handlers' sentences."""
    held: dict[str, Any] = {}

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 500:
            held.update(start=message, body=b"")
            return
        if not held:
            await send(message)
            return
        held["body"] += message.get("body", b"")
        if not message.get("more_body", False):
            is_refusal = _error_in(held["body"]) not in _UNEXPECTED
            await send(held["start"] | {"status": 400 if is_refusal else 500})
            await send({"type": "http.response.body", "body": held["body"]})

    return send_on


def _error_in(body: bytes) -> str | None:
    """The sentence in Gradio's answer, or None if it gives none."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    sentence = content.get("error") if isinstance(content, dict) else None
    return sentence if isinstance(sentence, str) else None
