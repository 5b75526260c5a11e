"""The Two clips tab: a second clip beside the one that all tabs work on, and what is asked of both.

It knows the service and the clip component that it is handed, and keeps nothing between two calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.errors import QuestionError
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.side_by_side import QUERIES, Query, ask_both
from videobert_demo.ui.both import view as views
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import ANSWERING, CANCEL, TypedRow, answer_after, ask_then_answer, typed_row
from videobert_demo.ui.page.looking import look
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.queues import AT_ONCE, Updates
from videobert_demo.ui.page.speaking import spoken
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

_MAX_CHARACTERS = 300


class BothTab:
    """Lays out the tab inside the caller's block.

    Args:
        service: The model.
        clip: The clip that all tabs work on: the first.
        neutral: The switch for neutral words.
        visits: Who is here; the second clip is deleted after the visit.
        playback: Knows the titles of the bundled clips.
        arrivals: Tells the tabs that another clip has arrived.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        clip: gr.Video,
        neutral: gr.Checkbox,
        visits: Visits,
        playback: Playback,
        arrivals: Arrivals,
        translations: Translations,
    ) -> None:
        self._service, self._visits, self._playback = service, visits, playback
        self._pace, self._sharing_pace = Pace(), Pace()
        words = translations.texts
        self._second = gr.State(None)
        choose, aside, share = self._lay_out_choice(words)
        self._shown = gr.HTML("", elem_id="vb-both-second", apply_default_css=False)
        row = self._lay_out_question(words)
        self._view = gr.HTML(
            translations.view(views.empty_view), js_on_load=CANCEL, elem_id="vb-both-view", apply_default_css=False
        )
        taken = [self._second, self._shown, self._view]
        choose.upload(self._take, [choose], taken, **AT_ONCE)
        aside.click(self._take, [clip], taken, **AT_ONCE)
        arrivals.add(self._arrive, [self._view])
        ask_then_answer(
            row,
            self._start,
            self._answer,
            [clip, self._second, self._asked, row.text, neutral],
            [self._view],
            view=self._view,
            refuse=views.refusal_view,
            pace=self._pace,
        )
        answer_after(
            share.click(self._start_sharing, None, [self._view], **AT_ONCE),
            self._find_shared,
            [clip, self._second],
            [self._view],
            view=self._view,
            refuse=views.refusal_view,
            pace=self._sharing_pace,
            look=self._look,
        )

    def _lay_out_choice(self, words: Texts) -> tuple[gr.UploadButton, gr.Button, gr.Button]:
        """The buttons that choose a second clip, take the one on the left for it, and look for shared passages."""
        with gr.Row(elem_id="vb-both-ways"):
            choose = gr.UploadButton(
                words.both_choose, file_types=["video"], type="filepath", size="sm", elem_id="vb-both-choose"
            )
            aside = gr.Button(words.both_aside, size="sm", elem_id="vb-both-aside")
            share = gr.Button(words.both_share, size="sm", elem_id="vb-both-share")
        return choose, aside, share

    def _lay_out_question(self, words: Texts) -> TypedRow:
        """What is asked of both clips, and the line in which it is typed."""
        names = {"question": words.both_question, "word": words.both_word, "sentence": words.both_sentence}
        self._asked = gr.Radio(
            [(names[query], query) for query in QUERIES],
            value=QUERIES[0],
            label=words.both_query,
            show_label=False,
            container=False,
            interactive=True,
            elem_id="vb-both-query",
        )
        return typed_row(
            words.both_label,
            words.both_placeholder,
            words.both_button,
            row_id="vb-both-row",
            text_id="vb-both-text",
            max_characters=_MAX_CHARACTERS,
            min_button_pixels=120,
        )

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        return {self._view: views.empty_view(texts_for(request))}

    def _take(self, path: str | None, request: gr.Request) -> Updates:
        """This file is the second clip from now on, even when another one comes on the left."""
        texts = texts_for(request)
        if path is None:
            return {self._shown: views.refusal_view(texts.both_nothing)}
        self._visits.claim(session_of(request), "second", [path])
        shown = views.second_view(self._titles([path], texts)[0], texts)
        return {self._second: path, self._shown: shown, self._view: views.empty_view(texts)}

    def _start(self, request: gr.Request) -> Updates:
        return {self._view: views.busy_view(texts_for(request), self._pace.progress(ANSWERING))}

    def _answer(
        self, first: str | None, second: str | None, query: Any, text: str | None, neutral: bool, request: gr.Request
    ) -> Updates:
        texts = texts_for(request)
        if first is None or second is None:
            raise QuestionError("Choose two clips: one on the left, and a second one here.")
        chosen: Query = query if query in QUERIES else QUERIES[0]
        clips = [self._service.open(path) for path in (first, second)]
        language = spoken(self._service, texts)
        found = ask_both(self._service, clips, chosen, text or "", neutral_words=neutral, language=language)
        return {self._view: views.answer_view(found, self._titles([first, second], texts), texts)}

    def _start_sharing(self, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {self._view: views.busy_view(texts, self._sharing_pace.progress(ANSWERING), texts.both_share_busy)}

    def _look(self, first: str | None, second: str | None, request: gr.Request) -> Iterator[Updates]:
        """Sees both clips from moment to moment, which takes long only the first time."""
        if first is not None and second is not None:
            texts = texts_for(request)
            for at in look(self._service, [first, second]):
                yield {self._view: views.busy_view(texts, at, texts.both_share_busy)}

    def _find_shared(self, first: str | None, second: str | None, request: gr.Request) -> Updates:
        """Passages that are in both clips."""
        if first is None or second is None:
            raise QuestionError("Choose two clips: one on the left, and a second one here.")
        texts = texts_for(request)
        passages = self._service.compare(first, second)
        lengths = [self._service.content(path).duration_seconds for path in (first, second)]
        return {self._view: views.shared_view(passages, self._titles([first, second], texts), lengths, texts)}

    def _titles(self, paths: Sequence[str], texts: Texts) -> list[str]:
        """What the clips are called: the bundled ones by their titles, others by their files' names."""
        return [self._playback.title(path, Path(path).name, texts) for path in paths]
