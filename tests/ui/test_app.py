"""How the page is put together: the tabs, in their order, and the endpoints. Building launches nothing."""

from __future__ import annotations

import gradio as gr
import pytest

from tests.ui.page.test_states import ScriptedService
from videobert_demo.ui.app import _TABS, build_app
from videobert_demo.ui.tokens.tab import NAME


@pytest.mark.slow  # it builds the whole page
def test_tabs_are_where_addresses_and_other_tabs_look_for_them() -> None:
    app = build_app(ScriptedService())
    tabs = [block for block in app.blocks.values() if isinstance(block, gr.Tab)]
    assert tuple(tab.id for tab in tabs) == _TABS
    assert [tab.elem_id for tab in tabs] == [f"vb-tab-{name}" for name in _TABS]
    assert NAME in _TABS
    assert not app.is_running
    names = {fn.api_name for fn in app.fns.values() if fn.api_visibility == "public"}
    assert {"caption", "answer", "search", "attend", "scenes"} <= names
