"""Puts the page together, and says how it is launched. Building never launches."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from videobert_demo.errors import SettingsError
from videobert_demo.settings import Settings
from videobert_demo.ui.ask import build_answer_endpoint, build_ask_tab
from videobert_demo.ui.attend import build_attend_tab
from videobert_demo.ui.attend_endpoint import build_attend_endpoint
from videobert_demo.ui.clip_panel import build_clip_panel
from videobert_demo.ui.describe import build_caption_endpoint, build_describe_tab
from videobert_demo.ui.examples import EXAMPLES_FOLDER, read_examples
from videobert_demo.ui.page import ForeignPageGuard, Page, sweeping
from videobert_demo.ui.search import build_search_endpoint, build_search_tab
from videobert_demo.ui.texts import ENGLISH, Texts
from videobert_demo.ui.theme import build_theme
from videobert_demo.ui.visits import Keeping, Visits

if TYPE_CHECKING:
    from videobert_demo.service import VideoBertService

_FOLDER = Path(__file__).resolve().parent
_SESSIONS_REMEMBERED = 1000
# Gradio's own sweep sees a file's age only: a second net below the page's, and wide enough for those who stay.
_SECOND_NET_SECONDS = (3600, 43200)


def build_app(service: VideoBertService, *, texts: Texts = ENGLISH, keeping: Keeping | None = None) -> Page:
    """Builds the page around one service.

    Args:
        service: Answers; it is shared by everyone who opens the page and keeps nothing of theirs but bounded caches.
        texts: The language.
        keeping: For how long visitors' files are kept; by default some minutes.

    Returns:
        The app, not launched: `build_app(service).launch(**launch_options(service.settings))`.
    """
    examples = read_examples()
    gr.set_static_paths(EXAMPLES_FOLDER)  # served from where they are: no visitor's copy of them has to be cleared up
    visits = Visits(Path(get_upload_folder()), keeping or Keeping())
    app = Page(
        visits=visits,
        texts=texts,
        title=texts.title,
        analytics_enabled=False,
        delete_cache=_SECOND_NET_SECONDS,
        fill_width=True,
    )
    with app:
        gr.HTML(
            f'<header class="vb-header" data-queue-text="{escape(texts.queue)}">'
            f"<h1>{escape(texts.title)}</h1><p>{escape(texts.tagline)}</p></header>",
            apply_default_css=False,
        )
        with gr.Row(elem_id="vb-main"):
            with gr.Column(scale=5, min_width=300, elem_id="vb-left"):
                clip = build_clip_panel(examples, limits=service.settings.limits, texts=texts)
            with gr.Column(scale=7, min_width=300, elem_id="vb-right"), gr.Tabs():
                with gr.Tab(texts.describe_tab):
                    described = build_describe_tab(service, clip=clip, texts=texts)
                with gr.Tab(texts.ask_tab):
                    build_ask_tab(service, clip=clip, described=described, texts=texts)
                with gr.Tab(texts.search_tab):
                    visitors = build_search_tab(service, visits=visits, clip=clip, examples=examples, texts=texts)
                with gr.Tab(texts.attend_tab):
                    build_attend_tab(service, visits=visits, clip=clip, described=described, texts=texts)
        build_caption_endpoint(service, texts)
        build_answer_endpoint(service, texts)
        build_search_endpoint(service, visitors, texts)
        build_attend_endpoint(service, texts)
        gr.HTML(
            f'<p class="vb-footer">{escape(texts.footer.format(model=service.model_name))}</p>',
            apply_default_css=False,
        )
        _follow_visits(app, clip)
    app.when_over.append(visitors.forget)
    return app


def _follow_visits(app: Page, clip: gr.Video) -> None:
    """Lets the page tell who comes and goes, and which clip is theirs."""
    visits = app.visits

    def arrive(request: gr.Request) -> None:
        if request.session_hash:
            visits.arrive(request.session_hash)

    def claim(path: str | None, request: gr.Request) -> None:
        if request.session_hash:
            visits.claim(request.session_hash, "clip", [path] if path else [])

    def leave(request: gr.Request) -> None:
        if request.session_hash:
            visits.leave(request.session_hash)

    at_once: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    app.load(arrive, None, None, **at_once)
    clip.change(claim, [clip], None, **at_once)
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
        "css_paths": [_FOLDER / "page.css", _FOLDER / "ask.css", _FOLDER / "search.css", _FOLDER / "attend.css"],
        "head": f"<script>{(_FOLDER / 'page.js').read_text(encoding='utf-8')}</script>",
        "favicon_path": _FOLDER / "favicon.png",
        "footer_links": ["api"],
        "max_file_size": settings.max_bytes,
        "auth": list(settings.sign_ins) or None,
        "share": share,
        "app_kwargs": {"lifespan": sweeping, "middleware": [Middleware(ForeignPageGuard)]},
        "state_session_capacity": _SESSIONS_REMEMBERED,
        "allowed_paths": [str(EXAMPLES_FOLDER), *library_paths],
        "strict_cors": True,
        "run_history": False,
        "enable_monitoring": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
    }
