"""docs/nginx-copies.conf with a real nginx: two copies of the app with one library; every visitor stays with one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file

from tests.app_fixtures import free_port
from tests.library.conftest import milvus_uri  # noqa: F401  a fixture
from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.cli.main import main

pytestmark = [pytest.mark.slow, pytest.mark.exhaustive]
ROOT = Path(__file__).resolve().parents[1]
RECIPE = (ROOT / "docs" / "nginx-copies.conf").read_text(encoding="utf-8")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
START_SECONDS, ANSWER_SECONDS = 300, 300
HASH = "    hash $visitor consistent;"


def wait_until(holds: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=20).status_code < 500
    except httpx.HTTPError:
        return False


@dataclass
class Visitor:
    """A browser, as far as nginx can tell: it keeps the cookies that it is given."""

    url: str
    copies: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.url, timeout=ANSWER_SECONDS)

    def _heard(self, answer: httpx.Response) -> httpx.Response:
        self.copies.add(answer.headers["x-copy"].split(",")[-1].strip())
        answer.raise_for_status()
        return answer

    def open_page(self) -> None:
        self._heard(self._http.get("/"))

    def upload(self, clip: Path) -> str:
        with clip.open("rb") as file:
            (path,) = self._heard(self._http.post("/gradio_api/upload", files={"files": (clip.name, file)})).json()
        return str(path)

    def ask(self, endpoint: str, *values: Any) -> str:
        """Puts a call into the queue; returns the name of its event."""
        answer = self._heard(self._http.post(f"/gradio_api/call{endpoint}", json={"data": values}))
        return str(answer.json()["event_id"])

    def hear(self, endpoint: str, event: str) -> Any:
        """What comes of the event."""
        with self._http.stream("GET", f"/gradio_api/call{endpoint}/{event}") as stream:
            self.copies.add(stream.headers["x-copy"])
            text = "".join(stream.iter_text())
        found = re.findall(r"event: complete\ndata: (.*)\n", text)
        assert found, text
        return json.loads(found[-1])[0]

    def caption(self, clip: Path) -> Any:
        file = {"path": self.upload(clip), "meta": {"_type": "gradio.FileData"}}
        return self.hear("/caption", self.ask("/caption", file))


@dataclass
class Proxy:
    """A running nginx."""

    url: str
    addresses: list[str]
    apps: list[subprocess.Popen[bytes]]
    configure: Callable[[str], None]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [encode(folder / f"{name}.mp4", "libx264", numbers=range(n, n + 10)) for n, name in enumerate("abc")]


@pytest.fixture
def proxy(
    tmp_path: Path,
    clips: list[Path],
    milvus_uri: str,  # noqa: F811
) -> Iterator[Proxy]:
    """Two copies with one library on a Milvus server, behind nginx with the recipe's text."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    checkpoint = str(write_tiny_checkpoint(tmp_path / "tiny"))
    assert main(["index", str(clips[0].parent), "--library", milvus_uri, "--checkpoint", checkpoint, "--json"]) == 0
    ports, port = [free_port(), free_port()], free_port()
    addresses = [f"127.0.0.1:{one}" for one in ports]
    environment = {**os.environ, "VIDEOBERT_LIBRARY_URI": milvus_uri, "OMP_NUM_THREADS": "1"}
    logs = [(tmp_path / f"app{number}.log").open("wb") for number in range(2)]
    command = [sys.executable, "-m", "videobert_demo", "serve", "--checkpoint", checkpoint, "--port"]
    apps = [
        subprocess.Popen([*command, str(one)], cwd=ROOT, env=environment, stdout=log, stderr=log)
        for one, log in zip(ports, logs, strict=True)
    ]
    configuration = tmp_path / "nginx.conf"
    run = [NGINX, "-p", str(tmp_path), "-c", str(configuration), "-e", str(tmp_path / "error.log")]

    def write(recipe: str) -> None:
        text = recipe.replace("app1:7860", addresses[0]).replace("app2:7860", addresses[1])
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};\n    add_header X-Copy $upstream_addr always;")
        text = text.replace("location / {", "location / {\n        add_header X-Copy $upstream_addr always;")
        temporary = " ".join(f"{name}_temp_path {tmp_path};" for name in ("proxy", "fastcgi", "uwsgi", "scgi"))
        configuration.write_text(
            f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log;\nevents {{}}\n"
            f"http {{ access_log off; client_body_temp_path {tmp_path}; {temporary}\n{text}\n}}\n"
        )

    def configure(recipe: str) -> None:
        write(recipe)
        subprocess.run([*run, "-s", "reload"], check=True)
        time.sleep(1)  # old workers let go of the port

    write(RECIPE)
    server = subprocess.Popen(run)
    try:
        for one in (*addresses, f"127.0.0.1:{port}"):
            wait_until(lambda one=one: answers(f"http://{one}/config"))  # type: ignore[misc]
        yield Proxy(f"http://127.0.0.1:{port}", addresses, apps, configure)
    finally:
        server.terminate()
        server.wait(timeout=30)
        for app, log in zip(apps, logs, strict=True):
            app.kill()
            app.wait()
            log.close()


