"""A person waits: one bar, the step, the seconds that are left, and a way out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.ui.page.test_states import ScriptedService, assert_true, never_waits
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

# What Gradio itself draws while somebody waits, as far as it can be seen.
GRADIOS = """
() => [...document.querySelectorAll('[data-testid=status-tracker] *')]
  .filter((one) => one.getClientRects().length && !one.closest('[data-queue]'))
  .filter((one) => getComputedStyle(one).visibility === 'visible' && one.getBoundingClientRect().width > 0)
  .map((one) => one.outerHTML.slice(0, 120))
"""


def test_one_bar_tells_the_step_and_how_long_it_takes(page: Page, scripted: ScriptedService) -> None:
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")  # from here on the page knows how long such work takes
    go_on = threading.Event()
    scripted.before_answer = lambda: assert_true(go_on.wait(60))
    page.click("[data-example='1']")
    page.wait_for_selector(f".vb-progress[data-expected][aria-label='{ENGLISH.looking}']")
    assert page.locator("[role=progressbar]:visible").count() == 1
    page.wait_for_function("Number(document.querySelector('.vb-progress').getAttribute('aria-valuenow')) > 0")
    assert page.evaluate(GRADIOS) == []
    assert "/" not in page.inner_text(".vb-progress")
    go_on.set()
    page.wait_for_selector("[data-state=done]")
    assert page.locator("[role=progressbar]").count() == 0


def test_whoever_no_longer_wants_to_wait_can_stop_and_try_again(page: Page, scripted: ScriptedService) -> None:
    go_on = threading.Event()
    scripted.before_answer = lambda: assert_true(go_on.wait(60))
    page.click("[data-example='0']")
    page.click("#vb-describe [data-cancel]")
    page.wait_for_selector("[data-state=error]")
    assert ENGLISH.stopped in page.inner_text("[data-state=error]")
    page.wait_for_timeout(1000)  # the server hears of it after the page
    scripted.before_answer = never_waits
    go_on.set()
    page.wait_for_timeout(1000)
    assert page.locator("[data-state=error]").count() == 1  # what was stopped does not come after all
    page.click("[data-again]")
    page.wait_for_selector("[data-state=done]")
    assert page.text_content(".vb-caption") == "this is dog"


def test_a_part_of_tokens_can_be_stopped_and_chosen_again(page: Page, scripted: ScriptedService) -> None:
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    go_on = threading.Event()
    scripted.before_answer = lambda: assert_true(go_on.wait(60))
    page.get_by_role("tab", name="Tokens").click()
    parts = page.locator("#vb-tokens-part label")
    parts.nth(1).click()
    page.wait_for_selector(f"#vb-tokens-classification .vb-progress[aria-label='{ENGLISH.tokens_classification_busy}']")
    page.click("#vb-tokens-classification [data-cancel]")
    page.wait_for_selector("#vb-tokens-classification [data-tokens=refused]")
    assert ENGLISH.stopped in page.inner_text("#vb-tokens-classification")
    page.wait_for_timeout(1000)  # the server hears of it after the page
    scripted.before_answer = never_waits
    go_on.set()
    parts.nth(3).click()
    parts.nth(1).click()
    page.wait_for_selector("#vb-tokens-classification .vb-bar-text")
    assert page.evaluate(GRADIOS) == []
