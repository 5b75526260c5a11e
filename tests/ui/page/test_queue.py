"""What visitors see while they wait, in a real browser around a service that answers when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gradio_client import Client, handle_file

from tests.app_fixtures import run_app
from tests.ui.page.test_states import WAIT_MS, ScriptedService, assert_true
from videobert_demo.ui.page.queues import MODEL_QUEUE
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

AT_ONCE = MODEL_QUEUE["concurrency_limit"]
SHOWN = "one => getComputedStyle(one, '::after').content.slice(1, -1)"


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """The service answers once this is set."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def visitors(browser: Browser, go_on: threading.Event, examples: Path) -> Iterator[list[Page]]:
    """Two who have to wait, because as many others as are served at once came first; the second one uses a phone."""
    service = ScriptedService(before_answer=lambda: assert_true(go_on.wait(600)))
    pages = []
    with run_app(service) as url:
        client = Client(url, verbose=False)
        clip = handle_file(examples / "cat.mp4")
        before = [client.submit(clip, api_name="/caption") for _ in range(AT_ONCE)]
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.set_default_timeout(4 * WAIT_MS)
            page.goto(url)
            page.wait_for_selector("[data-state=empty]")
            page.click("[data-example='0']")
            page.wait_for_selector("#vb-describe [data-queue]")
            pages.append(page)
        assert not any(job.done() for job in before)
        yield pages
        go_on.set()
        for page in pages:
            page.close()


def test_who_waits_reads_the_place_in_the_queue(visitors: list[Page], go_on: threading.Event) -> None:
    for position, page in enumerate(visitors, start=1):
        page.wait_for_function("document.querySelector('#vb-describe [data-queue]')?.dataset.queue.includes('of 2')")
        assert page.eval_on_selector("#vb-describe [data-queue]", SHOWN) == ENGLISH.queue.format(
            position=position, size=2
        )
        box = page.locator("#vb-describe [data-queue]").bounding_box()
        blank = page.locator("#vb-describe .vb-caption-blank").bounding_box()
        assert box is not None
        assert blank is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= page.viewport_size["width"]
        assert 15 < box["height"] < 50
        assert box["y"] + box["height"] <= blank["y"] + 1  # above the blank answer, not across it
        assert page.locator("#vb-describe .vb-busy-heading").is_hidden()  # the clip is not being watched yet
    go_on.set()
    for page in visitors:
        page.wait_for_selector("#vb-describe [data-state=done]")
        assert page.locator("#vb-describe [data-queue]").count() == 0
