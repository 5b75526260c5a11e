"""The page as Gradio serves it, with the doors closed that Gradio leaves open to strangers.

It deletes what visitors leave behind (visits.py), leaves files to those who brought them (uploads.py), checks what is
sent (values.py), downloads nothing on anyone's behalf, and does not answer pages of other sites that call an app on
this machine.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gradio as gr
from gradio.routes import App
from gradio.utils import is_static_file
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.ui.page.addresses import address_of, with_own_paths
from videobert_demo.ui.page.answers import told
from videobert_demo.ui.page.endpoints import Endpoint, document
from videobert_demo.ui.page.sessions import forget_finished, forget_idle, share_types
from videobert_demo.ui.page.tools import Tools
from videobert_demo.ui.page.uploads import Owners, owner_of, paths_in
from videobert_demo.ui.page.values import refusal_of, with_defaults
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations, texts_for

if TYPE_CHECKING:
    from gradio.block_function import BlockFunction
    from gradio.state_holder import SessionState
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOG = logging.getLogger(__name__)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
# As in Gradio's `strict_cors`: the hosts whose pages belong to this machine.
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})


class Page(gr.Blocks):
    """The blocks of the app, and who has them open.

    Args:
        visits: Who is here.
        translations: The sentences that the browser translates.
        options: Passed to `gr.Blocks`.

    Attributes:
        visits: Who is here.
        owners: Whose the files in Gradio's cache are.
        on_visit_over: Called with the session of every visit that is over.
        endpoints: What is told of each HTTP endpoint, by name.
        tools: The same endpoints for assistants; None where they are not offered.
        warm_up: Called in a thread of its own once the page is served; None calls nothing.
    """

    def __init__(self, *, visits: Visits, translations: Translations, **options: Any) -> None:
        super().__init__(**options)
        self.visits = visits
        self.owners = Owners(visits.cache)
        self.on_visit_over: list[Callable[[str], None]] = []
        self.endpoints: dict[str, Endpoint] = {}
        self.tools: Tools | None = None
        self.warm_up: Callable[[], None] | None = None
        self._translations = translations

    def launch(self, *arguments: Any, mcp_server: bool | None = False, **options: Any) -> Any:
        """Launches as Gradio does, with the page's languages, and with tools of its own in place of Gradio's.

        Args:
            arguments: Gradio's.
            mcp_server: Offer the endpoints as tools of the Model Context Protocol.
            options: Gradio's.
        """
        if mcp_server:
            self.offer_tools(options.setdefault("app_kwargs", {}))
        share_types(self)
        # Gradio would ask its own page whether it answers within 3 seconds, and end a busy machine's server if not.
        options.setdefault("_frontend", False)
        return super().launch(*arguments, i18n=self._translations.i18n, mcp_server=False, **options)

    def offer_tools(self, app_kwargs: dict[str, Any]) -> None:
        """Offers the endpoints as tools.

        Args:
            app_kwargs: Of the server that is about to be made; the tools' routes are added.
        """
        self.tools = Tools(str(self.title), self.endpoints)
        self.mcp_server = True  # the panel "Use via API" tells where the tools are
        app_kwargs["routes"] = [*app_kwargs.get("routes", ()), *self.tools.routes]

    def get_api_info(self, all_endpoints: bool = False, page: str | None = None) -> Any:
        """What Gradio tells of the endpoints, with what we tell: sentences, examples, choices, what comes back."""
        info: Any = super().get_api_info(all_endpoints, page)
        document(info, self.endpoints)
        return info

    async def process_api(self, block_fn: Any, inputs: list[Any], *arguments: Any, **options: Any) -> dict[str, Any]:
        """Works on a request as Gradio does, but every error becomes a sentence, and files stay with their owners."""
        request: gr.Request | None = options.get("request")
        scope = request.request.scope if request is not None and request.request is not None else None
        owner = None if scope is None else owner_of(scope)
        if scope is not None:
            inputs = with_own_paths(inputs, address_of(scope))
        output: dict[str, Any] = {}
        try:
            if owner is not None and not all(self._may_use(path, owner) for path in paths_in(inputs)):
                raise gr.Error(ENGLISH.api_not_yours, print_exception=False)
            output = await super().process_api(block_fn, inputs, *arguments, **options)
        except Exception as error:  # whatever it is, a person waits for a sentence; `told` logs what nobody foresaw
            raise told(error, ENGLISH if request is None else texts_for(request)) from error
        finally:
            if request is not None and not output.get("is_generating"):
                forget_finished(self.state_holder, request.session_hash, self.visits)
        if owner is not None:
            self.owners.give(paths_in(output.get("data")), owner)
            if request is not None and request.session_hash:  # files that the page names inside of a view
                self.owners.give(self.visits.files_of(request.session_hash), owner)
        return output

    def _may_use(self, path: str, owner: str) -> bool:
        """Whether a path may be handed in: the owner's files, what all may see, and addresses, refused later."""
        if has_scheme(path) or self.owners.may_use(path, owner):
            return True
        try:
            return bool(is_static_file(path))
        except (OSError, ValueError):  # no path at all: too long, or with a NUL
            return False

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: list[Any], state: SessionState | None, explicit_call: bool = False
    ) -> Any:
        """Reads inputs as Gradio does, but refuses what is no such value, and addresses: Gradio would download them."""
        if names_address(inputs):
            raise gr.Error(ENGLISH.no_addresses, print_exception=False)
        inputs = with_defaults(block_fn, inputs)
        sentence = refusal_of(block_fn, inputs)
        if sentence is not None:
            raise gr.Error(sentence, print_exception=False)
        try:
            return await super().preprocess_data(block_fn, inputs, state, explicit_call)
        except (TypeError, ValueError, LookupError) as error:  # Gradio's own gr.Error is none of these
            raise gr.Error(ENGLISH.api_unreadable, print_exception=False) from error

    def sweep(self, *, at_once: bool = False) -> None:
        """Forgets the visits that are over, and deletes the files that nobody needs.

        Args:
            at_once: Delete all files, because the server shuts down.
        """
        for session in self.visits.end():
            for forget in self.on_visit_over:
                try:
                    forget(session)
                except (OSError, VideoBertDemoError):
                    _LOG.exception("a visitor's data could not be cleared up")  # go on: the others' must be
        forget_idle(self.state_holder, self.visits)
        kept: set[str] = set().union(*(block.keep_in_cache for block in self.blocks.values()))
        # Copies, because Gradio may add to its sets while they are walked through.
        sets = [known.copy() for known in self.temp_file_sets]
        gone = self.visits.delete(set().union(*sets) - kept, at_once=at_once)
        for known in self.temp_file_sets:
            known -= gone
        self.owners.forget_gone()


