"""A person looks at what the model itself sees, in a real browser with the bundled checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_browser import STICKING_OUT, page, scroll_to_the_top
from videobert_demo.service.service import VideoBertService

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
__all__ = ["page"]

CLIP = "document.querySelector('#vb-clip video')"
PLAYER = "document.querySelector('#vb-tokens-player video')"
FILM = "document.querySelector('#vb-tokens-reel-video video')"
WAIT_MS = 120_000


def choose(page: Page, part: str) -> None:
    page.locator(
        "#vb-tokens-part label", has=page.locator(f"input[value={part}]")
    ).click()  # waits until it stands still
    page.wait_for_selector(f".vb-part-{part}", state="visible")


def line(page: Page, name: str) -> Locator:
    return page.locator(f"#vb-tokens-{name}-text textarea, #vb-tokens-{name}-text input").first


def ask(page: Page, name: str, text: str) -> None:
    line(page, name).fill(text)
    line(page, name).press("Enter")


def shows_segments(page: Page, service: VideoBertService, examples: Path) -> None:
    """Each segment is a visual word; the one that is pointed at shows its like, which plays."""
    segments = service.segments(service.open(examples / "dog.mp4"))
    page.wait_for_selector("[data-tokens=strip]")
    assert page.locator("[data-segment] .vb-word").all_text_contents() == [str(one.word.word_id) for one in segments]
    page.hover("[data-segment='2']")
    page.wait_for_selector("[data-panel='2']", state="visible")
    assert page.locator("[data-panel]:visible").count() == 1
    page.locator("[data-segment='1']").focus()
    page.wait_for_selector("[data-panel='1']", state="visible")
    title = page.locator("[data-panel='1'] [data-shot] b").first.text_content()
    page.locator("[data-panel='1'] [data-shot]").first.click()
    page.wait_for_function(f"{PLAYER}?.readyState >= 2")
    assert title in page.inner_text("#vb-tokens-player")
    assert page.evaluate(STICKING_OUT) == []


def classifies(page: Page, service: VideoBertService, examples: Path) -> None:
    """What it is."""
    choose(page, "classification")
    page.wait_for_selector("[data-tokens=classification]")
    found = service.classify(service.open(examples / "dog.mp4"))
    trained = (found.trained_verbs, found.trained_objects, found.categories)
    assert page.locator(".vb-guesses").count() == 3 + sum(map(bool, trained))
    assert page.is_hidden("#vb-tokens-player")
    ask(page, "labels", "a dog, a very long label that goes on and on and says nothing of the clip, a cat")
    page.wait_for_selector("[data-tokens=typed]")
    assert page.locator(".vb-typed li").count() == 3
    assert page.evaluate(STICKING_OUT) == []
    ask(page, "labels", " , ")
    page.wait_for_selector("#vb-tokens-typed [data-tokens=refused]")


def fills_blanks(page: Page, caption: str) -> None:
    """Words and segments are hidden by a click."""
    choose(page, "cloze")
    page.wait_for_selector("[data-tokens=masks]")
    assert line(page, "cloze").input_value() == caption
    assert page.locator("[data-hide-word]").all_text_contents() == caption.split()
    page.click("[data-hide-word='1']")
    page.click("[data-hide-segment='0']")
    page.wait_for_selector("[data-blank='1']")
    page.wait_for_selector("#vb-tokens-filled .vb-expected")
    assert page.locator("[data-blank='1'] .vb-bars").count() == 2  # with the clip and without
    assert page.locator("#vb-tokens-filled .vb-expected [data-shot]").count() == 5
    assert page.evaluate(STICKING_OUT) == []
    page.evaluate("document.querySelector('[data-hide-word=\"1\"]').dataset.hideWord = '99'")  # as of a longer sentence
    page.click("[data-hide-word='99']")  # which is hidden, so this shows it
    page.click("[data-hide-word='99']")
    page.wait_for_selector("#vb-tokens-filled [data-tokens=refused] >> text=no word 99")
    ask(page, "cloze", "a ___ is here")
    page.wait_for_selector("[data-blank='1'] >> text=In the blank")
    assert page.locator("[data-hide-word]").all_text_contents() == ["a", "is", "here"]
    ask(page, "cloze", "漢字")
    page.wait_for_selector("#vb-tokens-filled [data-tokens=refused]")


def aligns(page: Page, caption: str, count: int) -> None:
    """A sentence against each of `count` moments; the curve plays the clip. What has been worked out before stays."""
    choose(page, "align")
    assert line(page, "align").input_value() == caption
    line(page, "align").press("Enter")
    page.wait_for_selector("[data-tokens=align]")
    moments = page.locator("#vb-tokens-aligned .vb-curve [data-moment]")
    assert moments.count() == count
    page.evaluate(f"{CLIP}.pause()")
    moments.nth(2).click()
    page.wait_for_function(f"!{CLIP}.paused")
    assert page.evaluate(STICKING_OUT) == []
    choose(page, "strip")
    page.wait_for_timeout(1500)
    assert page.is_visible("#vb-tokens-strip [data-tokens=strip]")


def forecasts_and_reels(page: Page, service: VideoBertService, count: int) -> None:
    """What comes after the first half of `count` segments, and a sentence as a reel."""
    choose(page, "forecast")
    page.wait_for_selector("[data-tokens=forecast]")
    assert page.locator(".vb-forecast > li").count() == count // 2
    assert page.evaluate(STICKING_OUT) == []
    choose(page, "reel")
    ask(page, "reel", "a dog runs on the grass")
    page.wait_for_selector("[data-tokens=reel]")
    assert page.locator("#vb-tokens-reel [data-shot]").count() == min(6, service.max_frames)
    page.wait_for_function(f"{FILM}?.readyState >= 2")
    with page.expect_download() as download:
        page.click("#vb-tokens-reel-more button:has-text('webm')")
    assert download.value.suggested_filename.endswith(".webm")
    assert page.evaluate(STICKING_OUT) == []
    ask(page, "reel", "")
    page.wait_for_selector("#vb-tokens-reel [data-tokens=refused]")
    assert page.is_hidden("#vb-tokens-reel-more")


def forgets(page: Page, not_a_clip: Path) -> None:
    """Of an earlier clip nothing stays, and one that cannot be read is told in each part."""
    scroll_to_the_top(page)  # on a phone the clip has gone to a corner
    page.click("#vb-clip button[aria-label=Clear]")
    choose(page, "align")
    page.wait_for_selector("#vb-tokens-aligned [data-tokens=empty]")
    page.set_input_files("#vb-clip input[type=file]", not_a_clip)
    page.wait_for_selector("#vb-tokens-aligned [data-tokens=error]")
    assert not_a_clip.name in page.inner_text("#vb-tokens-aligned [data-tokens=error] p")
    choose(page, "strip")
    page.wait_for_selector("#vb-tokens-strip [data-tokens=error]")
    assert page.is_hidden("#vb-tokens-align-text")
    assert page.locator("[data-testid=toast-body]").count() == 0
    assert "Traceback" not in page.inner_text("body")


@pytest.mark.parametrize("page", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}], indirect=True)
def test_all_parts_of_the_tab(page: Page, service: VideoBertService, examples: Path, not_a_clip: Path) -> None:
    page.set_default_timeout(WAIT_MS)
    page.get_by_role("tab", name="Tokens").click()
    page.wait_for_selector(".vb-part-strip [data-tokens=empty]")
    page.click("[data-example][data-file='dog.mp4']")
    clip = service.open(examples / "dog.mp4")
    caption, count = service.caption(clip).text, len(service.segments(clip))
    shows_segments(page, service, examples)
    classifies(page, service, examples)
    fills_blanks(page, caption)
    aligns(page, caption, count)
    forecasts_and_reels(page, service, count)
    forgets(page, not_a_clip)
