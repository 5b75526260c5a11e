"""A person walks through the scenes of a clip, changes their words and takes them away, in a browser."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.app_fixtures import run_app
from tests.e2e.test_browser import PHONE, STICKING_OUT, WAIT_MS, page
from tests.e2e.test_moving import WATCH_SHIFTS
from tests.e2e.test_taking_away import saved
from tests.ui.page.test_states import ScriptedService
from videobert_demo.service.service import VideoBertService
from videobert_demo.timeline.cutlist import with_part
from videobert_demo.timeline.exports.cuts import cuts_to_csv
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.timeline.exports.json import from_json
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timeline import Chapter, Media, Scene, Timeline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
__all__ = ["page"]

WIDE = {"width": 1280, "height": 900}
CLIP = "street.mp4"  # whoever made it cut it four times, the last time shortly before its end
AT = "document.querySelector('#vb-clip video').currentTime"
SUBTITLES = """
[...document.querySelector('#vb-clip video').textTracks]
  .filter((track) => track.mode === 'showing').flatMap((track) => [...track.cues]).map((cue) => cue.text)
"""
IN_SIGHT = """
(scene) => {
  const block = document.querySelector(`[data-scene='${scene}']`).getBoundingClientRect();
  const pane = document.querySelector('.vb-timeline-window').getBoundingClientRect();
  return block.left >= pane.left - 1 && block.right <= pane.right + 1;
}
"""
ANSWER_TOP = "document.querySelector('#vb-describe .vb-caption').getBoundingClientRect().top"


def show_scenes(page: Page) -> None:
    """Opens the clip, and holds it still."""
    page.set_default_timeout(2 * WAIT_MS)
    page.click(f"[data-example][data-file='{CLIP}']")
    page.wait_for_selector("[data-timeline]")
    page.evaluate("document.querySelector('#vb-clip video').pause()")


def download(page: Page, name: str) -> tuple[str, str]:
    """The name and the text of the file in a format."""
    with page.expect_download() as downloading:
        page.click(f"#vb-export-{name}")
    path = downloading.value.path()
    return downloading.value.suggested_filename, Path(path).read_text(encoding="utf-8")


def test_nothing_jumps_when_scenes_and_chapters_come(page: Page) -> None:
    page.set_default_timeout(2 * WAIT_MS)
    page.wait_for_timeout(500)
    page.evaluate(WATCH_SHIFTS.replace("buffered: true", "buffered: false"))
    page.evaluate(f"document.querySelector('[data-file=\"{CLIP}\"]').click()")  # as no input, so that all shifts count
    page.wait_for_selector("[data-chapters]")
    page.wait_for_selector("[data-timeline]")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.shifted") <= 0.1


@pytest.mark.parametrize("page", [WIDE, PHONE], indirect=True)
def test_click_and_arrow_keys_lead_from_scene_to_scene(page: Page, service: VideoBertService, examples: Path) -> None:
    scenes = service.scenes(examples / CLIP).scenes
    assert len(scenes) >= 4
    show_scenes(page)
    assert page.locator("[data-scene]").count() == len(scenes)

    page.click("[data-scene='2']")
    page.wait_for_selector("[data-scene='2'][aria-current=true][data-chosen]")
    assert page.evaluate(AT) == pytest.approx(scenes[2].start_seconds, abs=0.02)
    assert page.locator(".vb-scene-caption:visible").all_text_contents() == [scenes[2].caption]

    for key, expected in (("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 0), ("ArrowLeft", 0), ("End", len(scenes) - 1)):
        page.keyboard.press(key)
        page.wait_for_selector(f"[data-scene='{expected}'][aria-current=true]")
        assert page.evaluate("document.activeElement.dataset.scene") == str(expected)
        assert page.evaluate(AT) == pytest.approx(scenes[expected].start_seconds, abs=0.02)
    assert page.evaluate("document.querySelector('#vb-clip video').paused")  # nothing plays by itself
    assert page.evaluate(STICKING_OUT) == []


def test_the_playing_scene_is_marked_and_its_sentence_is_shown(
    page: Page, service: VideoBertService, examples: Path
) -> None:
    scenes = service.scenes(examples / CLIP).scenes
    show_scenes(page)
    middle = (scenes[1].start_seconds + scenes[1].end_seconds) / 2
    page.evaluate(f"{AT} = {middle}")
    page.wait_for_selector("[data-scene='1'][aria-current=true]")
    assert page.locator("[aria-current=true][data-scene]").count() == 1
    assert page.locator(".vb-scene-caption:visible").all_text_contents() == [scenes[1].caption]
    played = page.evaluate("document.querySelector('[data-scene][aria-current]').style.getPropertyValue('--played')")
    assert float(played) == pytest.approx(0.5, abs=0.05)

    page.click("[data-subtitles]")
    assert page.evaluate(SUBTITLES) == [scene.caption for scene in scenes]
    page.click("[data-subtitles]")
    assert page.evaluate(SUBTITLES) == []


def test_a_question_is_about_the_chosen_scene(page: Page, service: VideoBertService, examples: Path) -> None:
    path = examples / CLIP
    scene = service.scenes(path).scenes[1]
    show_scenes(page)
    page.get_by_role("tab", name="Ask").click()
    page.wait_for_selector("[data-question]")
    page.click("[data-scene='1']")
    page.wait_for_selector(".vb-scope-bar:visible [data-scope='1'][aria-pressed=true]")
    box = page.locator("#vb-ask-question textarea, #vb-ask-question input")
    box.fill("what is in the video?")
    box.press("Enter")
    page.wait_for_selector("[data-ask=done]")
    part = service.open(path, span_seconds=(scene.start_seconds, scene.end_seconds))
    answers = service.answer(part, "what is in the video?").candidates
    assert page.locator("#vb-ask-view .vb-row-text").all_text_contents() == [one.text for one in answers]
    assert "Scene 2" in page.inner_text(".vb-asked-scene")

    page.click("#vb-ask [data-scope='-1']")
    page.wait_for_selector("#vb-ask [data-scope='-1'][aria-pressed=true]")
    box.press("Enter")
    page.wait_for_selector(".vb-earlier")
    whole = service.answer(service.open(path), "what is in the video?").candidates
    assert page.locator("#vb-ask-view .vb-row-text").all_text_contents() == [one.text for one in whole]
    assert "Scene 2" in page.inner_text(".vb-earlier dt")


def test_the_table_and_every_export(page: Page, service: VideoBertService, examples: Path) -> None:
    timeline = service.scenes(examples / CLIP)
    show_scenes(page)
    page.wait_for_selector("[data-chapters] button")  # the paragraph comes after the timeline
    assert page.locator("[data-chapters] button").count() == len(timeline.chapters)
    page.get_by_role("tab", name="Scenes").click()
    page.wait_for_selector("[data-scenes=done]")
    assert page.locator("#vb-scenes-view [data-row]").count() == len(timeline.scenes)
    fields = page.locator("[data-edit=caption]")
    assert [text.casefold() for text in fields.evaluate_all("(all) => all.map((one) => one.value)")] == [
        scene.caption.casefold() for scene in timeline.scenes
    ]
    page.click("#vb-scenes-view [data-row='1'] button")
    assert page.evaluate(AT) == pytest.approx(timeline.scenes[1].start_seconds, abs=0.02)

    for name in FORMATS:
        if page.is_enabled(f"#vb-export-{name}"):
            file, text = download(page, name)
            assert file.startswith("street.")
            assert text == FORMATS[name].write(timeline)
        else:
            assert page.inner_text(f"[data-refused={name}]")


def test_moments_a_cut_changed_by_hand_and_its_film(page: Page, service: VideoBertService, examples: Path) -> None:
    wish = "remove the parts with a car"
    show_scenes(page)
    page.get_by_role("tab", name="Scenes").click()
    box = page.locator("#vb-films-text textarea, #vb-films-text input")
    box.fill("a bicycle")
    box.press("Enter")
    page.wait_for_selector("[data-film=moments]")
    best = service.moments(examples / CLIP, "a bicycle")[0].moment
    name, text = saved(page, "#vb-films-view [data-take=json]")
    assert (name, json.loads(text)["text"]) == ("moments.json", "a bicycle")
    page.click("[data-moment='0'] button")
    assert page.evaluate(AT) == pytest.approx(best.start_seconds, abs=0.02)

    box.fill(wish)
    page.click("#vb-films-cut")
    page.wait_for_selector("[data-film=cut]")
    cuts = service.cut(examples / CLIP, wish)
    assert page.locator("[data-part]").count() == len(cuts.parts)
    page.click("[data-part='0']")
    page.wait_for_selector(f"[data-part='0'][aria-pressed={str(not cuts.parts[0].stays).lower()}]")
    changed = with_part(cuts, 0, stays=not cuts.parts[0].stays)
    if not changed.kept:
        page.click("[data-part='0']")
        page.wait_for_selector("[data-part='0'][aria-pressed=true]")
        changed = cuts
    with page.expect_download() as downloading:
        page.click("#vb-cut-csv")
    assert Path(downloading.value.path()).read_text(encoding="utf-8") == cuts_to_csv(changed)
    page.click("#vb-films-make")
    page.wait_for_selector("[data-film-made=done]")
    page.wait_for_function("document.querySelector('#vb-film video')?.readyState > 0")
    length = page.evaluate("document.querySelector('#vb-film video').duration")
    assert length == pytest.approx(changed.kept_seconds, abs=0.1)

    page.click("#vb-films-summary")
    page.wait_for_selector("[data-film=summary]")
    summary = service.summary_of(service.scenes(examples / CLIP))
    assert page.inner_text(".vb-summary") == summary.text
    with page.expect_download() as downloading:  # its scenes are a list for editors, too
        page.click("#vb-cut-csv")
    assert len(Path(downloading.value.path()).read_text(encoding="utf-8").splitlines()) >= 1
    name, text = saved(page, "#vb-films-view [data-take=text]")
    assert name == "summary.txt"
    assert text.startswith(summary.text)
    name, text = saved(page, "[data-take=report]")  # with the scenes, as they were typed, and the summary
    assert summary.text in text
    assert f">{page.input_value('[data-edit=caption] >> nth=1')}</span>" in text
    for tool, kind in (("events", "events"), ("slots", "breaks")):
        page.click(f"#vb-films-{tool}")
        page.wait_for_selector(f"[data-film={tool}]")
        name, text = saved(page, "#vb-films-view [data-take=json]")
        assert name == f"{kind}.json"
        assert tool in json.loads(text)


def test_changed_words_are_in_the_export_the_timeline_and_the_paragraph(page: Page) -> None:
    show_scenes(page)
    page.get_by_role("tab", name="Scenes").click()
    page.wait_for_selector("[data-scenes=done]")
    field = page.locator("[data-edit=caption]").first
    before = field.input_value()
    field.fill("not this one")
    field.press("Escape")
    assert field.input_value() == before

    field.fill("Ann & <Bob> ride")
    field.press("Enter")
    page.wait_for_selector("[data-scene='0'][title='Ann & <Bob> ride']")
    _, text = download(page, "json")
    assert json.loads(text)["scenes"][0]["caption"] == "Ann & <Bob> ride"
    assert from_json(text).scenes[0].is_sure
    assert "Ann &amp; &lt;Bob&gt; ride" in download(page, "vtt")[1]


def test_a_clip_of_one_scene_has_no_timeline(page: Page) -> None:
    page.set_default_timeout(2 * WAIT_MS)
    page.click("[data-example][data-file='dog.mp4']")
    page.get_by_role("tab", name="Scenes").click()
    page.wait_for_selector("[data-scenes=done][data-count='1']")
    assert page.locator("[data-timeline]").count() == 0
    assert page.is_hidden("#vb-timeline")
    assert page.locator("[data-edit]").count() == 1
    assert page.locator("[data-chapters]").count() == 0


class ManyScenes(ScriptedService):
    """Finds forty scenes in every clip, as soon as `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def scenes(self, path: str, **_options: Any) -> Timeline:
        assert self.go_on.wait(60)
        scenes = [Scene(0.1 * at, 0.1 * (at + 1), f"scene {at}", 0.9, is_sure=True) for at in range(40)]
        return Timeline(Media(Path(path).name, 320, 240), 4.0, FrameRate(25), tuple(scenes), (Chapter(0.0, "This"),))


def test_a_long_clip_on_a_phone_is_zoomed_and_stepped_through(browser: Browser) -> None:
    service = ManyScenes()
    with run_app(service) as url:
        page = browser.new_page(viewport=PHONE)
        page.set_default_timeout(2 * WAIT_MS)
        page.goto(url)
        page.add_style_tag(content="html, body { overflow-anchor: none }")  # as in Safari
        page.click("[data-file='race.mp4']")
        page.wait_for_selector("[data-state=done]")
        page.wait_for_function(f"{ANSWER_TOP} < innerHeight / 2")
        page.wait_for_timeout(500)  # it has come to rest
        before = page.evaluate(ANSWER_TOP)
        service.go_on.set()
        page.wait_for_selector("[data-timeline='40']", state="attached")
        page.wait_for_selector("[data-chapters]", state="attached")
        assert page.evaluate(ANSWER_TOP) == pytest.approx(before, abs=2)  # what is read stays in its place
        page.evaluate("document.querySelector('#vb-clip video').pause()")
        first, zoom_in, zoom_out = (
            page.locator(one) for one in ("[data-scene='0']", "[data-zoom='2']", "[data-zoom='0.5']")
        )
        whole = first.bounding_box()
        assert whole is not None
        assert whole["width"] >= 40
        assert zoom_out.is_disabled()
        for times in (2, 4):  # each step is seen
            zoom_in.click()
            zoomed = first.bounding_box()
            assert zoomed is not None
            assert zoomed["width"] == pytest.approx(times * whole["width"], rel=0.1)
        assert page.evaluate(STICKING_OUT) == []
        first.focus()
        for key, scene in (("ArrowRight", 1), ("End", 39), ("ArrowLeft", 38)):
            page.keyboard.press(key)
            page.wait_for_selector(f"[data-scene='{scene}'][aria-current=true]:focus")
            page.wait_for_function(IN_SIGHT, arg=scene)
            assert page.inner_text(".vb-scene-caption >> visible=true").lower() == f"scene {scene}"
            assert page.evaluate(AT) == pytest.approx(0.1 * scene, abs=0.05)
        for _ in range(2):
            zoom_out.click()
        assert zoom_out.is_disabled()
        page.wait_for_function(IN_SIGHT, arg=38)  # the scene that plays is not lost
        page.close()
