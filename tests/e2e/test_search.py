"""A person searches, adds clips and plays what was found, in a browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_browser import STICKING_OUT, page
from videobert_demo.service.examples import read_examples

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
__all__ = ["page"]

PLAYER = "document.querySelector('#vb-search-player video')"
PLACES = """
() => [...document.querySelectorAll('#vb-search-view [data-hit], #vb-search-view .vb-take')].map((one) =>
  Math.round(one.getBoundingClientRect().top + scrollY))
"""


def playing(page: Page, title: str) -> None:
    """Waits until the clip of this title is in the player."""
    there = f"document.querySelector('#vb-search-player').innerText.includes(title) && {PLAYER}?.readyState >= 2"
    page.wait_for_function(f"(title) => {there}", arg=title)


@pytest.mark.parametrize("page", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}], indirect=True)
def test_search_add_play_and_remove(page: Page, examples: Path, not_a_clip: Path, tmp_path: Path) -> None:
    page.get_by_role("tab", name="Search").click()
    page.wait_for_selector("[data-search=empty]")
    text = page.locator("#vb-search-text textarea, #vb-search-text input")
    text.fill("a dog on the floor")
    text.press("Enter")
    page.wait_for_selector("[data-hit='0']")
    assert page.locator("[data-hit='0'] b").text_content() == "A white dog on the floor"
    assert page.locator("[data-hit]").count() > 3
    assert page.evaluate(STICKING_OUT) == []

    page.click("[data-hit='0']")
    page.wait_for_function("document.querySelector('#vb-search-player video')?.readyState >= 2")

    # another one plays in the same place, is marked, and moves nothing
    before = page.evaluate(PLACES)
    chosen = page.text_content("[data-hit='2'] b") or ""
    page.click("[data-hit='2']")
    playing(page, chosen)
    assert page.evaluate(PLACES) == before
    assert page.locator("#vb-search-view [aria-pressed=true]").get_attribute("data-hit") == "2"
    assert page.evaluate(f"{PLAYER}.muted")

    mine = tmp_path / "my own dog.mp4"
    shutil.copy(examples / "dog.mp4", mine)
    with mine.open("ab") as file:
        file.write(b"\0" * 64)  # other content, the same pictures
    with page.expect_file_chooser() as chooser:
        page.click("#vb-search-add")
    chooser.value.set_files([mine, not_a_clip])
    page.wait_for_selector("[data-added='1']")
    assert "holiday.mp4" in (page.locator(".vb-failed").text_content() or "")

    page.click("#vb-search-library button")
    page.wait_for_selector(f".vb-library[data-clips='{len(read_examples()) + 1}']")
    assert page.locator("[data-remove]").count() == 1
    row = page.locator("[data-play]").last
    row.click()  # rows of the library play there, too
    playing(page, row.inner_text())
    assert page.locator("#vb-search-view [aria-pressed=true]").count() == 0
    text.fill("a dog on the floor")
    text.press("Enter")
    page.wait_for_selector("[data-hit='0'] em")  # the copy does not take another place in the list
    page.click("[data-remove]")
    page.wait_for_selector(f".vb-library[data-clips='{len(read_examples())}']")

    text.fill(" ")
    text.press("Enter")
    page.wait_for_selector("[data-search=refused]")

    # what plays becomes the clip of all tabs
    page.click("#vb-search-use")
    page.wait_for_function("location.search.includes('tab=describe') && location.search.includes('example=dog')")
    page.wait_for_selector("[data-state=done]", state="visible")
    page.get_by_role("tab", name="Search").click()
    page.wait_for_selector("[data-for-you] [data-hit]")  # clips like it
    assert "A white dog on the floor" not in page.locator("[data-for-you] b").all_text_contents()
