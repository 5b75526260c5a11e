"""A person hands in a second clip: dropped, pasted, chosen, while the first is there and while work runs."""

from __future__ import annotations

import base64
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.page.test_states import ScriptedService, assert_true, never_waits
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

# Hands a file to the page as the browser does: an event with a DataTransfer, on whatever lies at that place.
HAND_IN = """
([kind, selector, name, content]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, {type: name.endsWith('gif') ? 'image/gif' : 'video/mp4'}));
  const target = document.querySelector(selector);
  const options = {bubbles: true, cancelable: true};
  const event = kind === 'paste' ? new ClipboardEvent('paste', {...options, clipboardData: transfer})
    : new DragEvent('drop', {...options, dataTransfer: transfer});
  target.dispatchEvent(event);
  return event.defaultPrevented;
}
"""


def hand_in(page: Page, kind: str, selector: str, clip: Path, name: str = "") -> None:
    content = base64.b64encode(clip.read_bytes()).decode()
    # what nobody prevents, the browser opens in place of the page
    assert page.evaluate(HAND_IN, [kind, selector, name or clip.name, content])


def wait_for_caption(page: Page, caption: str) -> None:
    page.wait_for_function("(text) => document.querySelector('.vb-caption')?.textContent === text", arg=caption)


@pytest.mark.parametrize(("kind", "selector"), [("drop", "#vb-clip video"), ("drop", "#vb-right"), ("paste", "body")])
def test_a_second_clip_takes_the_place_of_the_first(page: Page, examples: Path, kind: str, selector: str) -> None:
    page.click("[data-example='0']")
    wait_for_caption(page, "this is dog")
    hand_in(page, kind, selector, examples / "cat.mp4")
    wait_for_caption(page, "this is cat")
    assert page.locator("[data-example][aria-pressed=true]").count() == 0
    page.wait_for_function("document.querySelector('#vb-clip video').readyState >= 2")


def test_a_clip_that_is_dropped_while_work_runs_is_the_one_that_is_answered(
    page: Page, scripted: ScriptedService, examples: Path
) -> None:
    go_on = threading.Event()
    scripted.before_answer = lambda: assert_true(go_on.wait(30))
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=busy]")
    hand_in(page, "drop", "#vb-right", examples / "cat.mp4")
    page.wait_for_function("document.querySelector('#vb-clip video').src.endsWith('cat.mp4')")
    scripted.before_answer = never_waits
    go_on.set()
    wait_for_caption(page, "this is cat")


@pytest.mark.parametrize("button", ["[data-replace]", "#vb-clip [data-testid=source-select] button >> nth=0"])
def test_the_chooser_opens_first_and_erases_nothing(page: Page, examples: Path, button: str) -> None:
    page.click("[data-example='0']")
    wait_for_caption(page, "this is dog")
    with page.expect_file_chooser() as chooser:
        page.click(button)
    assert page.text_content(".vb-caption") == "this is dog"
    assert page.locator("#vb-clip video").is_visible()
    chooser.value.set_files([])  # thought better of it
    page.wait_for_timeout(300)
    assert page.text_content(".vb-caption") == "this is dog"
    chooser.value.set_files(examples / "cat.mp4")
    wait_for_caption(page, "this is cat")


def test_a_gif_is_taken_like_any_other_clip(page: Page, clips: Path, examples: Path) -> None:
    hand_in(page, "drop", "#vb-clip", examples / "cat.mp4", name="waving.gif")
    wait_for_caption(page, "this is waving")
    assert "gif" in ENGLISH.limits
    assert "gif" in (page.get_attribute("[data-uploading] + input", "accept") or "")
    assert page.locator("[data-testid=toast-body]").count() == 0


def test_a_file_that_is_too_large_is_told_before_it_is_sent(page: Page, scripted: ScriptedService) -> None:
    page.evaluate("document.querySelector('[data-uploading]').dataset.maxBytes = '10'")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    content = base64.b64encode(b"0" * 11).decode()
    page.evaluate(HAND_IN, ["drop", "body", "long.mp4", content])
    page.wait_for_selector(".vb-taking.vb-problem")
    assert "long.mp4 is too large" in page.inner_text(".vb-taking")
    assert not [url for url in asked if "upload" in url]
