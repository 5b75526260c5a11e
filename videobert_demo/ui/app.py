"""Puts the page together, and says how it is launched. Building never launches."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from videobert_demo.settings import Settings
from videobert_demo.ui.ask import build_answer_endpoint, build_ask_tab
from videobert_demo.ui.attend import build_attend_tab
from videobert_demo.ui.attend_endpoint import build_attend_endpoint
from videobert_demo.ui.clip_panel import build_clip_panel
from videobert_demo.ui.describe import build_caption_endpoint, build_describe_tab
from videobert_demo.ui.examples import EXAMPLES_FOLDER, read_examples
from videobert_demo.ui.search import build_search_endpoint, build_search_tab
from videobert_demo.ui.texts import ENGLISH, Texts
from videobert_demo.ui.theme import build_theme

if TYPE_CHECKING:
    from videobert_demo.service import VideoBertService

_FOLDER = Path(__file__).resolve().parent
_UPLOADS_CHECKED_EVERY_SECONDS = 1800
_UPLOADS_KEPT_SECONDS = 7200


def build_app(service: VideoBertService, *, texts: Texts = ENGLISH) -> gr.Blocks:
    """Builds the page around one service.

    Args:
        service: Answers; it is shared by everyone who opens the page and keeps nothing of theirs but bounded caches.
        texts: The language.

    Returns:
        The app, not launched: `build_app(service).launch(**launch_options(service.settings))`.
    """
    examples = read_examples()
    app = gr.Blocks(
        title=texts.title,
        analytics_enabled=False,
        delete_cache=(_UPLOADS_CHECKED_EVERY_SECONDS, _UPLOADS_KEPT_SECONDS),
        fill_width=True,
    )
    with app:
        gr.HTML(
            f'<header class="vb-header"><h1>{escape(texts.title)}</h1><p>{escape(texts.tagline)}</p></header>',
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
                    visitors = build_search_tab(service, app=app, clip=clip, examples=examples, texts=texts)
                with gr.Tab(texts.attend_tab):
                    build_attend_tab(service, clip=clip, described=described, texts=texts)
        build_caption_endpoint(service, texts)
        build_answer_endpoint(service, texts)
        build_search_endpoint(service, visitors, texts)
        build_attend_endpoint(service, texts)
        gr.HTML(
            f'<p class="vb-footer">{escape(texts.footer.format(model=service.model_name))}</p>',
            apply_default_css=False,
        )
    return app


def launch_options(settings: Settings) -> dict[str, Any]:
    """How every launch of the app is set up, from `app.py` and from the command line alike.

    Args:
        settings: The running service's settings; they say how large an upload may be.

    Returns:
        Named arguments of `gr.Blocks.launch`. Where the server listens is left to the caller and to Gradio's variables.
    """
    library = settings.library or ""
    library_paths = [str(Path(library).absolute() / "clips")] if library and "://" not in library else []
    return {
        "theme": build_theme(),
        "css_paths": [_FOLDER / "page.css", _FOLDER / "ask.css", _FOLDER / "search.css", _FOLDER / "attend.css"],
        "head": f"<script>{(_FOLDER / 'page.js').read_text(encoding='utf-8')}</script>",
        "favicon_path": _FOLDER / "favicon.png",
        "footer_links": ["api"],
        "max_file_size": settings.max_bytes,
        "allowed_paths": [str(EXAMPLES_FOLDER), *library_paths],
        "strict_cors": True,
        "run_history": False,
        "enable_monitoring": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
    }
