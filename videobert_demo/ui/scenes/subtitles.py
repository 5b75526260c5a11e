"""What is said in the clip, in the Scenes tab: subtitles are brought or found in the file, shown and searched.

The caption that the model writes beside the words is shown below the usual one, and never in its place.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Subtitles
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.found import Said
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, Updates
from videobert_demo.ui.page.speaking import shown, spoken
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.video.subtitles import SUFFIXES

_TEMPLATE = "scenes/subtitles.html"
MAX_SHOWN = 2000

_SEARCH = """
element.addEventListener('input', (event) => {
  const field = event.target.closest('[data-cue-search]');
  if (!field) return;
  const words = field.value.toLocaleLowerCase().split(/\\s+/).filter(Boolean);
  for (const cue of element.querySelectorAll('[data-cue]')) {
    const text = cue.querySelector('span').textContent.toLocaleLowerCase();
    cue.hidden = !words.every((word) => text.includes(word));
  }
});
"""


class SubtitlePanel:
    """Lays out the part inside the caller's block.

    Args:
        service: The model.
        clip: The clip that all tabs work on.
        said: A state, which is set to a `Said`: the timeline under the player shows it.
        visits: Who is here; a file of subtitles is deleted after the visit.
        arrivals: Tells that another clip has arrived.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        clip: gr.Video,
        said: gr.State,
        visits: Visits,
        arrivals: Arrivals,
        translations: Translations,
    ) -> None:
        self._service, self._visits, self._said = service, visits, said
        words = translations.texts
        with gr.Column(elem_id="vb-subtitles"):
            with gr.Row(elem_id="vb-subtitles-ways"):
                bring = gr.UploadButton(
                    words.subtitles_bring,
                    file_types=list(SUFFIXES),
                    type="filepath",
                    size="sm",
                    elem_id="vb-subtitles-bring",
                )
                find = gr.Button(words.subtitles_find, size="sm", elem_id="vb-subtitles-find")
            self._view = gr.HTML("", js_on_load=_SEARCH, elem_id="vb-subtitles-view", apply_default_css=False)
        arrivals.add(self._arrive, [self._view])
        for event, answer, inputs in (
            (bring.upload, self._read, [clip, bring]),
            (find.click, self._find, [clip]),
        ):
            started = event(self._start, None, [self._view], **AT_ONCE)
            answered = started.then(answer, inputs, [self._view, said], show_progress="hidden", **ASKING)
            answered.failure(self._fail, None, [self._view], **AT_ONCE)

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        return {self._view: ""}

    def _start(self, request: gr.Request) -> Updates:
        return {self._view: render(_TEMPLATE, "busy", texts_for(request))}

    def _find(self, path: str | None, request: gr.Request) -> Updates:
        return self._read(path, None, request)

    def _read(self, path: str | None, file: Any, request: gr.Request) -> Updates:
        texts = texts_for(request)
        if path is None:
            return {self._view: _refusal(texts.watch_no_clip)}
        if file is not None:
            self._visits.claim(session_of(request), "subtitles", [file])
        try:
            subtitles = self._service.subtitles(path, file)
            content = self._service.open(path)
            language = spoken(self._service, texts)
            words = subtitles.words_between(0.0, content.info.duration_seconds or float("inf"))
            captions = [(texts.subtitles_alone, self._service.caption(content, language=language).text)]
            if words:
                beside = self._service.caption_with_words(content, words)
                captions.append((texts.subtitles_beside, shown(self._service, beside, texts).text))
        except VideoBertDemoError as error:
            return {self._view: _refusal(texts.explain(error))}
        view = cues_view(subtitles, content.info.duration_seconds, captions, texts)
        return {self._view: view, self._said: Said(path, subtitles)}

    def _fail(self, request: gr.Request) -> Updates:
        # The server logs what nobody foresaw, with its traceback; the person reads a sentence.
        return {self._view: _refusal(texts_for(request).unexpected_error)}


def cues_view(subtitles: Subtitles, duration_seconds: float, captions: list[tuple[str, str]], texts: Texts) -> str:
    """The cues, where they lie in the clip, and the captions without and beside them.

    Args:
        subtitles: As the service read them.
        duration_seconds: How long the clip is.
        captions: What was read, and the sentence.
        texts: The language.
    """
    length = duration_seconds or max(cue.end_seconds for cue in subtitles.cues)
    shown = subtitles.cues[:MAX_SHOWN]
    shares = [
        (cue.start_seconds / length, (min(cue.end_seconds, length) - cue.start_seconds) / length)
        for cue in shown
        if cue.start_seconds < length
    ]
    sources = {
        "file": texts.subtitles_from_file,
        "track": texts.subtitles_from_track,
        "speech": texts.subtitles_from_speech,
    }
    left = len(subtitles.cues) - len(shown)
    note = texts.subtitles_left_out.format(count=left) if left else ""
    return render(_TEMPLATE, "cues", sources[subtitles.source], shown, shares, captions, note, texts)


def _refusal(message: str) -> str:
    return render("widgets.html", "refusal", "subtitles", message)
