"""A fuzz run over HTTP: every endpoint that the app's own schema names, with right and wrong values.

`python -m tests.fuzz.calls --calls 2000` starts the app and calls it. Hypothesis draws the values: what the schema asks
for, other JSON types, null, NaN, infinities, huge and odd texts, invented files, too few arguments. Whatever is sent,
the answer must be a result in valid JSON, or a refusal with a sentence: no 500, no empty error, no trace of the server.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from videobert_demo.ui.texts.english import ENGLISH

ROOT = Path(__file__).resolve().parents[2]
TRACES = ("Traceback", 'File "', "site-packages", "videobert_demo/", "gradio/", "root:x:")
SENTENCES = ("a dog is running", "what is the man doing?", "is this a cat?", "a ___ plays", "dog", "dog, cat,  car", "")
ROUTES = ("call", "call/v2", "run")
"""The three ways to call an endpoint over HTTP. The second takes arguments by name."""
_HUGE = 2_000_000
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


@dataclass
class Report:
    """What came of a run: answers by kind, and what must not happen."""

    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        return "\n".join([*self.faults, f"{self.kinds.total()} calls: {kinds}; {len(self.faults)} faults"])


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
    meta = {"_type": "gradio.FileData"}
    named = st.one_of(paths, st.none(), st.integers(), st.lists(st.none(), max_size=1))
    return st.one_of(
        st.builds(lambda path: {"path": path, "meta": meta}, named),
        st.builds(lambda path: {"path": path}, named),
        st.builds(lambda path: {"path": path, "url": "http://127.0.0.1:1/", "meta": meta, "size": -1}, paths),
        st.builds(lambda path: [{"path": path, "meta": meta}], paths),
    )


def fitting_values(parameter: dict[str, Any], uploaded: Sequence[str]) -> Strategy:
    """Values as the schema asks for them; most are sound, some out of range."""
    kind = parameter["component"]
    if kind in ("File", "Video", "Image", "Uploadbutton"):
        return st.sampled_from(uploaded).map(lambda path: {"path": path, "meta": {"_type": "gradio.FileData"}})
    if kind in ("Number", "Slider"):
        return st.one_of(st.integers(0, 8), st.floats(0, 5), st.sampled_from([1, 0, -1, 3.5, 101, 1e-300, 2**31]))
    if kind in ("Textbox", "Dropdown", "Radio"):
        default = parameter.get("parameter_default")
        return st.sampled_from([*SENTENCES, *([default] if default else [])])
    if kind == "Checkbox":
        return st.booleans()
    return st.lists(st.integers(0, 9), max_size=3)


def calls(endpoints: dict[str, Any], uploaded: Sequence[str]) -> Strategy:
    """Calls of all endpoints: in half of them every value fits, in the others one or several do not."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Call:
        name = draw(st.sampled_from(sorted(endpoints)))
        parameters = endpoints[name]["parameters"]
        all_fit = draw(st.booleans())
        arguments = {}
        for parameter in parameters:
            fits = all_fit or draw(st.integers(0, 2)) > 0
            values = fitting_values(parameter, uploaded) if fits else odd_values()
            arguments[parameter["parameter_name"]] = draw(values)
        if not all_fit and draw(st.integers(0, 4)) == 0 and arguments:
            del arguments[draw(st.sampled_from(sorted(arguments)))]
        return Call(name.lstrip("/"), draw(st.sampled_from(ROUTES)), arguments)

    return drawn()


def fault_of(web: httpx.Client, call: Call, kinds: Counter[str]) -> str | None:
    """Calls the endpoint, and says what is wrong with the answer, or None."""
    by_name = call.route == "call/v2"
    body = json.dumps(call.arguments if by_name else {"data": list(call.arguments.values())})
    headers = {"Content-Type": "application/json"}
    answer = web.post(f"/gradio_api/{call.route}/{call.endpoint}", content=body, headers=headers)
    text, is_accepted = answer.text, answer.status_code == 200
    if any(trace in text for trace in TRACES):
        return f"shows the server: {text[:300]}"
    if answer.status_code >= 500:
        return f"status {answer.status_code}: {text[:300]}"
    if is_accepted and call.route != "run":
        text = web.get(f"/gradio_api/call/{call.endpoint}/{answer.json()['event_id']}").text
        is_accepted = "event: error" not in text
        text = text.rsplit("data: ", 1)[-1].strip()
        if any(trace in text for trace in TRACES):
            return f"shows the server: {text[:300]}"
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        return f"no valid JSON ({error}): {text[:300]}"
    if is_accepted:
        kinds["answered"] += 1
        return None
    sentence = sentence_in(content)
    kinds["refused"] += 1
    if sentence is None or not sentence.strip():
        return f"no sentence: {text[:300]}"
    return f"unforeseen: {text[:300]}" if sentence == ENGLISH.unexpected_error else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not in JSON")


def sentence_in(content: Any) -> str | None:
    """The sentence of a refusal: an event's error, or the detail of a status."""
    if isinstance(content, dict):
        found = content.get("error") or content.get("detail")
        if isinstance(found, list):  # what FastAPI says of a body that is no call at all
            found = found[0].get("msg") if found and isinstance(found[0], dict) else None
        return found if isinstance(found, str) else None
    return content if isinstance(content, str) else None


def run(url: str, clips: Iterable[Path], count: int, number: int) -> Report:
    """Calls the app's endpoints.

    Args:
        url: Of the running app.
        clips: Files to upload, for the calls that hand one in.
        count: How many calls.
        number: Seed of what is drawn.
    """
    report = Report()
    with httpx.Client(base_url=url, timeout=300) as web:
        endpoints = web.get("/gradio_api/info").json()["named_endpoints"]
        files = [("files", (path.name, path.read_bytes())) for path in clips]
        uploaded = web.post("/gradio_api/upload", files=files).json()

        def check(call: Call) -> None:
            fault = fault_of(web, call, report.kinds)
            if fault is not None:
                report.faults.append(f"{call}\n    {fault}")
            if report.kinds.total() % 100 == 0:
                print(f"{report.kinds.total()} calls, {len(report.faults)} faults", file=sys.stderr, flush=True)

        _draw(calls(endpoints, uploaded), check, count, number)
    return report


def _draw(strategy: Strategy, check: Callable[[Any], None], count: int, number: int) -> None:
    """Hands `count` values to a function; all of them, whatever becomes of each."""
    limits = settings(
        max_examples=count,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(limits(given(strategy)(check)))()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; the exit status is 1 if an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.calls", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=2000, help="how many (default: 2000)")
    parser.add_argument("--seed", type=int, default=0, help="of what is drawn (default: 0)")
    parser.add_argument("--checkpoint", help="a folder or a Hub id (default: the bundled one)")
    parsed = parser.parse_args(arguments)

    import videobert_demo
    from tests.app_fixtures import run_app

    examples = sorted((ROOT / "assets" / "examples").glob("*.mp4"))[:2]
    with run_app(videobert_demo.load(parsed.checkpoint)) as url:
        report = run(url, [*examples, ROOT / "README.md"], parsed.calls, parsed.seed)
    print(report)
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main())
