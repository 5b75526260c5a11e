"""The command `serve`: what it launches the app with, in place of launching it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What `serve` launched the app with, in place of launching it."""
    from videobert_demo.ui import app, process

    seen: list[dict[str, object]] = []
    is_prepared: list[bool] = []

    class App:
        def launch(self, **options: object) -> None:
            assert is_prepared
            seen.append(options)

    monkeypatch.setattr(app, "build_app", lambda service, **_: App() if service.model_name == "tiny" else None)
    monkeypatch.setattr(process, "prepare_process", lambda: is_prepared.append(True))
    monkeypatch.delenv("VIDEOBERT_AUTH", raising=False)
    return seen


def test_serve_launches_the_app_where_it_is_told(run: Run, checkpoint: str, launched: list[dict[str, object]]) -> None:
    run("serve", "--checkpoint", checkpoint, "--host", "0.0.0.0", "--port", "8123", "--root-path", "/demo")
    (options,) = launched
    assert options["root_path"] == "/demo"
    assert (options["server_name"], options["server_port"]) == ("0.0.0.0", 8123)
    assert (options["share"], options["auth"], options["max_file_size"]) == (False, None, 200 * 2**20)


def test_serve_lets_in_whom_it_is_told(
    run: Run, checkpoint: str, launched: list[dict[str, object]], tmp_path: Path
) -> None:
    people = tmp_path / "people.txt"
    people.write_text("ann:a\nbob:b\n")
    limits = ["--max-upload-mb", "2", "--max-seconds", "9"]
    run("serve", "--checkpoint", checkpoint, "--share", "--auth", f"@{people}", *limits)
    run("serve", "--checkpoint", checkpoint, "--share", "--public")
    shared, public = launched
    assert (shared["share"], shared["auth"]) == (True, [("ann", "a"), ("bob", "b")])
    assert shared["max_file_size"] == 2 * 2**20
    assert (public["share"], public["auth"]) == (True, None)


def test_a_public_link_for_everyone_is_refused_unless_it_is_meant(
    run: Run, checkpoint: str, launched: list[dict[str, object]]
) -> None:
    status, out, err = run("serve", "--checkpoint", checkpoint, "--share")
    assert (status, out, launched) == (1, "", [])
    assert err.startswith("serve: A public link lets in everyone")
    assert "--auth" in err
    assert "--public" in err


@pytest.mark.parametrize("arguments", [["--auth", "hunter2"], ["--auth", "@hunter2"], ["--auth", "hunter2:"]])
def test_a_sign_in_that_cannot_be_used_is_not_printed(
    run: Run, launched: list[dict[str, object]], arguments: list[str]
) -> None:
    status, out, err = run("serve", *arguments)
    assert (status, out, launched) == (1, "", [])
    assert err.startswith("serve: ")
    assert "--auth" in err
    assert "hunter2" not in err


@pytest.mark.parametrize("port", ["99999", "-1", "65536"])
def test_a_port_that_does_not_exist_is_refused(run: Run, launched: list[dict[str, object]], port: str) -> None:
    status, _, error = run("serve", f"--port={port}")
    assert (status, launched) == (2, [])
    assert error == f"serve: --port is {port}; it must be from 1 to 65535, or 0 for any free one.\n"


def test_a_port_in_use_is_refused_before_the_model_loads(run: Run, launched: list[dict[str, object]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, _, error = run("serve", "--port", str(port), "--checkpoint", "no/such/checkpoint")
    assert (status, launched) == (2, [])
    assert f"port {port} (address already in use)" in error
    assert error.count("\n") == 1


def test_port_zero_is_a_free_one_that_is_printed(run: Run, checkpoint: str, launched: list[dict[str, object]]) -> None:
    status, out, _ = run("serve", "--port", "0", "--checkpoint", checkpoint)
    (options,) = launched
    assert status == 0
    assert out.splitlines()[0] == f"port {options['server_port']}"
    assert options["server_port"] != 0
