"""Compares many visitors at once with one, a lone call with and without the queue, and measures memory.

The real app runs in its own process. Requests go to /caption, /answer, /attend and /search in turn, over HTTP; each
joins the queue and reads its answer to the end. All but searches upload a clip that the app has not seen: an example
with a number appended, in a `free` box that players skip. One visitor sends 16 requests, one after another; then 16
visitors send 5 each. Memory is the process's resident set: after 20 and after 200 requests, and the most that it ever
was.

What the queue costs one who is alone is measured in this process: a caption through the service against the same
function called at once, in turn, by their medians.

python -m benchmarks.serving      prints all; exits 1 below a ratio of 1.8, where a lone caption takes 5 % longer in the
                                  queue, above 50 MB, or if a request failed
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.tasks.caption import CAPTIONS, caption_clips

ROOT = Path(__file__).resolve().parent.parent
CLIPS = sorted((ROOT / "assets" / "examples").glob("*.mp4"))
VISITORS, EACH, ALONE = 16, 5, 16
EARLY_REQUESTS, LATE_REQUESTS = 20, 200
MIN_RATIO, MAX_QUEUE_COST, MAX_MEGABYTES = 1.8, 1.05, 50.0
LONE_CAPTIONS = 20
PATIENCE_SECONDS = 600
HEARTBEAT = "event: heartbeat\ndata: null\n\n"
"""What Gradio sends every 15 seconds to whoever still waits."""
REST: dict[str, list[Any]] = {"caption": [], "answer": ["what is in the video?"], "attend": ["dog", "similarity"]}


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """Runs `python app.py`; yields its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False"}
    app = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if app.poll() is not None:
                raise SystemExit(f"app.py left with status {app.returncode}")
            try:
                if httpx.get(f"{url}/config", timeout=5).status_code == 200:
                    yield url, app.pid
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise SystemExit(f"no page within {PATIENCE_SECONDS} s")
    finally:
        app.terminate()
        app.wait(timeout=20)


class Visitors:
    """Sends requests with clips that are new to the app, and counts the requests that failed."""

    def __init__(self, url: str) -> None:
        self.failed = 0
        self.seconds: list[float] = []
        self._url = url
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def visit(self, requests: int) -> None:
        """Acts as one visitor, who sends this many requests one after another."""
        with httpx.Client(base_url=self._url, timeout=PATIENCE_SECONDS) as web:
            for _ in range(requests):
                with self._lock:
                    number = next(self._numbers)
                start = time.perf_counter()
                failed = not self._ask(web, number)
                with self._lock:
                    self.failed += failed
                    self.seconds.append(time.perf_counter() - start)

    def _ask(self, web: httpx.Client, number: int) -> bool:
        if number % 4 == 3:
            endpoint, data = "search", ["a dog lies on the floor", 9]
        else:
            endpoint = ("caption", "answer", "attend")[number % 4]
            box = (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")
            clip = CLIPS[number % len(CLIPS)].read_bytes() + box
            (path,) = web.post("/gradio_api/upload", files={"files": (f"clip {number}.mp4", clip)}).json()
            data = [{"path": path, "meta": {"_type": "gradio.FileData"}}, *REST[endpoint]]
        event = web.post(f"/gradio_api/call/{endpoint}", json={"data": data}).json()["event_id"]
        answer = web.get(f"/gradio_api/call/{endpoint}/{event}").text
        before, _, rest = answer.rpartition("event: complete\ndata: ")
        return not before.replace(HEARTBEAT, "").strip() and bool(rest) and bool(json.loads(rest)[0])


def megabytes(process: int, field: str = "VmRSS") -> float:
    """Returns the resident set of a process, in MB of 2**20 bytes; with "VmHWM" the most that it ever was."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 2**10 for line in status.splitlines() if line.startswith(f"{field}:"))


def timed(visitors: Visitors, count: int, each: int) -> tuple[float, float]:
    """Lets `count` visitors send `each` requests at once; returns requests per second, and the 95th percentile in s."""
    visitors.seconds.clear()
    start = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(visitors.visit, [each] * count))
    return count * each / (time.perf_counter() - start), statistics.quantiles(visitors.seconds, n=20)[-1]


def queue_cost() -> float:
    """Returns how many times as long a lone caption takes in the service's queue as without it."""
    loaded = load_checkpoint(Settings().checkpoint)
    service = VideoBertService(loaded, Settings(cache_clips=0))
    clip = service.open(CLIPS[0])
    direct, queued = [], []
    for _ in range(LONE_CAPTIONS + 1):
        for seconds, call in (
            (direct, lambda: caption_clips(loaded, [clip.tensors], candidates=CAPTIONS)),
            (queued, lambda: service._call_together(caption_clips, clip.tensors, candidates=CAPTIONS)),
        ):
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
    return statistics.median(queued[1:]) / statistics.median(direct[1:])


def main() -> int:
    """Measures and prints; returns the exit status."""
    with serving() as (url, process):
        visitors = Visitors(url)
        visitors.visit(EARLY_REQUESTS)  # every kind of request, and the examples' library
        early = megabytes(process)
        measured = timed(visitors, 1, ALONE), timed(visitors, VISITORS, EACH)
        visitors.visit(LATE_REQUESTS - EARLY_REQUESTS - ALONE - VISITORS * EACH)
        late, most = megabytes(process), megabytes(process, "VmHWM")
    cost = queue_cost()
    (alone, alone_seconds), (together, together_seconds) = measured
    ratio, growth = together / alone, late - early
    print(f"one visitor                  {alone:6.2f} requests/s, 95 % within {alone_seconds:.2f} s")
    print(f"{VISITORS} visitors at once         {together:6.2f} requests/s, 95 % within {together_seconds:.2f} s")
    print(f"ratio                        {ratio:6.2f}   (limit: at least {MIN_RATIO:g})")
    print(f"a lone caption in the queue  {cost:6.3f}   of the time without it (limit: at most {MAX_QUEUE_COST:g})")
    print(f"memory after {EARLY_REQUESTS:3} requests    {early:6.0f} MB")
    print(f"memory after {LATE_REQUESTS:3} requests    {late:6.0f} MB")
    print(f"growth                       {growth:6.1f} MB   (limit: at most {MAX_MEGABYTES:g})")
    print(f"most memory ever             {most:6.0f} MB")
    print(f"failed requests              {visitors.failed:6}")
    held = ratio >= MIN_RATIO and cost <= MAX_QUEUE_COST and growth <= MAX_MEGABYTES
    return 0 if held and not visitors.failed else 1


if __name__ == "__main__":
    sys.exit(main())
