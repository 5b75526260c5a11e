"""The page's colours can be read: WCAG 2.2 asks for a contrast of 4.5 for text (success criterion 1.4.3)."""

from __future__ import annotations

import re

import pytest

from videobert_demo.settings import Settings
from videobert_demo.ui.launching import launch_options
from videobert_demo.ui.theme import build_theme

TEXTS = ("body_text_color", "body_text_color_subdued", "link_text_color", "--vb-accent", "--vb-warn")
GROUNDS = ("body_background_fill", "block_background_fill", "background_fill_primary")
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS]
PAIRS += [("input_placeholder_color", "input_background_fill")]
PAIRS += [("button_secondary_text_color", "button_secondary_background_fill")]
PAIRS += [("button_secondary_text_color_hover", "button_secondary_background_fill_hover")]


def luminance(colour: str) -> float:
    """Relative luminance of a colour such as "#0f766e", as WCAG defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def colour_of(name: str, *, dark: bool) -> str:
    if name.startswith("--"):
        style = next(path for path in launch_options(Settings())["css_paths"] if path.name == "page.css")
        light, night = re.findall(rf"{name}: (#\w{{6}});", style.read_text(encoding="utf-8"))
        return night if dark else light
    return str(getattr(build_theme(), f"{name}_dark" if dark else name))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str, dark: bool) -> None:
    one, other = sorted(luminance(colour_of(name, dark=dark)) for name in (text, ground))
    assert (other + 0.05) / (one + 0.05) >= 4.5
