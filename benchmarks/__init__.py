"""Timings of the app beside a peer or a limit, in one run: `python -m benchmarks.NAME`."""

import videobert_demo  # noqa: F401  (as in the app: before torch, whose threads it tells how to wait)