def visit(url: str, count: int, clip: Path) -> list[Visitor]:
    """So many visitors at once: all open the page, all upload, all ask, then all hear."""
    visitors = [Visitor(url) for _ in range(count)]
    for one in visitors:
        one.open_page()
    files = [{"path": one.upload(clip), "meta": {"_type": "gradio.FileData"}} for one in visitors]
    events = [one.ask("/caption", file) for one, file in zip(visitors, files, strict=True)]
    for one, event in zip(visitors, events, strict=True):
        assert one.hear("/caption", event)["caption"]
    return visitors


def test_every_visitor_stays_with_one_copy_and_a_lost_copy_moves_its_own_only(proxy: Proxy, clips: list[Path]) -> None:
    visitors = visit(proxy.url, 10, clips[0])
    assert all(len(one.copies) == 1 for one in visitors)
    assert {copy for one in visitors for copy in one.copies} == set(proxy.addresses)
    (found,) = {json.dumps(one.hear("/search", one.ask("/search", "a man")))[:60] for one in visitors}
    assert found.startswith("[") or found.startswith("{")
    assert all(len(one.copies) == 1 for one in visitors)

    for number in range(4):  # programs keep the cookie that they choose
        client = Client(proxy.url, headers={"Cookie": f"copy=program {number}"}, verbose=False)
        assert client.predict(handle_file(str(clips[1])), api_name="/caption")["caption"]

    proxy.apps[0].kill()
    proxy.apps[0].wait()
    stayed = [one for one in visitors if one.copies == {proxy.addresses[1]}]
    moved = [one for one in visitors if one.copies == {proxy.addresses[0]}]
    assert stayed
    assert moved
    for one in (*stayed, *moved, *(Visitor(proxy.url) for _ in range(6))):
        one.copies.clear()
        one.open_page()
        assert one.caption(clips[2])["caption"]
        assert one.copies == {proxy.addresses[1]}


def test_without_the_hash_visitors_lose_what_they_uploaded(proxy: Proxy, clips: list[Path]) -> None:
    assert RECIPE.count(HASH) == 1
    proxy.configure(RECIPE.replace(HASH, ""))
    with pytest.raises((AssertionError, httpx.HTTPError)):
        visit(proxy.url, 9, clips[0])  # an odd number: in turn they would meet the same copy again


def test_a_copy_that_is_drained_gets_no_new_visitor(proxy: Proxy, clips: list[Path]) -> None:
    proxy.configure(RECIPE.replace("app2:7860 max_fails=1 fail_timeout=10s;", "app2:7860 down;"))
    assert {copy for one in visit(proxy.url, 6, clips[0]) for copy in one.copies} == {proxy.addresses[0]}
