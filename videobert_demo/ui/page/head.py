"""What a link to the page looks like elsewhere: its title, a sentence and a picture, and the name on a home screen.

Gradio's page has placeholders and its own picture there, and no setting for most of them. It knows the page's HTML as
text, and nothing of what is on the page.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse
from starlette.routing import Route

from videobert_demo.ui.page.addresses import address_of
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.languages import texts_by
from videobert_demo.ui.texts.texts import Texts

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PICTURE_PATH = "/link-preview.jpg"
_PICTURE = Path(__file__).resolve().parent / "link-preview.jpg"
_ICON_PATH = "/favicon.ico"
_PLACEHOLDERS = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>')


def _send_picture(request: Request) -> FileResponse:
    return FileResponse(_PICTURE)


PICTURE_ROUTE = Route(PICTURE_PATH, _send_picture)


def describe_page(page: bytes, address: str, texts: Texts) -> bytes:
    """The page with its own title, sentence and picture in place of Gradio's.

    Args:
        page: The HTML.
        address: Where the page is, without a slash at the end.
        texts: The language.
    """
    tags = render("page/page.html", "tags", address, address + PICTURE_PATH, address + _ICON_PATH, texts)
    return _PLACEHOLDERS.sub(b"", page).replace(b"<head>", b"<head>" + tags.encode(), 1)


class PageHead:
    """Puts them into the page as it is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; only the page itself is changed."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].strip("/"):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        parts: list[bytes] = []

        async def send_on(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if not Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                    await send(message)
                    return
                start = message  # its length is not known before the whole page is
                return
            if start is None:
                await send(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            page = describe_page(b"".join(parts), address_of(scope), texts_by(Headers(scope=scope)))
            MutableHeaders(raw=start["headers"])["content-length"] = str(len(page))
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, send_on)
