"""A person watches a clip and a camera, brings subtitles, and finds what two clips share, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_browser import PHONE, STICKING_OUT, WAIT_MS, page
from tests.e2e.test_scenes import AT, CLIP, SUBTITLES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
__all__ = ["page"]

SAID = "1\n00:00:00,500 --> 00:00:02,500\nSo many cars\n\n2\n00:00:03,000 --> 00:00:06,000\nA man and his bicycle\n"


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_clip_and_a_camera_are_watched(page: Page, tmp_path: Path) -> None:
    page.set_default_timeout(2 * WAIT_MS)
    page.click(f"[data-example][data-file='{CLIP}']")
    page.wait_for_selector("[data-state=done]")
    page.evaluate("document.querySelector('#vb-clip video').pause()")
    page.get_by_role("tab").nth(1).click()
    page.fill("[data-field=sentence]", "cars on a road")
    page.fill("[data-field=threshold]", "0.001")
    page.click("[data-watch-check]")
    page.wait_for_selector("[data-alarms=done] .vb-alarms li")
    assert page.evaluate(STICKING_OUT) == []

    page.click("[data-live]")
    page.wait_for_selector("[data-live-told] [data-delay]:not(:empty)")
    first = page.get_attribute("[data-live-told]", "data-sent")
    page.wait_for_function("(first) => document.querySelector('[data-live-told]').dataset.sent !== first", arg=first)
    assert page.locator("[data-live-told] .vb-alarms b").first.inner_text() == "cars on a road"
    page.get_by_role("tab").nth(0).click()  # whoever looks elsewhere is not filmed
    page.wait_for_function("document.querySelector('[data-live-picture]').hidden")
    assert page.evaluate(
        "document.querySelector('[data-live-picture]').srcObject.getTracks().every((one) => one.readyState === 'ended')"
    )

    page.get_by_role("tab").nth(1).click()
    (tmp_path / "said.srt").write_text(SAID, encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.click("#vb-subtitles-bring")
    chooser.value.set_files(tmp_path / "said.srt")
    page.wait_for_selector("[data-subtitles=done]")
    page.fill("[data-cue-search]", "BICYCLE")
    assert page.locator("[data-cue]:visible").count() == 1
    page.click("[data-cue]:visible button")
    assert page.evaluate(AT) == pytest.approx(3.0, abs=0.05)
    page.wait_for_function("document.querySelector('[data-said]')?.textContent === 'A man and his bicycle'")
    assert page.locator(".vb-said-lane i").count() >= 2
    page.click("[data-subtitles=said]")
    assert page.evaluate(SUBTITLES) == ["So many cars", "A man and his bicycle"]

    page.get_by_role("tab").nth(6).click()
    page.click("#vb-both-aside")
    page.wait_for_selector("[data-second]")
    page.click("#vb-both-share")
    page.wait_for_selector("[data-both=shared] li button")
    assert page.evaluate(STICKING_OUT) == []
