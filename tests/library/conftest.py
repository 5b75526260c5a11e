"""Every kind of library, empty, behind one fixture."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.library.samples import DIMENSION
from videobert_demo.library.base import Library
from videobert_demo.library.opening import open_library, open_temporary_library

PATIENCE_SECONDS = 60


@pytest.fixture(scope="session")
def milvus_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Milvus server in a process of its own."""
    pytest.importorskip("milvus_lite")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("milvus")
    command = ["server", "--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([sys.executable, "-m", "milvus_lite", *command], stdout=log, stderr=log)
    try:
        start = time.monotonic()
        while True:
            assert server.poll() is None, (folder / "log").read_text()
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() - start < PATIENCE_SECONDS, "the server does not answer"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


Opener = Callable[[], Library]


@pytest.fixture(params=["folder", "server"])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens a lasting library; every call opens the same one."""
    if request.param == "folder":
        return lambda: open_library(tmp_path / "library", model="model", dimension=DIMENSION)
    uri = request.getfixturevalue("milvus_uri")
    model = f"{os.getpid()}-{uuid.uuid4().hex}"
    return lambda: open_library(uri, model=model, dimension=DIMENSION)


@pytest.fixture(params=["folder", "temporary", "server"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    if request.param == "temporary":
        opened = open_temporary_library(dimension=DIMENSION)
    elif request.param == "folder":
        opened = open_library(tmp_path / "library", model="model", dimension=DIMENSION)
    else:
        opened = open_library(request.getfixturevalue("milvus_uri"), model=uuid.uuid4().hex, dimension=DIMENSION)
    yield opened
    opened.close()
