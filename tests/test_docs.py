"""docs/api.md says what the app does: every setting, command, operation, endpoint and field is there, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import jsonschema
import pytest
from gradio_client import Client, handle_file

from tests.make_api_docs import FROM, TO, described
from videobert_demo.attention.explain import METHODS
from videobert_demo.ui.texts.chinese import CHINESE

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService
    from videobert_demo.ui.page.page import Page

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def page(service: VideoBertService) -> Page:
    from videobert_demo.ui.app import build_app

    return build_app(service)


def section(title: str) -> str:
    """One section of docs/api.md."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(title: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines]


def names(text: str) -> set[str]:
    """The names in backticks."""
    return set(re.findall(r"`(\w+)`", text))


def test_settings() -> None:
    read = set(
        re.findall(r"VIDEOBERT_[A-Z0-9_]+", (ROOT / "videobert_demo" / "settings.py").read_text(encoding="utf-8"))
    )
    assert {cell.strip("`") for cell, *_ in rows("Settings")} == read
    assert set(re.findall(r"VIDEOBERT_[A-Z0-9_]+", (ROOT / "README.md").read_text(encoding="utf-8"))) <= read


def test_commands() -> None:
    from videobert_demo.cli.main import build_parser

    (commands,) = (action.choices for action in build_parser()._actions if action.dest == "command")
    assert commands
    assert {name for cell, _ in rows("Command line") for name in re.findall(r"`([a-z][a-z0-9-]*)", cell)} == set(
        commands
    )


def test_evaluations() -> None:
    from videobert_demo.cli.main import build_parser

    (commands,) = (action.choices for action in build_parser()._actions if action.dest == "command")
    (tasks,) = (action.choices for action in commands["evaluate"]._actions if action.dest == "task")
    (row,) = (text for cell, text in rows("Command line") if cell.startswith("`evaluate"))
    assert set(re.findall(r"[a-z-]+", row.split("`TASK` is ", 1)[1])) - {"or"} == set(tasks)


def test_python_operations() -> None:
    from videobert_demo.service.service import VideoBertService

    written = {name for cell, _ in rows("Python") for name in re.findall(r"`(\w+)\(", cell)}
    public = {name for name in dir(VideoBertService) if not name.startswith("_")}
    assert {name for name in public if callable(getattr(VideoBertService, name))} == written


@pytest.mark.slow
def test_what_is_told_of_endpoints_is_told_in_chinese_too(page: Page) -> None:
    schemas = [argument.schema for one in page.endpoints.values() for argument in one.arguments.values()]
    told = json.dumps([schemas, [one.returns for one in page.endpoints.values()]], ensure_ascii=False)
    sentences = {json.loads(one) for one in re.findall(r'"description": ("(?:[^"\\\\]|\\\\.)*")', told)}
    assert sentences | {one.description for one in page.endpoints.values()} == set(CHINESE.documentation)


def test_endpoints_are_described_as_they_describe_themselves(page: Page) -> None:
    written = section("HTTP").split(FROM, 1)[1].split(TO, 1)[0]
    assert written == described(page.endpoints) + "\n", "run python -m tests.make_api_docs"
    assert {fn.api_name for fn in page.fns.values() if fn.api_visibility == "public"} == set(page.endpoints)


@pytest.mark.slow
def test_the_examples_of_the_documentation_work_and_return_what_it_says(app_url: str, page: Page) -> None:
    info = httpx.get(f"{app_url}/gradio_api/info").json()["named_endpoints"]
    client = Client(app_url, verbose=False)
    for name, endpoint in page.endpoints.items():
        parameters = info[f"/{name}"]["parameters"]
        assert [one["parameter_name"] for one in parameters] == list(endpoint.arguments)
        assert "github.com" not in json.dumps(info[f"/{name}"])
        sent = {one["parameter_name"]: one["example_input"] for one in parameters}
        if "clip" in sent:
            assert f"handle_file('{app_url}/examples/dog.mp4')" in info[f"/{name}"]["code_snippets"]["python"]
            sent["clip"] = handle_file(sent["clip"]["url"])
        if "clips" in sent:
            sent["clips"] = [handle_file(one["url"]) for one in sent["clips"]]
        jsonschema.validate(client.predict(**sent, api_name=f"/{name}"), endpoint.returns)
    methods = next(one for one in info["/attend"]["parameters"] if one["parameter_name"] == "method")
    assert methods["type"]["enum"] == list(METHODS)
    assert methods["python_type"]["type"].startswith("Literal['similarity'")
    assert info["/answer"]["parameters"][1]["example_input"] == "what is the dog doing?"
    assert info["/answer"]["returns"][0]["python_type"]["type"].startswith("dict(question: str (The question")
