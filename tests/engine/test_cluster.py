"""The address of a cluster is checked before Ray, which would try for minutes, and before the model is loaded."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.app_fixtures import free_port
from videobert_demo.cli.main import main
from videobert_demo.engine.cluster import check_address
from videobert_demo.errors import SettingsError


def test_an_address_where_nobody_listens_is_refused_at_once() -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(SettingsError, match=f"no Ray cluster to work on at {address} .*ray start --head"):
        check_address(address)


def test_a_host_that_there_is_not_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"no Ray cluster to work on at no-such-host\.invalid:6379"):
        check_address("no-such-host.invalid:6379")


@pytest.mark.parametrize("address", ["nonsense", "head", "head:port", "http://head:6379", "head:700000", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="is no address of a Ray cluster"):
        check_address(address)


def test_an_address_by_which_ray_data_does_not_work_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match="on a machine of the cluster, with --ray-address auto"):
        check_address("ray://head:10001")


def test_an_address_where_somebody_listens_passes() -> None:
    check_address(None)
    check_address("auto")
    with socket.create_server(("127.0.0.1", 0)) as server:
        check_address(f"127.0.0.1:{server.getsockname()[1]}")


@pytest.mark.parametrize("command", ["caption", "index"])
def test_commands_say_so_before_they_load_a_model(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("videobert_demo.load", lambda *_given, **_options: pytest.fail("the model was loaded"))
    place = ["--out", str(tmp_path / "out")] if command == "caption" else ["--library", str(tmp_path / "library")]
    given = [command, str(tmp_path), "--engine", "ray", *place]
    assert main([*given, "--ray-address", f"127.0.0.1:{free_port()}"]) == 1
    assert "There is no Ray cluster to work on at 127.0.0.1:" in capsys.readouterr().err
    assert main([*given, "--shard-clips", "0"]) == 1
    assert "--shard-clips is 0; it must be at least 1." in capsys.readouterr().err
