"""Webhooks: only to hosts that were named, without redirects, and not for long."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from videobert_demo.errors import WatchListError
from videobert_demo.service import webhook
from videobert_demo.service.webhook import Webhook

GOT: list[tuple[str, dict[str, object]]] = []


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/slow":
            threading.Event().wait(0.6)
        GOT.append((self.path, json.loads(body)))
        self.send_response(302 if self.path == "/moved" else 200)
        if self.path == "/moved":
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(autouse=True)
def _nothing_yet() -> None:
    GOT.clear()


def test_an_alarm_arrives_as_json(host: str) -> None:
    Webhook(f"http://{host}/a?b=1", [host]).send({"name": "dog"})
    Webhook(f"http://{host}", ["127.0.0.1"]).send({})
    assert GOT == [("/a?b=1", {"name": "dog"}), ("/", {})]


def test_a_redirect_is_not_followed(host: str) -> None:
    with pytest.raises(WatchListError, match="302"):
        Webhook(f"http://{host}/moved", [host]).send({})
    assert [path for path, _ in GOT] == ["/moved"]


def test_who_does_not_answer_is_given_up(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.1)
    with pytest.raises(WatchListError, match="did not reach"):
        Webhook(f"http://{host}/slow", [host]).send({})


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("http://example.org/x", []),
        ("http://example.org/x", ["example.org:8080"]),
        ("http://evil-example.org/", ["example.org"]),
        ("http://example.org.evil.net/", ["example.org"]),
        ("http://example.org@evil.net/", ["example.org"]),
        ("http://user:pass@example.org/", ["example.org"]),
        ("ftp://example.org/", ["example.org"]),
        ("file:///etc/passwd", [""]),
        ("http://example.org/a\r\nX: y", ["example.org"]),
        ("http://example.org:99999/", ["example.org"]),
        ("http://[::1", ["::1"]),
    ],
)
def test_other_addresses_are_refused(address: str, hosts: list[str]) -> None:
    with pytest.raises(WatchListError):
        Webhook(address, hosts)
