"""Times `python app.py` up to its first page, against importing its three large libraries in a bare interpreter.

Then the first caption, asked for by somebody who has looked at the page for two seconds, against later ones. Each is of
an example with a number appended, in a `free` box that players skip, so that none is known.

python -m benchmarks.startup      prints all and both ratios; exits 1 if one is above its limit, 2.5 or 1.5
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
CLIP = ROOT / "assets" / "examples" / "surfer.mp4"
MAX_RATIO, MAX_FIRST_RATIO = 2.5, 1.5
LOOK_SECONDS, WARM_CAPTIONS = 2.0, 5
ROUNDS = 3
PATIENCE_SECONDS = 120


def imports() -> float:
    """Returns the seconds that a bare interpreter takes to import the three libraries and exit."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import gradio, torch, transformers"], check=True)
    return time.perf_counter() - start


def first_page() -> tuple[float, list[float]]:
    """Returns the seconds from starting `python app.py` to its first page, and those of the captions after it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False"}
    start = time.perf_counter()
    app = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        while time.perf_counter() - start < PATIENCE_SECONDS:
            if app.poll() is not None:
                raise SystemExit(f"app.py left with status {app.returncode}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                    if page.status == 200 and page.read():
                        seconds = time.perf_counter() - start
                        return seconds, captions(f"http://127.0.0.1:{port}")
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise SystemExit(f"no page within {PATIENCE_SECONDS} s")
    finally:
        app.terminate()
        app.wait(timeout=20)


def captions(url: str) -> list[float]:
    """Returns the seconds of the first caption and of later ones, each from the upload to the answer."""
    time.sleep(LOOK_SECONDS)
    taken = []
    with httpx.Client(base_url=url, timeout=PATIENCE_SECONDS) as web:
        for number in range(1 + WARM_CAPTIONS):
            start = time.perf_counter()
            clip = CLIP.read_bytes() + (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")
            (path,) = web.post("/gradio_api/upload", files={"files": (CLIP.name, clip)}).json()
            data = [{"path": path, "meta": {"_type": "gradio.FileData"}}]
            event = web.post("/gradio_api/call/caption", json={"data": data}).json()["event_id"]
            answer = web.get(f"/gradio_api/call/caption/{event}").text
            if not json.loads(answer.rpartition("event: complete\ndata: ")[2]):
                raise SystemExit(f"no caption: {answer}")
            taken.append(time.perf_counter() - start)
    return taken


def main() -> int:
    """Measures both in turn, after one round that fills the file cache; compares the best of each."""
    imports(), first_page()
    bare, served, firsts, warm = [], [], [], []
    for _ in range(ROUNDS):
        bare.append(imports())
        seconds, (first, *later) = first_page()
        served.append(seconds)
        firsts.append(first)
        warm.append(statistics.median(later))
    ratio, first_ratio = min(served) / min(bare), min(firsts) / min(warm)
    print(f"import gradio, torch, transformers  {min(bare):5.2f} s")
    print(f"python app.py to its first page     {min(served):5.2f} s")
    print(f"ratio                               {ratio:5.2f}   (limit: at most {MAX_RATIO})")
    print(f"first caption                       {min(firsts):5.2f} s")
    print(f"a later one                         {min(warm):5.2f} s")
    print(f"ratio                               {first_ratio:5.2f}   (limit: at most {MAX_FIRST_RATIO})")
    return 0 if ratio <= MAX_RATIO and first_ratio <= MAX_FIRST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
