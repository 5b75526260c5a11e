"""Times `python app.py` up to its first page, against importing its three large libraries in a bare interpreter.

python -m benchmarks.startup      prints both and their ratio; exits 1 if the ratio is above 2.5
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_RATIO = 2.5
ROUNDS = 3
PATIENCE_SECONDS = 120


def imports() -> float:
    """Returns the seconds that a bare interpreter takes to import the three libraries and exit."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import gradio, torch, transformers"], check=True)
    return time.perf_counter() - start


def first_page() -> float:
    """Returns the seconds from starting `python app.py` to the first answered request for its page."""
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
                        return time.perf_counter() - start
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise SystemExit(f"no page within {PATIENCE_SECONDS} s")
    finally:
        app.terminate()
        app.wait(timeout=20)


def main() -> int:
    """Measures both in turn, after one round that fills the file cache; compares the best of each."""
    imports(), first_page()
    bare, served = [], []
    for _ in range(ROUNDS):
        bare.append(imports())
        served.append(first_page())
    ratio = min(served) / min(bare)
    print(f"import gradio, torch, transformers  {min(bare):5.2f} s")
    print(f"python app.py to its first page     {min(served):5.2f} s")
    print(f"ratio                               {ratio:5.2f}   (limit: at most {MAX_RATIO})")
    return 0 if ratio <= MAX_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
