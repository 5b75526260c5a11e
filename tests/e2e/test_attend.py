"""A person asks where the model looked for a word, in a real browser with the bundled checkpoint."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.widgets import percent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from videobert_demo.model.features import ClipFeatures

pytestmark = pytest.mark.e2e

WAIT_MS = 60_000
CLIP = "document.querySelector('#vb-clip video')"
VIDEO = "document.querySelector('#vb-attend-video video')"
# How far the strip's frames are from those of the Describe tab, which have no heat on them: 0 to 255, on average.
HEAT = """
async () => {
  const drawn = async (image) => {
    await image.decode();
    const drawing = new OffscreenCanvas(160, 100).getContext('2d');
    drawing.drawImage(image, 0, 0, 160, 100);
    return drawing.getImageData(0, 0, 160, 100).data;
  };
  const plain = document.querySelectorAll('#vb-describe .vb-frames img');
  let sum = 0, count = 0;
  for (const [at, image] of document.querySelectorAll('#vb-attend-result .vb-frames img').entries()) {
    const [hot, cold] = [await drawn(image), await drawn(plain[at])];
    sum += hot.reduce((all, value, place) => all + Math.abs(value - cold[place]), 0);
    count += hot.length;
  }
  return sum / count;
}
"""


def plays_in_step(page: Page, clip: ClipFeatures) -> None:
    """The overlay and the clip play in step, in silence; a moment of the curve leads there."""
    assert page.evaluate(f"{VIDEO}.muted && {CLIP}.muted")
    page.evaluate(f"{CLIP}.pause()")
    page.wait_for_function(f"{VIDEO}.paused")
    page.evaluate(f"{CLIP}.currentTime = 0.9")
    page.wait_for_function(f"Math.abs({VIDEO}.currentTime - 0.9) < 0.05")
    page.evaluate(f"{VIDEO}.currentTime = 0; {VIDEO}.play()")
    page.wait_for_function(f"!{CLIP}.paused && Math.abs({VIDEO}.currentTime - {CLIP}.currentTime) < 0.3")
    page.locator(".vb-curve [data-moment]").last.click()
    page.wait_for_function(f"{VIDEO}.paused")
    assert page.evaluate(f"{VIDEO}.currentTime") == pytest.approx(clip.frames.timestamps_seconds[-1], abs=0.02)


def redraws(page: Page) -> None:
    """Other colours draw the frames again; another method is tested like the first."""
    before = page.get_attribute("#vb-attend-result .vb-frames img >> nth=0", "src")
    page.get_by_label("Colours").click()
    page.get_by_role("option", name="Viridis").click()
    page.wait_for_function(
        "(before) => document.querySelector('#vb-attend-result .vb-frames img')?.src !== before", arg=before
    )
    page.get_by_label("Relevance").check()
    page.wait_for_selector("[data-attend=looking]", state="attached")
    page.wait_for_selector("[data-attend=done]")
    page.click("#vb-attend-faith button >> nth=0")
    page.wait_for_selector("[data-attend=faith]")
    assert float(page.get_attribute(".vb-faith-score", "data-score") or "nan") == pytest.approx(0, abs=20)


def tells_what_it_does_not_know(page: Page, absent_probability: float) -> None:
    """A word that the model does not know, none at all, and one that is not in the clip and gets no vivid map."""
    field = page.locator("#vb-attend-word textarea, #vb-attend-word input").first
    for word, sentence in (("слово", "does not know"), ("", "type one")):
        field.fill(word)
        field.press("Enter")
        page.wait_for_function(
            "(text) => document.querySelector('[data-attend=refused]')?.textContent.includes(text)", arg=sentence
        )
    assert page.is_visible("#vb-attend-more")  # what was found before stays
    assert page.locator("[data-attend=done]").count() == 1
    field.fill("soccer")
    field.press("Enter")
    page.wait_for_selector("[data-attend=done][data-likely=no]")
    assert f"{absent_probability:.0%}".replace("%", "\u00a0%") in page.inner_text(".vb-attend-unlikely")
    assert page.locator("[data-attend=refused]").count() == 0
    assert page.get_by_label("Relevance").is_checked()


def test_an_elephant_on_the_cat_is_not_likely_here_and_gets_no_vivid_map(
    browser: Browser, app_url: str, service: VideoBertService, examples: Path
) -> None:
    page = browser.new_page()
    page.set_default_timeout(WAIT_MS)
    heat: dict[str, float] = {}
    for word, likely in (("cat", "yes"), ("elephant", "no")):
        page.goto(f"{app_url}/?tab=attend&example=cat&word={word}")
        page.wait_for_selector(f"[data-attend=done][data-likely={likely}]")
        heat[word] = page.evaluate(HEAT)
    there = service.presence(service.open(examples / "cat.mp4"), "elephant")
    assert page.inner_text(".vb-attend-unlikely") == ENGLISH.attend_unlikely.format(probability=percent(there))
    assert 3 * heat["elephant"] < heat["cat"]
    page.close()


def test_from_a_word_to_its_overlay(browser: Browser, app_url: str, service: VideoBertService, examples: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(app_url)
    page.click("role=tab[name=Attend]")
    page.wait_for_selector("[data-attend=empty]")
    page.set_input_files("#vb-clip input[type=file]", examples / "dog.mp4")
    page.wait_for_selector("[data-attend=words] [data-word]")
    clip = service.open(examples / "dog.mp4")
    caption = service.caption(clip).text
    assert page.locator("[data-word]").all_inner_texts() == caption.split()

    # a word of the caption
    position = caption.split().index("dog")
    page.click(f"[data-word='{position}']")
    page.wait_for_selector("[data-attend=done]")
    assert page.inner_text(".vb-attend-word") == "“dog”"
    assert page.get_attribute(f"[data-word='{position}']", "aria-pressed") == "true"
    assert page.locator("#vb-attend-result .vb-frames img").count() == service.max_frames
    page.wait_for_function(f"{VIDEO} && {VIDEO}.readyState >= 2")
    assert page.evaluate(f"{VIDEO}.duration") == pytest.approx(clip.info.duration_seconds, abs=0.2)
    assert page.evaluate(f"{VIDEO}.videoHeight") <= 480

    plays_in_step(page, clip)

    # the numbers are those that Python gives
    with page.expect_download() as download:
        page.click("#vb-attend-downloads >> text=Numbers")
    numbers = np.load(io.BytesIO(Path(download.value.path()).read_bytes()))
    expected = service.attend(clip, service.caption_target(caption, position))
    np.testing.assert_allclose(numbers["values"], expected.values, atol=2e-3)

    assert page.locator("[data-attend-film=busy]").count() == 0
    redraws(page)
    tells_what_it_does_not_know(page, service.presence(clip, "soccer"))
    context.close()
