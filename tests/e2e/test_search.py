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
    text.fill("a dog on the floor")
    text.press("Enter")
    page.wait_for_selector("[data-hit='0'] em")  # the copy does not take another place in the list
    page.click("[data-remove]")
    page.wait_for_selector(f".vb-library[data-clips='{len(read_examples())}']")

    text.fill(" ")
    text.press("Enter")
    page.wait_for_selector("[data-search=refused]")
