"""Timings of the app beside a peer or a limit, in one run: `python -m benchmarks.NAME`."""

from videobert_demo.ui.process import prepare_process

prepare_process()  # as in the app: before torch, whose threads it tells how to wait
