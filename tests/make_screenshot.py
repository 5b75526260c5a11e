"""Takes the picture of the README, every tab beside one clip and the empty page: python -m tests.make_screenshot

It starts the app with the bundled checkpoint and needs a browser, as the tests in e2e do. It knows the page as a person
sees it, by its labels and by the marks of what is done.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.app_fixtures import BROWSER_ARGUMENTS, BROWSERS, run_app
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURE = Path(__file__).resolve().parents[1] / "assets" / "screenshot.jpg"
_WINDOW = {"width": 1240, "height": 830}
_WIDTH, _GAP, _COLUMNS, _GROUND, _QUALITY = 804, 8, 2, (217, 216, 206), 86
_WAIT_MS = 300_000
_CLIP = "[data-file='surfer.mp4']"


def _search(page: Page) -> None:
    page.fill("#vb-search-text :is(input, textarea)", "a man surfs on a wave")
    page.click("#vb-search-row button")
    page.wait_for_selector("[data-search=done]")
    page.wait_for_function("document.querySelector('#vb-search-player video')?.readyState >= 2")


def _ask(page: Page) -> None:
    page.click("[data-question] >> nth=0")
    page.wait_for_selector("[data-ask=done]")


def _attend(page: Page) -> None:
    page.click("[data-word] >> text=/^(man|woman|person|someone|surfer)$/ >> nth=0")
    page.wait_for_selector("[data-attend=done]")


def _set_beside(page: Page) -> None:
    page.click("#vb-both-aside")
    page.click("[data-file='hummingbird.mp4']")
    page.wait_for_function("location.search.includes('example=hummingbird')")
    page.fill("#vb-both-text :is(input, textarea)", "what is it doing?")
    page.click("#vb-both-row button")
    page.wait_for_selector("[data-both=done]")


_TABS: tuple[tuple[str, Callable[[Page], object]], ...] = (
    (ENGLISH.describe_tab, lambda page: page.wait_for_selector("[data-state=done]")),
    (ENGLISH.ask_tab, _ask),
    (ENGLISH.search_tab, _search),
    (ENGLISH.attend_tab, _attend),
    (ENGLISH.tokens_tab, lambda page: page.wait_for_selector("[data-tokens=strip]")),
    (ENGLISH.scenes_tab, lambda page: page.wait_for_selector("[data-scenes=done]")),
    (ENGLISH.both_tab, _set_beside),
)


def take_pictures(page: Page, url: str) -> list[Image.Image]:
    """A picture of each tab that has answered, and one of the page as it opens.

    Args:
        page: A window of the browser.
        url: Where the app runs.
    """
    page.set_default_timeout(_WAIT_MS)
    page.set_viewport_size(_WINDOW)
    page.goto(url)
    page.wait_for_selector("[data-state=empty]")
    empty = _picture(page)
    page.click(_CLIP)
    page.wait_for_selector("[data-state=done]")
    pictures = []
    for label, answer in _TABS:
        page.get_by_role("tab", name=label, exact=True).click()
        answer(page)
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        page.wait_for_timeout(1000)
        pictures.append(_picture(page))
    return [*pictures, empty]


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """One picture of all, in rows of two.

    Args:
        pictures: All of one size.
    """
    height = round(_WIDTH * pictures[0].height / pictures[0].width)
    rows = -(-len(pictures) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * (_WIDTH + _GAP) + _GAP, rows * (height + _GAP) + _GAP), _GROUND)
    for index, picture in enumerate(pictures):
        row, column = divmod(index, _COLUMNS)
        small = picture.resize((_WIDTH, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (_GAP + column * (_WIDTH + _GAP), _GAP + row * (height + _GAP)))
    return sheet


def _picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def main() -> None:
    """Writes the picture."""
    from playwright.sync_api import sync_playwright

    import videobert_demo

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise SystemExit(f"There is no browser on this machine: install one of {', '.join(BROWSERS)}.")
    with run_app(videobert_demo.load()) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        sheet = side_by_side(take_pictures(browser.new_page(), url))
        browser.close()
    sheet.save(PICTURE, quality=_QUALITY, optimize=True)
    print(f"{PICTURE}: {sheet.width} x {sheet.height}, {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
