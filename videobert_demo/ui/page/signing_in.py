"""Lets programs sign in with each request, by HTTP's own header, where the page asks people for name and password.

Gradio knows only its form, which gives a browser a cookie. It knows HTTP; who may come in is up to Gradio.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from starlette.requests import Request

_MAX_KNOWN = 1000


class SignIns:
    """The cookies of those who have signed in by a header. Names and passwords are not kept apart from their header."""

    def __init__(self) -> None:
        self._cookies: dict[str, dict[str, str]] = {}

    async def cookies_of(self, request: Request, web: httpx.AsyncClient) -> dict[str, str] | None:
        """The cookies that a request's sender needs; none where anyone may come in or a cookie was sent.

        Args:
            request: With the header `Authorization: Basic`, or without.
            web: A client of the app who is the same person; it is closed.

        Returns:
            Cookies by name, or None if the sender may not come in.
        """
        async with web:
            if await _may_come_in(web):
                return {}
            header = request.headers.get("authorization", "")
            known = self._cookies.get(header)
            if known is not None:
                web.cookies.update(known)
                if await _may_come_in(web):
                    return known
            named = read_basic(header)
            if named is None:
                return None
            answer = await web.post("/login", data={"username": named[0], "password": named[1]})
            if answer.status_code != 200:
                return None
            cookies = dict(answer.cookies)
        if len(self._cookies) >= _MAX_KNOWN:
            self._cookies.clear()
        self._cookies[header] = cookies
        return cookies


async def _may_come_in(web: httpx.AsyncClient) -> bool:
    return (await web.get("/gradio_api/login_check")).status_code == 200


def read_basic(header: str) -> tuple[str, str] | None:
    """Name and password in a header `Authorization: Basic`, or None if it is no such header."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon else None
