"""A person reloads the page, shares its address, comes back: nothing is lost, and nobody sees another's clip."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.page.test_states import WAIT_MS, ScriptedService, assert_true, never_waits
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from videobert_demo.types import AnswerResult

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SENTENCE = "#vb-search-text textarea, #vb-search-text input"
WATCH_BRINGING_BACK = """
() => {
  const bringBack = window.videobert.bringBack;
  window.videobert.bringBack = () => { bringBack(); window.broughtBack = true; };
}
"""


def ask(page: Page, question: str) -> None:
    box = page.locator("#vb-ask-question textarea, #vb-ask-question input")
    box.fill(question)
    box.press("Enter")
    wait_for_answer(page, question)


def wait_for_answer(page: Page, question: str) -> None:
    page.wait_for_function("(text) => document.querySelector('.vb-asked')?.textContent === text", arg=question)


def test_a_reload_keeps_tab_clip_questions_and_answers(page: Page, examples: Path) -> None:
    page.set_input_files("#vb-clip input[type=file]", examples / "cat.mp4")
    page.wait_for_selector("[data-state=done]")
    page.get_by_role("tab", name="Ask").click()
    page.wait_for_selector("[data-question]")
    ask(page, "where is it?")
    ask(page, "what does it do?")
    page.wait_for_function("location.search.includes('what+does')")
    assert "tab=ask" in page.url
    assert "cat" not in page.url  # a clip of one's own is not in the address

    page.reload()
    wait_for_answer(page, "what does it do?")
    assert page.get_attribute("[role=tab][aria-selected=true]", "aria-controls") is not None
    assert page.inner_text("[role=tab][aria-selected=true]") == "Ask"
    assert page.locator(".vb-earlier dt").all_text_contents() == ["where is it?"]
    assert page.text_content("#vb-ask-view .vb-caption") == "cat again"
    page.goto("about:blank")
    page.go_back()
    wait_for_answer(page, "what does it do?")

    page.click("[data-example='0']")  # another clip: nothing of this one is brought back
    page.wait_for_function("location.search.includes('example=dog')")
    assert "q=" not in page.url
    page.reload()
    page.wait_for_selector("[data-question]")
    page.wait_for_timeout(1000)
    assert page.locator(".vb-asked, .vb-earlier").count() == 0


def test_what_is_typed_while_the_page_loads_stays(browser: Browser, scripted_url: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(WAIT_MS)
    page.route("**/gradio_api/run/**", lambda _: None)  # the server's answers do not come yet
    page.goto(scripted_url)
    page.get_by_role("tab", name="Search").click()
    page.locator(SENTENCE).fill("a dog")
    page.evaluate(WATCH_BRINGING_BACK)
    page.unroute("**/gradio_api/run/**")  # which sends on what was held
    page.wait_for_function("window.broughtBack")
    assert page.input_value(SENTENCE) == "a dog"
    page.close()


def test_a_reload_in_the_middle_of_work_goes_on_with_it(page: Page, scripted: ScriptedService) -> None:
    go_on = threading.Event()
    scripted.before_answer = lambda: assert_true(go_on.wait(60))
    page.click("[data-example='3']")
    page.wait_for_selector("[data-state=busy]")
    page.wait_for_function("location.search.includes('example=horses')")
    page.reload()
    scripted.before_answer = never_waits
    go_on.set()
    page.wait_for_function("document.querySelector('.vb-caption')?.textContent === 'this is horses'")

    page.get_by_role("tab", name="Ask").click()
    page.wait_for_selector("[data-question]")
    page.route("**/gradio_api/queue/join**", lambda _: None)  # the answer does not come
    box = page.locator("#vb-ask-question textarea, #vb-ask-question input")
    box.fill("where is it?")
    box.press("Enter")
    page.wait_for_function("location.search.includes('where')")
    page.unroute("**/gradio_api/queue/join**")
    page.reload()
    wait_for_answer(page, "where is it?")


def test_a_link_to_an_examples_answer_shows_it_to_anyone(browser: Browser, scripted_url: str) -> None:
    other = browser.new_page()
    other.set_default_timeout(WAIT_MS)
    other.goto(f"{scripted_url}/?tab=ask&example=dog&q=who+is+there%3F")
    wait_for_answer(other, "who is there?")
    assert other.text_content("#vb-ask-view .vb-caption") == "dog again"
    assert other.get_attribute("[data-example='0']", "aria-pressed") == "true"
    other.close()


def test_a_link_to_tokens_shows_them_and_a_reload_meanwhile_stays_there(browser: Browser, scripted_url: str) -> None:
    other = browser.new_page()
    other.set_default_timeout(WAIT_MS)
    other.route("**/gradio_api/run/**", lambda _: None)  # the server's answers do not come yet
    other.goto(f"{scripted_url}/?tab=tokens&example=dog")
    other.wait_for_selector("[data-state=empty]")
    other.wait_for_timeout(500)
    assert "tab=tokens" in other.url  # though the first tab is still the one that is open
    other.unroute("**/gradio_api/run/**")
    other.reload()
    other.wait_for_selector("[data-tokens=strip]")
    assert other.inner_text("[role=tab][aria-selected=true]") == ENGLISH.tokens_tab
    assert "tab=tokens" in other.url
    other.close()


def test_a_link_to_somebodys_own_clip_says_that_it_is_gone(browser: Browser, page: Page, examples: Path) -> None:
    page.set_input_files("#vb-clip input[type=file]", examples / "cat.mp4")
    page.wait_for_selector("[data-state=done]")
    page.wait_for_function("location.search.includes('clip=mine')")
    other = browser.new_page()
    other.set_default_timeout(WAIT_MS)
    other.goto(page.url)
    other.wait_for_selector(".vb-taking.vb-problem")
    assert other.inner_text(".vb-taking") == ENGLISH.clip_gone
    assert other.locator("#vb-clip video").count() == 0
    other.close()


def test_a_link_that_names_what_there_is_not_is_an_empty_page(browser: Browser, scripted_url: str) -> None:
    other = browser.new_page()
    other.set_default_timeout(WAIT_MS)
    other.goto(f"{scripted_url}/?tab=nothing&example=../../etc/passwd")
    other.wait_for_selector("[data-state=empty]")
    other.wait_for_timeout(500)
    assert other.inner_text("[role=tab][aria-selected=true]") == "Describe"
    assert other.locator("[data-testid=toast-body]").count() == 0
    other.close()


def test_an_answer_that_comes_after_another_clip_is_not_taken_for_one_about_it(
    page: Page, scripted: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, answer = threading.Event(), scripted.answer

    def answer_late(*args: Any, **options: Any) -> AnswerResult:
        assert go_on.wait(60)
        return answer(*args, **options)

    page.click("[data-example='0']")
    page.get_by_role("tab", name="Ask").click()
    page.wait_for_selector("[data-question]")
    monkeypatch.setattr(scripted, "answer", answer_late)
    box = page.locator("#vb-ask-question textarea, #vb-ask-question input")
    box.fill("where is it?")
    box.press("Enter")
    page.wait_for_selector("#vb-ask-view .vb-progress")
    page.click("[data-example='1']")
    page.wait_for_function("location.search.includes('example=surfer')")
    page.wait_for_selector("[data-question]")
    go_on.set()
    page.wait_for_selector("#vb-ask-button:not([disabled])")
    ask(page, "who is there?")
    assert page.text_content("#vb-ask-view .vb-caption") == "surfer again"
    assert page.locator(".vb-earlier").count() == 0
    assert "where" not in page.url


def test_an_empty_question_leaves_answer_and_history(page: Page) -> None:
    page.click("[data-example='0']")
    page.get_by_role("tab", name="Ask").click()
    page.wait_for_selector("[data-question]")
    ask(page, "where is it?")
    ask(page, "what does it do?")
    box = page.locator("#vb-ask-question textarea, #vb-ask-question input")
    box.fill(" ")
    box.press("Enter")
    page.wait_for_selector("[data-ask=refused]")
    assert page.locator(".vb-asked").all_text_contents() == ["what does it do?"]
    assert page.locator(".vb-earlier dt").all_text_contents() == ["where is it?"]
    ask(page, "who is there?")
    assert page.locator("[data-ask=refused]").count() == 0
    assert page.locator(".vb-earlier dt").all_text_contents() == ["what does it do?", "where is it?"]


def test_a_reload_keeps_the_rows_of_many_files(page: Page, examples: Path, scripted: ScriptedService) -> None:
    page.set_input_files("#vb-many [data-input=files]", [examples / "cat.mp4", examples / "dog.mp4"])
    rows = "#vb-many-rows tbody tr[data-is=done]"
    page.wait_for_function("(rows) => document.querySelectorAll(rows).length === 2", arg=rows)
    opened = list(scripted.opened)
    page.reload()
    page.wait_for_function("(rows) => document.querySelectorAll(rows).length === 2", arg=rows)
    assert scripted.opened == opened  # nothing was described anew
    page.click("#vb-many-rows [data-clear]")
    page.wait_for_function("() => !document.querySelector('#vb-many-rows tbody')")
    page.reload()
    page.wait_for_selector("[data-state=empty]")
    assert page.locator("#vb-many-rows tbody").count() == 0
