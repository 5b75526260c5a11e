"""What strangers may try on the running app: files of others, pages of other sites, too much, nonsense."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.utils import get_upload_folder
from starlette.datastructures import Headers

from tests.app_fixtures import run_app
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import BUNDLED_CHECKPOINT
from videobert_demo.ui.page.page import is_foreign, names_address
from videobert_demo.ui.texts.english import ENGLISH

ROOT = Path(__file__).resolve().parents[3]
CACHE = get_upload_folder()
WEIGHTS = f"{BUNDLED_CHECKPOINT}/config.json"
EVIL = {"Origin": "https://evil.example"}
NOT_UPLOADED = ["/etc/passwd", f"{CACHE}/../../etc/passwd", WEIGHTS, str(ROOT / "app.py")]
META = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def web(app_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app_url, timeout=120) as client:
        yield client


@pytest.fixture
def server_file() -> Iterator[Path]:
    """A file of the server's in the folder for temporary files, beside Gradio's cache."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "secret.mp4"
        path.write_bytes(b"the secret of the server")
        yield path


def upload(web: httpx.Client, name: str, content: bytes, **options: Any) -> httpx.Response:
    return web.post("/gradio_api/upload", files={"files": (name, content)}, **options)


def call(web: httpx.Client, endpoint: str, data: Any) -> str:
    """Calls an endpoint as curl would, and returns everything that comes back."""
    accepted = web.post(f"/gradio_api/call/{endpoint}", json={"data": data})
    if accepted.status_code != 200:
        return accepted.text
    return web.get(f"/gradio_api/call/{endpoint}/{accepted.json()['event_id']}").text


def assert_says_nothing_of_the_server(text: str) -> None:
    for trace in ("Traceback", 'File "', "root:x:", "the secret", "site-packages", '"model_type"'):
        assert trace not in text


@pytest.mark.parametrize(
    "path",
    [
        *NOT_UPLOADED,
        "../../../../../../etc/passwd",
        "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "file:///etc/passwd",
        "app.py",
        "assets/checkpoint/config.json",
        CACHE,
    ],
)
def test_files_of_the_server_are_not_served(web: httpx.Client, path: str) -> None:
    for address in (f"/gradio_api/file={path}", f"/gradio_api/file/{path}"):
        answer = web.get(address)
        assert answer.status_code in (403, 404)
        assert_says_nothing_of_the_server(answer.text)


def test_only_the_cache_and_the_examples_are_served(web: httpx.Client, server_file: Path, examples: Path) -> None:
    (path,) = upload(web, "mine.mp4", b"what I sent").json()
    assert web.get(f"/gradio_api/file={path}").content == b"what I sent"
    clip = examples / "dog.mp4"
    assert web.get(f"/gradio_api/file={clip}").content == clip.read_bytes()
    assert web.get(f"/gradio_api/file={server_file}").status_code == 403


@pytest.mark.parametrize("endpoint", ["caption", "answer", "attend"])
@pytest.mark.parametrize("meta", [{"meta": META}, {}], ids=["file", "bare path"])
def test_a_path_that_was_not_uploaded_is_no_clip(
    web: httpx.Client, server_file: Path, endpoint: str, meta: dict[str, Any]
) -> None:
    for path in (*NOT_UPLOADED, str(server_file)):
        data = [{"path": path, **meta}, *{"caption": [], "answer": ["who?"], "attend": ["dog", "similarity"]}[endpoint]]
        answer = call(web, endpoint, data)
        assert "event: error" in answer
        assert Path(path).name not in answer  # it was refused before it was read
        assert_says_nothing_of_the_server(answer)


def test_the_pages_own_events_take_no_such_path_either(web: httpx.Client, server_file: Path) -> None:
    config = web.get("/config").json()
    types = {component["id"]: component["type"] for component in config["components"]}
    tried = 0
    for event in config["dependencies"]:
        kinds = [types.get(one) for one in event["inputs"]]
        if not {"video", "file", "uploadbutton"} & set(kinds):
            continue
        tried += 1
        file = {"path": str(server_file), "meta": META}
        data = [{"video": file, "uploadbutton": file, "file": file}.get(str(kind), "dog") for kind in kinds]
        body = {"data": data, "fn_index": event["id"], "session_hash": f"stranger{tried}"}
        if event["queue"] is False:
            answer = web.post("/gradio_api/run/predict", json=body)
            assert answer.status_code >= 400
            text = answer.text
        else:
            web.post("/gradio_api/queue/join", json=body)
            text = web.get("/gradio_api/queue/data", params={"session_hash": body["session_hash"]}).text
            assert '"success":false' in text
        assert_says_nothing_of_the_server(text)
    assert tried >= 8


def test_addresses_are_not_fetched(web: httpx.Client) -> None:
    for path in ("http://127.0.0.1:1/a.mp4", "https://example.com/a.mp4"):
        assert ENGLISH.no_addresses in call(web, "caption", [{"path": path, "meta": META}])
        nested = call(web, "search", [{"a": [{"path": path, "meta": META}]}, 3])
        assert ENGLISH.no_addresses in nested
    assert not names_address([{"path": "/tmp/gradio/a.mp4", "url": "http://localhost/a.mp4"}, "http://x", None, 3])


