"""Puts the page together, and says how it is launched. Building never launches."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from videobert_demo.errors import SettingsError
from videobert_demo.service.examples import EXAMPLES_FOLDER, read_examples
from videobert_demo.settings import Settings
from videobert_demo.ui.ask.tab import build_answer_endpoint, build_ask_tab
from videobert_demo.ui.attend.endpoint import build_attend_endpoint
from videobert_demo.ui.attend.tab import build_attend_tab
from videobert_demo.ui.clip_panel import build_clip_panel
from videobert_demo.ui.describe.tab import build_caption_endpoint, build_describe_tab
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.page import ForeignPageGuard, Page, sweeping
from videobert_demo.ui.page.queues import AT_ONCE, Updates
from videobert_demo.ui.page.visits import Keeping, Visits
from videobert_demo.ui.search.tab import build_search_endpoint, build_search_tab
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import OneLanguage, Translations
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.theme import build_theme
from videobert_demo.ui.tokens.context import Stage
from videobert_demo.ui.tokens.endpoint import build_tokens_endpoints
from videobert_demo.ui.tokens.tab import build_tokens_tab

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService

_FOLDER = Path(__file__).resolve().parent
_STYLES = ("page/page.css", "ask/style.css", "search/style.css", "attend/style.css", "tokens/style.css")
_TOKENS_PLACE = 4  # among the tabs, from 0
_SESSIONS_REMEMBERED = 1000
_QUEUE_TOLD_SECONDS = 1.0
# Gradio's own sweep sees a file's age only: a second net below the page's, and wide enough for those who stay.
_SECOND_NET_SECONDS = (3600, 43200)


def build_app(service: VideoBertService, *, keeping: Keeping | None = None) -> Page:
    """Builds the page around one service.

    Args:
        service: Answers; it is shared by everyone who opens the page and keeps nothing of theirs but bounded caches.
        keeping: For how long visitors' files are kept; by default some minutes.

    Returns:
        The app, not launched: `build_app(service).launch(**launch_options(service.settings))`.
    """
    examples = read_examples()
    gr.set_static_paths(EXAMPLES_FOLDER)  # served from where they are: no visitor's copy of them has to be cleared up
    visits = Visits(Path(get_upload_folder()), keeping or Keeping())
    translations = Translations()
    arrivals = Arrivals()
    app = Page(
        visits=visits,
        translations=translations,
        title=ENGLISH.title,
        analytics_enabled=False,
        delete_cache=_SECOND_NET_SECONDS,
        fill_width=True,
    )
    with app:
        gr.HTML(translations.view(_header), apply_default_css=False)
        with gr.Row(elem_id="vb-main"):
            with gr.Column(scale=5, min_width=300, elem_id="vb-left"):
                clip = build_clip_panel(examples, limits=service.settings.limits, translations=translations)
            with gr.Column(scale=7, min_width=300, elem_id="vb-right"), gr.Tabs() as tabs:
                with gr.Tab(translations.texts.describe_tab):
                    described = build_describe_tab(service, clip=clip, arrivals=arrivals, translations=translations)
                with gr.Tab(translations.texts.ask_tab):
                    build_ask_tab(service, clip=clip, arrivals=arrivals, described=described, translations=translations)
                with gr.Tab(translations.texts.search_tab):
                    visitors = build_search_tab(
                        service,
                        visits=visits,
                        clip=clip,
                        arrivals=arrivals,
                        examples=examples,
                        translations=translations,
                    )
                with gr.Tab(translations.texts.attend_tab):
                    build_attend_tab(
                        service,
                        visits=visits,
                        clip=clip,
                        arrivals=arrivals,
                        described=described,
                        translations=translations,
                    )
                stage = Stage(service, visits, visitors, examples)
                with gr.Tab(translations.texts.tokens_tab):
                    build_tokens_tab(
                        stage,
                        tabs=tabs,
                        place=_TOKENS_PLACE,
                        clip=clip,
                        arrivals=arrivals,
                        described=described,
                        translations=translations,
                    )
        build_caption_endpoint(service, ENGLISH)
        build_answer_endpoint(service, ENGLISH)
        build_search_endpoint(service, visitors, ENGLISH)
        build_attend_endpoint(service, ENGLISH)
        build_tokens_endpoints(service, visitors, ENGLISH)
        gr.HTML(translations.view(lambda texts: _footer(service.model_name, texts)), apply_default_css=False)
        _follow_visits(app, arrivals)
        arrivals.listen_to(clip)
    app.when_over += [visitors.forget, stage.forget]
    # Else who waits hears of the others only when somebody's turn comes: the first of two reads "1 of 1" until then.
    app.queue(status_update_rate=_QUEUE_TOLD_SECONDS)
    return app


def _header(texts: Texts) -> str:
    return (
        f'<header class="vb-header" data-queue-text="{escape(texts.queue)}">'
        f"<h1>{escape(texts.title)}</h1><p>{escape(texts.tagline)}</p></header>"
    )


def _footer(model: str, texts: Texts) -> str:
    return f'<p class="vb-footer">{escape(texts.footer.format(model=model))}</p>'


def _follow_visits(app: Page, arrivals: Arrivals) -> None:
    """Lets the page tell who comes and goes, and which clip is theirs."""
    visits = app.visits

    def arrive(request: gr.Request) -> None:
        if request.session_hash:
            visits.arrive(request.session_hash)

    def claim(path: str | None, request: gr.Request) -> Updates:
        if request.session_hash:
            visits.claim(request.session_hash, "clip", [path] if path else [])
        return {}

    def leave(request: gr.Request) -> None:
        if request.session_hash:
            visits.leave(request.session_hash)

    app.load(arrive, None, None, **AT_ONCE)
    arrivals.add(claim, [])
    app.unload(leave)


def launch_options(settings: Settings, *, share: bool = False, public: bool = False) -> dict[str, Any]:
    """How every launch of the app is set up, from `app.py` and from the command line alike.

    Args:
        settings: The running service's settings; they say how large an upload may be, and who may come in.
        share: Make a public link, whatever Gradio's variables say.
        public: Everyone who has the link may come in.

    Returns:
        Named arguments of `gr.Blocks.launch`. Where the server listens is left to the caller and to Gradio's variables.

    Raises:
        SettingsError: A public link is wanted, and nothing says who may come in.
    """
    if share and not (settings.sign_ins or public):
        raise SettingsError(
            "A public link lets in everyone who has it; say who may come in with --auth, or add --public for everyone."
        )
    library = settings.library or ""
    library_paths = [str(Path(library).absolute() / "clips")] if library and "://" not in library else []
    return {
        "theme": build_theme(),
        "css_paths": [_FOLDER / style for style in _STYLES],
        "head": f"<script>{(_FOLDER / 'page' / 'page.js').read_text(encoding='utf-8')}</script>",
        "favicon_path": _FOLDER / "page" / "favicon.png",
        "footer_links": ["api"],
        "max_file_size": settings.max_bytes,
        "auth": list(settings.sign_ins) or None,
        "share": share,
        "app_kwargs": {"lifespan": sweeping, "middleware": [Middleware(ForeignPageGuard), Middleware(OneLanguage)]},
        "state_session_capacity": _SESSIONS_REMEMBERED,
        "allowed_paths": [str(EXAMPLES_FOLDER), *library_paths],
        "strict_cors": True,
        "run_history": False,
        "enable_monitoring": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
    }
