"""A person asks about a clip, in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_browser import STICKING_OUT, WAIT_MS, page
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
__all__ = ["page"]


@pytest.mark.parametrize("page", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}], indirect=True)
def test_ask_what_is_suggested_and_what_is_typed(page: Page, service: VideoBertService) -> None:
    page.set_default_timeout(WAIT_MS)
    page.get_by_role("tab", name="Ask").click()
    page.wait_for_selector("[data-ask=empty]")
    page.click("[data-example='0']")
    page.wait_for_selector("[data-question='0']")
    clip = service.open(read_examples()[0].path)
    suggested = service.suggest_questions(clip)
    assert page.locator("[data-question]").all_text_contents() == list(suggested)

    page.click("[data-question='0']")
    page.wait_for_selector("[data-ask=done]")
    first = service.answer(clip, suggested[0])
    assert page.locator(".vb-asked").text_content() == first.question
    assert page.locator("#vb-ask-view .vb-row-text").all_text_contents() == [one.text for one in first.candidates]

    box = page.locator("#vb-ask-question textarea, #vb-ask-question input")
    box.fill("who is in the video")
    box.press("Enter")
    page.wait_for_function("document.querySelector('.vb-asked')?.textContent === 'who is in the video?'")
    assert page.locator(".vb-earlier dt").all_text_contents() == [first.question]
    assert page.evaluate(STICKING_OUT) == []

    box.fill("что он делает")
    box.press("Enter")
    page.wait_for_selector("[data-ask=refused]")
    assert box.input_value() == "что он делает"  # the question stays in its box
    page.wait_for_selector("#vb-ask-button:not([disabled])")

    page.click("[data-example='1']")  # another clip: nothing of the first one remains
    page.wait_for_selector("[data-ask=refused]", state="detached")
    page.wait_for_selector("[data-question='0']")
    assert page.locator(".vb-earlier").count() == 0
