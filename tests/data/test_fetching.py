"""Clips are fetched within the limit, from where the owner allows, and their copies go."""

from __future__ import annotations

import contextlib
import gzip
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from videobert_demo.data.fetching import clip_name, local_copy
from videobert_demo.data.listing import AllowedPlaces, list_clips
from videobert_demo.errors import ClipTooLargeError, DataError, UnreadableClipError

LIES = {
    "/drops.mp4": ("1000000", [b"0123456789"]),
    "/less_than_it_sends.mp4": ("10", [b"0123456789", b"x" * 100_000]),
    "/no_number.mp4": ("many", [b"0123456789"]),
    "/negative.mp4": ("-1", [b"0123456789"]),
}
"""What a server says of a clip's length, and what it sends before it hangs up."""


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        if self.path == "/moved.mp4":
            self.send_response(302)
            self.send_header("Location", "/clip.mp4")
            self.end_headers()
            return
        if self.path in LIES:
            told, chunks = LIES[self.path]
            self.send_response(200)
            self.send_header("Content-Length", told)
            self.end_headers()
            for chunk in chunks:
                with contextlib.suppress(OSError):
                    self.wfile.write(chunk)
            self.close_connection = True
            return
        if self.path == "/packed.mp4":  # ten thousand bytes in some thirty
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(gzip.compress(bytes(10_000)))
            return
        if self.path not in ("/clip.mp4", "/endless.mp4", "/list.txt"):
            self.send_error(404)
            return
        self.send_response(200)
        if self.path == "/endless.mp4":  # its size is not told, and it never ends
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                self.server.ended.set()  # type: ignore[attr-defined]
            return
        body = b"0123456789" if self.path == "/clip.mp4" else b"/etc/hostname\n"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_given: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    server.asked, server.ended = [], threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def host(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def fetch(address: str, places: AllowedPlaces, max_bytes: int) -> bytes:
    with local_copy(address, places, max_bytes) as path:
        return path.read_bytes()


def test_a_file_of_this_machine_is_read_where_it_is(tmp_path: Path) -> None:
    with local_copy(str(tmp_path / "a.mp4"), AllowedPlaces(), 3) as path:
        assert path == tmp_path / "a.mp4"


def test_a_clip_is_fetched_and_its_copy_goes(host: str) -> None:
    with local_copy(f"{host}/clip.mp4", AllowedPlaces((host,)), 10) as path:
        assert (path.name, path.read_bytes()) == ("clip.mp4", b"0123456789")
    assert not path.parent.exists()


def test_no_more_than_the_limit_is_fetched(host: str, server: ThreadingHTTPServer) -> None:
    places = AllowedPlaces((host,))
    with pytest.raises(ClipTooLargeError, match=r"clip\.mp4"), local_copy(f"{host}/clip.mp4", places, 9):
        pass
    with pytest.raises(ClipTooLargeError), local_copy(f"{host}/endless.mp4", places, 200_000):
        pass
    assert server.ended.wait(20)  # type: ignore[attr-defined]


def test_a_server_that_lies_or_drops_gives_a_reason_or_what_it_promised(host: str) -> None:
    places = AllowedPlaces((host,))
    for name in ("drops", "no_number", "negative"):
        with pytest.raises(UnreadableClipError, match=rf"{name}\.mp4.*cannot be fetched"):
            fetch(f"{host}/{name}.mp4", places, 99)
    with contextlib.suppress(UnreadableClipError):  # if all of it comes at once, aiohttp refuses it
        assert fetch(f"{host}/less_than_it_sends.mp4", places, 99) == b"0123456789"
    with pytest.raises(ClipTooLargeError):  # what counts is what is written, not what comes over the wire
        fetch(f"{host}/packed.mp4", places, 9_999)


def test_a_server_that_says_nothing_is_given_up(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("videobert_demo.data.listing._TIMEOUT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:  # it takes the call and never answers
        silent = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(UnreadableClipError, match="cannot be fetched"):
            fetch(f"{silent}/clip.mp4", AllowedPlaces((silent,)), 99)


def test_what_cannot_be_fetched_says_why(host: str, server: ThreadingHTTPServer) -> None:
    places = AllowedPlaces((host,))
    with pytest.raises(UnreadableClipError, match="cannot be fetched"), local_copy(f"{host}/gone.mp4", places, 99):
        pass
    with pytest.raises(UnreadableClipError, match="cannot be fetched"), local_copy(f"{host}/moved.mp4", places, 99):
        pass
    assert "/clip.mp4" not in server.asked  # type: ignore[attr-defined]  # where it moved to was not asked
    with pytest.raises(DataError, match="not among the places"), local_copy(f"{host}/clip.mp4", AllowedPlaces(), 99):
        pass


def test_a_list_at_an_address_names_no_file_of_this_machine(host: str) -> None:
    with pytest.raises(DataError, match="names /etc/hostname, a path of this machine"):
        list(list_clips([f"@{host}/list.txt"], AllowedPlaces((host,))))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://host/a/b%20c.mp4?token=1", "b c.mp4"),
        ("https://host/..%2f..%2fetc", "_.._etc"),
        ("https://host/", "clip"),
        ("s3://bucket/film.webm", "film.webm"),
        ("/somewhere/film.webm", "film.webm"),
    ],
)
def test_the_name_of_a_copy_leads_nowhere(address: str, name: str) -> None:
    assert clip_name(address) == name
    assert os.sep not in clip_name(address)
