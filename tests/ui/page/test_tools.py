"""The endpoints as tools for assistants: an MCP client lists and calls them, and is the same person as over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.routes import App

from tests.ui.page.small_page import small_page

HERE = "http://127.0.0.1"
DATA = "data:video/mp4;base64," + base64.b64encode(b"clip").decode()


@asynccontextmanager
async def session_at(
    address: str, transport: httpx.AsyncBaseTransport | None = None, **headers: str
) -> AsyncIterator[Any]:
    """A session of an MCP client with the app at an address, or in this process."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with (
        httpx.AsyncClient(transport=transport, headers=headers, timeout=300, follow_redirects=True) as web,
        streamable_http_client(f"{address}/gradio_api/mcp/", http_client=web) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


def with_session(app: App, work: Callable[[Any], Coroutine[Any, Any, Any]], **headers: str) -> Any:
    """What `work` returns for a session with the app; the app's server runs meanwhile."""

    async def run() -> Any:
        async with app.router.lifespan_context(app):
            app.get_blocks().run_startup_events()
            transport = httpx.ASGITransport(app, client=("10.0.0.1", 4000))
            async with session_at(HERE, transport, **headers) as session:
                return await work(session)

    return run_apart(run())


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine returns, in a thread of its own: where a browser is driven, this thread's loop runs already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


def test_the_tools_say_what_they_take_and_return(cache: Path) -> None:
    async def work(session: Any) -> Any:
        return (await session.list_tools()).tools

    with small_page(cache) as app:
        echo, fail = with_session(app, work)
    assert (echo.name, echo.description, fail.name) == ("echo", "Says it again.", "fail")
    assert echo.inputSchema["required"] == ["clip", "text"]
    assert echo.inputSchema["properties"]["number"] == {
        "type": "number",
        "description": "How often.",
        "examples": [2],
        "default": 3,
    }
    assert echo.inputSchema["properties"]["clip"]["examples"] == [f"{HERE}/examples/dog.mp4"]
    assert set(echo.outputSchema["properties"]) == {"clip", "text", "number"}
    assert set(fail.outputSchema["properties"]) == {"result"}


def test_a_clip_is_sent_as_data_or_named_by_an_address_of_this_app(cache: Path) -> None:
    async def work(session: Any) -> Any:
        clips = [DATA, f"{HERE}/examples/dog.mp4", "https://example.com/a.mp4", "/etc/passwd", "data:,%"]
        return [await session.call_tool("echo", {"clip": clip, "text": "hello"}) for clip in clips]

    with small_page(cache) as app:
        sent, named, foreign, path, broken = with_session(app, work)
    assert sent.structuredContent == {"clip": "clip.mp4", "text": "hello", "number": 3}
    assert json.loads(sent.content[0].text) == sent.structuredContent
    assert named.structuredContent["clip"] == "dog.mp4"
    for refused, words in (
        (foreign, "addresses are not looked up"),
        (path, "no file that you have"),
        (broken, "base64"),
    ):
        assert refused.isError
        assert words in refused.content[0].text


def test_what_an_endpoint_refuses_is_told_and_what_fails_is_not(cache: Path) -> None:
    async def work(session: Any) -> Any:
        calls = [("fail", {"text": "refused"}), ("fail", {"text": "bug"}), ("echo", {"clip": DATA}), ("none", {})]
        return [(await session.call_tool(name, arguments)).content[0].text for name, arguments in calls]

    with small_page(cache) as app:
        refused, failed, lacking, unknown = with_session(app, work)
    assert refused == "There is no word 9: the sentence has 2, counted from 0."
    assert "secret" not in failed
    assert "'text' is a required property" in lacking
    assert "none" in unknown


def test_only_those_who_sign_in_learn_of_the_tools(cache: Path) -> None:
    async def work(session: Any) -> Any:
        tools = (await session.list_tools()).tools
        return len(tools), (await session.call_tool("echo", {"clip": DATA, "text": "hi"})).structuredContent

    def basic(secret: str) -> dict[str, str]:
        return {"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}

    with small_page(cache, [("ann", "x:y")]) as app:
        assert with_session(app, work, **basic("ann:x:y")) == (2, {"clip": "clip.mp4", "text": "hi", "number": 3})

        async def asked() -> list[int]:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as web:
                sent = [{}, basic("ann:z"), {"authorization": "Basic ?"}, {"authorization": "Bearer x"}]
                answers = [await web.get("/gradio_api/mcp/schema", headers=one) for one in sent]
                return [one.status_code for one in [*answers, await web.post("/gradio_api/mcp/", json={})]]

        assert run_apart(asked()) == [401] * 5


@pytest.mark.slow
def test_an_assistant_captions_a_clip(app_url: str, examples: Path) -> None:
    async def run() -> Any:
        async with session_at(app_url) as session:
            names = [tool.name for tool in (await session.list_tools()).tools]
            data = "data:video/mp4;base64," + base64.b64encode((examples / "dog.mp4").read_bytes()).decode()
            calls = [
                await session.call_tool("caption", {"clip": clip}) for clip in (data, f"{app_url}/examples/dog.mp4")
            ]
            return names, [call.structuredContent for call in calls]

    names, (sent, named) = run_apart(run())
    assert {"caption", "answer", "scenes", "search", "attend", "tokens"} <= set(names)
    assert "dog" in sent["caption"].split()
    assert sent["caption"] == named["caption"]
