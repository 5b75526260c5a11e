"""A fuzz run over HTTP: every endpoint that the app's own schema names, with right and wrong values.

`python -m tests.fuzz.calls --calls 2000` starts the app and calls it, with what values.py draws. Whatever is sent, the
answer must be a result in valid JSON, or a refusal with a sentence: no 500, no empty error, no trace of the server; and
nothing may stand in the server's log that nobody foresaw.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import random
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.fuzz.values import Call, calls
from videobert_demo.ui.texts.english import ENGLISH

ROOT = Path(__file__).resolve().parents[2]
TRACES = ("Traceback", 'File "', "site-packages", "videobert_demo/", "gradio/", "root:x:")
_CALLS_AN_UPLOAD = 20
"""After so many calls the files are sent again: what a program uploads is kept for ten minutes."""


@dataclass
class Report:
    """What came of a run: how many calls of each endpoint were answered and refused, and what must not happen."""

    answered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many calls were either."""
        return self.answered.total() + self.refused.total()

    def __str__(self) -> str:
        rows = [f"{name}: {self.answered[name]} answered, {self.refused[name]} refused" for name in sorted(self.names)]
        told = f"{self.answered.total()} answered, {self.refused.total()} refused; {len(self.faults)} faults"
        return "\n".join([*rows, *self.faults, f"{self.total} calls: {told}"])

    @property
    def names(self) -> set[str]:
        """The endpoints that were called."""
        return {*self.answered, *self.refused}


def fault_of(web: httpx.Client, call: Call, report: Report) -> str | None:
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
        report.answered[call.endpoint] += 1
        return None
    sentence = sentence_in(content)
    report.refused[call.endpoint] += 1
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


@contextlib.contextmanager
def server_log() -> Iterator[list[str]]:
    """Collects what a server in this process logs or prints of errors that nobody foresaw."""
    found: list[str] = []

    class Errors(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                found.append("".join(traceback.format_exception(*record.exc_info))[-2000:])

    handler, printed = Errors(logging.ERROR), io.StringIO()
    logging.getLogger().addHandler(handler)
    try:
        with contextlib.redirect_stderr(printed):
            yield found
    finally:
        logging.getLogger().removeHandler(handler)
        _, begins, rest = printed.getvalue().partition("Traceback")
        found += [begins + rest[:2000]] if begins else []


def run(url: str, clips: Sequence[Path], others: Sequence[Path], count: int, number: int) -> Report:
    """Calls the app's endpoints.

    Args:
        url: Of the app, which runs in this process.
        clips: Files to upload for the calls that hand clips in.
        others: Files to upload that are no clips.
        count: How many calls.
        number: Seed of what is drawn.
    """
    report, progress = Report(), sys.stderr
    with httpx.Client(base_url=url, timeout=300) as web, server_log() as log:
        endpoints = web.get("/gradio_api/info").json()["named_endpoints"]
        files = [("files", (path.name, path.read_bytes())) for path in (*clips, *others)]
        uploaded = web.post("/gradio_api/upload", files=files).json()
        for call in _drawn(endpoints, uploaded[: len(clips)], uploaded[len(clips) :], count, number):
            fault = fault_of(web, call, report)
            report.faults += [f"{call}\n    {fault}"] if fault is not None else []
            report.faults += [f"{call}\n    the log: {told}" for told in log]
            log.clear()
            if report.total % _CALLS_AN_UPLOAD == 0:
                assert web.post("/gradio_api/upload", files=files).json() == uploaded
            if report.total % 100 == 0:
                print(f"{report.total} calls, {len(report.faults)} faults", file=progress, flush=True)
    report.faults += log
    return report


def _drawn(
    endpoints: dict[str, Any], clips: Sequence[str], others: Sequence[str], count: int, number: int
) -> list[Call]:
    """So many calls, as many of each endpoint as of any other, in an order that follows from the number."""
    each = -(-count // len(endpoints))
    limits = settings(
        max_examples=each,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    found: list[Call] = []

    def keep(call: Call) -> None:
        found.append(call)

    for name, endpoint in sorted(endpoints.items()):
        of_one = calls(name.lstrip("/"), endpoint["parameters"], clips, others)
        seed(number)(limits(given(of_one)(keep)))()
    random.Random(number).shuffle(found)
    return found[:count]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; the exit status is 1 if an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.calls", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=2000, help="how many (default: 2000)")
    parser.add_argument("--seed", type=int, default=0, help="of what is drawn (default: 0)")
    parser.add_argument("--checkpoint", help="a folder or a Hub id (default: the bundled one)")
    parsed = parser.parse_args(arguments)

    import videobert_demo
    from tests.app_fixtures import run_app

    examples = [ROOT / "assets" / "examples" / name for name in ("cat.mp4", "dog.mp4", "posters/dog.jpg")]
    with run_app(videobert_demo.load(parsed.checkpoint)) as url:
        report = run(url, examples, [ROOT / "README.md"], parsed.calls, parsed.seed)
    print(report)
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main())
