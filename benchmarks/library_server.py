"""Times adding clips to a library on a milvus-lite server: one a call, and as many a call as indexing gives it.

The server is started here, with an empty folder. Clips have a vector of the whole clip, nine of segments, and a
thumbnail; no model runs. Both ways take turns, so that they see the same machine and a collection of the same size.
Processor time, of this process and of the server, says more than the clock where others work too.

python -m benchmarks.library_server --rounds 4
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from benchmarks.library import DIMENSION, SEGMENTS, make_clips
from videobert_demo.library.opening import open_library
from videobert_demo.types import EncodedClip

PATIENCE_SECONDS = 120


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, psutil.Process]]:
    """The address of a server of our own, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        options = ["server", "--data-dir", folder, "--host", "127.0.0.1", "--port", str(port)]
        server = subprocess.Popen(
            [sys.executable, "-m", "milvus_lite", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while server.poll() is None:
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                if time.monotonic() > deadline:
                    raise TimeoutError("milvus-lite does not answer")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}", psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait(timeout=60)


def timed(add: Callable[[], Any], server: psutil.Process) -> NDArray[np.float64]:
    """Seconds by the clock, of a processor here, and of one in the server."""

    def now() -> NDArray[np.float64]:
        there = server.cpu_times()
        return np.array([time.perf_counter(), time.process_time(), there.user + there.system])

    before = now()
    add()
    return now() - before


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4)
    rounds = parser.parse_args().rounds
    with serving() as (uri, server), open_library(uri, model="benchmark", dimension=DIMENSION) as library:
        size = library.batch

        def one_a_call(clips: Sequence[EncodedClip]) -> None:
            for clip in clips:
                library.add(clip)

        random = np.random.default_rng(0)
        vectors = random.standard_normal((2 * rounds * size * (1 + SEGMENTS), DIMENSION), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        clips = make_clips(vectors)
        there = 0
        print(f"clips there   one a call                   {size} a call")
        for _ in range(rounds):
            line = f"{there:11}"
            for add in (one_a_call, library.add_all):
                some = list(islice(clips, size))
                seconds, here, in_server = timed(partial(add, some), server) / size
                line += f"   {1 / seconds:6.0f}/s {1000 * here:6.2f} + {1000 * in_server:.2f} ms"
            there += 2 * size
            print(line, flush=True)
        assert len(library.known(clip.entry.content_hash for clip in make_clips(vectors))) == there
    print("clips a second by the clock, and processor time of a clip, here and in the server")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
