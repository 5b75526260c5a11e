"""Tells the visits of the page who comes and goes. It knows events and sessions; what is kept is up to visits.py."""

from __future__ import annotations

import gradio as gr

from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.page import Page
from videobert_demo.ui.page.queues import AT_ONCE, Updates


def follow_visits(app: Page, arrivals: Arrivals) -> None:
    """Tells the page's visits who comes and goes, and which clip is theirs."""
    visits = app.visits

    def arrive(request: gr.Request) -> None:
        if request.session_hash:
            visits.arrive(request.session_hash)

    def claim(path: str | None, request: gr.Request) -> Updates:
        if request.session_hash:
            visits.claim(request.session_hash, "clip", [path] if path else [])
        return {}

    def leave(request: gr.Request) -> None:
        if request.session_hash:
            visits.leave(request.session_hash)

    app.load(arrive, None, None, **AT_ONCE)
    arrivals.add(claim, [])
    app.unload(leave)
