"""Fixtures for tests of the app: the real one with the bundled checkpoint, and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.ui.page.test_states import ScriptedService
    from videobert_demo.service.service import VideoBertService

EXAMPLES = Path(__file__).resolve().parents[1] / "assets" / "examples"
PAGE_WAIT_MS = 120_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The browser talks to the app only; its camera is a test picture.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_app(service: Any, *, root_path: str | None = None, **building: Any) -> Iterator[str]:
    """Launches the app around a service on a free port, as `app.py` does, and yields its address.

    `root_path` is where a proxy serves it; `building` goes to `build_app`.
    """
    from videobert_demo.ui.process import prepare_process

    prepare_process()

    from videobert_demo.ui.app import build_app
    from videobert_demo.ui.launching import launch_options

    app = build_app(service, **building)
    options = launch_options(service.settings, root_path=root_path)
    port = free_port()  # only now, so that nobody else takes it in the meantime
    with mock.patch("gradio.networking.url_ok", return_value=False):  # as on a machine that is too busy for Gradio
        app.launch(**options, server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        app.close(verbose=False)


@pytest.fixture(scope="session")
def service() -> VideoBertService:
    """The bundled checkpoint, loaded. Without it the tests fail, because the app cannot do without it."""
    import videobert_demo

    return videobert_demo.load()


@pytest.fixture(scope="session")
def app_url(service: VideoBertService) -> Iterator[str]:
    """Address of the running app with the bundled checkpoint."""
    with run_app(service) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, headless. If there is none, tests fail in CI and are skipped elsewhere."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser on this machine: install one of {', '.join(BROWSERS)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def scripted() -> ScriptedService:
    """A service without a model, around which `scripted_url` runs."""
    from tests.ui.page.test_states import ScriptedService

    return ScriptedService()


@pytest.fixture(scope="session")
def scripted_url(scripted: ScriptedService) -> Iterator[str]:
    """Address of the running app without a model."""
    with run_app(scripted) as url:
        yield url


@pytest.fixture
def page(browser: Browser, scripted: ScriptedService, scripted_url: str) -> Iterator[Page]:
    """The app without a model, open in the browser; what a test taught the service is forgotten afterwards."""
    page = browser.new_page()
    page.set_default_timeout(PAGE_WAIT_MS)
    page.goto(scripted_url)
    page.wait_for_selector("[data-state=empty]")
    yield page
    scripted.forget()
    page.close()


@pytest.fixture
def examples() -> Path:
    """The folder of bundled example clips."""
    return EXAMPLES


@pytest.fixture
def not_a_clip(tmp_path: Path) -> Path:
    """A text file with the name of an mp4."""
    path = tmp_path / "holiday.mp4"
    path.write_text("this is not a video\n" * 40)
    return path