def test_pages_of_other_sites_are_refused(web: httpx.Client) -> None:
    before = set(Path(get_upload_folder()).rglob("evil.mp4"))
    answers = [
        upload(web, "evil.mp4", b"evil", headers=EVIL),
        web.post("/gradio_api/call/search", json={"data": ["dog", 3]}, headers=EVIL),
        web.post("/gradio_api/call/search", json={"data": ["dog", 3]}, headers={"Origin": "null"}),
        web.get("/config", headers={**EVIL, "Sec-Fetch-Site": "cross-site"}),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
        assert_says_nothing_of_the_server(answer.text)
    assert set(Path(get_upload_folder()).rglob("evil.mp4")) == before
    asks_first = {**EVIL, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = web.request("OPTIONS", "/gradio_api/call/search", headers=asks_first)
    assert "access-control-allow-origin" not in preflight.headers  # the browser stops there


def test_pages_of_this_machine_and_programs_are_answered(web: httpx.Client) -> None:
    neighbour = web.get("/config", headers={"Origin": "http://localhost:3000"})
    assert neighbour.status_code == 200
    assert neighbour.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert web.get("/config").status_code == 200


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"host": "localhost:7860", "origin": "https://evil.example"}, True),
        ({"host": "127.0.0.1:7860", "origin": "http://localhost.evil.example"}, True),
        ({"host": "[::1]:7860", "origin": "null"}, True),
        ({"host": "localhost:7860", "origin": "http://[bad"}, True),
        ({"host": "localhost:7860", "origin": "http://127.0.0.1:7860"}, False),
        ({"host": "localhost:7860"}, False),
        ({"host": "someone-demo.hf.space", "origin": "https://huggingface.co"}, False),
        # behind a proxy that renamed the host, the page's own requests
        ({"host": "localhost:7860", "origin": "https://demo.org", "sec-fetch-site": "same-origin"}, False),
        ({"host": "localhost:7860", "origin": "https://demo.org", "x-forwarded-host": "demo.org"}, False),
    ],
)
def test_who_is_foreign(headers: dict[str, str], foreign: bool) -> None:
    assert is_foreign(Headers(headers)) is foreign


@pytest.mark.slow
def test_an_upload_over_the_limit_is_refused_and_leaves_nothing(service: VideoBertService) -> None:
    small = copy.copy(service)
    small.settings = replace(service.settings, max_bytes=100_000)
    before = set(Path(get_upload_folder()).rglob("*"))
    with run_app(small) as url, httpx.Client(base_url=url, timeout=60) as web:
        refused = upload(web, "large.mp4", b"x" * 100_001)
        assert refused.status_code == 413
        assert "100000 bytes" in refused.text
        assert_says_nothing_of_the_server(refused.text)
        assert set(Path(get_upload_folder()).rglob("*")) <= before
        (path,) = upload(web, "small.mp4", b"x" * 100_000).json()
        assert Path(path).stat().st_size == 100_000


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '{"data": "clip"}', '{"data": []}', '{"data": [5]}', '{"data": [{"path": 5}]}',
     '{"data": [{"path": "a", "meta": "b"}]}', '{"data": [[[[[]]]]]}', '{"data": [{"path": "\\u0000"}]}'],
)  # fmt: skip
def test_nonsense_is_refused_without_a_trace(web: httpx.Client, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = web.post("/gradio_api/call/caption", content=body, headers=headers)
    text = answer.text
    if answer.status_code == 200:
        text = web.get(f"/gradio_api/call/caption/{json.loads(text)['event_id']}").text
        assert "event: error" in text
    assert_says_nothing_of_the_server(text)


@pytest.mark.slow
def test_nobody_comes_in_without_signing_in(service: VideoBertService) -> None:
    locked = copy.copy(service)
    locked.settings = replace(service.settings, sign_ins=(("ann", "s3cret:ann"), ("bob", "hunter2")))
    with run_app(locked) as url, httpx.Client(base_url=url, timeout=60) as web:
        for answer in (
            web.get("/config"),
            upload(web, "a.mp4", b"a"),
            web.post("/gradio_api/call/search", json={"data": ["dog", 3]}),
            web.get(f"/gradio_api/file={ROOT / 'assets/examples/dog.mp4'}"),
        ):
            assert answer.status_code == 401
            assert_says_nothing_of_the_server(answer.text)
        health = web.get("/healthz")  # for those who watch the server
        assert (health.status_code, health.json()) == (200, {"status": "ready"})
        assert web.post("/login", data={"username": "ann", "password": "hunter2"}).status_code == 400
        assert web.post("/login", data={"username": "ann", "password": "s3cret:ann"}).status_code == 200
        assert web.get("/config").status_code == 200
