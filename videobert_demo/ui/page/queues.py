"""How the page's events take their turn: the model answers two at a time, whoever asks; drawing has its own queue."""

from __future__ import annotations

from typing import Any

MODEL_QUEUE: dict[str, Any] = {"concurrency_limit": 2, "concurrency_id": "model"}
"""For HTTP endpoints."""
ASKING: dict[str, Any] = {**MODEL_QUEUE, "api_visibility": "private"}
"""For what the page asks of the model."""
DRAWING: dict[str, Any] = {"concurrency_limit": 2, "concurrency_id": "drawing", "api_visibility": "private"}
AT_ONCE: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""For what is only shown: nobody waits for the model."""
SOON: dict[str, Any] = {**AT_ONCE, "queue": True, "concurrency_limit": None}
"""For a state that others listen to: only what went through the queue tells them that it changed."""
