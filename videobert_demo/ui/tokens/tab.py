"""The Tokens tab: what the model itself sees of the clip. Here is what it shows by itself; tokens_asked.py is asked.

Nothing of it is worked out before the tab is looked at, and then only the part that is chosen, after the caption:

    the tab is opened, a part is chosen, or the clip has been described  ->  wanted  ->  the part's view

What a visitor sees is in states of that visitor's session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from videobert_demo.model.features import ClipFeatures
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, SOON, Updates
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.tokens import asked_view as asked_views
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.asked import build_align, build_labels
from videobert_demo.ui.tokens.cloze import build_cloze
from videobert_demo.ui.tokens.context import PLAY, Stage, flat, part_view
from videobert_demo.ui.tokens.reel import build_reel

PARTS = ("strip", "kinds", "cloze", "align", "reel", "forecast")

# The segment that is pointed at, focused or tapped shows its like; others of the same visual word are marked.
_POINT = """
const point = (event) => {
  const cell = event.target.closest('[data-segment]');
  if (!cell) return;
  for (const one of element.querySelectorAll('[data-segment]')) {
    one.setAttribute('aria-pressed', String(one === cell));
    one.toggleAttribute('data-same', one !== cell && one.dataset.leaf === cell.dataset.leaf);
  }
  for (const panel of element.querySelectorAll('[data-panel]')) {
    panel.hidden = panel.dataset.panel !== cell.dataset.segment;
  }
};
element.addEventListener('pointerover', (event) => { if (event.pointerType === 'mouse') point(event); });
element.addEventListener('focusin', point);
element.addEventListener('click', point);
"""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A part is wanted of the clip of which this was said."""

    answer: Described


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A part that the page works out by itself.

    Attributes:
        view: what it shows.
        wanted: a state: the last `Wanted`, or None.
        outputs: what `work` gives values for: the view first.
        busy: what stands there meanwhile.
    """

    name: str
    view: gr.HTML
    wanted: gr.State
    outputs: Sequence[Any]
    busy: Callable[[Texts], str]
    work: Callable[[ClipFeatures, Described, gr.Request, Texts], Sequence[Any]]


def build_tokens_tab(
    stage: Stage,
    *,
    tabs: gr.Tabs,
    place: int,
    clip: gr.Video,
    arrivals: Arrivals,
    described: gr.State,
    translations: Translations,
) -> None:
    """Lays out the tab inside the caller's block.

    Args:
        stage: What the parts share.
        tabs: All tabs of the page.
        place: Which of them this one is, from 0.
        clip: The clip that all tabs work on.
        arrivals: Who hears of another clip.
        described: What the Describe tab said of it: a `Described`, or None.
        translations: The sentences that the browser puts in.
    """
    words, empty = translations.texts, translations.view(views.empty_view)
    is_open, before = gr.State(False), gr.State({})  # `before`: of what each part was wanted last
    chosen = gr.Radio(
        [(str(getattr(words, f"tokens_part_{name}")), name) for name in PARTS],
        value=PARTS[0],
        label=words.tokens_parts_label,
        show_label=False,
        container=False,
        interactive=True,
        elem_id="vb-tokens-part",
    )
    player = gr.Video(
        label=words.tokens_player,
        interactive=False,
        autoplay=True,
        visible=False,
        height=280,
        buttons=[],
        elem_id="vb-tokens-player",
    )
    told = gr.HTML("", elem_id="vb-tokens-told", apply_default_css=False)
    # The style sheet shows the part that is chosen: that needs no request, and nothing is built anew.
    with gr.Column(elem_classes=["vb-part", "vb-part-strip"]):
        strip, strip_shots = part_view("strip", empty, PLAY + _POINT), gr.State(())
    with gr.Column(elem_classes=["vb-part", "vb-part-kinds"]):
        kinds = part_view("kinds", empty)
        labels = build_labels(stage, clip=clip, words=words)
    with gr.Column(elem_classes=["vb-part", "vb-part-cloze"]):
        cloze = build_cloze(stage, clip=clip, empty=empty, words=words)
    with gr.Column(elem_classes=["vb-part", "vb-part-align"]):
        aligned = build_align(stage, clip=clip, empty=empty, words=words)
    with gr.Column(elem_classes=["vb-part", "vb-part-reel"]):
        reel = build_reel(stage, translations=translations)
    with gr.Column(elem_classes=["vb-part", "vb-part-forecast"]):
        forecast, forecast_shots = part_view("forecast", empty, PLAY), gr.State(())
    for view, shots in (
        (strip, strip_shots),
        (forecast, forecast_shots),
        (cloze.filled, cloze.shots),
        (reel.view, reel.shots),
    ):
        stage.let_play(view, shots, player, told)

    def show_strip(opened: ClipFeatures, _: Described, request: gr.Request, texts: Texts) -> Sequence[Any]:
        found = stage.service.inspect(opened, library=stage.library(request))
        near = stage.titled(found.neighbours, texts)
        return views.strip_view(found.segments, near, found.levels, texts), flat(near)

    def show_kinds(opened: ClipFeatures, _: Described, request: gr.Request, texts: Texts) -> Sequence[Any]:
        return asked_views.kinds_view(stage.service.classify(opened), texts), gr.Column(visible=True)

    def show_forecast(opened: ClipFeatures, _: Described, request: gr.Request, texts: Texts) -> Sequence[Any]:
        foretold = stage.service.forecast(opened, library=stage.library(request))
        shown = stage.titled(foretold.shown, texts)
        return views.forecast_view(stage.service.segments(opened), foretold, shown, texts), flat(shown)

    parts = (
        _Part("strip", strip, gr.State(None), [strip, strip_shots], lambda it: it.tokens_strip_busy, show_strip),
        _Part("kinds", kinds, gr.State(None), [kinds, labels.ask], lambda it: it.tokens_kinds_busy, show_kinds),
        _Part("cloze", cloze.view, gr.State(None), cloze.offered, lambda it: it.tokens_strip_busy, cloze.offer),
        _Part(
            "forecast",
            forecast,
            gr.State(None),
            [forecast, forecast_shots],
            lambda it: it.tokens_forecast_busy,
            show_forecast,
        ),
    )
    clip_views = [*(part.view for part in parts), aligned.view]
    asks = [labels.ask, cloze.ask, aligned.ask]

    def arrive(path: str | None, request: gr.Request) -> Updates:
        stage.show(path, request)
        texts = texts_for(request)
        view = views.empty_view(texts) if path is None else views.busy_view(texts.busy_heading)
        forgotten = {labels.view: "", cloze.filled: "", player: gr.Video(value=None, visible=False), told: ""}
        hidden = {ask: gr.Column(visible=False) for ask in asks}
        return {**dict.fromkeys(clip_views, view), **hidden, **forgotten}

    arrivals.add(arrive, [*clip_views, *asks, labels.view, cloze.filled, player, told])

    def hear(answer: Described | None, path: str | None, typed: str | None, request: gr.Request) -> Sequence[Any]:
        texts = texts_for(request)
        if answer is None or answer.path != path:
            return (gr.skip(),) * (len(clip_views) + 2)
        if answer.problem:
            view = views.error_view(texts.attend_clip_error_heading, answer.problem)
            return *((view,) * len(clip_views)), gr.skip(), gr.skip()
        kept = (gr.skip(),) * (len(clip_views) - 1)
        sentence = gr.skip() if typed and typed.strip() else answer.caption
        return *kept, views.idle_view(texts.tokens_align_idle), gr.Column(visible=True), sentence

    described.change(hear, [described, clip, aligned.sentence], [*clip_views, aligned.ask, aligned.sentence], **AT_ONCE)

    def turn(event: gr.SelectData) -> bool:
        return bool(event.index == place)

    tabs.select(turn, None, [is_open], **SOON)
    chosen.change(lambda: (gr.Video(value=None, visible=False), ""), None, [player, told], **AT_ONCE)

    def begin(
        answer: Described | None,
        is_looked_at: bool,
        name: str,
        path: str | None,
        asked_before: Mapping[str, Described],
        request: gr.Request,
    ) -> Sequence[Any]:
        is_due = is_looked_at and answer is not None and not answer.problem and answer.path == path
        wanted = next((part for part in parts if is_due and part.name == name), None)
        if wanted is None or answer is None or asked_before.get(name) is answer:
            return gr.skip(), *((gr.skip(),) * (2 * len(parts)))
        busy = views.busy_view(wanted.busy(texts_for(request)), is_strip=wanted.name != "kinds")
        values = [(Wanted(answer), busy) if part is wanted else (gr.skip(), gr.skip()) for part in parts]
        return {**asked_before, name: answer}, *(value for pair in values for value in pair)

    gr.on(
        [is_open.change, chosen.change, described.change],
        begin,
        [described, is_open, chosen, clip, before],
        [before, *(output for part in parts for output in (part.wanted, part.view))],
        **SOON,
    )
    for part in parts:
        _work_out(stage, part, clip, before)


def _work_out(stage: Stage, part: _Part, clip: gr.Video, before: gr.State) -> None:
    """Lets a part answer when it is wanted."""

    def run(wanted: Wanted | None, path: str | None, request: gr.Request) -> Sequence[Any]:
        count = len(part.outputs)
        if wanted is None or wanted.answer.path != path:  # wanted of an earlier clip
            return (gr.skip(),) * count
        answer = wanted.answer
        return stage.about(path, request, count, lambda opened, texts: part.work(opened, answer, request, texts))

    def fail(request: gr.Request) -> Sequence[Any]:
        return views.refusal_view(texts_for(request).unexpected_error), {}  # chosen once more, it is tried once more

    running = part.wanted.change(
        run,
        [part.wanted, clip],
        part.outputs,
        trigger_mode="always_last",
        show_progress="minimal",
        show_progress_on=[part.view],
        **ASKING,
    )
    running.failure(fail, None, [part.view, before], **AT_ONCE)
