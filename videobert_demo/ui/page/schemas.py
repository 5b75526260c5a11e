"""What JSON an endpoint takes and returns, told once, as JSON Schema with a sentence for each value.

The panel "Use via API", the tools of the Model Context Protocol and docs/api.md are all made from it. It knows JSON
and nothing of any endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Schema = dict[str, Any]


def text(sentence: str) -> Schema:
    """A text."""
    return _told({"type": "string"}, sentence)


def one_of(choices: Sequence[str], sentence: str) -> Schema:
    """One of a few texts."""
    return _told({"type": "string", "enum": list(choices)}, sentence)


def number(sentence: str = "") -> Schema:
    """A number."""
    return _told({"type": "number"}, sentence)


def whole(sentence: str = "") -> Schema:
    """A whole number."""
    return _told({"type": "integer"}, sentence)


def truth(sentence: str) -> Schema:
    """True or false."""
    return _told({"type": "boolean"}, sentence)


def listed(items: Schema, sentence: str = "") -> Schema:
    """A list of values that are all alike."""
    return _told({"type": "array", "items": items}, sentence)


def record(sentence: str = "", /, **fields: Schema) -> Schema:
    """An object that has exactly these fields."""
    form = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return _told(form, sentence)


def or_none(schema: Schema) -> Schema:
    """The same, or null."""
    form = {name: value for name, value in schema.items() if name != "description"}
    return _told({"anyOf": [form, {"type": "null"}]}, schema.get("description", ""))


def either(*schemas: Schema) -> Schema:
    """A value of one of several forms."""
    return {"anyOf": list(schemas)}


def fields_in(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The named values of a schema, those inside of others after these: `segments`, then `segments[].visual_word`."""
    for form in schema.get("anyOf", [schema]):
        for name, field in form.get("properties", {}).items():
            yield name, field
            for inner, one in fields_in(field):
                yield f"{name}{_between(field)}{inner}", one
        if "items" in form:
            yield from fields_in(form["items"])


def python_type(schema: Schema) -> str:
    """The value's type as Python writes it, with the sentences of the fields of objects."""
    if "anyOf" in schema:
        return " | ".join(map(python_type, schema["anyOf"]))
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if schema["type"] == "array":
        return f"list[{python_type(schema['items'])}]"
    if schema["type"] == "object":
        told = {name: field.get("description") for name, field in schema["properties"].items()}
        types = {name: python_type(field) for name, field in schema["properties"].items()}
        fields = (f"{name}: {types[name]} ({told[name]})" if told[name] else f"{name}: {types[name]}" for name in types)
        return f"dict({', '.join(fields)})"
    return _PYTHON[schema["type"]]


def opened(schema: Any) -> Any:
    """The same, but objects may have other fields too: Gradio cannot read that they may not."""
    if isinstance(schema, list):
        return [opened(one) for one in schema]
    if isinstance(schema, dict):
        return {name: opened(one) for name, one in schema.items() if name != "additionalProperties"}
    return schema


def told_in(described: Any, sentences: Mapping[str, str]) -> Any:
    """What is told of endpoints, in another language.

    Args:
        described: Any JSON value with sentences under "description", and beside a schema under "type" the same as
            Python writes it under "python_type".
        sentences: For each English sentence its translation; one that is not among them stays English.
    """
    if isinstance(described, list):
        return [told_in(one, sentences) for one in described]
    if not isinstance(described, dict):
        return described
    told = {name: told_in(one, sentences) for name, one in described.items()}
    if isinstance(told.get("description"), str):
        told["description"] = sentences.get(told["description"], told["description"])
    if "python_type" in told and "$defs" not in told["type"]:  # which Gradio's own schema of a file has
        told["python_type"]["type"] = python_type(told["type"])
    return told


def type_of(schema: Schema) -> str:
    """What JSON a value is, in a word or two: "text", "list of numbers", "number or null"."""
    if "anyOf" in schema:
        return " or ".join(type_of(one) for one in schema["anyOf"])
    name = _TYPES[schema["type"]]
    if schema["type"] == "array":
        return f"{name} of {type_of(schema['items'])}s"
    return name


_TYPES: Mapping[str, str] = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
    "null": "null",
}
_PYTHON: Mapping[str, str] = {
    "string": "str",
    "number": "float",
    "integer": "int",
    "boolean": "bool",
    "null": "None",
}


def _between(field: Schema) -> str:
    is_list = any(form.get("type") == "array" for form in field.get("anyOf", [field]))
    return "[]." if is_list else "."


def _told(form: Schema, sentence: str) -> Schema:
    return {**form, "description": sentence} if sentence else form
