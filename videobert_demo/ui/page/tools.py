"""The endpoints as tools of the Model Context Protocol, so that assistants can call them.

Whoever calls one is the same person as over HTTP: a call is made to the app's own endpoint, in this process, with the
caller's address and cookies.

    tools/call --- a clip as data is uploaded --- /gradio_api/call/NAME --- queue, owners, sign-in --- result

Gradio has a server of its own for this. It hands results on as Python's notation, reads clips from any address, lists
its tools to people who have not signed in, and calls nothing where a sign-in is needed. It knows the protocol and HTTP;
what the tools do is up to the endpoints.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from videobert_demo.ui.page.addresses import UNKNOWN_ADDRESS, address_of
from videobert_demo.ui.page.endpoints import Argument, Endpoint
from videobert_demo.ui.page.schemas import Schema, record
from videobert_demo.ui.page.signing_in import SignIns

if TYPE_CHECKING:
    from mcp.types import Tool
    from starlette.types import Receive, Scope, Send

PATH = "/gradio_api/mcp"
_PASSED_ON = ("host", "accept-language", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")
_CLIP_HINT = (
    " Give the address of a file that was uploaded to /gradio_api/upload here, or of a bundled clip such as {example}, "
    "or the file itself as data:video/mp4;base64,..."
)
_NAME = "result"
"""What a result that is no object is called, since a tool's result has to be one."""


