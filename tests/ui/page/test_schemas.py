"""What JSON is, told in words and as JSON Schema."""

from __future__ import annotations

import jsonschema
import pytest

from videobert_demo.ui.page.schemas import (
    either,
    fields_in,
    listed,
    number,
    one_of,
    or_none,
    python_type,
    record,
    text,
    told_in,
    type_of,
    whole,
)

FORM = record(
    name=text("Its name."), parts=or_none(listed(record(at=number("Where."), size=whole("How big.")), "All."))
)


def test_fields_are_named_by_their_place() -> None:
    assert [name for name, _ in fields_in(FORM)] == ["name", "parts", "parts[].at", "parts[].size"]
    assert next(name for name, _ in fields_in(listed(FORM))) == "name"
    assert next(name for name, _ in fields_in(either(FORM, text("")))) == "name"


def test_sentences_are_told_in_another_language_also_where_python_writes_them() -> None:
    described = [
        {"type": FORM, "python_type": {"type": python_type(FORM), "description": "Its name."}, "label": "All."}
    ]
    told = told_in(described, {"Its name.": "它的名称。", "All.": "全部。"})
    assert told[0]["type"]["properties"]["name"]["description"] == "它的名称。"
    assert told[0]["python_type"]["description"] == "它的名称。"
    assert "name: str (它的名称。)" in told[0]["python_type"]["type"]
    assert "Where." in told[0]["python_type"]["type"]  # not translated, so it stays
    assert told[0]["label"] == "All."
    assert described[0]["python_type"]["description"] == "Its name."


def test_kinds_are_told_in_words() -> None:
    assert [type_of(field) for _, field in fields_in(FORM)] == [
        "text",
        "list of objects or null",
        "number",
        "whole number",
    ]


def test_kinds_are_told_as_python_writes_them() -> None:
    parts = "list[dict(at: float (Where.), size: int (How big.))] | None (All.)"
    assert python_type(FORM) == f"dict(name: str (Its name.), parts: {parts})"
    assert python_type(one_of(["a", "b"], "")) == "Literal['a', 'b']"


def test_a_record_has_its_fields_and_no_other() -> None:
    jsonschema.validate({"name": "a", "parts": None}, FORM)
    for wrong in ({"name": "a"}, {"name": "a", "parts": None, "more": 1}, {"name": 1, "parts": []}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, FORM)
