"""A person with a browser and the real app: the bundled checkpoint, real clips, a wide window and a phone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.widgets import percent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e

WAIT_MS = 60_000
BARS = np.array([[[r, g, b] for r, g, b in itertools.product((0, 255), repeat=3)]], np.uint8)  # (1, 8, 3)
PHONE = {"width": 390, "height": 844}

# Everything that sticks out to the right of the window, except the strips of examples and scenes, which scroll by
# themselves, and the unseen copy of the tabs by which Gradio measures them.
STICKING_OUT = """
() => [...document.querySelectorAll('.gradio-container *')]
  .filter((element) => !element.closest('.vb-cards, .vb-timeline-window, .visually-hidden'))
  .filter((element) => element.getClientRects().length)
  .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
  .map((element) => `${element.tagName}.${element.className}`)
"""


@pytest.fixture
def page(browser: Browser, app_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The app in a new window, of the size with which the test is parametrised; wide by default."""
    size = getattr(request, "param", {"width": 1280, "height": 900})
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(app_url)
    page.wait_for_selector("[data-state=empty]")
    yield page
    context.close()


def scroll_to_the_top(page: Page) -> None:
    """As a person does, so that the page, which may still be on its way to an answer, leaves them there."""
    page.mouse.wheel(0, -100_000)
    page.wait_for_function("window.scrollY === 0")


def upload(page: Page, path: Path) -> None:
    page.set_input_files("#vb-clip input[type=file]", path)


def test_upload_a_clip_and_read_the_caption(page: Page, service: VideoBertService, examples: Path) -> None:
    clip = examples / "dog.mp4"
    upload(page, clip)
    page.wait_for_selector("[data-state=done]")

    expected = service.caption(service.open(clip))
    assert "dog" in expected.text.split()
    assert page.locator(".vb-caption").text_content() == (expected.text if expected.is_sure else expected.holds)
    listed = expected.candidates[1:5] if expected.is_sure else expected.candidates  # the best is in doubt, too
    assert page.locator(".vb-row-text").all_text_contents() == [candidate.text for candidate in listed]
    assert page.locator(".vb-row-score").all_text_contents() == [percent(candidate.score) for candidate in listed]
    assert page.locator(".vb-frames img").count() == service.max_frames
    assert page.inner_text(".vb-meta").endswith(" s")


def test_pick_an_example_and_jump_to_a_frame(page: Page, service: VideoBertService, examples: Path) -> None:
    page.click("[data-example][data-file='surfer.mp4']")
    page.wait_for_selector("[data-state=done]")
    assert "GNOME" in page.inner_text(".vb-credit")
    moments = service.open(examples / "surfer.mp4").frames.timestamps_seconds

    page.locator("[data-seek-seconds]").last.click()
    page.wait_for_function("document.querySelector('#vb-clip video').paused")
    at = page.evaluate("document.querySelector('#vb-clip video').currentTime")
    assert at == pytest.approx(moments[-1], abs=0.01)


def test_of_what_shows_nothing_nothing_is_told(page: Page, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (128, 160, 3), np.uint8)
    bars = np.repeat(np.tile(BARS, (128, 1, 1)), 20, axis=1)
    for name, picture in (("black", np.zeros_like(noise)), ("noise", noise), ("bars", bars)):
        upload(page, still(tmp_path / f"{name}.mp4", picture))
        page.wait_for_selector(f".vb-caption:has-text('{ENGLISH.cannot_tell}')")
        page.wait_for_selector("[data-state=done]")
        assert page.locator(".vb-caption").text_content() == ENGLISH.cannot_tell
        page.click("#vb-clip button[aria-label=Clear]")
        page.wait_for_selector("[data-state=empty]")


def still(path: Path, picture: NDArray[np.uint8]) -> Path:
    """Two seconds of one picture."""
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream("libx264", rate=10)
        stream.height, stream.width, _ = picture.shape
        stream.pix_fmt = "yuv420p"
        for _ in range(20):
            sink.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        sink.mux(stream.encode(None))
    return path


def test_a_broken_file_is_told_in_the_page(page: Page, not_a_clip: Path) -> None:
    upload(page, not_a_clip)
    page.wait_for_selector("[data-state=error]")
    sentence = page.inner_text("[data-state=error] p")
    assert not_a_clip.name in sentence
    assert sentence.endswith(".")
    assert "Traceback" not in page.inner_text("body")
    assert page.locator("[data-testid=toast-body]").count() == 0


def test_after_a_broken_file_the_next_clip_is_described(page: Page, not_a_clip: Path, examples: Path) -> None:
    upload(page, not_a_clip)
    page.wait_for_selector("[data-state=error]")
    page.click("[data-example][data-file='cat.mp4']")
    page.wait_for_selector("[data-state=done]")
    assert page.locator(".vb-caption").text_content()
    assert page.is_hidden(".vb-unplayable")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_nothing_sticks_out(page: Page, not_a_clip: Path) -> None:
    assert page.evaluate(STICKING_OUT) == []
    page.click("[data-example][data-file='street.mp4']")
    page.wait_for_selector("[data-state=done]")
    page.wait_for_timeout(300)
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".vb-caption").bounding_box()["width"] <= PHONE["width"] - 24

    scroll_to_the_top(page)  # the page has gone to the answer, and the clip plays on in a corner
    page.click("#vb-clip button[aria-label=Clear]")
    page.wait_for_selector("[data-state=empty]")
    upload(page, not_a_clip)
    page.wait_for_selector("[data-state=error]")
    assert page.evaluate(STICKING_OUT) == []


def test_the_page_asks_for_nothing_from_outside(browser: Browser, app_url: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(WAIT_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app_url)
    page.wait_for_selector("[data-state=empty]")
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    page.wait_for_timeout(500)
    page.close()
    outside = [url for url in asked if not url.startswith((app_url, "data:", "blob:"))]
    assert outside == []
    assert any(url.startswith(app_url) for url in asked)


def test_only_the_tabs_that_work_are_shown(page: Page) -> None:
    assert page.locator("[role=tab]:visible").all_inner_texts() == [
        "Describe",
        "Scenes",
        "Ask",
        "Search",
        "Attend",
        "Tokens",
        "Two clips",
        "Models",
    ]
