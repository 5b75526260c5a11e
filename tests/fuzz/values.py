"""Calls for a fuzz run over HTTP, drawn by Hypothesis: each endpoint's own example, with a value or two changed.

A change is either near the example (another choice, another number, another sentence), so that the call is worked on to
its end, or far from it: other JSON types, null, NaN, infinities, huge and odd texts, invented files. Knows what the
app's schema says of its endpoints; sends nothing.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

SENTENCES = (
    "a dog is running", "what is the man doing?", "is this a cat?", "how many people are there?", "a ___ plays", "dog",
    "dog, cat,  car", "remove the parts without a person", "keep only the last part", "猫在做什么", "一只狗", "DOG!!",
    "xyzzy", "it's a so-called “dog”…", "no dog", "a 🐶 in the snow",
)  # fmt: skip
ROUTES = ("call", "call/v2", "run")
"""The three ways to call an endpoint over HTTP. The second takes arguments by name."""
_HUGE = 2_000_000
_META = {"_type": "gradio.FileData"}
Strategy = st.SearchStrategy[Any]


@dataclass(frozen=True)
class Call:
    """One request: the endpoint's name, how it is called, and the arguments by name."""

    endpoint: str
    route: str
    arguments: dict[str, Any]

    def __str__(self) -> str:
        shown = json.dumps(self.arguments)
        return f"/{self.route}/{self.endpoint} {shown if len(shown) < 400 else shown[:400] + '...'}"


def odd_values() -> Strategy:
    """Values of every JSON type, and those that programs choke on."""
    texts = st.text(max_size=40)
    numbers = st.one_of(st.integers(), st.floats(allow_nan=True, allow_infinity=True))
    leaves = st.one_of(st.none(), st.booleans(), numbers, texts)
    trees = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=6)
    odd = st.sampled_from(
        [
            None, float("nan"), float("inf"), float("-inf"), 1e-300, -1e300, 5e-324, 10**400, -(2**63), -0.0, True,
            "", " ", "\x00", "\ud800", "a" * 500, "a " * 20_000, "\u202e\u0301" * 300, "x" * _HUGE, "," * 100_000,
            "___ " * 2000, "<script>alert(1)</script>", "{0.__class__}", "%s%n", "../../etc/passwd",
            [], {}, [[[[[[]]]]]], [0] * 2000, [-1], [10**9], [0.5], ["0"], [True], [None], [99], [0, 0, 0],
        ]
    )  # fmt: skip
    return st.one_of(odd, odd, trees, files_nobody_sent())


def files_nobody_sent() -> Strategy:
    """Files as Gradio writes them, whose paths are invented, or are none of the caller's."""
    paths = st.sampled_from(
        [
            "/etc/passwd", "/tmp/gradio/0/clip.mp4", "/tmp/gradio", "clip.mp4", "", "/", ".", "..", "\x00", "a" * 5000,
            "file:///etc/passwd", "http://127.0.0.1:1/a.mp4", "HTTPS://example.com/a.mp4", "rtsp://example.com/a",
            "data:video/mp4;base64,AAAA", "concat:/etc/passwd|/etc/hosts", "/proc/self/mem", "/dev/zero", "\\\\host\\a",
        ]
    )  # fmt: skip
    named = st.one_of(paths, st.none(), st.integers(), st.lists(st.none(), max_size=1))
    return st.one_of(
        st.builds(lambda path: {"path": path, "meta": _META}, named),
        st.builds(lambda path: {"path": path}, named),
        st.builds(lambda path: {"path": path, "url": "http://127.0.0.1:1/", "meta": _META, "size": -1}, paths),
        st.builds(lambda path: [{"path": path, "meta": _META}], paths),
    )


