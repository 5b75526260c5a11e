"""Colours and fonts of the page: paper, ink and one accent, light and dark. The fonts are those that a reader has."""

from __future__ import annotations

import gradio as gr

_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

# each colour in light and in dark mode
_PAPER = ("#f7f5f1", "#141517")
_SHEET = ("#ffffff", "#1c1d20")
_SHADE = ("#f1eee8", "#232528")
_LINE = ("#e4dfd6", "#303236")
_INK = ("#24221f", "#ebe8e3")
_PALE_INK = ("#716b62", "#9c968d")
_ACCENT = ("#0f766e", "#5fc4b8")
_BUTTON = ("#0f766e", "#0f766e")

_COLOURS = {
    "body_background_fill": _PAPER,
    "body_text_color": _INK,
    "body_text_color_subdued": _PALE_INK,
    "background_fill_primary": _SHEET,
    "background_fill_secondary": _SHADE,
    "border_color_primary": _LINE,
    "block_background_fill": _SHEET,
    "input_background_fill": _SHEET,
    "input_border_color_focus": _ACCENT,
    "input_placeholder_color": _PALE_INK,
    "checkbox_border_color": ("#9c968d", "#716b62"),
    "button_primary_background_fill": _BUTTON,
    "button_primary_background_fill_hover": ("#0b5f58", "#128a80"),
    "button_primary_border_color": _BUTTON,
    "button_secondary_background_fill": _SHEET,
    "button_secondary_background_fill_hover": _SHEET,
    "button_secondary_border_color": _LINE,
    "button_secondary_border_color_hover": _ACCENT,
    "button_secondary_text_color": _INK,
    "button_secondary_text_color_hover": _ACCENT,
    "color_accent_soft": ("#dcefec", "#12312f"),
    "link_text_color": _ACCENT,
}
_IN_ONE_MODE = {"color_accent": _ACCENT[0], "checkbox_background_color_dark": _PAPER[1]}
"""Colours that Gradio has only once, or whose default is right in the other mode."""
_SHAPES = {
    "block_border_width": "1px",
    "block_shadow": "none",
    "block_radius": "14px",
    "button_border_width": "1px",
    "button_large_radius": "20px",
    "button_large_text_size": "*text_md",
    "button_large_text_weight": "500",
    "button_small_padding": "5px 14px",
    "button_small_radius": "16px",
    "button_small_text_weight": "400",
}


def build_theme() -> gr.themes.Base:
    """The theme that the style sheets build on. It names no web fonts, so the page loads nothing from the network."""
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_lg,
        font=_SANS,
        font_mono=_MONO,
    )
    light = {name: colour for name, (colour, _) in _COLOURS.items()}
    dark = {f"{name}_dark": colour for name, (_, colour) in _COLOURS.items()}
    return theme.set(**light, **dark, **_IN_ONE_MODE, **_SHAPES)
