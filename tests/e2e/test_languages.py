"""A person reads the page in the language that the browser asks for, on every tab and in every state."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_browser import PHONE, STICKING_OUT, WAIT_MS, upload
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.texts import Texts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.e2e

# What Gradio calls its buttons in every language, to who hears them.
GRADIO_NAMES = (
    "play-pause-replay-button",
    "Adjust volume",
    "full-screen",
    "Upload file",
    "File upload",
    "Click to upload",
    "Capture from",
    "Gradio footer",
    "Empty value",
    "number input for",
    "range slider for",
    "Reset to default",
)
WIDE = {"width": 1280, "height": 900}
# Everything that can be read on the page, by eye or by a screen reader, hidden parts included.
READABLE = """
() => {
  const read = [];
  const walk = document.createTreeWalker(document.querySelector('gradio-app'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest('style, script, .vb-language')) read.push(walk.currentNode.data);
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-queue-text'])
    for (const element of document.querySelectorAll(`gradio-app [${name}]`)) read.push(element.getAttribute(name));
  read.push(getComputedStyle(document.querySelector('#vb-clip')).getPropertyValue('--vb-drop'));
  return read.map((text) => text.trim()).filter((text) => text);
}
"""
# What the panel "Use via API" says beside code.
PROSE = """
[...document.querySelectorAll('.api-docs-wrap *')]
  .filter((one) => one.getClientRects().length && !one.closest('pre, code, .code'))
  .flatMap((one) => [...one.childNodes]).filter((node) => node.nodeType === Node.TEXT_NODE)
  .map((node) => node.data.replace(/\\s+/g, ' ').trim()).filter((text) => text)
"""

# A state may pass before anybody waits for it, so the page itself keeps what could be read when it first came.
PASSING = ("[data-state=busy]", "[data-ask=busy]", "[data-search=busy]", "[data-attend=looking]")
KEEP_PASSING = f"""
const readable = {READABLE};
window.keptTexts = {{}};
new MutationObserver(() => {{
  for (const state of {list(PASSING)})
    if (!(state in window.keptTexts) && document.querySelector(state)) window.keptTexts[state] = readable();
}}).observe(document, {{subtree: true, childList: true, attributes: true}});
"""


@pytest.fixture
def opened(browser: Browser, app_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The app in a browser with the locale and size with which the test is parametrised."""
    locale, size = request.param
    context = browser.new_context(locale=locale, viewport=size)
    page = context.new_page()
    page.add_init_script(KEEP_PASSING)
    page.set_default_timeout(4 * WAIT_MS)
    page.goto(app_url)
    page.wait_for_selector("[data-state=empty]")
    page.wait_for_function(ALL_TABS_SHOWN, arg=len(tab_names(ENGLISH)))
    yield page
    context.close()


# Gradio hides tabs in a menu until it has measured them.
ALL_TABS_SHOWN = """
count => [...document.querySelectorAll('[role=tab]')].filter((one) => one.offsetParent !== null).length === count
"""


def tab_names(texts: Texts) -> set[str]:
    return {getattr(texts, field.name) for field in fields(Texts) if field.name.endswith("_tab")}


def foreign(read: list[str], wanted: Texts) -> list[str]:
    """Those of the texts read on the page that are in the other language."""
    strange = [text for text in read if text.startswith(GRADIO_NAMES)]
    if wanted is ENGLISH:
        return strange + [text for text in read if re.search("[\u4e00-\u9fff]", text)]
    return strange + [text for text in read if any(pattern.search(text) for pattern in ENGLISH_ONLY)]


def _english_only() -> list[re.Pattern[str]]:
    """The sentences that differ between the languages. Those of several words are also found inside longer texts."""
    found = []
    for field in fields(Texts):
        english, chinese = getattr(ENGLISH, field.name), getattr(CHINESE, field.name)
        # What a person may type is English on the Chinese page as well.
        if not isinstance(english, str) or english == chinese or "placeholder" in field.name:
            continue
        parts = [(text, name is not None) for text, name, *_ in string.Formatter().parse(english)]
        sentence = "".join(re.escape(text) + ".+" * is_filled for text, is_filled in parts)
        found.append(re.compile(sentence if any(" " in text.strip() for text, _ in parts) else f"^{sentence}$"))
    return found


ENGLISH_ONLY = _english_only()


def type_into(page: Page, selector: str, text: str) -> None:
    field = page.locator(f"{selector} textarea, {selector} input").first
    field.fill(text)
    field.press("Enter")


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def walk(page: Page, texts: Texts, clip: Path, not_a_clip: Path) -> list[str]:
    """Goes through the tabs, and returns the texts in the other language that it met."""
    found: list[str] = []

    def read(selector: str) -> None:
        if selector in PASSING:
            page.wait_for_function("state => state in window.keptTexts", arg=selector)
            texts_read = page.evaluate("state => window.keptTexts[state]", selector)
        else:
            page.wait_for_selector(selector)
            texts_read = page.evaluate(READABLE)
        assert "__i18n__" not in "".join(texts_read)
        found.extend(f"{selector}: {text}" for text in foreign(texts_read, texts))

    walk_without_a_clip(page, texts, read, not_a_clip)
    page.click("#vb-clip button[aria-label=Clear], #vb-clip button[aria-label=清除]")
    read("[data-state=empty]")
    upload(page, clip)
    read("[data-state=busy]")
    read("[data-state=done]")
    assert texts.frames_heading in page.inner_text("#vb-describe")
    read("[data-timeline]")
    read("[data-chapters]")
    tab(page, texts.scenes_tab).click()
    read("[data-scenes=done]")
    type_into(page, "#vb-films-text", "a bicycle")
    read("[data-film=moments]")
    page.click("#vb-films-summary")
    read("[data-film=summary]")
    walk_ask_and_search(page, texts, read, [clip, not_a_clip])
    walk_attend(page, texts, read)
    tab(page, texts.tokens_tab).click()
    read("[data-tokens=strip]")
    return found


def walk_without_a_clip(page: Page, texts: Texts, read: Callable[[str], None], not_a_clip: Path) -> None:
    """Each tab before there is a clip, and after one that cannot be read."""
    states = {
        texts.scenes_tab: "scenes",
        texts.ask_tab: "ask",
        texts.search_tab: "search",
        texts.attend_tab: "attend",
        texts.describe_tab: "state",
    }
    for name, state in states.items():
        tab(page, name).click()
        read(f"[data-{state}=empty]")
    upload(page, not_a_clip)
    read("[data-state=error]")
    for name, state in states.items():
        if name != texts.search_tab:
            tab(page, name).click()
            read(f"[data-{state}=error]")


def walk_ask_and_search(page: Page, texts: Texts, read: Callable[[str], None], added: list[Path]) -> None:
    """A question that is suggested and one that is refused; a search, and files that a library takes in or not."""
    tab(page, texts.ask_tab).click()
    read("[data-question='0']")
    page.click("[data-question='0']")
    read("[data-ask=busy]")
    read("[data-ask=done]")
    type_into(page, "#vb-ask-question", " ")
    read("[data-ask=refused]")

    tab(page, texts.search_tab).click()
    type_into(page, "#vb-search-text", "a dog on the floor")
    read("[data-search=busy]")
    read("[data-search=done]")
    page.click("#vb-search-library button")
    read(".vb-library")
    with page.expect_file_chooser() as chooser:
        page.click("#vb-search-add")
    chooser.value.set_files(added)
    read("[data-added]")
    type_into(page, "#vb-search-text", " ")
    read("[data-search=refused]")


def walk_attend(page: Page, texts: Texts, read: Callable[[str], None]) -> None:
    """A word of the caption by two methods, the test of a heatmap, single heads, and a word that is refused."""
    tab(page, texts.attend_tab).click()
    read("[data-attend=words]")
    read("[data-attend=idle]")
    page.click("[data-word='1']")
    read("[data-attend=done]")
    page.click("#vb-attend-faith button >> nth=0")
    read("[data-attend=faith]")
    page.click("#vb-attend-heads button >> nth=0")
    read("[data-attend=heads]")
    page.get_by_label(texts.attend_method_rollout, exact=True).check()
    read("[data-attend=looking]")
    read("[data-attend=done]")
    type_into(page, "#vb-attend-word", "漢字")
    read("[data-attend=refused]")


@pytest.mark.slow
@pytest.mark.parametrize("opened", [("zh-TW", PHONE)], indirect=True)
def test_in_chinese_no_sentence_is_left_in_english(opened: Page, examples: Path, not_a_clip: Path) -> None:
    assert walk(opened, CHINESE, examples / "street.mp4", not_a_clip) == []
    assert opened.evaluate("document.documentElement.lang") == "zh-CN"
    for size in (PHONE, WIDE):  # what can be read is the same at both
        opened.set_viewport_size(size)
        opened.wait_for_function(f"({STICKING_OUT})().length === 0")


@pytest.mark.slow
@pytest.mark.parametrize("opened", [("en-US", WIDE)], indirect=True)
def test_in_english_no_sentence_is_in_chinese(opened: Page, examples: Path, not_a_clip: Path) -> None:
    assert walk(opened, ENGLISH, examples / "street.mp4", not_a_clip) == []
    assert opened.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("opened", [("fr", WIDE), ("ja-JP", WIDE)], indirect=True)
def test_who_reads_neither_reads_english(opened: Page) -> None:
    assert foreign(opened.evaluate(READABLE), ENGLISH) == []
    read = " ".join(opened.evaluate(READABLE))
    assert ENGLISH.tagline in read
    assert ENGLISH.empty_hint in read
    assert "Use via API" in read  # Gradio's own words are not French either


@pytest.mark.parametrize("opened", [("zh", WIDE), ("zh-HK", WIDE), ("zh-Hans-SG", WIDE)], indirect=True)
def test_any_kind_of_chinese_is_chinese(opened: Page) -> None:
    assert foreign(opened.evaluate(READABLE), CHINESE) == []
    assert CHINESE.empty_hint in opened.evaluate(READABLE)
    assert set(opened.locator("[role=tab]:visible").all_inner_texts()) == tab_names(CHINESE)


@pytest.mark.parametrize("opened", [("zh-CN", WIDE)], indirect=True)
def test_a_broken_file_is_told_in_chinese(opened: Page, not_a_clip: Path) -> None:
    upload(opened, not_a_clip)
    opened.wait_for_selector("[data-state=error]")
    told = opened.inner_text("[data-state=error] p")
    assert told.startswith("“holiday.mp4” 不是这里能打开的视频")
    reads_the_panel(opened)


def reads_the_panel(page: Page) -> None:
    """Of the panel "Use via API" only names and code are English."""
    page.click("footer .show-api")
    for form in ("Python", "JavaScript", "cURL", "MCP"):
        page.click(f".api-docs-wrap .snippet:has-text('{form}')")
        page.wait_for_selector(f".api-docs-wrap .current-lang:has-text('{form}')")
        page.wait_for_function(PROSE + ".some((text) => text.includes('描述一段视频'))")
        assert [text for text in page.evaluate(PROSE) if re.search(r"[A-Za-z]{2,}( [a-z']{2,}){2}", text)] == []