@asynccontextmanager
async def sweeping(server: App) -> AsyncIterator[None]:
    """The app's lifespan: sweeps as long as the server runs, and deletes everything when it shuts down."""
    page = server.get_blocks()
    if not isinstance(page, Page):
        raise TypeError(f"expected a Page, got {type(page).__name__}")

    async def sweep_for_ever() -> None:
        while True:
            await asyncio.sleep(page.visits.retention.sweep_seconds)
            await asyncio.to_thread(page.sweep)

    task = asyncio.create_task(sweep_for_ever())
    if page.warm_up is not None:
        threading.Thread(target=page.warm_up, name="warm-up", daemon=True).start()
    try:
        async with page.tools.running() if page.tools is not None else nullcontext():
            yield
    finally:
        task.cancel()
        page.sweep(at_once=True)


async def is_ready(request: Request) -> JSONResponse:
    """Answers those who watch the server, signed in or not. It listens only once the model is loaded."""
    return JSONResponse({"status": "ready"})


class ForeignPageGuard:
    """Refuses requests that a page of another site makes to an app on this machine.

    Gradio only withholds the answer from such a page; by then the request has been served, and an upload stored.
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
    """The visitor's session; HTTP callers who name none share one."""
    return request.session_hash or "none"


def has_scheme(path: str) -> bool:
    """Whether a path begins with a scheme, such as "https:" or "file:"; a single letter is a drive."""
    return _SCHEME.match(path) is not None


def names_address(value: Any) -> bool:
    """Whether a JSON value holds a file whose path is an address."""
    return any(map(has_scheme, paths_in(value)))


def is_foreign(headers: Headers) -> bool:
    """Whether a page of another site sends this request to an app that is reached as localhost.

    A proxy in front of the app may have changed the host; then the browser's or the proxy's own headers vouch for it.
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
