"""Where the app is found, and its own files by their address: whoever copies a line from the documentation can run it.

    http://HOST/examples/dog.mp4             a bundled clip, for everyone
    http://HOST/gradio_api/file=PATH         what somebody has uploaded; whose it is, is looked at where it is used

An address that leads elsewhere stays an address: nothing is ever downloaded. It knows requests and paths.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from videobert_demo.service.examples import EXAMPLES_FOLDER
from videobert_demo.ui.page.schemas import told_in
from videobert_demo.ui.texts.languages import texts_by

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

EXAMPLES_PATH = "/examples"
EXAMPLES_ROUTE = Mount(EXAMPLES_PATH, StaticFiles(directory=EXAMPLES_FOLDER))
UNKNOWN_ADDRESS = "http://address-of-this-app"
"""Stands in the documentation until somebody asks for it."""

_FILE_PATH = "/gradio_api/file="
_DOCUMENTATION = ("/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/mcp/schema")


def address_of(scope: Scope) -> str:
    """Where the caller, or a proxy for it, says that the app is; without a slash at the end."""
    headers = Headers(scope=scope)
    url = URL(scope=scope)
    scheme = headers.get("x-forwarded-proto", url.scheme).split(",")[0].strip()
    host = headers.get("x-forwarded-host", url.netloc).split(",")[0].strip()
    root: str = scope.get("root_path", "")
    return f"{scheme}://{host}{root}".rstrip("/")


def with_own_paths(value: Any, address: str) -> Any:
    """A JSON value in which files that are named by an address of this app are named by their path.

    Args:
        value: As it was sent.
        address: Where the app is, as `address_of` says.
    """
    if isinstance(value, list):
        return [with_own_paths(one, address) for one in value]
    if isinstance(value, dict):
        inner = {name: with_own_paths(one, address) for name, one in value.items()}
        if isinstance(value.get("path"), str):
            inner["path"] = own_path(value["path"], address)
        return inner
    return value


def own_path(path: str, address: str) -> str:
    """The path of the file that an address of this app names; any other text as it is."""
    if not path.startswith(f"{address}/"):
        return path
    local = unquote(path.removeprefix(address))
    if local.startswith(_FILE_PATH):
        return local.removeprefix(_FILE_PATH)
    if local.startswith(f"{EXAMPLES_PATH}/"):
        return str(EXAMPLES_FOLDER / Path(local).name)
    return path


class Documentation:
    """Puts the app's address and the reader's language into the documentation of its endpoints as it is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; only the documentation is changed."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", "")).rstrip("/")
        if scope["type"] != "http" or path not in _DOCUMENTATION:
            await self._app(scope, receive, send)
            return
        start: Message = {}
        parts: list[bytes] = []

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)  # its length is not known before all of it is
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            body = b"".join(parts).replace(UNKNOWN_ADDRESS.encode(), address_of(scope).encode())
            texts = texts_by(Headers(scope=scope))
            if texts.documentation and start["status"] == 200:
                body = json.dumps(told_in(json.loads(body), texts.documentation), ensure_ascii=False).encode()
            headers = MutableHeaders(raw=start["headers"])
            headers["content-length"] = str(len(body))
            headers.add_vary_header("accept-language, cookie")
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, send_on)
