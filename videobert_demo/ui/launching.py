"""How the page is launched: its styles and scripts, who may come in, what an upload may be. Knows no tab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import Route

from videobert_demo.errors import SettingsError
from videobert_demo.service.examples import EXAMPLES_FOLDER
from videobert_demo.settings import Settings
from videobert_demo.ui.page.addresses import EXAMPLES_ROUTE, Documentation
from videobert_demo.ui.page.answers import AnswerGuard
from videobert_demo.ui.page.head import PICTURE_ROUTE, PageHead
from videobert_demo.ui.page.page import ForeignPageGuard, is_ready, sweeping
from videobert_demo.ui.page.uploads import UploadGuard
from videobert_demo.ui.texts.languages import OneLanguage
from videobert_demo.ui.theme import build_theme

_FOLDER = Path(__file__).resolve().parent
_STYLES = (
    "page/page.css",
    "widgets.css",
    "clip_panel.css",
    "timeline/style.css",
    "describe/style.css",
    "describe/many.css",
    "mending/style.css",
    "scenes/style.css",
    "ask/style.css",
    "search/style.css",
    "attend/style.css",
    "tokens/style.css",
    "both/style.css",
    "models/style.css",
)
_SCRIPTS = (
    "playing.js",
    "watching.js",
    "taking.js",
    "address.js",
    "moving.js",
    "taking_away.js",
    "waiting.js",
    "naming.js",
)
_GUARDS = (
    ForeignPageGuard,
    AnswerGuard,
    UploadGuard,
    PageHead,
    Documentation,
    OneLanguage,
)  # the first sees a request first
_MAX_SESSIONS = 1000


def launch_options(
    settings: Settings,
    *,
    share: bool = False,
    public: bool = False,
    root_path: str | None = None,
    mcp: bool = True,
) -> dict[str, Any]:
    """How every launch of the app is set up, from `app.py` and from the command line alike.

    Args:
        settings: The running service's; they say how large an upload may be and who may come in.
        share: Make a public link; Gradio's own variable for this is ignored.
        public: Everyone who has the link may come in.
        root_path: Where a proxy serves the app: a path such as "/demo", or an address that starts with http:// or
            https://. None leaves it to Gradio's variable GRADIO_ROOT_PATH.
        mcp: Offer the endpoints to assistants, as tools of the Model Context Protocol.

    Returns:
        Named arguments for `gr.Blocks.launch`. Host and port are left to the caller and to Gradio's variables.

    Raises:
        SettingsError: A public link is wanted, and it is not said who may come in; or `root_path` is neither a path
            nor an address.
    """
    if share and not (settings.sign_ins or public):
        raise SettingsError(
            "A public link lets in everyone who has it; say who may come in with --auth, or add --public for everyone."
        )
    if root_path is not None and not root_path.startswith(("/", "http://", "https://")):
        raise SettingsError(
            f"--root-path is {root_path!r}; give a path that starts with / or an address that starts with https://."
        )
    library = settings.library or ""
    library_paths = [str(Path(library).absolute() / "clips")] if library and "://" not in library else []
    return {
        "theme": build_theme(),
        "css_paths": [_FOLDER / style for style in _STYLES],
        "head": "".join(f"<script>{(_FOLDER / 'page' / one).read_text(encoding='utf-8')}</script>" for one in _SCRIPTS),
        "favicon_path": _FOLDER / "page" / "favicon.png",
        "footer_links": ["api"],
        "max_file_size": settings.max_bytes,
        "auth": list(settings.sign_ins) or None,
        "share": share,
        "app_kwargs": {
            "lifespan": sweeping,
            "middleware": [Middleware(guard) for guard in _GUARDS],
            "routes": [Route("/healthz", is_ready), PICTURE_ROUTE, EXAMPLES_ROUTE],
        },
        "root_path": root_path.rstrip("/") if root_path is not None else None,
        "state_session_capacity": _MAX_SESSIONS,
        "allowed_paths": [str(EXAMPLES_FOLDER), *library_paths],
        "strict_cors": True,
        "mcp_server": mcp,
        "run_history": False,
        "enable_monitoring": False,
        "show_error": False,
        "ssr_mode": False,
        "pwa": False,
    }
