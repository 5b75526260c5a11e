"""What a person sees while things are slow or go wrong, in a real browser around a scripted service."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from videobert_demo.errors import QuestionError
from videobert_demo.service.compare_models import Form, ModelComparison, ModelSide, Step
from videobert_demo.service.corrections import Correction
from videobert_demo.service.results import Classification, Inspection, SeenClip
from videobert_demo.settings import Settings
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timeline import Chapter, Media, Scene, Timeline
from videobert_demo.types import Answer, AnswerResult, Caption, CaptionResult, ClipInfo, Frames, Heatmap, Hit
from videobert_demo.types.visual_words import Guess
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.video.preview import write_preview
from videobert_demo.video.sampled import hash_file

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

WAIT_MS = 120_000


def never_waits() -> None:
    """A service that answers at once."""


@dataclass
class ScriptedService:
    """Gives the file's name as its caption; a test can make it wait or fail, or refuse files by name."""

    before_answer: Callable[[], None] = never_waits
    settings: Settings = field(default_factory=Settings)
    model_name: str = "scripted"
    model_parts: str = "no model"
    is_untrained: bool = False
    max_frames: int = 4
    languages: tuple[str, ...] = ("en",)
    refused: dict[str, Exception] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Makes it as it was before anybody asked, for the next test."""
        self.before_answer = never_waits
        self.refused.clear()
        self.opened.clear()
        self.kept.clear()

    def open(
        self,
        path: str,
        *,
        progress: Callable[[float, str], None] | None = None,
        span_seconds: tuple[float, float] | None = None,
    ) -> Any:
        if progress is not None:  # Describe asks; the other tabs get what it has read
            progress(0.0, "reading")
            progress(0.5, "looking")
            self.before_answer()
        self.opened.append(Path(path).stem)
        if Path(path).stem in self.refused:
            raise self.refused[Path(path).stem]
        info = ClipInfo("mp4", "h264", 320, 240, 4.0, 25.0, 100, 0, 1000)
        frames = Frames(np.full((4, 24, 32, 3), 90, np.uint8), np.array([0.5, 1.5, 2.5, 3.5]))
        content_hash = hash_file(path, self.settings.max_bytes)
        name = Path(path).stem
        return SimpleNamespace(info=info, frames=frames, name=name, content_hash=content_hash, repeated_frames=0)

    def caption(self, clip: Any, *, candidates: int, neutral_words: bool, language: str = "en") -> CaptionResult:
        others = tuple(Caption(f"something else {number}", 0.2) for number in range(candidates - 1))
        return CaptionResult((Caption(f"this is {clip.name}", 0.9), *others), 0.0)

    def suggest_questions(self, clip: Any, *, neutral_words: bool) -> tuple[str, ...]:
        return (f"what does {clip.name} do?", f"where is {clip.name}?")

    def answer(self, clip: Any, question: str, *, neutral_words: bool, language: str = "en") -> AnswerResult:
        if not question.strip():
            raise QuestionError("There is no question yet; type one.")
        return AnswerResult(question, (Answer(f"{clip.name} again", 0.75),), 0.1)

    def answer_frames(self, clip: Any, result: AnswerResult) -> NDArray[np.float64]:
        return np.full(len(clip.frames), 0.25)

    def inspect(self, clip: Any, *, library: Any = None) -> Inspection:
        return Inspection((), (), 3)

    def codebook_map(self) -> None:
        return None

    def classify(self, clip: Any, *, library: Any = None) -> Classification:
        self.before_answer()
        return Classification((Guess(f"see {clip.name}", 0.9),), (), (), (), (), (), ())

    def compare_models(self, path: str, *, question: str, neutral_words: bool) -> ModelComparison:
        """The second model takes half the time; both see the word in the third frame."""
        clip = self.open(path)
        heat = np.zeros((4, 2, 2), np.float32)
        heat[2] = 1.0

        def side(name: str, form: Form, factor: float) -> ModelSide:
            asked = self.answer(clip, question, neutral_words=neutral_words) if question else None
            caption = self.caption(clip, candidates=1, neutral_words=neutral_words)
            heatmap = Heatmap(heat, clip.frames.timestamps_seconds)
            seconds: dict[Step, float] = {"open": 0.2 * factor, "caption": 0.1 * factor}
            return ModelSide(name, form, 80 * factor, clip, caption, asked, heatmap, seconds)

        self.before_answer()
        return ModelComparison(question, "dog", (side("<full>", "running", 1), side("small", "eight_bits", 0.5)))

    def see(self, clip: Any) -> SeenClip:
        return SeenClip(clip.name, np.ones(1, np.float32))

    def recommend(self, library: Any, seen: Any, *, count: int) -> tuple[Hit, ...]:
        return ()

    def shared_library(self) -> Any:
        return SimpleNamespace(entries=tuple)

    def bundled_library(self) -> Any:
        return SimpleNamespace()

    def temporary_library(self) -> Any:
        return SimpleNamespace(close=never_waits)

    def make_correction(self, path: str, text: str, *, said: str, question: str) -> Correction:
        return Correction("1f", Path(path).name, text, said, question)

    def find_correction(self, library: Any, path: str, *, question: str = "") -> None:
        return None

    def keep_correction(self, library: Any, path: str, correction: Correction) -> None:
        self.kept.append(correction.text)

    def write_preview(self, path: str, out: Path) -> None:
        write_preview(path, out, limits=self.settings.limits)

    def scenes(self, path: str, **_options: Any) -> Timeline:
        scene = Scene(0.0, 4.0, f"this is {Path(path).stem}", 0.9, is_sure=True)
        return Timeline(Media(Path(path).name, 320, 240), 4.0, FrameRate(25), (scene,), (Chapter(0.0, "This"),))


def test_a_slow_clip_shows_what_is_going_on(page: Page, scripted: ScriptedService) -> None:
    go_on = threading.Event()
    scripted.before_answer = lambda: assert_true(go_on.wait(30))
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=busy]")
    page.wait_for_selector(f"[role=progressbar][aria-label='{ENGLISH.looking}']")
    go_on.set()
    page.wait_for_selector("[data-state=done]")
    assert page.text_content(".vb-caption") == "this is dog"


def test_what_nobody_foresaw_is_a_sentence_and_a_logged_traceback(
    page: Page, scripted: ScriptedService, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("the disk is on fire")

    scripted.before_answer = fail
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=error]")
    shown = page.inner_text("body")
    assert ENGLISH.unexpected_error in shown
    assert "fire" not in shown
    assert "Traceback" not in shown
    assert "the disk is on fire" in caplog.text  # with its traceback

    scripted.before_answer = never_waits
    page.click("[data-example='1']")
    page.wait_for_selector("[data-state=done]")
    assert page.text_content(".vb-caption") == "this is surfer"


def test_of_several_clips_in_a_row_the_last_one_is_answered(page: Page, scripted: ScriptedService) -> None:
    go_on = threading.Event()
    scripted.before_answer = lambda: assert_true(go_on.wait(30))
    page.click("[data-example='0']")
    page.wait_for_selector("[role=progressbar]")
    page.click("[data-example='1']")
    page.click("[data-example='3']")
    page.wait_for_selector("[data-example='3'][aria-pressed=true]")
    go_on.set()
    page.wait_for_function("document.querySelector('.vb-caption')?.textContent === 'this is horses'")
    page.wait_for_timeout(1000)  # nothing may arrive after it
    assert page.text_content(".vb-caption") == "this is horses"


def test_a_caption_that_is_known_already_is_not_taken_for_an_earlier_clips(page: Page) -> None:
    page.get_by_role("tab", name="Attend").click()
    page.wait_for_selector("[data-attend=empty]")
    network = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", conditions)
    page.click("[data-example='0']")
    page.wait_for_selector("[data-attend=words]")
    page.wait_for_timeout(2000)  # nothing may arrive after it and blank it
    assert page.locator("#vb-attend-words [data-word]").all_text_contents() == ["this", "is", "dog"]


def test_clearing_the_clip_clears_the_answer(page: Page) -> None:
    page.click("[data-example='0']")
    page.wait_for_selector("[data-state=done]")
    page.click("#vb-clip button[aria-label=Clear]")
    page.wait_for_selector("[data-state=empty]")
    assert page.is_hidden(".vb-credit")
    assert page.locator("[data-example][aria-pressed=true]").count() == 0


def test_a_recorded_clip_is_answered(page: Page) -> None:
    page.click(f"#vb-clip button[aria-label='{ENGLISH.spoken_camera}']")
    page.click(f"#vb-clip [title='{ENGLISH.spoken_camera}'] button")
    record = page.locator(f"#vb-clip button[aria-label='{ENGLISH.spoken_record}']")
    record.click()
    page.wait_for_timeout(1500)
    page.locator("#vb-clip .button-wrap button").first.click()
    page.wait_for_selector("[data-state=done]")
    assert re.fullmatch(r"this is \S+", page.text_content(".vb-caption"))


def assert_true(value: bool) -> None:
    assert value
