"""A person gives many files at once: a table fills, is sorted, stopped, continued, saved, and its rows open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_taking_away import saved
from tests.ui.page.test_states import ScriptedService, page, scripted, scripted_url
from videobert_demo.errors import UnreadableClipError

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
__all__ = ["page", "scripted", "scripted_url"]

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