def near_values(schema: dict[str, Any], example: Any) -> Strategy:
    """Other values that the schema allows; most are sound, some lie a little out of their range.

    Args:
        schema: The JSON that the value is.
        example: One that works.
    """
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([near_values(one, example) for one in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        return st.integers(1, 8) | st.sampled_from([0, 3, 50, 101])
    if kind == "number":
        return st.one_of(st.floats(0, 1), st.integers(0, 5), st.sampled_from([0, 0.05, 1e-300, 5, 100, -1]))
    if kind == "array":
        whole = [example] if example else []
        rows = st.lists(near_values(schema["items"], example[0] if example else None), min_size=1, max_size=3)
        return st.one_of(rows, *map(st.just, whole))
    if kind == "object":
        return _near_objects(schema, example)
    return st.one_of(st.sampled_from(SENTENCES), *([_touched(example)] if isinstance(example, str) else []))


def _near_objects(schema: dict[str, Any], example: Any) -> Strategy:
    """The example with one of its values changed, or taken away."""
    held = dict(example or {})

    @st.composite
    def drawn(draw: st.DrawFn) -> dict[str, Any]:
        name = draw(st.sampled_from(sorted(schema["properties"])))
        if draw(st.integers(0, 5)) == 0:
            return {key: value for key, value in held.items() if key != name}
        return held | {name: draw(near_values(schema["properties"][name], held.get(name)))}

    return drawn()


def _touched(text: str) -> Strategy:
    """The text with something put in, taken out or said twice, at any place."""
    strange = st.sampled_from(
        ["___", " ", ", ", "\n", "\t", "狗", "é", "🎬", "’", "<b>", "&amp;", "--> ", "0", "?", "\u200d"]
    )

    def changed(at: int, put: str, taken: int) -> str:
        return text[:at] + put + text[at + taken :]

    return st.builds(changed, st.integers(0, len(text)), strange | st.just(text), st.sampled_from([0, 0, 1, 4]))


def is_file(parameter: dict[str, Any]) -> bool:
    """Whether an endpoint's parameter is a file, or a list of files."""
    return bool(parameter["component"] in ("File", "Video", "Image", "Uploadbutton"))


def as_file(path: str) -> dict[str, Any]:
    """An uploaded file as Gradio's clients name it."""
    return {"path": path, "meta": _META}


def example_arguments(parameters: Sequence[dict[str, Any]], clips: Sequence[str]) -> dict[str, Any]:
    """The arguments of an endpoint's own example, with uploaded clips in place of its files.

    Args:
        parameters: As the app's schema lists them.
        clips: Paths of uploaded files that are clips; each file of the example is the next of them.
    """
    remaining = iter([*clips] * 8)
    arguments: dict[str, Any] = {}
    for parameter in parameters:
        example = copy.deepcopy(parameter["example_input"])
        if is_file(parameter):
            is_list = isinstance(example, list)
            example = [as_file(next(remaining)) for _ in example] if is_list else as_file(next(remaining))
        arguments[parameter["parameter_name"]] = example
    return arguments


def calls(name: str, parameters: Sequence[dict[str, Any]], clips: Sequence[str], others: Sequence[str]) -> Strategy:
    """Calls of one endpoint: its example, of which at most two values are changed; one change of four is far off.

    Args:
        name: Of the endpoint.
        parameters: As the app's schema lists them.
        clips: Paths of uploaded files that are clips.
        others: Paths of uploaded files that are none.
    """
    by_name = {one["parameter_name"]: one for one in parameters}

    @st.composite
    def drawn(draw: st.DrawFn) -> Call:
        arguments = example_arguments(parameters, draw(st.permutations(clips)))
        for one in draw(st.lists(st.sampled_from(sorted(by_name)), max_size=2, unique=True)):
            if draw(st.integers(0, 3)) == 0:
                arguments[one] = draw(odd_values() | st.sampled_from(others).map(as_file))
            elif not is_file(by_name[one]):
                arguments[one] = draw(near_values(by_name[one]["type"], arguments[one]))
            elif isinstance(arguments[one], list):
                arguments[one] = draw(st.lists(st.sampled_from(clips).map(as_file), max_size=4))
        if draw(st.integers(0, 19)) == 0:
            del arguments[draw(st.sampled_from(sorted(arguments)))]
        return Call(name, draw(st.sampled_from(ROUTES)), arguments)

    return drawn()
