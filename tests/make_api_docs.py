"""Writes the list of endpoints in docs/api.md from what they tell of themselves: python -m tests.make_api_docs"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from videobert_demo.ui.page.endpoints import Argument, Endpoint
from videobert_demo.ui.page.schemas import fields_in, type_of

DOCS = Path(__file__).resolve().parents[1] / "docs" / "api.md"
FROM, TO = "<!-- endpoints: written by python -m tests.make_api_docs -->\n", "<!-- end of endpoints -->"


def described(endpoints: Mapping[str, Endpoint]) -> str:
    """The list, as Markdown."""
    return "".join(f"{line}\n" for name, endpoint in endpoints.items() for line in _lines(name, endpoint))


def _lines(name: str, endpoint: Endpoint) -> Iterator[str]:
    yield from ("", f"### `/{name}`", "", endpoint.description, "")
    yield from ("| takes | what | |", "|---|---|---|")
    for key, argument in endpoint.arguments.items():
        yield f"| `{key}`{_default(argument)} | {_kind(argument)} | {argument.schema['description']} |"
    yield from ("", "| returns | what | |", "|---|---|---|")
    if "properties" not in endpoint.returns:
        for form in endpoint.returns.get("anyOf", [endpoint.returns]):
            if "description" in form:
                yield f"| | {type_of(form)} | {form['description']} |"
    for key, field in fields_in(endpoint.returns):
        yield f"| `{key}` | {type_of(field)} | {field.get('description', '')} |"


def _default(argument: Argument) -> str:
    return "" if argument.default is None else f" = {json.dumps(argument.default)}"


def _kind(argument: Argument) -> str:
    choices = argument.schema.get("enum")
    if argument.is_file:
        return "file"
    return ", ".join(choices) if choices else type_of(argument.schema)


def main() -> None:
    import videobert_demo
    from videobert_demo.settings import Settings
    from videobert_demo.ui.app import build_app

    page = build_app(videobert_demo.load(settings=Settings()))
    text = DOCS.read_text(encoding="utf-8")
    before, rest = text.split(FROM)
    after = rest.split(TO)[1]
    DOCS.write_text(f"{before}{FROM}{described(page.endpoints)}\n{TO}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
