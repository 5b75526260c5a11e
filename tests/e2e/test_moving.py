"""A person moves around the page: by keys, by a screen reader's headings, in another language, on a phone."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_browser import PHONE
from tests.ui.page.test_states import WAIT_MS
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LEVELS = """
() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .filter((one) => one.getClientRects().length).map((one) => Number(one.tagName[1]))
"""
SMALL = """
() => [...document.querySelectorAll(`button, [role=tab], [role=button], summary, a[href],
    select, input:not([type=hidden]), textarea, label:has(> input)`)]
  .filter((one) => one.getClientRects().length && getComputedStyle(one).visibility === 'visible')
  .filter((one) => !one.closest('.controls, footer, svg'))  // the browser's and Gradio's own players have small ones
  .filter((one) => one.tagName !== 'INPUT' || !one.closest('label'))  // there the label is what is hit
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width < 40 || box.height < 40)
  .map(([box, one]) => `${one.outerHTML.slice(0, 90)} ${Math.round(box.width)} x ${Math.round(box.height)}`)
"""
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""
COLOURS = """
(one) => [one, ...one.querySelectorAll('*')].map((part) => {
  const { color, backgroundColor, borderTopColor, boxShadow, filter, opacity } = getComputedStyle(part);
  return [color, backgroundColor, borderTopColor, boxShadow, filter, opacity].join(' ');
})
"""
WATCH_SCROLLING = """
() => {
  window.scrolled = [];
  const scroll = Element.prototype.scrollIntoView;
  Element.prototype.scrollIntoView = function (options) {
    window.scrolled.push(options.behavior);
    scroll.call(this, options);
  };
}
"""
MARK_OLD = "window.scrolled = []; document.querySelector('[data-ask=done]')?.setAttribute('data-old', '');"
ANSWER_TOP = "document.querySelector('#vb-ask-view').getBoundingClientRect().top"


def selected(page: Page) -> str:
    return page.inner_text("[role=tab][aria-selected=true]")


def test_arrow_keys_move_between_tabs(page: Page) -> None:
    tabs = page.locator("[role=tab]:visible").all_inner_texts()
    page.get_by_role("tab", name=tabs[0]).focus()
    for key, tab in (("ArrowRight", tabs[1]), ("ArrowRight", tabs[2]), ("ArrowLeft", tabs[1]), ("Home", tabs[0])):
        page.keyboard.press(key)
        page.wait_for_function("(tab) => document.activeElement.textContent.trim() === tab", arg=tab)
        assert selected(page) == tab
    page.keyboard.press("ArrowLeft")  # from the first to the last
    page.wait_for_function("(tab) => document.activeElement.textContent.trim() === tab", arg=tabs[-1])
    assert selected(page) == tabs[-1]


def test_headings_skip_no_level(page: Page) -> None:
    for _ in range(2):
        levels = page.evaluate(LEVELS)
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        page.click("[data-example='0']")
        page.wait_for_selector("[data-state=done]")


def test_use_via_api_is_a_panel_and_no_way_out(page: Page) -> None:
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    said = page.inner_text(".vb-caption")
    page.click("footer .show-api")
    page.wait_for_selector(".api-docs-wrap >> text=Captions a list of files")
    page.mouse.click(20, 400)  # beside it
    page.wait_for_selector(".api-docs-wrap", state="detached")
    assert page.inner_text(".vb-caption") == said
    assert "example=dog" in page.url
    assert "view=" not in page.url


def test_the_language_can_be_chosen_and_nothing_is_lost(page: Page) -> None:
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    page.wait_for_function("location.search.includes('example=dog')")
    page.click("[data-language]")
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    page.wait_for_selector("[data-state=done]")
    assert CHINESE.tagline in page.inner_text(".vb-header")
    assert CHINESE.frames_heading in page.inner_text("#vb-describe")
    assert page.get_attribute(".vb-caption", "lang") == "en"  # so that it is not read aloud as Chinese
    page.click("[data-language]")
    page.wait_for_function("document.documentElement.lang === 'en'")
    assert ENGLISH.tagline in page.inner_text(".vb-header")


def test_a_link_to_the_page_has_its_own_title_and_picture(page: Page, scripted_url: str) -> None:
    assert page.get_attribute("meta[property='og:title']", "content") == ENGLISH.title
    assert page.locator("meta[property='og:title']").count() == 1
    picture = page.get_attribute("meta[property='og:image']", "content") or ""
    assert picture.startswith(scripted_url)
    assert page.request.get(picture).headers["content-type"] == "image/jpeg"
    assert page.get_attribute("meta[name=apple-mobile-web-app-title]", "content") == ENGLISH.title


def test_on_a_phone_the_page_goes_to_the_answer_and_everything_can_be_hit(browser: Browser, scripted_url: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    phone = context.new_page()
    phone.set_default_timeout(WAIT_MS)
    phone.goto(scripted_url)
    phone.wait_for_selector("[data-state=empty]")
    assert phone.evaluate(SMALL) == []
    phone.tap("[data-example='0']")
    phone.wait_for_selector("[data-state=done]")
    phone.wait_for_function("document.querySelector('.vb-caption').getBoundingClientRect().bottom < innerHeight - 120")
    assert phone.evaluate(SMALL) == []
    tabs = phone.get_by_role("tab")
    for at in range(tabs.count()):
        tabs.nth(at).tap()
        phone.wait_for_selector(f"[role=tab][aria-selected=true] >> text={tabs.nth(at).inner_text()}")
        assert phone.evaluate(SMALL) == []
    rows = Counter(tabs.evaluate_all("all => all.map((one) => one.getBoundingClientRect().top)"))
    assert len(set(rows.values())) == 1  # none stands alone in a row
    phone.get_by_role("tab", name="Ask").tap()
    phone.wait_for_selector("[data-question]")
    assert phone.evaluate(SMALL) == []

    # a question whose answer is out of sight: the page goes there; in one go for who wants no motion
    phone.evaluate(WATCH_SCROLLING)
    for motion, behavior in (("no-preference", "smooth"), ("reduce", "auto")):
        phone.emulate_media(reduced_motion=motion)
        # twice if the answer comes while the page is still on its way to the place of the bar
        assert set(ask_below_the_window(phone)) == {behavior}
    # it is in sight already, or somebody scrolls by themselves: it stays where it is
    assert ask(phone) == []
    assert ask_below_the_window(phone, touched=True) == []
    context.close()


def ask(phone: Page) -> list[str]:
    """Asks what is suggested; how the page scrolled by itself until the answer was there."""
    phone.evaluate(f"() => {{ {MARK_OLD} document.querySelector('[data-question]').click(); }}")
    return answered(phone)


def ask_below_the_window(phone: Page, *, touched: bool = False) -> list[str]:
    """The same with the suggestions at the lower edge of the window, so that the answer is below it."""
    phone.evaluate(
        f"""(touched) => {{
        document.querySelector('[data-question]').scrollIntoView({{ block: 'end', behavior: 'instant' }});
        {MARK_OLD}
        document.querySelector('[data-question]').click();
        if (touched) document.dispatchEvent(new Event('touchmove'));
    }}""",
        touched,
    )
    return answered(phone)


def answered(phone: Page) -> list[str]:
    phone.wait_for_selector("[data-ask=done]:not([data-old])", state="attached")
    phone.wait_for_timeout(300)
    scrolled: list[str] = phone.evaluate("window.scrolled")
    if scrolled:
        phone.wait_for_function(f"{ANSWER_TOP} >= -1 && {ANSWER_TOP} < innerHeight / 2")
    return scrolled


def test_what_a_finger_has_touched_keeps_no_colours_of_a_pointer_above_it(browser: Browser, scripted_url: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    phone = context.new_page()
    phone.set_default_timeout(WAIT_MS)
    phone.goto(f"{scripted_url}/?tab=ask&example=dog")
    phone.wait_for_selector("[data-question]")
    phone.evaluate("document.head.insertAdjacentHTML('beforeend', '<style>* { transition: none !important }</style>')")
    stuck = []
    for one in (
        "[role=tab] >> nth=1",
        "[data-replace]",
        "#vb-clip button[aria-label=Clear]",
        f"#vb-clip button[aria-label='{ENGLISH.spoken_camera}']",
        "#vb-neutral label",
        "[data-question]",
        "#vb-ask-button",
    ):
        element = phone.locator(one).first
        phone.mouse.move(0, 0)
        before = element.evaluate(COLOURS)
        element.hover()  # as the browser takes it to be after a touch
        assert element.evaluate("(one) => one.matches(':hover')")
        if element.evaluate(COLOURS) != before:
            stuck.append(one)
    assert stuck == []
    context.close()


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "wide"])
def test_nothing_jumps_when_a_clip_loads(browser: Browser, scripted_url: str, size: dict[str, int]) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(scripted_url)
    page.wait_for_selector("[data-state=empty]")
    page.wait_for_timeout(500)
    page.evaluate(WATCH_SHIFTS.replace("buffered: true", "buffered: false"))
    page.evaluate("document.querySelector(\"[data-example='1']\").click()")  # as no input, so that all shifts count
    page.wait_for_selector("[data-state=done]")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.shifted") <= 0.1
    context.close()
