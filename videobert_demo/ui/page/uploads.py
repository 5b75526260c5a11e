"""Whose a file in Gradio's cache is: who uploaded it, or for whom it was made. Nobody else may hand it in or fetch it.

Gradio takes any path in its cache from anyone, and names folders there after the content: whoever has the same clip
knows where another visitor's lies. Here a path counts for those who brought it or were given it:

    upload --- the answer names paths ----- they are the sender's
    a handler's results name paths -------- they are the caller's
    inputs, /gradio_api/file= name paths -- is it theirs?

A browser is known by a cookie that the page gives it. Programs without cookies are known by their address, so that
those behind one proxy are not told apart. It knows requests and paths; what is deleted, and when, is up to visits.py.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "videobert_visitor"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_UPLOAD_PATH = "/gradio_api/upload"
_FILE_PATHS = ("/gradio_api/file=", "/gradio_api/file/")


class Owners:
    """The files in the cache, and whose they are. Safe to use from several threads.

    Args:
        cache: Gradio's folder of uploads and results.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache.resolve()
        self._lock = threading.Lock()
        self._owners: dict[Path, frozenset[str]] = {}

    def give(self, paths: Iterable[str], owner: str) -> None:
        """These files are also the owner's; paths outside the cache are not noted."""
        with self._lock:
            for path in filter(None, map(self._inside, paths)):
                self._owners[path] = self._owners.get(path, frozenset()) | {owner}

    def may_use(self, path: str, owner: str) -> bool:
        """Whether the owner has uploaded this file, or was given it. Links count as what they lead to."""
        inside = self._inside(path)
        with self._lock:
            return inside is not None and owner in self._owners.get(inside, frozenset())

    def is_anothers(self, path: str, owner: str) -> bool:
        """Whether the file is known, and not this owner's."""
        inside = self._inside(path)
        with self._lock:
            return inside in self._owners and owner not in self._owners[inside]

    def forget_gone(self) -> None:
        """Forgets the files that do not exist any more."""
        with self._lock:
            known = tuple(self._owners)
        gone = [path for path in known if not path.exists()]
        with self._lock:
            for path in gone:
                self._owners.pop(path, None)

    def _inside(self, path: str) -> Path | None:
        """Where the path leads to in the cache; None for all others."""
        try:
            resolved = Path(path).resolve()
        except (OSError, ValueError, RuntimeError):  # too long, a NUL in it, links in a circle
            return None
        return resolved if resolved.is_relative_to(self._cache) and resolved != self._cache else None


def owner_of(scope: Scope) -> str:
    """Who sends a request: a browser by its cookie, anyone else by the address."""
    token = _token_in(Headers(scope=scope))
    return f"cookie {token}" if token else f"address {(scope.get('client') or ('unknown',))[0]}"


def paths_in(value: Any) -> Iterator[str]:
    """The paths of the files that a JSON value names, wherever they are in it."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("path"), str):
                yield one["path"]
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one


class UploadGuard:
    """Notes who uploads what, gives browsers their cookie, and shows nobody another's file."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        owners = getattr(scope["app"].get_blocks(), "owners", None)
        if not isinstance(owners, Owners):
            raise TypeError("UploadGuard belongs to a Page")
        for beginning in _FILE_PATHS:
            if path.startswith(beginning) and owners.is_anothers(unquote(path[len(beginning) :]), owner_of(scope)):
                await JSONResponse({"detail": ENGLISH.api_not_yours}, 403)(scope, receive, send)
                return
        if path.rstrip("/") == _UPLOAD_PATH:
            send = _noting(send, owners, owner_of(scope))
        elif scope["method"] == "GET" and not path.strip("/") and _token_in(Headers(scope=scope)) is None:
            send = _with_cookie(send, is_https=_is_https(scope))
        await self._app(scope, receive, send)


def _noting(send: Send, owners: Owners, owner: str) -> Send:
    """Notes the paths that the answer to an upload names."""
    body = bytearray()

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.body":
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                try:
                    paths = json.loads(body)
                except ValueError:  # a refusal
                    paths = []
                if isinstance(paths, list):
                    owners.give((path for path in paths if isinstance(path, str)), owner)
        await send(message)

    return send_on


def _with_cookie(send: Send, *, is_https: bool) -> Send:
    """Gives the browser a cookie that scripts cannot read; on https also in a frame of another site's page."""
    where = "SameSite=None; Secure; Partitioned" if is_https else "SameSite=Lax"
    cookie = f"{COOKIE}={secrets.token_hex(16)}; Path=/; HttpOnly; {where}"

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return send_on


def _is_https(scope: Scope) -> bool:
    return scope.get("scheme") == "https" or Headers(scope=scope).get("x-forwarded-proto", "") == "https"


def _token_in(headers: Headers) -> str | None:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel is not None and _TOKEN.fullmatch(morsel.value) else None
