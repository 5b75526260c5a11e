"""The one object that page, command line, HTTP and Python callers use: it opens clips and answers about them.

It keeps no state of a visitor: `open` returns the clip's features, and every other operation takes them. It only
remembers a bounded number of clips and results, by the content of files (memory.py). Captions, answers and attention
are here; what it adds to comes from below, file by file:

    clips.py  open  ->  libraries.py  index, search  ->  own_labels.py  teach  ->  corrections.py  mend
                    ->  visual_words.py  inspect, fill, align, reel ...
                    ->  timeline.py  scenes  ->  content.py, moments.py  moments
                    ->  films.py  summary, cut  ->  happenings.py  events, slots, compare  ->  watching.py  watch
                    ->  live.py  glance, follow
                    ->  subtitles.py  subtitles, caption_with_words
                    ->  languages.py  say, in_language
                    ->  service.py
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.attention import targets
from videobert_demo.attention.explain import DEFAULT_METHOD, explain, explain_by_head
from videobert_demo.attention.faithfulness import Faithfulness, measure_faithfulness
from videobert_demo.attention.targets import Target, answer_word
from videobert_demo.model.encoders.own_attention import declares_attention
from videobert_demo.model.features import ClipFeatures
from videobert_demo.model.loading import LoadedModel, OnGpu
from videobert_demo.model.translator import is_chinese
from videobert_demo.questions import question_type_of, suggest_questions
from videobert_demo.questions.short_queries import phrase_query
from videobert_demo.service.compare_models import ModelComparison, ModelPair
from videobert_demo.service.examples import ExampleClip
from videobert_demo.service.languages import LanguageOperations
from videobert_demo.service.neutral import neutral_answers, neutral_captions
from videobert_demo.service.workers import Workers
from videobert_demo.settings import Settings
from videobert_demo.tasks.absence import find_absent, tells_absence
from videobert_demo.tasks.answer import answer_frame_shares, answer_questions, is_answered_by_vectors, read_question
from videobert_demo.tasks.caption import CAPTIONS, caption_clips, sure_caption_from
from videobert_demo.tasks.embed import knows_letters
from videobert_demo.tasks.languages import search_in_english
from videobert_demo.tasks.parts import find_holding
from videobert_demo.tasks.presence import presence, tells_presence
from videobert_demo.tasks.strangeness import are_strange, tells_strangeness
from videobert_demo.tasks.sureness import sure_answer_from
from videobert_demo.types import CANNOT_TELL, Answer, AnswerResult, Caption, CaptionResult, Heatmap


class VideoBertService(LanguageOperations):
    """A loaded model and everything that can be asked of it. Use it from as many threads as you like.

    It is made as `ClipOperations` is; `load` (opening.py) makes it from a checkpoint's name.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        settings: Settings,
        on_gpu: OnGpu | None = None,
        examples: Sequence[ExampleClip] | None = None,
        workers: Workers | None = None,
    ) -> None:
        super().__init__(loaded, settings, on_gpu, examples, workers)
        self._pair = ModelPair(VideoBertService, loaded, settings, on_gpu)

    def caption(
        self,
        clip: ClipFeatures,
        *,
        candidates: int = 5,
        neutral_words: bool | None = None,
        language: str | None = None,
    ) -> CaptionResult:
        """Captions of the clip, the best first.

        Args:
            candidates: how many sentences are wanted; fewer come back when the search finds fewer different ones.
            neutral_words: whether they say person and child in place of man, woman, boy and girl; by default as set.
            language: as for `in_language`.

        Raises:
            SettingsError: the checkpoint does not speak the language.
        """
        start = time.perf_counter()
        usual = candidates == CAPTIONS
        captions = self._usual_captions(clip) if usual else self._caption(clip, candidates)
        if self._is_neutral(neutral_words):
            captions = neutral_captions(captions)
        result = CaptionResult(captions, time.perf_counter() - start, sure_caption_from(self._loaded))
        if result.can_tell and not result.is_sure:
            result = replace(result, holds=self._call_together(find_holding, clip.tensors))
        if self._wants_chinese(language) and not self._is_neutral(neutral_words):
            result = self._written_in_chinese(result, clip)
        return replace(self.in_language(result, language), seconds=time.perf_counter() - start)

    def _written_in_chinese(self, result: CaptionResult, clip: ClipFeatures) -> CaptionResult:
        """The captions, the best one as the decoder with Chinese words writes it, where it writes one that holds."""
        best, *others = result.candidates
        text = self._memory.chinese.get_or_make(
            (clip.content_hash, best.text), lambda: self._write_chinese([clip.tensors], [best.text])[0]
        )
        if not text:
            return result
        return replace(result, candidates=(replace(best, text=text, english=best.text), *others))

    def _usual_captions(self, clip: ClipFeatures) -> tuple[Caption, ...]:
        """The captions that are shown, and from which questions are suggested; from the cache if they are known."""
        return self._memory.captions.get_or_make(clip.content_hash, lambda: self._caption(clip, CAPTIONS))

    def _caption(self, clip: ClipFeatures, candidates: int) -> tuple[Caption, ...]:
        if self._is_strange(clip):
            return (Caption(CANNOT_TELL, 0.0, 0.0),)
        return self._call_together(caption_clips, clip.tensors, candidates=candidates)

    def _is_strange(self, clip: ClipFeatures) -> bool:
        return tells_strangeness(self._loaded) and self._call_together(are_strange, clip.tensors)

    def caption_target(self, caption: str, index: int) -> Target:
        """The caption's word number `index`, of `caption.split()`, to hand to `attend`.

        Raises:
            IndexError: there is no such word.
            WordError: the decoder has no pieces for the word.
        """
        return targets.caption_word(self._loaded.processor, caption, index)

    def answer_target(self, question: str, answer: str, index: int = 0) -> Target:
        """The answer's word number `index`, given its question; raises as `caption_target` does."""
        return targets.answer_word(self._loaded.processor, question, answer, index)

    def word_target(self, text: str) -> Target:
        """Any word or short phrase.

        Raises:
            WordError: it is empty, too long, or written in letters that the model does not know.
        """
        return targets.typed_word(self._loaded.processor, search_in_english(self._loaded, text))

    def presence(self, clip: ClipFeatures, word: str) -> float:
        """How likely it is that the clip shows what a word names, in [0, 1] (tasks/presence.py).

        A checkpoint without numbers for it gives the probability of "yes" to the question whether it is there. With the
        bundled one and the examples, of 40 words for what is not there, asked of each, 92 % get less than one half,
        of 46 for what is there 76 % get more; "yes" had 81 and 87 %.

        Raises:
            QuestionError: the word cannot be asked about.
        """
        word = search_in_english(self._loaded, word)
        phrase = " ".join(word.lower().split())
        if tells_presence(self._loaded) and phrase_query(phrase) and knows_letters(self._loaded, phrase):
            return float(self._call_model(presence, [clip.tensors], [phrase])[0, 0])
        article = "an" if word[:1] in "aeiou" else "a"
        asked = self.answer(clip, f"is there {article} {word} in the video?")
        return next((one.probability for one in asked.candidates if one.text == "yes"), 0.0)

    def attend(
        self,
        clip: ClipFeatures,
        target: Target,
        method: str = DEFAULT_METHOD,
        layer: int | None = None,
        head: int | None = None,
        segments: Tensor | None = None,
    ) -> Heatmap:
        """Where and when the model looked for a word: a heatmap (T, rows, columns), one map for each segment's frame.

        Args:
            method: one of `attention.explain.METHODS`.
            layer, head: only for "attention"; None averages.
            segments: what `read_segments` gives of the clip. Then the frame encoder's own attention is taken in, and
                the map is as fine as that encoder's grid; see `can_look_finer`.

        Raises:
            MethodError: segments are given, but the method or the frame encoder cannot use them.
        """
        times = clip.frames.timestamps_seconds
        return self._call_model(
            explain,
            clip.tensors,
            target,
            method,
            timestamps_seconds=times,
            layer=layer,
            head=head,
            segments=segments,
        )

    @property
    def can_look_finer(self) -> bool:
        """Whether the frame encoder is a transformer, whose own attention `attend` can take in."""
        return declares_attention(self._loaded.model.encoder.frame_tower)

    def attend_by_head(self, clip: ClipFeatures, target: Target) -> list[list[Heatmap]]:
        """Raw attention of every [layer][head]."""
        times = clip.frames.timestamps_seconds
        return self._call_model(explain_by_head, clip.tensors, target, timestamps_seconds=times)

    def faithfulness(self, clip: ClipFeatures, target: Target, heatmap: Heatmap) -> Faithfulness:
        """How the word's log-probability changes as patches go and come, in the heatmap's order and in random order."""
        return self._call_model(measure_faithfulness, clip.tensors, target, heatmap)

    def answer(
        self,
        clip: ClipFeatures,
        question: str,
        *,
        candidates: int = 5,
        neutral_words: bool | None = None,
        language: str | None = None,
    ) -> AnswerResult:
        """The likeliest answers to a question about the clip.

        Args:
            question: in a language that the checkpoint speaks; `AnswerResult.question` is what the model read.
            candidates: how many are wanted, at most.
            neutral_words: as for `caption`.
            language: of the answers, as for `in_language`; the question may be in another.

        Raises:
            QuestionError: the question is empty, too long, or in words or letters that the model does not know.
            SettingsError: the checkpoint does not speak the language.
        """
        start = time.perf_counter()
        text = read_question(self._loaded, question)
        result = self._answer(clip, text, candidates, neutral_words)
        if is_chinese(question):
            result = replace(result, asked=" ".join(question.split()))
        return replace(self.in_language(result, language), seconds=time.perf_counter() - start)

    def _answer(self, clip: ClipFeatures, text: str, candidates: int, neutral_words: bool | None) -> AnswerResult:
        """The answers to a question as the model reads it."""
        if self._is_strange(clip):
            return AnswerResult(text, (Answer(CANNOT_TELL, 0.0),), 0.0)
        absent = self._call_together(find_absent, clip.tensors, text) if tells_absence(self._loaded) else None
        if absent is not None and self.presence(clip, absent) < 0.5:
            told = (Answer(f"there is no {absent}, I think", 1.0 - self.presence(clip, absent)),)
            return AnswerResult(text, told, 0.0, absent)
        answers = self._call_together(answer_questions, clip.tensors, text, candidates=candidates)
        if self._is_neutral(neutral_words):
            answers = neutral_answers(answers)
        sure_from = sure_answer_from(self._loaded.model.config.calibration, question_type_of(text) or "")
        return AnswerResult(text, answers, 0.0, sure_from=sure_from)

    def compare_models(
        self, path: str | os.PathLike[str], *, question: str = "", word: str = "", neutral_words: bool | None = None
    ) -> ModelComparison:
        """This model and a second one on the same clip: `settings.second_checkpoint`, or else another form of this one.

        Args:
            path: the clip; both models open it, so that the time is measured.
            question: is answered by both, unless it is empty.
            word: both look for it; if it is empty, for the main noun of this model's caption.
            neutral_words: as for `caption`.

        Raises:
            ClipError, QuestionError, WordError: as the single steps raise them.
            CheckpointError, QuestionError: as `load_second` does.
        """
        return self._pair.compare(Path(path), question, word, neutral_words)

    def answer_frames(self, clip: ClipFeatures, result: AnswerResult) -> NDArray[np.float64]:
        """How much the likeliest answer rests on each frame, (T,), summing to 1.

        For a word by its relevance (arXiv 2103.15679). For yes and no, which come from how like the clip is to what is
        asked, by how likely each frame alone would make the answer.
        """
        if not result.can_tell or result.absent:
            return np.full(len(clip.frames), 1 / len(clip.frames))
        said = result.candidates[0].english or result.text
        if is_answered_by_vectors(self._loaded, result.question):
            return self._call_model(answer_frame_shares, clip.tensors, result.question, said)
        target = answer_word(self._loaded.processor, result.question, said)
        times = clip.frames.timestamps_seconds
        heat = self._call_model(explain, clip.tensors, target, "relevance", timestamps_seconds=times)
        shares = heat.values.sum((1, 2), dtype=np.float64)
        return shares / shares.sum() if shares.sum() > 0 else np.full(len(shares), 1 / len(shares))

    def suggest_questions(self, clip: ClipFeatures, *, neutral_words: bool | None = None) -> tuple[str, ...]:
        """Four questions that suit the clip, made from what the model would say of it."""
        captions = self._usual_captions(clip)
        if self._is_neutral(neutral_words):
            captions = neutral_captions(captions)
        return self.suggest_questions_about([caption.text for caption in captions])

    def suggest_questions_about(self, sentences: Sequence[str]) -> tuple[str, ...]:
        """Four questions that suit sentences said of a clip, such as those of its scenes, the likeliest first."""
        return suggest_questions(sentences)
