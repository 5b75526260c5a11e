"""docs/hosting.md is one short page, and the files beside it fit the app."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path

import yaml

from videobert_demo.cli.main import build_parser
from videobert_demo.settings import Settings
from videobert_demo.ui import process

DOCS = Path(__file__).resolve().parents[1] / "docs"
NGINX = (DOCS / "nginx.conf").read_text(encoding="utf-8")
UNIT = (DOCS / "videobert-demo.service").read_text(encoding="utf-8")


def test_the_page_is_short_and_its_files_are_there() -> None:
    page = (DOCS / "hosting.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 12
    linked = re.findall(r"\]\(([^)]+)\)", page)
    assert {"nginx.conf", "videobert-demo.service"} <= set(linked)
    assert all((DOCS / name).is_file() for name in linked)


def test_nginx_lets_through_what_the_app_takes() -> None:
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(megabytes) * 2**20 == Settings().max_bytes
    (path,) = re.findall(r"location (/\S+)/ \{", NGINX)
    assert f"--root-path {path}`" in NGINX
    assert "proxy_buffering off;" in NGINX


def test_the_unit_starts_the_app_with_options_that_there_are_and_waits_for_its_end() -> None:
    (command,) = re.findall(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)
    _python, script, *options = shlex.split(command)
    assert script == "app.py"
    parsed = build_parser().parse_args(["serve", *options])
    (folder,) = re.findall(r"^StateDirectory=(.+)$", UNIT, re.MULTILINE)
    assert parsed.library == f"/var/lib/{folder}"
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert int(seconds) > process.STOP_SECONDS


def test_the_milvus_that_the_page_starts_is_of_the_version_of_our_client() -> None:
    page = (DOCS / "scale.md").read_text(encoding="utf-8")
    file = page.split("## A Milvus server\n", 1)[1].split("Save it as", 1)[0]
    services = yaml.safe_load(textwrap.dedent(file))["services"]
    (client,) = re.findall(r"^pymilvus==(\S+)", (DOCS.parent / "requirements.txt").read_text(encoding="utf-8"), re.M)
    assert services["milvus"]["image"] == f"milvusdb/milvus:v{client}"
    for needed in services["milvus"]["depends_on"]:
        assert "healthcheck" in services[needed]
    assert not any("latest" in one["image"] or ":" not in one["image"] for one in services.values())
    assert [port for one in services.values() for port in one.get("ports", [])] == ["127.0.0.1:19530:19530"]
    secrets = [value for one in services.values() for name, value in one["environment"].items() if "PASSWORD" in name]
    assert len(secrets) == 2
    assert all(value.startswith("${") for value in secrets)
