"""What is slow only the first time is done as soon as the page is served, beside the first look at it."""

from __future__ import annotations

import threading

from gradio.routes import App
from starlette.testclient import TestClient

from videobert_demo.ui.page.page import Page


def test_the_app_is_warmed_up_once_it_is_served(small_app: App) -> None:
    page = small_app.get_blocks()
    assert isinstance(page, Page)
    warmed, go_on = threading.Event(), threading.Event()

    def warm_up() -> None:
        assert go_on.wait(60)
        warmed.set()

    page.warm_up = warm_up
    with TestClient(small_app) as visitor:
        assert visitor.get("/healthz").json() == {"status": "ready"}, "nobody waits for it"
        go_on.set()
        assert warmed.wait(60)