class Tools:
    """The tools of one page.

    Args:
        title: The app's name.
        endpoints: What is told of each endpoint, by name.
    """

    def __init__(self, title: str, endpoints: Mapping[str, Endpoint]) -> None:
        # Here, because it takes half a second and only who serves needs it.
        from mcp.server.lowlevel import Server
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        self._endpoints = endpoints
        self._sign_ins = SignIns()
        self._server: Server[Any, Request] = Server(title)
        self._server.list_tools()(self._list)  # type: ignore[no-untyped-call]
        self._server.call_tool()(self._call)
        self._manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)

    @property
    def routes(self) -> list[Route]:
        """Where the server answers: assistants at PATH, the panel "Use via API" beside it."""
        here = _Asgi(self._serve)
        return [Route(PATH, here), Route(f"{PATH}/", here), Route(f"{PATH}/schema", self._schema)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The tools can be called as long as this lasts."""
        async with self._manager.run():
            yield

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        cookies = await self._sign_ins.cookies_of(request, caller(request))
        if cookies is None:
            ask = {"WWW-Authenticate": 'Basic realm="app"'}
            await PlainTextResponse("Sign in with a name and a password.", 401, ask)(scope, receive, send)
            return
        scope.setdefault("state", {})["cookies"] = cookies
        await self._manager.handle_request(scope, receive, send)

    async def _schema(self, request: Request) -> JSONResponse:
        """The tools as Gradio's panel reads them."""
        if await self._sign_ins.cookies_of(request, caller(request)) is None:
            return JSONResponse({"detail": "Sign in with a name and a password."}, 401)
        return JSONResponse(
            [
                {
                    "name": tool.name,
                    "description": tool.description,
                    "inputSchema": tool.inputSchema,
                    "meta": {
                        "file_data_present": any(one.is_file for one in self._endpoints[tool.name].arguments.values()),
                        "mcp_type": "tool",
                        "endpoint_name": tool.name,
                    },
                }
                for tool in self._tools_for(request)
            ]
        )

    def _tools_for(self, request: Request) -> list[Tool]:
        """All tools, or those that the address names after `?tools=`."""
        from mcp.types import Tool, ToolAnnotations

        wanted = request.query_params.get("tools")
        names = self._endpoints if wanted is None else [one for one in wanted.split(",") if one in self._endpoints]
        return [
            Tool(
                name=name,
                description=self._endpoints[name].description,
                inputSchema=input_schema(self._endpoints[name].arguments, address_of(request.scope)),
                outputSchema=output_schema(self._endpoints[name].returns),
                annotations=ToolAnnotations(
                    readOnlyHint=not self._endpoints[name].keeps, idempotentHint=True, openWorldHint=False
                ),
            )
            for name in names
        ]

    async def _list(self) -> list[Tool]:
        return self._tools_for(self._request())

    async def _call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Calls an endpoint; what it refuses is raised, and the protocol tells the sentence."""
        request = self._request()
        if name not in {tool.name for tool in self._tools_for(request)}:
            raise ValueError(f"There is no tool {name!r}.")
        endpoint = self._endpoints[name]
        async with caller(request) as web:
            web.cookies.update(request.scope["state"]["cookies"])
            sent = {
                key: await _file(web, value) if endpoint.arguments[key].is_file else value
                for key, value in arguments.items()
            }
            accepted = await web.post(f"/gradio_api/call/v2/{name}", json=sent)
            if accepted.status_code != 200:
                raise ValueError(_detail(accepted))
            answer = await web.get(f"/gradio_api/call/{name}/{accepted.json()['event_id']}")
        result = read_events(answer.text)
        return result if isinstance(result, dict) else {_NAME: result}

    def _request(self) -> Request:
        request = self._server.request_context.request
        if request is None:
            raise RuntimeError("a tool was called without a request")
        return request


class _Asgi:
    """A function that serves requests as an object, which a route does not take for a handler of one method."""

    def __init__(self, serve: Any) -> None:
        self._serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        await self._serve(scope, receive, send)


def caller(request: Request) -> httpx.AsyncClient:
    """A client of this very app, in this process, who is to it the same person as the request's sender."""
    headers = {name: value for name, value in request.headers.items() if name in _PASSED_ON}
    client, here = request.client, f"{request.url.scheme}://{request.url.netloc}"
    transport = httpx.ASGITransport(
        request.app, raise_app_exceptions=False, client=("unknown", 0) if client is None else (client.host, client.port)
    )
    return httpx.AsyncClient(transport=transport, base_url=here, headers=headers, cookies=request.cookies)


def input_schema(arguments: Mapping[str, Argument], address: str) -> Schema:
    """What a tool takes, as JSON Schema.

    Args:
        arguments: By name.
        address: Where the app is, without a slash at the end.
    """
    properties = {}
    for name, argument in arguments.items():
        example = argument.example
        if isinstance(example, list) and argument.is_file:
            example = [one.replace(UNKNOWN_ADDRESS, address) for one in example]
        elif argument.is_file:
            example = example.replace(UNKNOWN_ADDRESS, address)
        schema = dict(argument.schema, examples=[example])
        if argument.is_file:
            schema["description"] += _CLIP_HINT.format(example=example[0] if isinstance(example, list) else example)
        if argument.default is not None:
            schema["default"] = argument.default
        properties[name] = schema
    required = [name for name, argument in arguments.items() if argument.default is None]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def output_schema(returns: Schema) -> Schema:
    """What a tool returns: an object, in which what is none is named "result"."""
    if returns.get("type") == "object":
        return returns
    if "anyOf" not in returns:
        return record(**{_NAME: returns})
    forms = [form if form.get("type") == "object" else record(**{_NAME: form}) for form in returns["anyOf"]]
    return {"type": "object", "anyOf": forms}


def read_events(text: str) -> Any:
    """The value in the events of one call.

    Args:
        text: As `/gradio_api/call/NAME/ID` sends them.

    Raises:
        ValueError: The call was refused; its message is the sentence.
    """
    event = ""
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data" and event == "complete":
            return json.loads(value)[0]
        elif name == "data" and event == "error":
            content = json.loads(value)
            sentence = content.get("error") if isinstance(content, dict) else content
            raise ValueError(sentence or "The call failed.")
    raise ValueError("The call ended without an answer.")


async def _file(web: httpx.AsyncClient, value: str | list[str]) -> Any:
    """A clip, or a list of clips, as the endpoints take them; one that is given as data is uploaded first."""
    if isinstance(value, list):
        return [await _file(web, one) for one in value]
    if not value:
        return None
    if value.startswith("data:"):
        head, _, data = value.partition(",")
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("The clip's data is not base64.") from None
        subtype = head.removeprefix("data:").split(";")[0].rpartition("/")[2]
        name = f"clip.{subtype if subtype.isalnum() else 'mp4'}"
        answer = await web.post("/gradio_api/upload", files={"files": (name, content)})
        if answer.status_code != 200:
            raise ValueError(_detail(answer))
        value = answer.json()[0]
    return {"path": value, "meta": {"_type": "gradio.FileData"}}


def _detail(answer: httpx.Response) -> str:
    try:
        content = answer.json()
    except ValueError:
        return answer.text
    return str(content.get("error") or content.get("detail") if isinstance(content, dict) else content)
