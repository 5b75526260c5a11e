"""docs/api.md says what the app does: every setting, command, operation, endpoint and field is there, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORD = "a dog lies on the floor"


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


def keys(value: Any) -> set[str]:
    """Every key of a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


def test_settings() -> None:
    read = set(re.findall(r"VIDEOBERT_[A-Z_]+", (ROOT / "videobert_demo" / "settings.py").read_text(encoding="utf-8")))
    assert {cell.strip("`") for cell, *_ in rows("Settings")} == read
    assert set(re.findall(r"VIDEOBERT_[A-Z_]+", (ROOT / "README.md").read_text(encoding="utf-8"))) <= read


def test_commands() -> None:
    from videobert_demo.cli.main import build_parser

    (commands,) = (action.choices for action in build_parser()._actions if action.dest == "command")
    assert commands
    assert {name for cell, _ in rows("Command line") for name in re.findall(r"`([a-z]+)", cell)} == set(commands)


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
def test_endpoints_and_their_fields(app_url: str, examples: Path) -> None:
    from gradio_client import Client, handle_file

    client = Client(app_url, verbose=False)
    written = {cell.strip("`/"): (takes, returns) for cell, takes, returns in rows("HTTP")}
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(written) == {name.strip("/") for name in named}
    given = {"clip": handle_file(str(examples / "dog.mp4")), "question": "what is the dog doing?", "word": "dog"}
    given |= {"sentence": "a ___ lies on the floor", "hidden_segments": [0], "labels": "a dog, a cat"}
    shared = section("HTTP").split("`neighbours` and", 1)[1]
    for name, (takes, returns) in written.items():
        inputs = [parameter["parameter_name"] for parameter in named[f"/{name}"]["parameters"]]
        assert names(takes) == set(inputs), name
        sentence = {"sentence": WORD} if name in ("search", "align", "reel") else {}
        used = {key: value for key, value in (given | sentence).items() if key in inputs}
        found = keys(client.predict(**used, api_name=f"/{name}"))
        assert found, name
        assert names(returns) <= found, name
        assert found <= names(returns) | names(shared), name
