"""A person gives many files at once, mends a caption, and asks two clips the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_taking_away import saved
from tests.ui.page.test_states import ScriptedService
from videobert_demo.errors import UnreadableClipError

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

DROP = """(names) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File([name], name, {type: 'video/mp4'}));
  document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


def captions(page: Page) -> list[str]:
    return page.locator("#vb-many-rows tbody tr").evaluate_all("all => all.map((one) => one.dataset.caption)")


def test_many_files(page: Page, scripted: ScriptedService, examples: Path) -> None:
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")

    scripted.refused = {"b": UnreadableClipError("{name} is broken.", name="b.mp4")}
    page.get_by_role("tab", name="Ask").click()
    page.evaluate(DROP, ["d.mp4", "b.mp4", "c.mp4"])  # several files, anywhere on the page
    page.wait_for_selector("[data-many-state=done]")
    assert page.get_by_role("tab", name="Describe").get_attribute("aria-selected") == "true"
    assert captions(page) == ["this is d", "", "this is c"]
    assert "b.mp4 is broken." in page.inner_text("[data-row='1']")
    assert page.text_content(".vb-caption") == "this is dog", "the one clip is not disturbed"

    page.click("[data-sort=caption]")
    assert captions(page) == ["this is c", "this is d", ""]
    assert saved(page, "#vb-many-rows [data-take=csv]")[1].splitlines()[1].startswith("d.mp4,this is d,")
    page.set_input_files("[data-input=files]", [examples / "race.mp4", examples / "dog.mp4"])
    page.wait_for_function("document.querySelectorAll('[data-row][data-is=done]').length === 4")
    assert captions(page) == ["this is c", "this is d", "this is dog", "this is race", ""], "it stays sorted"

    page.click("[data-open='3']")
    page.wait_for_function("document.querySelector('.vb-caption')?.textContent === 'this is race'")

    page.click("#vb-mend-caption summary")
    page.fill("#vb-mend-caption [data-mended]", "cars in a race")
    page.click("#vb-mend-caption [data-keep=no]")
    page.wait_for_selector("#vb-mend-caption [data-mend=done]")
    assert scripted.kept == [], "nothing is kept unless it is asked for"
    row = json.loads(saved(page, "#vb-mend-caption [data-take=json]")[1])
    assert row == {"file": "race.mp4", "captions": ["cars in a race"]}
    page.click("[data-example='0']")
    page.wait_for_selector("#vb-mend-caption [data-mend=offer]")
    page.click("#vb-mend-caption summary")
    page.fill("#vb-mend-caption [data-mended]", "our dog")
    page.click("#vb-mend-caption [data-keep=yes]")
    page.wait_for_selector("#vb-mend-caption [data-mend=done]")
    assert scripted.kept == ["our dog"]

    page.get_by_role("tab", name="Two clips").click()
    page.click("#vb-both-aside")
    page.wait_for_selector("[data-second='A white dog on the floor']")
    page.click("[data-example='1']")
    page.wait_for_function("document.querySelector('.vb-caption')?.textContent === 'this is surfer'")
    page.fill("#vb-both-text input, #vb-both-text textarea", "what is it?")
    page.click("#vb-both-row button")
    page.wait_for_selector("[data-both=done]")
    assert page.locator(".vb-both-answer").all_text_contents() == ["surfer again", "dog again"]
