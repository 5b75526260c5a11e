"""A person takes results away: copies them, saves them, and reads a saved page without the app."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.page.test_states import WAIT_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def saved(page: Page, button: str) -> tuple[str, str]:
    """Name and content of the file that a button saves."""
    with page.expect_download() as download:
        page.click(button)
    return download.value.suggested_filename, Path(download.value.path()).read_text(encoding="utf-8")


def test_a_caption_is_copied_and_saved(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    page.click("#vb-describe [data-take=copy]")
    page.wait_for_function("document.querySelector('#vb-describe [data-take=copy]').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == "this is dog"

    name, content = saved(page, "#vb-describe [data-take=json]")
    assert name == "caption.json"
    best = json.loads(content)["candidates"][0]
    assert (best["text"], best["score"]) == ("this is dog", 0.9)
    name, content = saved(page, "#vb-describe [data-take=csv]")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert name == "caption.csv"
    assert rows[0] == {"caption": "this is dog", "score": "0.9"}
    assert len(rows) == 5
    assert saved(page, "#vb-describe [data-take=text]") == ("caption.txt", "this is dog")


def test_a_report_holds_everything_that_was_seen_and_needs_nothing_else(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    page.get_by_role("tab", name="Ask").click()
    page.click("[data-question='0']")
    page.wait_for_selector("[data-ask=done]")
    name, content = saved(page, "[data-take=report]")
    assert name == "report.html"
    assert "<script" not in content

    (tmp_path / name).write_text(content, encoding="utf-8")
    reader = browser.new_page()
    reader.set_default_timeout(WAIT_MS)
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto((tmp_path / name).as_uri())
    assert "dog.mp4" in reader.inner_text("header")
    assert reader.locator(".vb-caption").all_text_contents() == ["this is dog", "dog again"]
    assert reader.locator(".vb-frames img").count() == 8
    assert all(reader.locator(".vb-frames img").evaluate_all("all => all.map((one) => one.naturalWidth > 0)"))
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert reader.locator(".vb-take").count() == 0
    assert "click" not in reader.inner_text("body")  # nothing here can be
    assert "click" in page.inner_text("#vb-ask-view")
    reader.close()
