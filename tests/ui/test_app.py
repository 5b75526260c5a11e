"""How the page is put together and launched, and the list of bundled examples."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import gradio as gr
import pytest

from videobert_demo.errors import SettingsError
from videobert_demo.service.examples import read_examples
from videobert_demo.settings import Settings
from videobert_demo.types import ClipLimits
from videobert_demo.ui.app import launch_options
from videobert_demo.video.decode import read_clip


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


def test_there_are_eight_to_ten_examples_with_their_makers() -> None:
    examples = read_examples()
    assert 8 <= len(examples) <= 10
    assert all(example.attribution and example.licence and example.source and example.title for example in examples)


@pytest.mark.parametrize("example", read_examples(), ids=lambda example: example.path.stem)
def test_each_example_is_small_and_told_in_sources(example, examples: Path) -> None:
    assert example.path.stat().st_size < 500_000
    info, frames = read_clip(example.path, 8, limits=ClipLimits())
    assert info.duration_seconds <= 8.05
    assert min(info.width, info.height) <= 360
    assert (info.container, info.codec) == ("mp4", "h264")
    assert len(frames) == 8
    row = next(
        line
        for line in (examples / "SOURCES.md").read_text(encoding="utf-8").splitlines()
        if f"`{example.path.name}`" in line
    )
    assert example.licence.split()[0] in row


def test_a_missing_example_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "examples.json").write_text(
        '[{"file": "a.mp4", "poster": "a.jpg", "title": "t", "attribution": "a", "licence": "l", "source": "s"}]'
    )
    with pytest.raises(FileNotFoundError, match=r"a\.mp4"):
        read_examples(tmp_path)
