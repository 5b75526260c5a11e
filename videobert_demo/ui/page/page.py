"""The page as Gradio serves it, with what Gradio leaves open for strangers closed.

It deletes what visitors leave behind (visits.py), fetches no address on anyone's behalf, and answers no page of another
site that calls an app on this machine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gradio as gr
from gradio.routes import App
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

if TYPE_CHECKING:
    from gradio.block_function import BlockFunction
    from gradio.state_holder import SessionState
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOG = logging.getLogger(__name__)
# As in Gradio's `strict_cors`; a page of this machine is no stranger to it.
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})


class Page(gr.Blocks):
    """The blocks of the app, and who has them open.

    Args:
        visits: Who is here.
        translations: The sentences that the browser puts in.
        options: As `gr.Blocks` takes them.
    """

    def __init__(self, *, visits: Visits, translations: Translations, **options: Any) -> None:
        super().__init__(**options)
        self.visits = visits
        self.when_over: list[Callable[[str], None]] = []
        self._translations = translations

    def launch(self, *arguments: Any, **options: Any) -> Any:
        """As in Gradio; the page brings its languages along."""
        return super().launch(*arguments, i18n=self._translations.i18n, **options)

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: list[Any], state: SessionState | None, explicit_call: bool = False
    ) -> Any:
        """As in Gradio, which would download a file whose path is an address, however large it is."""
        if names_address(inputs):
            raise gr.Error(ENGLISH.no_addresses, print_exception=False)
        return await super().preprocess_data(block_fn, inputs, state, explicit_call)

    def sweep(self, *, at_once: bool = False) -> None:
        """Forgets the visits that are over, and deletes the files that nobody needs.

        Args:
            at_once: Delete all files, because the server goes.
        """
        for session in self.visits.end():
            for forget in self.when_over:
                try:
                    forget(session)
                except (OSError, VideoBertDemoError):
                    _LOG.exception("something of a visitor could not be cleared up")  # the others' must be
        self._forget_idle_sessions()
        kept: set[str] = set().union(*(block.keep_in_cache for block in self.blocks.values()))
        # Gradio goes on adding to its sets meanwhile: a copy can be walked through, they cannot.
        sets = [known.copy() for known in self.temp_file_sets]
        gone = self.visits.delete(set().union(*sets) - kept, at_once=at_once)
        for known in self.temp_file_sets:
            known -= gone

    def _forget_idle_sessions(self) -> None:
        """Every call over HTTP can be a session of its own, of 170 kB, that no caller needs again and Gradio keeps."""
        sessions = self.state_holder
        oldest = datetime.now() - timedelta(seconds=self.visits.keeping.sweep_seconds)
        for session, used in list(sessions.time_last_used.items()):
            if used < oldest and not self.visits.is_here(session):
                with sessions.lock:
                    sessions.session_data.pop(session, None)
                    sessions.time_last_used.pop(session, None)


@asynccontextmanager
async def sweeping(server: App) -> AsyncIterator[None]:
    """Sweeps for as long as the server runs, and deletes everything when it goes: the app's lifespan."""
    page = server.get_blocks()
    if not isinstance(page, Page):
        raise TypeError(f"expected a Page, got {type(page).__name__}")

    async def sweep_for_ever() -> None:
        while True:
            await asyncio.sleep(page.visits.keeping.sweep_seconds)
            await asyncio.to_thread(page.sweep)

    task = asyncio.create_task(sweep_for_ever())
    try:
        yield
    finally:
        task.cancel()
        page.sweep(at_once=True)


class ForeignPageGuard:
    """Refuses what a page of another site asks of an app on this machine.

    Gradio only keeps the answer from such a page; the request has been served by then, and an upload has been stored.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or refuses it."""
        if scope["type"] == "http" and is_foreign(Headers(scope=scope)):
            refusal = PlainTextResponse("Requests from pages of other sites are not answered.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def session_of(request: gr.Request) -> str:
    """The visitor's session; callers of the HTTP API that name none share one."""
    return request.session_hash or "none"


def names_address(value: Any) -> bool:
    """Is there a file in a JSON value whose path is an address of the network?"""
    if isinstance(value, dict):
        is_address = str(value.get("path", "")).startswith(("http:", "https:"))
        return is_address or any(map(names_address, value.values()))
    return isinstance(value, list | tuple) and any(map(names_address, value))


def is_foreign(headers: Headers) -> bool:
    """Does a page of another site ask this, of an app that is reached as localhost?

    A proxy in front of the app may have renamed the host; then the browser, or the proxy, says that all is well.
    """
    origin = headers.get("origin")
    if origin is None or _host(f"//{headers.get('host', '')}") not in _THIS_MACHINE:
        return False
    if "x-forwarded-host" in headers or headers.get("sec-fetch-site") in ("same-origin", "none"):
        return False
    return _host(origin) not in _THIS_MACHINE


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
