"""A person sees one clip by two models, beside each other."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_taking_away import saved
from tests.ui.page.test_states import ScriptedService

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_two_models_beside_each_other(page: Page, scripted: ScriptedService) -> None:
    page.get_by_role("tab", name="Models").click()
    page.wait_for_selector("[data-models=empty]")
    page.click("#vb-models-row button")
    page.wait_for_selector("[data-models=refused]")  # there is no clip yet
    page.click("[data-example='0']")
    page.wait_for_selector("[data-models=empty]")
    page.wait_for_selector("[data-state=done]", state="attached")

    go_on = threading.Event()
    scripted.before_answer = lambda: None if go_on.wait(120) else pytest.fail("nobody let it go on")
    box = page.locator("#vb-models-text textarea, #vb-models-text input")
    box.fill("what is it?")
    page.click("#vb-models-row button")
    page.wait_for_selector("[data-models=busy]")
    go_on.set()
    page.wait_for_selector("[data-models=done]")
    assert page.locator(".vb-models h2 span").all_text_contents() == ["<full>", "small"]
    assert page.locator(".vb-models-caption").all_text_contents() == ["this is dog"] * 2
    assert page.locator(".vb-models-answer").all_text_contents() == ["dog again"] * 2
    costs = page.locator(".vb-models-costs tr").all_inner_texts()
    assert [cost.split()[-4:] for cost in costs] == [
        ["80", "MB", "40", "MB"],
        ["200", "ms", "100", "ms"],
        ["100", "ms", "50", "ms"],
    ]
    told = json.loads(saved(page, "#vb-models-view [data-take=json]")[1])
    assert [one["megabytes"] for one in told["models"]] == [80, 40]

    page.click("[data-example='1']")
    page.wait_for_selector("[data-models=empty]")  # it was about the clip before
