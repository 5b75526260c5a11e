"""The page in Chinese, in simplified characters: for each English sentence its translation.

Hints name no language: what the model understands depends on its checkpoint. What the HTTP API answers
stays English, what the panel tells of it does not.
"""

from __future__ import annotations

from videobert_demo.ui.texts.chinese.ask import ASK
from videobert_demo.ui.texts.chinese.attend import ATTEND
from videobert_demo.ui.texts.chinese.both import BOTH
from videobert_demo.ui.texts.chinese.describe import DESCRIBE
from videobert_demo.ui.texts.chinese.endpoints import ENDPOINTS
from videobert_demo.ui.texts.chinese.errors import ERRORS
from videobert_demo.ui.texts.chinese.films import FILMS
from videobert_demo.ui.texts.chinese.mending import MENDING
from videobert_demo.ui.texts.chinese.models import MODELS
from videobert_demo.ui.texts.chinese.own_labels import OWN_LABELS
from videobert_demo.ui.texts.chinese.page import PAGE
from videobert_demo.ui.texts.chinese.panel import PANEL
from videobert_demo.ui.texts.chinese.returned import RETURNED
from videobert_demo.ui.texts.chinese.scenes import SCENES
from videobert_demo.ui.texts.chinese.search import SEARCH
from videobert_demo.ui.texts.chinese.timeline import TIMELINE
from videobert_demo.ui.texts.chinese.tokens import TOKENS
from videobert_demo.ui.texts.chinese.watch import WATCH
from videobert_demo.ui.texts.texts import texts_from

_TABS = {**DESCRIBE, **ASK, **SEARCH, **ATTEND, **TOKENS, **OWN_LABELS, **MENDING, **BOTH, **MODELS, **TIMELINE}
_PAGE = {**PAGE, **_TABS, **SCENES, **FILMS, **WATCH, **ERRORS}
CHINESE = texts_from("zh-CN", _PAGE, documentation={**ENDPOINTS, **RETURNED}, panel=PANEL)
