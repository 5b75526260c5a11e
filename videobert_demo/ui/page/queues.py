"""How the page's events run: what asks the model may run together (service/turns.py); scenes and drawing wait apart."""

from __future__ import annotations

from typing import Any

import gradio as gr

Updates = dict[Any, Any]
"""What a handler returns: values by component; a component that is not named stays as it is."""

MODEL_QUEUE: dict[str, Any] = {"concurrency_limit": 16, "concurrency_id": "model"}
"""For HTTP endpoints. As many as share one call of the model; decoding and other calls take turns in the service."""
SCENES_QUEUE: dict[str, Any] = {"concurrency_limit": 2, "concurrency_id": "scenes"}
"""For reading films from end to end."""
ASKING: dict[str, Any] = {**MODEL_QUEUE, "api_visibility": "private"}
"""For what the page asks of the model."""
QUIETLY: dict[str, Any] = {**ASKING, "show_progress": "hidden"}
"""For what is worked out without being asked."""
DRAWING: dict[str, Any] = {"concurrency_limit": 2, "concurrency_id": "drawing", "api_visibility": "private"}
"""For pictures and films of what the model has answered."""
AT_ONCE: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""For what is only shown: nobody waits for the model."""
SOON: dict[str, Any] = {**AT_ONCE, "queue": True, "concurrency_limit": None}
"""For a state that other events listen to: Gradio tells them of a change only if it went through the queue."""
LAST_WORD: dict[str, Any] = {"trigger_mode": "always_last"}
"""For what is asked several times in quick succession: the last one has the last word."""


def unchanged() -> Updates:
    """What a handler returns if every component stays as it is."""
    return dict(gr.skip())
