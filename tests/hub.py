"""A stand-in of the Hugging Face Hub: its HTTP API on this machine, as far as pushing and loading a model needs it.

Tokens: "writer" may write and read; "reader" may read what is gated; without a token a gated repository says so.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit


class Hub(ThreadingHTTPServer):
    """Repositories by name, each a mapping of paths to contents."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.visibility: dict[str, str] = {}
        self.large: dict[str, bytes] = {}
        self.endpoint = f"http://127.0.0.1:{self.server_port}"

    def commit_of(self, repository: str) -> str:
        """The hash of what a repository holds."""
        digest = hashlib.sha1(usedforsecurity=False)
        for path, content in sorted(self.repositories[repository].items()):
            digest.update(path.encode() + content)
        return digest.hexdigest()


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that answers until the block ends."""
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    @property
    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _answer(self, content: bytes | Any, status: int = 200, **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _refuse(self, status: int, code: str) -> None:
        self._answer({"error": code}, status, X_Error_Code=code, X_Error_Message=code)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def do_POST(self) -> None:
        path, body = urlsplit(self.path).path, self._body()
        if path == "/api/validate-yaml":
            self._answer({"errors": [], "warnings": []})
        elif self._token != "writer":
            self._refuse(401, "Unauthorized")
        elif path == "/api/repos/create":
            asked = json.loads(body)
            name = f"{asked['organization']}/{asked['name']}"
            self.server.repositories.setdefault(name, {})
            self.server.visibility[name] = str(asked.get("visibility", asked.get("private")))
            self._answer({"url": f"{self.server.endpoint}/{name}"})
        elif "/preupload/" in path:
            modes = [
                {"path": file["path"], "uploadMode": "lfs" if file["path"].endswith("tensors") else "regular"}
                for file in json.loads(body)["files"]
            ]
            self._answer({"files": [mode | {"shouldIgnore": False, "oid": None} for mode in modes]})
        elif path.endswith("/info/lfs/objects/batch"):
            objects = json.loads(body)["objects"]
            href = f"{self.server.endpoint}/lfs"
            actions = [one | {"actions": {"upload": {"href": f"{href}/{one['oid']}"}}} for one in objects]
            self._answer({"transfer": "basic", "objects": actions})
        elif "/commit/" in path:
            name = path.removeprefix("/api/models/").split("/commit/")[0]
            self._commit(self.server.repositories[name], body)
            oid = self.server.commit_of(name)
            url = f"{self.server.endpoint}/{name}/commit/{oid}"
            self._answer({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})
        else:
            self._refuse(404, "EntryNotFound")

    def _commit(self, files: dict[str, bytes], body: bytes) -> None:
        for line in body.splitlines():
            row = json.loads(line)
            if row["key"] == "file":
                files[row["value"]["path"]] = base64.b64decode(row["value"]["content"])
            elif row["key"] == "lfsFile":
                files[row["value"]["path"]] = self.server.large[row["value"]["oid"]]

    def do_PUT(self) -> None:
        content, oid = self._body(), self.path.rsplit("/", 1)[1]
        assert hashlib.sha256(content).hexdigest() == oid
        self.server.large[oid] = content
        self._answer(b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        name = "/".join(path.removeprefix("/api/models/").strip("/").split("/")[:2])
        files = self.server.repositories.get(name)
        if files is None:
            self._refuse(401 if not self._token else 404, "RepoNotFound")
        elif self._token not in ("reader", "writer"):
            self._refuse(401 if not self._token else 403, "GatedRepo")
        elif "/resolve/" in path:
            content = files.get(path.split("/resolve/", 1)[1].split("/", 1)[1])
            if content is None:
                self._refuse(404, "EntryNotFound")
                return
            etag = f'"{hashlib.sha256(content).hexdigest()}"'
            self._answer(content, ETag=etag, X_Repo_Commit=self.server.commit_of(name))
        elif "/tree/" in path:
            self._answer(
                [
                    {"type": "file", "path": file, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
                    for file, content in files.items()
                ]
            )
        else:
            siblings = [{"rfilename": file} for file in files]
            self._answer({"id": name, "modelId": name, "sha": self.server.commit_of(name), "siblings": siblings})
