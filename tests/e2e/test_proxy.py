"""The app behind a proxy that serves it under a path and over HTTPS, and what it tells those who watch it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn
from gradio_client import Client, handle_file
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tests.app_fixtures import run_app
from tests.e2e.test_browser import WAIT_MS, upload

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from videobert_demo.service.service import VideoBertService

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PREFIX = "/demo"
# A proxy speaks for its own connections only.
HOP_HEADERS = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"}


def proxy_to(target: str) -> Starlette:
    """A proxy that hands PREFIX/x on as x, as nginx does with `location /demo/ { proxy_pass http://target/; }`."""
    client = httpx.AsyncClient(base_url=target, timeout=None)

    async def hand_on(request: Request) -> StreamingResponse:
        headers = {name: value for name, value in request.headers.items() if name not in HOP_HEADERS}
        headers |= {"x-forwarded-host": request.headers["host"], "x-forwarded-proto": "http"}
        path = request.url.path.removeprefix(PREFIX)
        sent = client.build_request(
            request.method, path, params=request.query_params, headers=headers, content=await request.body()
        )
        answer = await client.send(sent, stream=True)

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in answer.aiter_raw():
                yield piece
            await answer.aclose()

        kept = {name: value for name, value in answer.headers.items() if name not in HOP_HEADERS}
        return StreamingResponse(pieces(), answer.status_code, kept)

    return Starlette(routes=[Route(PREFIX + "{path:path}", hand_on, methods=["GET", "POST", "HEAD"])])


@pytest.fixture(scope="module")
def proxied(service: VideoBertService) -> Iterator[str]:
    """The address under which a proxy serves the app."""
    with run_app(service, root_path=PREFIX) as url, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(proxy_to(url), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}{PREFIX}/"
        server.should_exit = server.force_exit = True  # browsers hold connections open, and it would wait for them
        thread.join(10)


def test_the_page_works_under_the_path_of_a_proxy(proxied: str, browser: Browser, examples: Path) -> None:
    page = browser.new_page()
    page.set_default_timeout(4 * WAIT_MS)
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    outside: list[str] = []
    page.on(
        "request",
        lambda sent: outside.append(sent.url) if not sent.url.startswith((proxied, "data:", "blob:")) else None,
    )
    page.goto(proxied)
    page.wait_for_selector("[data-state=empty]")
    upload(page, examples / "dog.mp4")
    page.wait_for_selector("[data-state=done]")
    assert "dog" in page.inner_text("#vb-describe")
    page.close()
    assert (failed, outside) == ([], [])


def test_the_endpoints_work_under_the_path_of_a_proxy(proxied: str, examples: Path) -> None:
    found: Any = Client(proxied, verbose=False).predict(handle_file(examples / "dog.mp4"), api_name="/caption")
    assert "dog" in found["caption"]


def test_behind_https_the_page_names_https_addresses(service: VideoBertService) -> None:
    with run_app(service) as url:
        forwarded = {"x-forwarded-host": "clips.example.org", "x-forwarded-proto": "https"}
        config = httpx.get(f"{url}/config", headers=forwarded).json()
    assert config["root"] == "https://clips.example.org"
