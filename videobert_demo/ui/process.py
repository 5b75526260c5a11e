"""Sets up the process of a server, before PyTorch and Gradio are imported. Only who serves calls it.

Environment variables that somebody has set already stay as they are.
"""

from __future__ import annotations

import os

SERVER_ENVIRONMENT = {
    # PyTorch's threads sleep between their tasks, so that onnxruntime's have the cores. Read when torch is imported.
    "OMP_WAIT_POLICY": "PASSIVE",
    # Otherwise Gradio makes a table of statistics after every answer, which nobody sees and which takes it 18 ms.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
}


def prepare_process() -> None:
    """Sets the environment variables of `SERVER_ENVIRONMENT`, and keeps the memory of the many threads together."""
    for name, value in SERVER_ENVIRONMENT.items():
        os.environ.setdefault(name, value)

    from videobert_demo.video.memory import keep_arenas_few  # here, because it may import what reads the variables

    keep_arenas_few()  # only counts before there are many threads
