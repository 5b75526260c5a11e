"""The Attend tab: a word of the caption, or any typed one, and where and when the model looked for it.

What a visitor has asked and found are states of that visitor's session.

    a word or another method  ->  asked  ->  found  ->  it is drawn (drawing.py)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from videobert_demo.attention.explain import DEFAULT_METHOD, FINER_METHODS, METHODS
from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.attend import view as views
from videobert_demo.ui.attend.drawing import JUMP, FoundHeatmap, HeatmapDrawing
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.address import Address
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import ANSWERING, CANCEL, typed_row
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, LAST_WORD, SOON, Updates, unchanged
from videobert_demo.ui.page.speaking import glosses
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.timeline.scope import ChosenScene, SceneScope, chosen_in

_MAX_CHARACTERS = 200

# One listener for all words; the event carries the index of the word that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const chip = event.target.closest('[data-word]');
  if (chip) trigger('select', {index: Number(chip.dataset.word)});
});
"""


@dataclass(frozen=True, slots=True, eq=False)
class HeatmapRequest:
    """What a visitor asks about the clip at `path`.

    Attributes:
        path: The file.
        text: The caption if there is an `index`, else what was typed.
        index: Which of the caption's words is meant.
        scene: Which scene is meant, or None for the whole clip.
    """

    path: str
    text: str
    index: int | None = None
    scene: ChosenScene | None = None


