"""The Attend tab: a word of the caption, or any typed one, and where and when the model looked for it.

What a visitor asked and found is in states of that visitor's session; the files that are
made for a visitor are that visitor's (visits.py), and are deleted with the uploads.

    a word or another method  ->  asked  ->  found  ->  frames and numbers, at once
                                                    ->  the playable overlay, some seconds later
    other colours             ->  both pictures anew from what was found; the model is not asked again
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from videobert_demo.attention.explain import DEFAULT_METHOD, METHODS
from videobert_demo.attention.render import (
    COLOUR_MAPS,
    DEFAULT_COLOUR_MAP,
    DEFAULT_OPACITY,
    draw_strip,
    encode_png,
    write_numbers,
    write_overlay,
)
from videobert_demo.attention.targets import Target
from videobert_demo.errors import ClipError, VideoBertDemoError
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Heatmap
from videobert_demo.ui.attend import view as views
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, DRAWING, SOON, Updates
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import Translations, texts_for

# One listener for all words; the event carries the number of the word that was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const chip = event.target.closest('[data-word]');
  if (chip) trigger('select', {index: Number(chip.dataset.word)});
});
"""

# A moment leads to itself in the overlay, or in the clip while there is no overlay yet.
_JUMP = """
const jump = (event) => {
  const place = event.target.closest('[data-moment]');
  const video = document.querySelector('#vb-attend-video video') || document.querySelector('#vb-clip video');
  if (!place || !video) return;
  event.preventDefault();
  video.pause();
  video.currentTime = Number(place.dataset.moment);
  video.scrollIntoView({behavior: 'smooth', block: 'nearest'});
};
element.addEventListener('click', jump);
element.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') jump(event); });
"""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question of a visitor: the caption's word number `index`, or without one the typed `text`."""

    path: str
    text: str
    index: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found for a word."""

    path: str
    target: Target
    method: str
    heatmap: Heatmap


def build_attend_tab(
    service: VideoBertService,
    *,
    visits: Visits,
    clip: gr.Video,
    arrivals: Arrivals,
    described: gr.State,
    translations: Translations,
) -> None:
    """Lays out the tab inside the caller's block.

    Args:
        service: Answers.
        visits: Who is here; the files that are made for somebody go with the visit.
        clip: The clip that all tabs work on.
        arrivals: Who hears of another clip.
        described: What the Describe tab said of it: a `Described`, or None.
        translations: The sentences that the browser puts in.
    """
    names = {method: str(getattr(translations.texts, f"attend_method_{method}")) for method in METHODS}
    asked, found = gr.State(None), gr.State(None)
    words = gr.HTML(
        translations.view(views.words_empty_view),
        js_on_load=_CHOOSE,
        elem_id="vb-attend-words",
        apply_default_css=False,
    )
    with gr.Column(visible=False, elem_id="vb-attend-ask") as ask:
        with gr.Row(elem_id="vb-attend-typed"):
            typed = gr.Textbox(
                label=translations.texts.attend_typed_label,
                show_label=False,
                container=False,
                placeholder=translations.texts.attend_typed_placeholder,
                max_lines=1,
                max_length=200,
                scale=5,
                elem_id="vb-attend-word",
            )
            look = gr.Button(translations.texts.attend_typed_button, scale=1, min_width=80)
        method = gr.Radio(
            [(names[one], one) for one in METHODS],
            value=DEFAULT_METHOD,
            label=translations.texts.attend_method_label,
            container=False,
            elem_id="vb-attend-method",
        )
        hint = gr.HTML(
            translations.view(lambda texts: views.method_hint_view(DEFAULT_METHOD, texts)), apply_default_css=False
        )
    result = gr.HTML("", js_on_load=_JUMP, elem_id="vb-attend-result", apply_default_css=False)
    with gr.Column(visible=False, elem_id="vb-attend-more") as more:
        video = gr.Video(
            label=translations.texts.attend_video_label,
            interactive=False,
            autoplay=True,
            loop=True,
            buttons=[],
            height=320,
            elem_id="vb-attend-video",
        )
        note = gr.HTML("", apply_default_css=False)
        with gr.Row():
            opacity = gr.Slider(0, 1, DEFAULT_OPACITY, step=0.05, label=translations.texts.attend_opacity)
            colours = gr.Dropdown(
                [(name.capitalize(), name) for name in COLOUR_MAPS],
                value=DEFAULT_COLOUR_MAP,
                label=translations.texts.attend_colours,
            )
        with gr.Row(elem_id="vb-attend-downloads"):
            video_file = gr.DownloadButton(translations.texts.attend_download_video, size="sm", interactive=False)
            strip_file = gr.DownloadButton(translations.texts.attend_download_strip, size="sm")
            numbers_file = gr.DownloadButton(translations.texts.attend_download_numbers, size="sm")
        with gr.Accordion(translations.texts.attend_faith, open=False, elem_id="vb-attend-faith") as faith_panel:
            gr.HTML(translations.view(lambda texts: views.hint_view(texts.attend_faith_hint)), apply_default_css=False)
            faith = gr.HTML("", min_height=60, apply_default_css=False)
        with gr.Accordion(translations.texts.attend_heads, open=False, elem_id="vb-attend-heads") as heads_panel:
            heads = gr.HTML("", js_on_load=_JUMP, min_height=60, apply_default_css=False)
    last_word = {"trigger_mode": "always_last"}  # of several words in quick succession, the last one has it
    asking, drawing = {**ASKING, **last_word}, {**DRAWING, **last_word}

    def arrive(path: str | None, request: gr.Request) -> Updates:
        texts = texts_for(request)
        return {
            words: views.words_empty_view(texts) if path is None else views.words_busy_view(texts),
            ask: gr.Column(visible=False),
            result: "",
            more: gr.Column(visible=False),
            found: None,
            video: None,
        }

    # `asked` is left alone: emptied, it would send everyone's `find` into the model's queue, to find nothing
    arrivals.add(arrive, [words, ask, result, more, found, video])

    def offer(answer: Described | None, request: gr.Request) -> tuple[Any, ...]:
        texts = texts_for(request)
        if answer is None:
            return views.words_empty_view(texts), gr.Column(visible=False), ""
        if answer.problem:
            return views.error_view(texts.attend_clip_error_heading, answer.problem), gr.Column(visible=False), ""
        return views.words_view(answer.caption, None, texts), gr.Column(visible=True), views.idle_view(texts)

    described.change(offer, [described], [words, ask, result], **AT_ONCE)

    def choose(answer: Described | None, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        texts = texts_for(request)
        index: Any = event.index
        if answer is None or not isinstance(index, int) or not 0 <= index < len(answer.caption.split()):
            return gr.skip(), gr.skip(), gr.skip()
        word = answer.caption.split()[index]
        return (
            Asked(answer.path, answer.caption, index),
            views.words_view(answer.caption, index, texts),
            views.looking_view(word, texts),
        )

    words.select(choose, [described], [asked, words, result], trigger_mode="multiple", **SOON)

    def ask_typed(answer: Described | None, text: str, request: gr.Request) -> tuple[Any, ...]:
        texts = texts_for(request)
        if answer is None or answer.problem:
            return gr.skip(), gr.skip(), gr.skip()
        return (
            Asked(answer.path, text),
            views.words_view(answer.caption, None, texts),
            views.looking_view(text, texts),
        )

    gr.on([typed.submit, look.click], ask_typed, [described, typed], [asked, words, result], **SOON)

    def change_method(question: Asked | None, chosen: str, path: str | None, request: gr.Request) -> tuple[Any, ...]:
        texts = texts_for(request)
        # the heat of another method must not stand there under the name of this one
        is_about_clip = question is not None and question.path == path
        return views.method_hint_view(chosen, texts), views.looking_view("", texts) if is_about_clip else gr.skip()

    method.change(change_method, [asked, method, clip], [hint, result], **AT_ONCE)

    def find(question: Asked | None, chosen: str, path: str | None, request: gr.Request) -> tuple[Any, ...]:
        if question is None or question.path != path:  # asked about an earlier clip
            return (gr.skip(),) * 6
        closed = gr.Accordion(open=False)
        try:
            target = (
                service.word_target(question.text)
                if question.index is None
                else service.caption_target(question.text, question.index)
            )
            heatmap = service.attend(service.open(question.path), target, chosen)
        except VideoBertDemoError as error:
            texts = texts_for(request)
            refusal = views.error_view(texts.attend_error_heading, texts.explain(error))
            return None, refusal, gr.Column(visible=False), None, closed, closed
        return Found(question.path, target, chosen, heatmap), gr.skip(), gr.Column(visible=True), None, closed, closed

    finding = gr.on(
        [asked.change, method.change],
        find,
        [asked, method, clip],
        [found, result, more, video, faith_panel, heads_panel],
        show_progress="minimal",
        show_progress_on=[result],
        **asking,
    )

    def fail(request: gr.Request) -> tuple[Any, ...]:
        texts = texts_for(request)
        return views.error_view(texts.attend_error_heading, texts.unexpected_error), gr.Column(visible=False)

    finding.failure(fail, None, [result, more], **AT_ONCE)

    def draw(it: Found | None, share: float, colour: str, request: gr.Request) -> tuple[Any, ...]:
        if it is None:
            return gr.skip(), gr.skip(), gr.skip()
        frames = service.open(it.path).frames
        view = views.result_view(
            it.target.word, frames, it.heatmap, colour_map=colour, opacity=share, texts=texts_for(request)
        )
        strip, numbers = visits.place(request.session_hash or "", "drawing", "frames.png", "heatmap.npz")
        strip.write_bytes(encode_png(draw_strip(frames, it.heatmap, colour_map=colour, opacity=share)))
        write_numbers(numbers, it.heatmap, word=it.target.word, method=it.method)
        return view, str(strip), str(numbers)

    looks = [found, opacity, colours]
    redraws = [found.change, opacity.release, colours.change]
    drawn = gr.on(
        redraws, draw, looks, [result, strip_file, numbers_file], show_progress="hidden", **DRAWING, **last_word
    )

    def film(it: Found | None, share: float, colour: str, request: gr.Request) -> tuple[Any, ...]:
        if it is None:
            return gr.skip(), gr.skip(), gr.skip()
        (path,) = visits.place(request.session_hash or "", "overlay", "overlay.webm")
        try:
            write_overlay(it.path, it.heatmap, path, limits=service.settings.limits, colour_map=colour, opacity=share)
        except ClipError:
            return None, gr.DownloadButton(interactive=False), views.hint_view(texts_for(request).attend_video_failed)
        return str(path), gr.DownloadButton(value=str(path), interactive=True), ""

    drawn.then(film, looks, [video, video_file, note], show_progress_on=[video], **drawing)

    def test(it: Found | None, request: gr.Request) -> Any:
        if it is None:
            return gr.skip()
        measured = service.faithfulness(service.open(it.path), it.target, it.heatmap)
        return views.faithfulness_view(measured, texts_for(request))

    faith_panel.expand(lambda: "", None, [faith], **AT_ONCE).then(test, [found], [faith], **asking)

    def show_heads(it: Found | None, share: float, colour: str, request: gr.Request) -> Any:
        if it is None:
            return gr.skip()
        opened = service.open(it.path)
        maps = service.attend_by_head(opened, it.target)
        return views.heads_view(opened.frames, maps, colour_map=colour, opacity=share, texts=texts_for(request))

    heads_panel.expand(lambda: "", None, [heads], **AT_ONCE).then(show_heads, looks, [heads], **asking)
