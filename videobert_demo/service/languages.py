"""What the model says, in another language: results come in, and go out with their sentences translated.

    CaptionResult("a dog runs")  --in_language("zh")-->  CaptionResult("一只狗在奔跑", english="a dog runs")

Questions and searches in Chinese need no call: every operation that reads a text understands them (tasks/languages.py).
Without a translator in the checkpoint English is the only language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from videobert_demo.errors import SettingsError
from videobert_demo.questions import question_type_of
from videobert_demo.questions.chinese.saying import gloss_of
from videobert_demo.service.codebook_map import CodebookMap, Landmark
from videobert_demo.service.compare_models import ModelComparison, ModelSide
from videobert_demo.service.films import Summary
from videobert_demo.service.results import Classification, Filled, Forecast, Inspection, Reel
from videobert_demo.service.segments import Neighbour, Segment
from videobert_demo.service.subtitles import SubtitleOperations
from videobert_demo.tasks.languages import put_in_chinese, say_in_chinese
from videobert_demo.timeline.timeline import Chapter, Scene, Timeline, split_title
from videobert_demo.types import Answer, AnswerResult, Caption, CaptionResult
from videobert_demo.types.visual_words import Blank, Guess, VisualWord

LANGUAGES = ("en", "zh")
_THERE = ("is there ", "are there ")
T = TypeVar("T")
Say = Callable[[str, str], str]
"""A text and the type of question that it answers, or "" -> the text in the other language."""


class LanguageOperations(SubtitleOperations):
    """The part of the service that speaks languages."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the checkpoint speaks, English first."""
        return LANGUAGES if self._loaded.has_translator else LANGUAGES[:1]

    def say(self, texts: Sequence[str], language: str, *, role: str = "") -> tuple[str, ...]:
        """Sentences and words of the model in a language.

        Args:
            texts: In English; what is Chinese already stays as it is.
            language: One of `languages`; "zh-CN" and the like mean "zh".
            role: What they are: the type of question that they answer, one of `questions.QUESTION_TYPES`; "there" for
                whether something is there; "word"; "" for sentences.

        Raises:
            SettingsError: The checkpoint does not speak the language.
            CheckpointError: Its translator is damaged.
        """
        if self._code(language) == "en":
            return tuple(texts)
        said = self._say([(text, role) for text in texts])
        return tuple(said[text, role] for text in texts)

    def in_language(self, value: T, language: str | None) -> T:
        """A result with its sentences in a language, and the model's own in its `english`; raises as `say` does.

        Args:
            value: Captions, answers, scenes, a timeline, a summary, two models on a clip, visual words and guesses at
                words; anything else stays so.
            language: As for `say`; None means English.
        """
        if language is None or self._code(language) == "en":
            return value
        wanted: dict[tuple[str, str], None] = {}

        def note(text: str, role: str) -> str:
            wanted[text, role] = None
            return text

        translated(value, note)
        said = self._say(list(wanted))
        return translated(value, lambda text, role: said[text, role])

    def gloss(self, words: Sequence[str], language: str) -> tuple[str, ...]:
        """Single words of a sentence in a language; "" for those such as "is" and "a"; raises as `say` does."""
        if self._code(language) == "en":
            return tuple(words)
        return tuple(gloss_of(word) for word in words)

    def ask_in(self, questions: Sequence[str], language: str) -> tuple[str, ...]:
        """Questions that the model suggests, in a language, as `answer` understands them; raises as `say` does."""
        if self._code(language) == "en" or not questions:
            return tuple(questions)
        return tuple(put_in_chinese(self._loaded, questions))

    def _code(self, language: str) -> str:
        code = language.lower().replace("_", "-").split("-")[0]
        if code not in self.languages:
            raise SettingsError(
                "This checkpoint speaks {languages}, not {language}.",
                languages=", ".join(self.languages),
                language=language,
            )
        return code

    def _say(self, texts: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        known = self._memory.said
        said = {text: known.get(text) for text in texts}
        new = [text for text, found in said.items() if found is None]
        if new:
            made = say_in_chinese(self._loaded, new)
            for text, found in zip(new, made, strict=True):
                known.put(text, found)
                said[text] = found
        return {text: found or text[0] for text, found in said.items()}


def translated(value: T, say: Say) -> T:
    """A result whose texts `say` has put into another language, with the English ones beside them."""
    make = _MAKERS.get(type(value))
    if make is not None:
        return cast(T, make(value, say))
    if isinstance(value, tuple) and type(value) is tuple:
        return cast(T, tuple(translated(one, say) for one in value))
    return value


def _caption(one: Caption, say: Say) -> Caption:
    return one if one.english else replace(one, text=say(one.text, ""), english=one.text)


def _captions(result: CaptionResult, say: Say) -> CaptionResult:
    holds = result.holds_english or result.holds
    return replace(
        result,
        candidates=translated(result.candidates, say),
        holds=say(holds, "") if holds else "",
        holds_english=holds,
    )


def _answers(result: AnswerResult, say: Say) -> AnswerResult:
    role = "there" if result.question.startswith(_THERE) else question_type_of(result.question) or ""
    answers = tuple(
        one if one.english else Answer(say(one.text, role), one.probability, one.text) for one in result.candidates
    )
    asked = result.asked or say(result.question, "")
    return replace(result, candidates=answers, asked=asked, absent=say(result.absent, "what") if result.absent else "")


def _scene(scene: Scene, say: Say) -> Scene:
    if scene.english:
        return scene
    verb, thing = scene.verb, scene.object
    return replace(
        scene,
        caption=scene.chinese or say(scene.caption, ""),
        english=scene.caption,
        category=scene.category and say(scene.category, "category"),
        verb=verb and say(verb, "doing"),
        object=thing and say(thing, "what"),
    )


def _chapter(chapter: Chapter, say: Say, scenes: Sequence[Scene] = ()) -> Chapter:
    """A chapter with the title that its scene has, one of `scenes`, so that both say the same."""
    sentence, number = split_title(chapter.title)
    caption = sentence[:1].lower() + sentence[1:]
    own = [one.chinese for one in scenes if one.caption == caption and one.chinese]
    return replace(chapter, title=(own[0] if own else say(caption, "")) + number)


def _timeline(timeline: Timeline, say: Say) -> Timeline:
    starts = [one.start_seconds for one in timeline.chapters]
    chapters = tuple(
        _chapter(one, say, [scene for scene in timeline.scenes if start <= scene.start_seconds < end])
        for one, start, end in zip(timeline.chapters, starts, [*starts[1:], math.inf], strict=True)
    )
    return replace(timeline, scenes=translated(timeline.scenes, say), chapters=chapters)


def _model_side(side: ModelSide, say: Say) -> ModelSide:
    answer = None if side.answer is None else translated(side.answer, say)
    return replace(side, caption=translated(side.caption, say), answer=answer)


def _visual_word(word: VisualWord, say: Say) -> VisualWord:
    if word.english or not word.names:
        return word
    return replace(word, names=tuple(say(name, "word") for name in word.names), english=word.names)


def _guesses(guesses: Sequence[Guess], role: str, say: Say) -> tuple[Guess, ...]:
    said = [one.text if one.english else say(one.text, role) for one in guesses]
    return tuple(
        one if text == one.text else Guess(text, one.probability, one.text)
        for one, text in zip(guesses, said, strict=True)
    )


def _classification(found: Classification, say: Say) -> Classification:
    return replace(
        found,
        verbs=_guesses(found.verbs, "word", say),
        objects=_guesses(found.objects, "what", say),
        trained_verbs=_guesses(found.trained_verbs, "doing", say),
        trained_objects=_guesses(found.trained_objects, "what", say),
        categories=_guesses(found.categories, "category", say),
        labels=_guesses(found.labels, "label", say),
    )


def _blank(blank: Blank, say: Say) -> Blank:
    return replace(
        blank,
        with_clip=_guesses(blank.with_clip, "word", say),
        without_clip=_guesses(blank.without_clip, "word", say),
    )


def _filled(found: Filled, say: Say) -> Filled:
    segments = tuple((index, translated(words, say)) for index, words in found.segments)
    return replace(found, blanks=translated(found.blanks, say), segments=segments)


def _landmark(one: Landmark, say: Say) -> Landmark:
    return replace(one, name="、".join(say(name, "word") for name in one.name.split(", ")))


_MAKERS: dict[type, Callable[..., object]] = {
    Caption: _caption,
    CaptionResult: _captions,
    AnswerResult: _answers,
    Scene: _scene,
    Chapter: _chapter,
    Timeline: _timeline,
    Summary: lambda summary, say: replace(summary, timeline=translated(summary.timeline, say)),
    ModelSide: _model_side,
    VisualWord: _visual_word,
    Segment: lambda segment, say: replace(segment, word=translated(segment.word, say)),
    Neighbour: lambda near, say: replace(near, segment=translated(near.segment, say)),
    Inspection: lambda found, say: replace(
        found, segments=translated(found.segments, say), neighbours=translated(found.neighbours, say)
    ),
    Classification: _classification,
    Blank: _blank,
    Filled: _filled,
    Forecast: lambda found, say: replace(
        found,
        expected=translated(found.expected, say),
        truth=translated(found.truth, say),
        shown=translated(found.shown, say),
    ),
    Reel: lambda reel, say: replace(reel, words=translated(reel.words, say), shown=translated(reel.shown, say)),
    Landmark: _landmark,
    CodebookMap: lambda found, say: replace(
        found, words=translated(found.words, say), landmarks=translated(found.landmarks, say)
    ),
    ModelComparison: lambda found, say: replace(
        found, word=found.word and say(found.word, "word"), sides=translated(found.sides, say)
    ),
}
