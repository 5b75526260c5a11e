"""A person watches the clip: it stays in sight, it is silent, and what cannot be played is shown all the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_browser import PHONE
from tests.resources.make_clips import encode
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WATCH_CLOSE = """
() => {
  window.closesNothing = false;
  const isSeen = (one) => document.querySelector(one)?.getClientRects().length > 0;
  const look = () => {
    if (isSeen(".vb-mini-close") && !isSeen("#vb-clip video")) window.closesNothing = true;
    requestAnimationFrame(look);
  };
  look();
}
"""
TALL = "document.querySelector('#vb-right').style.minHeight = '3000px'"


def scroll(page: Page, to: int) -> None:
    page.evaluate(f"window.scrollTo(0, {to})")
    page.wait_for_timeout(400)


def test_the_clip_stays_in_sight_and_is_smaller_then(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    page.evaluate(TALL)
    whole = page.locator("#vb-clip").bounding_box()
    scroll(page, 1200)
    small = page.locator("#vb-clip").bounding_box()
    assert whole is not None
    assert small is not None
    assert 0 <= small["y"] < 40
    assert small["height"] < whole["height"] - 60
    at = page.evaluate("window.scrollY")
    page.wait_for_timeout(500)
    assert page.evaluate("window.scrollY") == at  # nothing trembles
    scroll(page, 0)
    assert page.locator("#vb-clip").bounding_box() == whole


def test_on_a_phone_it_plays_on_in_a_corner_and_can_be_hidden(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    page.evaluate(TALL)
    page.evaluate(WATCH_CLOSE)
    scroll(page, 1500)
    scroll(page, 0)
    assert not page.evaluate("window.closesNothing")  # the cross never stands without its clip, not even on the way
    scroll(page, 1500)
    box = page.locator("#vb-clip").bounding_box()
    assert box is not None
    assert box["x"] > 150
    assert box["y"] > PHONE["height"] - 160
    assert box["x"] + box["width"] <= PHONE["width"]
    assert not page.evaluate("document.querySelector('#vb-clip video').paused")
    close = page.locator(".vb-mini-close")
    size = close.bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= 40
    close.click()
    assert page.locator("#vb-clip").is_hidden()
    scroll(page, 0)
    assert page.locator("#vb-clip").is_visible()
    assert close.is_hidden()


def test_nothing_is_heard_until_somebody_turns_the_sound_on(page: Page) -> None:
    for card in ("0", "1"):
        page.click(f"[data-example='{card}']")
        page.wait_for_selector(f"[data-example='{card}'][aria-pressed=true]")
        page.wait_for_function("document.querySelector('#vb-clip video').readyState >= 2")
        assert page.evaluate("document.querySelector('#vb-clip video').muted")
        page.evaluate("document.querySelector('#vb-clip video').muted = false")  # with the player's own button


@pytest.mark.parametrize("name", ["mpeg4.avi", "mpeg2.mpg", "rgb.gif", "prores.mov"])
def test_what_the_browser_cannot_play_is_shown_through_a_preview(
    page: Page, clips: Path, tmp_path: Path, name: str
) -> None:
    clip = encode(tmp_path / name, "prores_ks", pixel_format="yuv422p10le") if "prores" in name else clips / name
    page.set_input_files("#vb-clip input[type=file]", clip)
    page.wait_for_selector("[data-state=done]")
    page.wait_for_function("document.querySelector('#vb-clip video').readyState >= 2")
    assert page.inner_text(".vb-unplayable") == ENGLISH.unplayable_shown
    assert page.locator("#vb-stage .vb-unplayable").count() == 0  # what stays in sight would cover the examples with it
    assert page.evaluate("document.querySelector('#vb-clip video').videoWidth") == 96
    page.locator("[data-seek-seconds]").first.click()
    page.wait_for_function("document.querySelector('#vb-clip video').paused")
    assert page.evaluate("document.querySelector('#vb-clip video').currentTime") == pytest.approx(0.5, abs=0.1)

    page.click("[data-example='0']")
    page.wait_for_selector("[data-example='0'][aria-pressed=true]")
    assert page.is_hidden(".vb-unplayable")
