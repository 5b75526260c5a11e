"""Colours and fonts of the page: paper, ink and one accent, light and dark. The fonts are those that a reader has."""

from __future__ import annotations

import gradio as gr

_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


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
    return theme.set(
        body_background_fill="#f7f5f1",
        body_background_fill_dark="#141517",
        body_text_color="#24221f",
        body_text_color_dark="#ebe8e3",
        body_text_color_subdued="#716b62",
        body_text_color_subdued_dark="#9c968d",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1c1d20",
        background_fill_secondary="#f1eee8",
        background_fill_secondary_dark="#232528",
        border_color_primary="#e4dfd6",
        border_color_primary_dark="#303236",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1c1d20",
        block_border_width="1px",
        block_shadow="none",
        block_radius="14px",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1c1d20",
        input_border_color_focus="#0f766e",
        input_border_color_focus_dark="#5fc4b8",
        input_placeholder_color="#716b62",
        input_placeholder_color_dark="#9c968d",
        checkbox_background_color_dark="#141517",
        checkbox_border_color="#9c968d",
        checkbox_border_color_dark="#716b62",
        button_primary_background_fill="#0f766e",
        button_primary_background_fill_hover="#0b5f58",
        button_primary_background_fill_dark="#0f766e",
        button_primary_background_fill_hover_dark="#128a80",
        button_border_width="1px",
        button_large_radius="20px",
        button_large_text_size="*text_md",
        button_large_text_weight="500",
        button_small_padding="5px 14px",
        button_small_radius="16px",
        button_small_text_weight="400",
        button_primary_border_color="#0f766e",
        button_primary_border_color_dark="#0f766e",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#1c1d20",
        button_secondary_background_fill_hover="#ffffff",
        button_secondary_background_fill_hover_dark="#1c1d20",
        button_secondary_border_color="#e4dfd6",
        button_secondary_border_color_dark="#303236",
        button_secondary_border_color_hover="#0f766e",
        button_secondary_border_color_hover_dark="#5fc4b8",
        button_secondary_text_color="#24221f",
        button_secondary_text_color_dark="#ebe8e3",
        button_secondary_text_color_hover="#0f766e",
        button_secondary_text_color_hover_dark="#5fc4b8",
        color_accent="#0f766e",
        color_accent_soft="#dcefec",
        color_accent_soft_dark="#12312f",
        link_text_color="#0f766e",
        link_text_color_dark="#5fc4b8",
    )
