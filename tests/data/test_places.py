"""Clips in Google's storage and on the Hub: listed and fetched from servers here that speak as those do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import fsspec
import pytest

from videobert_demo.data.fetching import local_copy
from videobert_demo.data.listing import AllowedPlaces, list_clips
from videobert_demo.errors import ClipTooLargeError, DataError, UnreadableClipError

CLIP = bytes(range(256)) * 12_000  # three megabytes, as a clip may have
NAMES = ["day1/a.mp4", "day2/b.mp4", "day2/notes.txt"]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of an emulator of Google's storage."""
    monkeypatch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")  # asks by gRPC, which the emulator does not speak
    pytest.importorskip("gcsfs")
    emulator = pytest.importorskip("gcp_storage_emulator.server")
    server = emulator.create_server("127.0.0.1", 0, in_memory=True, default_bucket="films")
    server.start()
    port = server._api._httpd.server_port
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
    system = fsspec.filesystem("gs", token="anon", skip_instance_cache=True)
    for name in NAMES:
        system.pipe(f"films/{name}", CLIP if name.endswith("mp4") else b"no clip")
    yield "gs://films"
    fsspec.get_filesystem_class("gs").clear_instance_cache()
    server.stop()


class _Hub(BaseHTTPRequestHandler):
    """The four calls by which the Hub's files are listed and read."""

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _entry(self, name: str) -> dict[str, Any]:
        content = self.server.files[name]  # type: ignore[attr-defined]
        return {"type": "file", "path": name, "size": len(content), "oid": f"{hash(content):x}"}

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        files = self.server.files  # type: ignore[attr-defined]
        path = unquote(urlsplit(self.path).path)
        if path in ("/api/datasets/me/films", "/api/datasets/me/films/revision/main"):
            facts = {"_id": "1", "id": "me/films", "sha": "0" * 40, "private": False, "tags": [], "siblings": []}
            self._send(json.dumps(facts).encode(), Content_Type="application/json")
        elif path.startswith("/api/datasets/me/films/tree/main"):
            below = path.removeprefix("/api/datasets/me/films/tree/main").strip("/")
            recursive = parse_qs(urlsplit(self.path).query).get("recursive", ["false"])[0].lower() == "true"
            found = [name for name in files if not below or name.startswith(below + "/")]
            entries = [self._entry(name) for name in found]
            folders = {name.rsplit("/", 1)[0] for name in found} - {below}
            entries += [{"type": "directory", "path": folder, "size": 0, "oid": "d"} for folder in sorted(folders)]
            if not recursive:
                entries = [one for one in entries if "/" not in one["path"][len(below) :].strip("/")]
            if found or not below:
                self._send(json.dumps(entries).encode())
            else:
                self._send(b"{}", 404, X_Error_Code="EntryNotFound")
        elif path.startswith("/datasets/me/films/resolve/main/"):
            content = files.get(path.removeprefix("/datasets/me/films/resolve/main/"))
            if content is None:
                self._send(b"{}", 404, X_Error_Code="EntryNotFound")
                return
            self.server.read.append(self.headers.get("Range", "all"))  # type: ignore[attr-defined]
            wanted = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
            if wanted[1]:
                part = content[int(wanted[0]) : int(wanted[2] or len(content)) + 1]
                span = f"bytes {wanted[0]}-{int(wanted[0]) + len(part) - 1}/{len(content)}"
                self._send(part, 206, Content_Range=span, ETag='"1"')
            else:
                self._send(content, ETag='"1"')
        else:
            self._send(b"{}", 404, X_Error_Code="RepoNotFound")

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        paths = json.loads(asked)["paths"] if asked.startswith("{") else parse_qs(asked)["paths"]
        files = self.server.files  # type: ignore[attr-defined]
        self._send(json.dumps([self._entry(name) for name in paths if name in files]).encode())

    def log_message(self, *_given: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A data set of a server that stands for the Hub."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    server.files = {name: CLIP if name.endswith("mp4") else b"no clip" for name in NAMES}  # type: ignore[attr-defined]
    server.read = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    template = f"http://127.0.0.1:{server.server_port}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    fsspec.get_filesystem_class("hf").clear_instance_cache()
    yield "hf://datasets/me/films"
    fsspec.get_filesystem_class("hf").clear_instance_cache()
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["bucket", "hub"])
def place(request: pytest.FixtureRequest) -> str:
    """An address under which the same files are."""
    return str(request.getfixturevalue(request.param))


def test_a_place_is_listed_and_its_clips_are_fetched_within_the_limit(place: str) -> None:
    places = AllowedPlaces((place,))
    found = list(list_clips([place], places))
    assert [one.address for one in found] == [f"{place}/{name}" for name in NAMES]
    assert all(one.version for one in found)
    assert [one.address for one in list_clips([f"{place}/*/*.mp4"], places)] == [f"{place}/{n}" for n in NAMES[:2]]
    assert [one.address for one in list_clips([f"{place}/day2"], places)] == [f"{place}/{n}" for n in NAMES[1:]]
    with local_copy(found[0].address, places, len(CLIP)) as path:
        assert path.read_bytes() == CLIP
    assert not path.exists()
    with pytest.raises(ClipTooLargeError), local_copy(found[0].address, places, len(CLIP) - 1):
        pass
    with pytest.raises(UnreadableClipError, match="cannot be fetched"), local_copy(f"{place}/c.mp4", places, 9):
        pass


def test_a_place_that_is_not_there_or_not_allowed_is_refused(place: str) -> None:
    with pytest.raises(DataError, match=r"nothing at|cannot be listed"):
        list(list_clips([f"{place}/day3"], AllowedPlaces((place,))))
    other = place.rsplit("/", 1)[0] + "/other"
    for allowed in ((), (other,), (place + "2",)):
        with pytest.raises(DataError, match="not among the places"):
            list(list_clips([place], AllowedPlaces(allowed)))
        with (
            pytest.raises(DataError, match="not among the places"),
            local_copy(f"{place}/{NAMES[0]}", AllowedPlaces(allowed), 9),
        ):
            pass
