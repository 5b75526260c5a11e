"""What the Compare models tab shows, as HTML. Pure functions from values to markup, drawn by `view.html`; no Gradio."""

from __future__ import annotations

from dataclasses import dataclass

from videobert_demo.attention.render import overlay
from videobert_demo.service.compare_models import Form, ModelComparison, ModelSide, Step, model_comparison_report
from videobert_demo.ui.page.pace import BEGINNING, Progress
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import thumbnail

_TEMPLATE = "models/view.html"
_MEGABYTES = "{count} MB"  # in every language


@dataclass(frozen=True, slots=True)
class _Cost:
    """What a step, or the weights, cost in both models: its name, the amounts, and their shares of the greater one."""

    label: str
    amounts: tuple[str, str]
    shares: tuple[float, float]


def empty_view(texts: Texts) -> str:
    """Before anything is compared."""
    return render("widgets.html", "notice", "models", "empty", texts.models_empty_heading, texts.models_empty_hint)


def busy_view(texts: Texts, at: Progress = BEGINNING) -> str:
    """While both models look at the clip."""
    return render(_TEMPLATE, "busy", at, texts)


def refusal_view(message: str) -> str:
    """It cannot be asked as it stands: one calm sentence."""
    return render("widgets.html", "refusal", "models", message)


def comparison_view(found: ModelComparison, texts: Texts) -> str:
    """Both models beside each other: what each says, the frame in which the word is warmest, then what both cost."""
    forms: dict[Form, str] = {
        "running": texts.models_running,
        "named": texts.models_named,
        "eight_bits": texts.models_eight_bits,
        "light": texts.models_light,
        "full": texts.models_full,
    }
    sides = [(side, forms[side.form], _picture(side)) for side in found.sides]
    report = model_comparison_report(found)
    rows: list[dict[str, str | float]] = []
    for side, form, _ in sides:
        row: dict[str, str | float] = {"model": side.name, "form": form, "caption": side.caption.text}
        row["megabytes"] = round(side.megabytes, 1)
        row.update({f"{step}_ms": round(1000 * taken, 1) for step, taken in side.seconds.items()})
        rows.append(row)
    lines = [
        f"{side.name}, {form}: {side.caption.text}" + ("" if side.caption.is_sure else f" ({texts.models_unsure})")
        for side, form, _ in sides
    ]
    away = take_away("models", "\n".join(lines), report, rows)
    return render(_TEMPLATE, "comparison", found, sides, _costs(found.sides, texts), away, texts)


def _picture(side: ModelSide) -> str:
    """The frame in which the word is warmest, with its heat; without a heatmap the first one."""
    pixels = side.clip.frames.pixels[side.hottest]
    if side.heatmap is not None:
        pixels = overlay(pixels, side.heatmap.values[side.hottest])
    return thumbnail(pixels)


def _costs(sides: tuple[ModelSide, ModelSide], texts: Texts) -> list[_Cost]:
    first, second = sides
    found = [_cost(texts.models_size, first.megabytes, second.megabytes, _MEGABYTES)]
    labels: dict[Step, str] = {
        "open": texts.models_open,
        "caption": texts.models_caption,
        "answer": texts.models_answer,
        "heatmap": texts.models_heatmap,
    }
    for step, label in labels.items():
        if step in first.seconds and step in second.seconds:
            amounts = 1000 * first.seconds[step], 1000 * second.seconds[step]
            found.append(_cost(label, *amounts, texts.models_milliseconds))
    return found


def _cost(label: str, first: float, second: float, unit: str) -> _Cost:
    most = max(first, second) or 1.0
    amounts = (unit.format(count=f"{first:.0f}"), unit.format(count=f"{second:.0f}"))
    return _Cost(label, amounts, (first / most, second / most))
