"""Two models side by side on one clip: what each says, where it looks, how long it takes and how large it is.

    first   file -> features -> caption, answer, heatmap     each step with its milliseconds
    second  the same, once the first has ended, so that neither slows the other down

The second model is a checkpoint that the settings name, or else another form of the running one. It is loaded when it
is first asked for. Neither keeps anything between two calls, so that every step is measured. Knows the service's
operations; knows no page and no command.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, get_args

import numpy as np

from videobert_demo.attention.render import time_curve
from videobert_demo.attention.targets import Target
from videobert_demo.errors import QuestionError, WordError
from videobert_demo.model.eight_bits import WEIGHTS, compress, has_eight_bits
from videobert_demo.model.features import ClipFeatures
from videobert_demo.model.loading import LoadedModel, OnGpu, load_checkpoint
from videobert_demo.questions.content import content_words
from videobert_demo.settings import Settings
from videobert_demo.types import AnswerResult, CaptionResult, Heatmap

Form = Literal["running", "named", "eight_bits", "light", "full"]
"""What a model is to the running one: itself, another checkpoint, itself with weights in 8 bits, or itself computing in
8 bits or in full precision."""
Step = Literal["open", "caption", "answer", "heatmap"]
STEPS: tuple[Step, ...] = get_args(Step)
Result = TypeVar("Result")


class Operations(Protocol):
    """What is asked of either model: a service's operations, of the same names."""

    def open(self, path: Path, /) -> ClipFeatures:
        """The clip's features."""

    def caption(self, clip: ClipFeatures, /, *, neutral_words: bool | None) -> CaptionResult:
        """Its captions."""

    def answer(self, clip: ClipFeatures, question: str, /, *, neutral_words: bool | None) -> AnswerResult:
        """The answers to a question."""

    def word_target(self, text: str, /) -> Target:
        """A word to look for."""

    def attend(self, clip: ClipFeatures, target: Target, /) -> Heatmap:
        """Where the model looks for it."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelSide:
    """One of two models, and what it says of the clip.

    Attributes:
        name: the checkpoint's.
        form: what it is to the running model.
        megabytes: of its weights on disk, in units of 10^6 bytes.
        clip: as this model sees it.
        caption: its captions.
        answer: its answer; None without a question.
        heatmap: where it looked for the word; None where there is none.
        seconds: how long each step took.
    """

    name: str
    form: Form
    megabytes: float
    clip: ClipFeatures
    caption: CaptionResult
    answer: AnswerResult | None
    heatmap: Heatmap | None
    seconds: dict[Step, float]

    @property
    def hottest(self) -> int:
        """Index of the frame in which the word is warmest; 0 without a heatmap."""
        return 0 if self.heatmap is None else int(np.argmax(time_curve(self.heatmap)))


@dataclass(frozen=True, slots=True, eq=False)
class ModelComparison:
    """Two models on one clip.

    Attributes:
        question: what was asked; empty if nothing was.
        word: what both looked for; empty if the first one's caption has no such word and none was given.
        sides: the running model and the second.
    """

    question: str
    word: str
    sides: tuple[ModelSide, ModelSide]


class ModelPair:
    """The running model and the second. Safe to use from any number of threads: one comparison runs at a time.

    Args:
        make: makes a service of a model, its settings and `on_gpu`.
        loaded: the running model.
        settings: they may name the second checkpoint.
        on_gpu: as the service takes it.
    """

    def __init__(
        self,
        make: Callable[[LoadedModel, Settings, OnGpu | None], Operations],
        loaded: LoadedModel,
        settings: Settings,
        on_gpu: OnGpu | None,
    ) -> None:
        self._make, self._loaded, self._on_gpu = make, loaded, on_gpu
        self._settings = replace(settings, cache_clips=0)
        self._turn = threading.Lock()
        self._both: tuple[_Asked, _Asked] | None = None

    def compare(self, path: Path, question: str, word: str, neutral_words: bool | None) -> ModelComparison:
        """As `VideoBertService.compare_models`."""
        question, word = " ".join(question.split()), " ".join(word.split())
        with self._turn:
            if self._both is None:
                second, form = load_second(self._loaded, self._settings)
                loaded: Iterable[tuple[LoadedModel, Form]] = ((self._loaded, "running"), (second, form))
                first_asked, second_asked = (
                    _Asked(self._make(one, self._settings, self._on_gpu), one, form) for one, form in loaded
                )
                second_asked.ask(path, question, word, neutral_words)  # so that what is slow only once is not measured
                self._both = first_asked, second_asked
            first = self._both[0].ask(path, question, word, neutral_words)
            word = word or (_word_of(first.caption.text) if first.caption.can_tell else "")
            if word and first.heatmap is None:
                first = self._both[0].look(first, word)
            known = word if first.heatmap is not None else ""
            sides = first, self._both[1].ask(path, question, known, neutral_words)
        return ModelComparison(question, known, sides)


@dataclass(frozen=True, eq=False)
class _Asked:
    """A model with its own service."""

    service: Operations
    loaded: LoadedModel
    form: Form

    def ask(self, path: Path, question: str, word: str, neutral_words: bool | None) -> ModelSide:
        """Runs every step, and measures how long each takes."""
        seconds: dict[Step, float] = {}

        def timed(step: Step, call: Callable[[], Result]) -> Result:
            started = time.perf_counter()
            found = call()
            seconds[step] = time.perf_counter() - started
            return found

        service = self.service
        target = service.word_target(word) if word else None  # before the clip: it costs nothing to refuse
        clip = timed("open", lambda: service.open(path))
        caption = timed("caption", lambda: service.caption(clip, neutral_words=neutral_words))
        answer = None
        if question:
            answer = timed("answer", lambda: service.answer(clip, question, neutral_words=neutral_words))
        heatmap = timed("heatmap", lambda: service.attend(clip, target)) if target is not None else None
        megabytes = self.loaded.stored_bytes / 1e6
        return ModelSide(self.loaded.name, self.form, megabytes, clip, caption, answer, heatmap, seconds)

    def look(self, side: ModelSide, word: str) -> ModelSide:
        """The same with the heatmap of a word; without one if the model cannot read the word."""
        try:
            target = self.service.word_target(word)
        except WordError:
            return side
        started = time.perf_counter()
        heatmap = self.service.attend(side.clip, target)
        return replace(side, heatmap=heatmap, seconds={**side.seconds, "heatmap": time.perf_counter() - started})


def _word_of(caption: str) -> str:
    """The word of a caption that a heatmap tells most about: its main noun, else its verb; empty if it has neither."""
    found = content_words(caption)
    return found.main_noun or found.verb or ""


def load_second(loaded: LoadedModel, settings: Settings) -> tuple[LoadedModel, Form]:
    """The model beside the running one, and what it is to that.

    Args:
        loaded: the running one.
        settings: `second_checkpoint` is taken if it is named; else the running one with weights in 8 bits, or if it
            has these already, computing in the other precision.

    Raises:
        CheckpointError: the named one is missing, foreign or damaged.
        QuestionError: none is named, and the running one has no other form.
    """
    if settings.second_checkpoint is not None:
        return load_checkpoint(settings.second_checkpoint, int8=settings.int8), "named"
    folder = loaded.folder
    if folder is not None and (folder / WEIGHTS).is_file() and not has_eight_bits(folder):
        with tempfile.TemporaryDirectory() as made:
            compress(folder, Path(made))
            second = load_checkpoint(made, int8=settings.int8)
        return replace(second, name=loaded.name, folder=None), "eight_bits"
    if folder is not None and loaded.device.type == "cpu":
        second = load_checkpoint(str(folder), int8=not loaded.is_light)
        return replace(second, name=loaded.name), "full" if loaded.is_light else "light"
    raise QuestionError("There is no second model to compare with; whoever runs this can name one with --second.")


def model_comparison_report(found: ModelComparison) -> dict[str, Any]:
    """A comparison as JSON values."""
    return {"question": found.question, "word": found.word, "models": [_side_report(side) for side in found.sides]}


def _side_report(side: ModelSide) -> dict[str, Any]:
    heat = None
    if side.heatmap is not None:
        times, curve = side.heatmap.timestamps_seconds, time_curve(side.heatmap)
        heat = {
            "peak_seconds": round(float(times[side.hottest]), 3),
            "moments": [
                {"timestamp_seconds": round(float(moment), 3), "value": round(float(value), 4)}
                for moment, value in zip(times, curve, strict=True)
            ],
        }
    return {
        "name": side.name,
        "form": side.form,
        "megabytes": round(side.megabytes, 1),
        "caption": side.caption.text,
        "caption_probability": None if side.caption.probability is None else round(side.caption.probability, 4),
        "caption_sure": side.caption.is_sure,
        "answer": None if side.answer is None else side.answer.text,
        "answer_probability": None if side.answer is None else round(side.answer.probability, 4),
        "heatmap": heat,
        "milliseconds": {step: round(1000 * side.seconds[step], 1) if step in side.seconds else None for step in STEPS},
    }
