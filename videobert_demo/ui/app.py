"""Puts the page together: the clip, the tabs, and the invisible endpoints. Building never launches it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder

from videobert_demo.service.examples import EXAMPLES_FOLDER, read_examples
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.service.warming import warm_up as caption_an_example
from videobert_demo.ui.ask.endpoint import build_answer_endpoint
from videobert_demo.ui.ask.tab import AskTab, mendable_answer
from videobert_demo.ui.attend.endpoint import build_attend_endpoint
from videobert_demo.ui.attend.tab import AttendTab
from videobert_demo.ui.both.endpoint import build_both_endpoint
from videobert_demo.ui.both.tab import BothTab
from videobert_demo.ui.clip_panel import ClipPanel
from videobert_demo.ui.describe.endpoint import build_caption_endpoint
from videobert_demo.ui.describe.many import ManyFiles
from videobert_demo.ui.describe.tab import DescribeTab, mendable_caption
from videobert_demo.ui.mending.endpoint import build_correct_endpoint
from videobert_demo.ui.mending.mending import Mending
from videobert_demo.ui.models.endpoint import build_models_endpoint
from videobert_demo.ui.models.tab import ModelsTab
from videobert_demo.ui.page.address import read_address
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.following import follow_visits
from videobert_demo.ui.page.page import Page
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.queues import AT_ONCE, Updates
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.scenes.endpoint import build_scenes_endpoint
from videobert_demo.ui.scenes.film_endpoints import build_film_endpoints
from videobert_demo.ui.scenes.happening_endpoints import build_happening_endpoints
from videobert_demo.ui.scenes.subtitle_endpoint import build_subtitle_endpoint
from videobert_demo.ui.scenes.tab import ScenesTab
from videobert_demo.ui.scenes.watch_endpoint import build_watch_endpoint
from videobert_demo.ui.search.endpoint import build_search_endpoint
from videobert_demo.ui.search.tab import SearchTab
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations
from videobert_demo.ui.timeline.part import TimelinePart
from videobert_demo.ui.tokens.context import TokensContext
from videobert_demo.ui.tokens.endpoint import build_tokens_endpoints
from videobert_demo.ui.tokens.label_endpoints import build_label_endpoints
from videobert_demo.ui.tokens.tab import TokensTab

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService

_TABS = ("describe", "scenes", "ask", "search", "attend", "tokens", "both", "models")
_QUEUE_UPDATE_SECONDS = 1.0
# Gradio's own sweep looks only at a file's age: a second net below the page's, with times that outlast any visit.
_SECOND_NET_SECONDS = (3600, 43200)


def build_app(service: VideoBertService, *, retention: Retention | None = None, warm_up: bool = False) -> Page:
    """Builds the page around one service.

    Args:
        service: The model; everyone who opens the page shares it, and it keeps nothing of theirs but bounded caches.
        retention: How long visitors' files are kept; some minutes by default.
        warm_up: Caption an example once the page is served, so that the first visitor's caption is as fast as others'.

    Returns:
        The app, not launched: `build_app(service).launch(**launch_options(service.settings))`.
    """
    gr.set_static_paths(EXAMPLES_FOLDER)  # served from where they are, so that no copies have to be cleared up
    translations = Translations()
    app = Page(
        visits=Visits(Path(get_upload_folder()), retention or Retention()),
        translations=translations,
        title=ENGLISH.title,
        analytics_enabled=False,
        delete_cache=_SECOND_NET_SECONDS,
        fill_width=True,
    )
    with app:
        _Layout(service, app, translations)
    app.warm_up = partial(caption_an_example, service) if warm_up else None
    # Otherwise whoever waits hears of the others only when somebody's turn comes: the first of two would read "1 of 1".
    app.queue(status_update_rate=_QUEUE_UPDATE_SECONDS)
    return app


class _Layout:
    """Lays out the page: the clip on the left, the tabs on the right, the endpoints unseen.

    Args:
        service: The model.
        app: The page, open for components.
        translations: The sentences that the browser translates.
    """

    def __init__(self, service: VideoBertService, app: Page, translations: Translations) -> None:
        self._service, self._app, self._translations = service, app, translations
        self._examples = read_examples()
        self._arrivals = Arrivals()
        self._visitors = VisitorLibraries(service)
        self._playback = Playback(app.visits, self._examples)
        self._timeline = TimelinePart(service, arrivals=self._arrivals)
        self._tokens = TokensContext(service, self._visitors, self._playback)
        self._show("header", is_untrained=service.is_untrained)
        with gr.Row(elem_id="vb-main"):
            with gr.Column(scale=5, min_width=300, elem_id="vb-left"):
                limits = service.settings.limits
                self._clip = ClipPanel(
                    service,
                    self._examples,
                    visits=app.visits,
                    limits=limits,
                    translations=translations,
                    lay_out_below=self._timeline.lay_out,
                ).clip
                self._neutral = gr.Checkbox(
                    value=service.settings.neutral_words,
                    label=translations.texts.neutral_label,
                    elem_id="vb-neutral",
                    container=False,
                )
            with gr.Column(scale=7, min_width=300, elem_id="vb-right"):
                self._tokens_are_open = gr.Checkbox(False, visible="hidden")
                with gr.Tabs() as tabs:
                    self._add_tabs(tabs)
        self._tokens_tab.listen_to_tabs([one for one in tabs.children if isinstance(one, gr.Tab)])
        self._restore_from_address(tabs)
        self._add_endpoints()
        self._show("footer", model=service.model_name, parts=service.model_parts)
        follow_visits(app, self._arrivals)
        self._arrivals.listen_to(self._clip)
        app.on_visit_over += [
            self._visitors.forget,
            self._tokens.forget,
            self._timeline.forget,
            self._many.forget,
            self._labels.forget,
        ]

    def _show(self, macro: str, **values: str | bool) -> None:
        """A part of the page that never changes."""
        view = self._translations.view(lambda texts: render("page/page.html", macro, texts=texts, **values))
        gr.HTML(view, apply_default_css=False)

    def _add_tabs(self, tabs: gr.Tabs) -> None:
        words = self._translations.texts
        shared: dict[str, Any] = {
            "clip": self._clip,
            "arrivals": self._arrivals,
            "translations": self._translations,
        }
        found, scope = self._timeline.found, self._timeline.scope
        with _tab("describe", words.describe_tab):
            described = DescribeTab(self._service, found=found, neutral=self._neutral, **shared).described
            kept: dict[str, Any] = {"visitors": self._visitors, "clip": self._clip}
            Mending(self._service, source=described, read=mendable_caption, name="caption", **kept)
            self._many = ManyFiles(
                self._service,
                clip=self._clip,
                neutral=self._neutral,
                tabs=tabs,
                visits=self._app.visits,
                translations=self._translations,
            )
        with _tab("scenes", words.scenes_tab):
            ScenesTab(
                self._service,
                visitors=self._visitors,
                visits=self._app.visits,
                found=found,
                said=self._timeline.said,
                **shared,
            )
        with _tab("ask", words.ask_tab):
            ask = AskTab(self._service, described=described, scope=scope, neutral=self._neutral, **shared)
            Mending(self._service, source=ask.earlier, read=mendable_answer, name="answer", **kept)
        with _tab("search", words.search_tab):
            search = SearchTab(
                self._service,
                visitors=self._visitors,
                visits=self._app.visits,
                playback=self._playback,
                tabs=tabs,
                described=described,
                **shared,
            )
        with _tab("attend", words.attend_tab):
            attend = AttendTab(self._service, visits=self._app.visits, described=described, scope=scope, **shared)
        with _tab("tokens", words.tokens_tab):
            self._tokens_tab = TokensTab(
                self._tokens,
                visitors=self._visitors,
                visits=self._app.visits,
                described=described,
                is_open=self._tokens_are_open,
                **shared,
            )
        self._labels = self._tokens_tab.labels
        with _tab("both", words.both_tab):
            BothTab(self._service, neutral=self._neutral, visits=self._app.visits, playback=self._playback, **shared)
        with _tab("models", words.models_tab):
            ModelsTab(self._service, neutral=self._neutral, **shared)
        self._timeline.listen_to(described)
        self._restoring = (ask, search, attend)

    def _restore_from_address(self, tabs: gr.Tabs) -> None:
        """Brings back what the page's address names; the page's script (address.js) does the rest."""

        def restore(sent: Any, request: gr.Request) -> Updates:
            address = read_address(sent)
            updates: Updates = self._many.restore(address.window, request)
            if address.tab in _TABS:
                updates[tabs] = gr.Tabs(selected=address.tab)
            for example in self._examples:
                if example.path.stem == address.example:
                    updates[self._clip] = str(example.path)
            for tab in self._restoring:
                updates |= tab.restore(address)
            return updates

        outputs = [tabs, self._clip, *self._many.restored, *(one for tab in self._restoring for one in tab.restored)]
        wanted = "async () => [await window.videobert.wanted()]"
        restored = self._app.load(restore, [gr.JSON(visible=False)], outputs, js=wanted, **AT_ONCE)
        restored.then(None, None, None, js="() => window.videobert.bringBack()", api_visibility="private")

    def _add_endpoints(self) -> None:
        build_caption_endpoint(self._service, ENGLISH)
        build_answer_endpoint(self._service, ENGLISH)
        build_scenes_endpoint(self._service, ENGLISH)
        build_film_endpoints(self._service, self._visitors, ENGLISH)
        build_happening_endpoints(self._service, ENGLISH)
        build_watch_endpoint(self._service, ENGLISH)
        build_subtitle_endpoint(self._service, ENGLISH)
        build_search_endpoint(self._service, self._visitors, ENGLISH)
        build_attend_endpoint(self._service, ENGLISH)
        build_tokens_endpoints(self._service, self._visitors, ENGLISH)
        build_both_endpoint(self._service, ENGLISH)
        build_models_endpoint(self._service, ENGLISH)
        build_correct_endpoint(self._service, self._visitors, self._app.visits, ENGLISH)
        build_label_endpoints(self._service, self._visitors, self._app.visits, ENGLISH)


def _tab(name: str, label: str) -> gr.Tab:
    """A tab that the page's address can name."""
    tab = gr.Tab(label, id=name, elem_id=f"vb-tab-{name}")  # address.js knows it by this
    tab.select(None, None, None, js="() => window.videobert.noteTab()", api_visibility="private")
    return tab
