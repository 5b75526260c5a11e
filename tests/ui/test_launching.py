"""How the page is launched: private, for those who may come in, and with nothing from outside."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import gradio as gr
import pytest

from videobert_demo.errors import SettingsError
from videobert_demo.settings import Settings
from videobert_demo.ui.launching import launch_options


def test_launch_options_are_ones_that_gradio_knows() -> None:
    assert set(launch_options(Settings())) <= set(inspect.signature(gr.Blocks.launch).parameters)


def test_launch_options_keep_clips_private_and_uploads_small() -> None:
    options = launch_options(Settings(max_bytes=12345))
    assert options["max_file_size"] == 12345
    assert options["run_history"] is False
    assert options["strict_cors"] is True
    assert options["show_error"] is False
    assert [Path(path).name for path in options["allowed_paths"]] == ["examples"]


def test_a_public_link_is_never_made_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SHARE", "True")  # Gradio's own variable, which it reads where `share` is None
    assert launch_options(Settings())["share"] is False
    with pytest.raises(SettingsError, match="--public"):
        launch_options(Settings(), share=True)
    assert launch_options(Settings(), share=True, public=True)["share"] is True
    locked = launch_options(Settings(sign_ins=(("ann", "x"),)), share=True)
    assert (locked["share"], locked["auth"]) == (True, [("ann", "x")])


@pytest.mark.parametrize(
    ("given", "launched"), [(None, None), ("/demo/", "/demo"), ("/", ""), ("https://a.org/demo", "https://a.org/demo")]
)
def test_a_proxy_may_serve_the_app_under_a_path(given: str | None, launched: str | None) -> None:
    assert launch_options(Settings(), root_path=given)["root_path"] == launched


def test_a_root_path_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"--root-path is 'demo'; give a path that starts with /"):
        launch_options(Settings(), root_path="demo")


def test_the_page_names_no_address_outside() -> None:
    options = launch_options(Settings())
    style = "".join(path.read_text(encoding="utf-8") for path in options["css_paths"])
    for text in (style, options["head"], options["theme"]._get_theme_css()):
        assert (
            re.findall(r"@import|<link|\bsrc=|fetch\((?!new URL\([\w.]+\)\.pathname)|url\((?!\s*[\"']?data:)", text)
            == []
        )


def test_no_hover_sticks_after_a_finger_has_left() -> None:
    for path in launch_options(Settings())["css_paths"]:
        style = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        for hovered in re.finditer(":hover", style):
            before = style[: hovered.start()]
            opened = before.rfind("@media (hover: hover) {")
            inside = before[opened:]
            assert opened >= 0, f"{path.name}: {before[-60:]}"
            assert inside.count("{") > inside.count("}"), f"{path.name}: {before[-60:]}"
