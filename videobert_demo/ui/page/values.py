"""Checks what was sent against what an event takes, before Gradio reads it; the refusal is one sentence.

Gradio turns a dictionary into a text, hands on a text where a number belongs, and raises what nobody explains on the
rest. It knows types of components; what a value means is up to the handler.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from videobert_demo.ui.page.uploads import paths_in
from videobert_demo.ui.texts.english import ENGLISH

if TYPE_CHECKING:
    from gradio.block_function import BlockFunction

_FILES = (gr.File, gr.UploadButton, gr.Video, gr.Image, gr.Audio)
_NUMBERS = (gr.Number, gr.Slider)
_REQUESTS = (gr.Request, "gr.Request")
_LARGEST = 1e15
"""Whole numbers up to here are exact as floating-point numbers."""


def refusal_of(block_fn: BlockFunction, values: Sequence[Any]) -> str | None:
    """Why these values cannot be what the event takes, or None if they may be; None is always a value.

    Args:
        block_fn: The event.
        values: JSON values, as they were sent.
    """
    names = _parameter_names(block_fn)
    if len(values) < len(block_fn.inputs):
        return ENGLISH.api_too_few.format(count=len(block_fn.inputs), names=", ".join(names))
    for name, component, value in zip(names, block_fn.inputs, values, strict=False):
        if value is None or getattr(component, "stateful", False):
            continue
        if (isinstance(component, gr.Textbox) or _has_one_choice(component)) and not _is_text(value):
            return ENGLISH.api_no_text.format(name=name)
        if isinstance(component, _NUMBERS) and not _is_number(value):
            return ENGLISH.api_no_number.format(name=name)
        if isinstance(component, gr.Number) and (refusal := _bounds_refusal(name, component, value)):
            return refusal
        if isinstance(component, _FILES) and not _is_file(value):
            return ENGLISH.api_no_file.format(name=name)
    return None


def with_defaults(block_fn: BlockFunction, values: Sequence[Any]) -> list[Any]:
    """The values, and None for each that was left out at the end and has a default: callers need not know what is new.

    Args:
        block_fn: The event. values: JSON values, as they were sent.
    """
    if block_fn.fn is None:
        return list(values)
    parameters = [one for one in inspect.signature(block_fn.fn).parameters.values() if one.annotation not in _REQUESTS]
    given = list(values)
    for parameter in parameters[len(given) : len(block_fn.inputs)]:
        if parameter.default is inspect.Parameter.empty:
            break
        given.append(None)
    return given


def _parameter_names(block_fn: BlockFunction) -> list[str]:
    """The inputs' names: those of the handler's parameters, or their labels where the handler takes them all alike."""
    inputs = len(block_fn.inputs)
    if block_fn.fn is not None:
        parameters = inspect.signature(block_fn.fn).parameters.values()
        names = [one.name for one in parameters if one.annotation not in _REQUESTS]
        if len(names) >= inputs:
            return names[:inputs]
    return [str(getattr(component, "label", None) or number) for number, component in enumerate(block_fn.inputs, 1)]


def _has_one_choice(component: Any) -> bool:
    """Whether it is one of several texts; Gradio takes an empty list for none of them, and hands it on."""
    if not isinstance(component, gr.Dropdown | gr.Radio) or getattr(component, "multiselect", False):
        return False
    return all(isinstance(value, str) for _, value in component.choices)


def _is_text(value: Any) -> bool:
    """Whether it is a text that can be written down: half of a surrogate pair cannot."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _LARGEST if isinstance(value, int) else math.isfinite(value)


def _bounds_refusal(name: str, component: gr.Number, value: float) -> str | None:
    """Why a number is outside of what its field takes, or None."""
    least, most = component.minimum, component.maximum
    if (least is not None and value < least) or (most is not None and value > most):
        return ENGLISH.api_out_of_range.format(name=name, least=least, most=most)
    return ENGLISH.api_no_whole_number.format(name=name) if component.precision == 0 and value % 1 else None


def _is_file(value: Any) -> bool:
    """Whether it names one file, or a list of files."""
    files = value if isinstance(value, list) else [value]
    return all(isinstance(one, dict) and next(paths_in(one), None) is not None for one in files)