class AttendTab:
    """Lays out the tab inside the caller's block, and looks for what is asked.

    Args:
        service: The model.
        visits: Who is here; the files that are made for them are deleted after the visit.
        clip: The clip that all tabs work on.
        arrivals: Tells the tabs that another clip has arrived.
        described: A state: the Describe tab's answer for it, a `Described`, or None.
        scope: Which of the clip's scenes is meant.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        visits: Visits,
        clip: gr.Video,
        arrivals: Arrivals,
        described: gr.State,
        scope: SceneScope,
        translations: Translations,
    ) -> None:
        self._service, self._scope, self._pace = service, scope, Pace()
        self._asked, self._found = gr.State(None), gr.State(None)
        self._lay_out(translations)
        self._drawing = HeatmapDrawing(
            service, visits=visits, found=self._found, result=self._result, translations=translations
        )
        self._listen(clip, arrivals, described)

    def _lay_out(self, translations: Translations) -> None:
        words = translations.texts
        self._words = gr.HTML(
            translations.view(views.words_empty_view),
            js_on_load=_CHOOSE,
            elem_id="vb-attend-words",
            apply_default_css=False,
        )
        with gr.Column(visible=False, elem_id="vb-attend-ask") as self._ask:
            self._scope.bar()
            self._typed = typed_row(
                words.attend_typed_label,
                words.attend_typed_placeholder,
                words.attend_typed_button,
                row_id="vb-attend-typed",
                text_id="vb-attend-word",
                max_characters=_MAX_CHARACTERS,
                is_primary=False,
                min_button_pixels=80,
            )
            self._method = gr.Radio(
                [(str(getattr(words, f"attend_method_{method}")), method) for method in METHODS],
                value=DEFAULT_METHOD,
                label=words.attend_method_label,
                container=False,
                elem_id="vb-attend-method",
            )
            self._hint = gr.HTML(
                translations.view(lambda texts: views.method_hint_view(DEFAULT_METHOD, texts)), apply_default_css=False
            )
            self._finer = gr.Checkbox(
                label=words.attend_finer,
                visible=self._goes_finer(DEFAULT_METHOD),
                container=False,
                elem_id="vb-attend-finer",
            )
        self._told = gr.HTML("", elem_id="vb-attend-told", apply_default_css=False)
        self._result = gr.HTML("", js_on_load=JUMP + CANCEL, elem_id="vb-attend-result", apply_default_css=False)

    def _listen(self, clip: gr.Video, arrivals: Arrivals, described: gr.State) -> None:
        offered, shown = [self._words, self._ask, self._result], [self._result, *self._drawing.outputs]
        asked = [self._asked, self._words, self._told, *shown]
        # `asked` is left alone: emptied, it would send everyone's `find` into the model's queue, to find nothing
        arrivals.add(self._arrive, [*offered, self._told, self._found, *self._drawing.outputs])
        described.change(self._offer, [described], offered, **AT_ONCE)
        chosen = self._scope.chosen
        chosen.change(self._reword, [described, chosen], [self._words], **AT_ONCE)
        self._words.select(self._choose, [described, chosen], asked, trigger_mode="multiple", **SOON)
        typed = [self._typed.text.submit, self._typed.button.click]
        asking = gr.on(typed, self._ask_typed, [described, self._typed.text, chosen], asked, **SOON)
        note = "(word) => window.videobert.note({word})"
        asking.then(None, [self._typed.text], None, js=note, api_visibility="private")
        question = [self._asked, self._method, clip, self._finer]
        self._method.change(self._change_method, question[:3], [self._hint, self._finer, *shown], **AT_ONCE)
        self._finer.change(self._look_again, question[:3], shown, **AT_ONCE)
        finding = gr.on(
            [self._asked.change, self._method.change, self._finer.change],
            self._find,
            question,
            [self._found, *shown],
            show_progress="minimal",
            show_progress_on=[self._result],
            **ASKING,
            **LAST_WORD,
        )
        self._result.input(self._stop, None, [self._result], cancels=[finding], **AT_ONCE)
        finding.failure(self._fail, None, shown, **AT_ONCE)

    @property
    def restored(self) -> list[Any]:
        """What `restore` gives values for."""
        return [self._typed.text]

    def restore(self, address: Address) -> Updates:
        """What was asked before the page was loaded again; the page itself asks once more."""
        return {self._typed.text: address.word} if address.word else {}

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {
            self._words: views.words_empty_view(texts) if path is None else views.words_busy_view(texts),
            self._ask: gr.Column(visible=False),
            self._result: "",
            self._found: None,
            self._told: "",
            **self._drawing.hidden(),
        }

    def _offer(self, answer: Described | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if answer is not None and not answer.problem:
            return {
                self._words: self._words_of(answer.caption, None, texts),
                self._ask: gr.Column(visible=True),
                self._result: views.idle_view(texts),
            }
        view = (
            views.words_empty_view(texts)
            if answer is None
            else views.error_view(texts.attend_clip_error_heading, answer.problem)
        )
        return {self._words: view, self._ask: gr.Column(visible=False), self._result: ""}

    def _words_of(self, sentence: str, index: int | None, texts: Texts) -> str:
        return views.words_view(sentence, index, texts, glosses(self._service, sentence.split(), texts))

    def _looking(self, word: str, texts: Texts) -> str:
        return views.looking_view(word, texts, self._pace.progress(ANSWERING))

    def _choose(
        self, answer: Described | None, chosen: ChosenScene | None, event: gr.EventData, request: gr.Request
    ) -> Updates:
        texts = texts_for(request)
        index: Any = event.index
        if answer is None or not isinstance(index, int):
            return unchanged()
        sentence, scene = _sentence(answer, chosen), chosen_in(chosen, answer.path)
        if not 0 <= index < len(sentence.split()):
            return unchanged()
        return {
            self._told: "",
            self._asked: HeatmapRequest(answer.path, sentence, index, scene),
            self._words: self._words_of(sentence, index, texts),
            self._result: self._looking(sentence.split()[index], texts),
            **self._drawing.hidden(),
        }

    def _reword(self, answer: Described | None, chosen: ChosenScene | None, request: gr.Request) -> Updates:
        if answer is None or answer.problem:
            return unchanged()
        return {self._words: self._words_of(_sentence(answer, chosen), None, texts_for(request))}

    def _ask_typed(
        self, answer: Described | None, text: str, chosen: ChosenScene | None, request: gr.Request
    ) -> Updates:
        texts = texts_for(request)
        if answer is None or answer.problem:
            return unchanged()
        try:
            self._service.word_target(text)
        except VideoBertDemoError as error:  # what was found for another word stays
            return {self._told: views.refusal_view(texts.explain(error))}
        return {
            self._told: "",
            self._asked: HeatmapRequest(answer.path, text, scene=chosen_in(chosen, answer.path)),
            self._words: self._words_of(_sentence(answer, chosen), None, texts),
            self._result: self._looking(text, texts),
            **self._drawing.hidden(),
        }

    def _goes_finer(self, method: str) -> bool:
        return method in FINER_METHODS and self._service.can_look_finer

    def _change_method(
        self, asked: HeatmapRequest | None, method: str, path: str | None, request: gr.Request
    ) -> Updates:
        told: Updates = {
            self._hint: views.method_hint_view(method, texts_for(request)),
            self._finer: gr.Checkbox(visible=self._goes_finer(method)),
        }
        return told | self._looks_again(asked, path, request)

    def _look_again(self, asked: HeatmapRequest | None, _method: str, path: str | None, request: gr.Request) -> Updates:
        return self._looks_again(asked, path, request) or unchanged()

    def _looks_again(self, asked: HeatmapRequest | None, path: str | None, request: gr.Request) -> Updates:
        """The heat of another method must not stand there under the name of this one."""
        if asked is None or asked.path != path:
            return {}
        return {self._result: self._looking("", texts_for(request)), **self._drawing.hidden()}

    def _find(
        self, asked: HeatmapRequest | None, method: str, path: str | None, is_finer: bool, request: gr.Request
    ) -> Updates:
        if asked is None or asked.path != path:  # asked about an earlier clip
            return unchanged()
        try:
            target = (
                self._service.word_target(asked.text)
                if asked.index is None
                else self._service.caption_target(asked.text, asked.index)
            )
            span = None if asked.scene is None else asked.scene.span_seconds
            with self._pace.measured(ANSWERING):
                clip = self._service.open(asked.path, span_seconds=span)
                reads = is_finer and self._goes_finer(method)
                segments = self._service.read_segments(asked.path, span_seconds=span) if reads else None
                heatmap = self._service.attend(clip, target, method, segments=segments)
                presence = None if target.is_written else self._service.presence(clip, target.word)
        except VideoBertDemoError as error:
            return {self._found: None, **self._refused(texts_for(request).explain(error), request)}
        found = FoundHeatmap(asked.path, target, method, heatmap, asked.scene, presence)
        return {self._found: found, **self._drawing.folded()}  # drawing.py shows it

    def _stop(self, request: gr.Request) -> Updates:
        return {self._result: views.idle_view(texts_for(request))}

    def _fail(self, request: gr.Request) -> Updates:
        return self._refused(texts_for(request).unexpected_error, request)

    def _refused(self, sentence: str, request: gr.Request) -> Updates:
        heading = texts_for(request).attend_error_heading
        return {self._result: views.error_view(heading, sentence), **self._drawing.hidden(), **self._drawing.folded()}


def _sentence(answer: Described, chosen: ChosenScene | None) -> str:
    """The sentence whose words are offered: the chosen scene's, else the clip's."""
    scene = chosen_in(chosen, answer.path)
    return answer.caption if scene is None else scene.english or scene.caption
