"""HTTP endpoints: a function under a name, beside what the page shows. It does not know what they answer."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.ui.page.queues import MODEL_QUEUE
from videobert_demo.ui.texts.texts import Texts


def add_endpoint(answer: Callable[..., Any], inputs: Sequence[Any], *, name: str, description: str) -> None:
    """Adds the endpoint `/name` inside the caller's block; what `answer` returns is sent as JSON.

    Args:
        answer: Takes the values of `inputs`; its parameters' names and defaults are those of the endpoint.
        inputs: Components that are not shown; they check what was sent, and their labels document it.
        name: The endpoint's name.
        description: Shown in the documentation of the API.
    """
    # Not `gr.api`: it hands on what was sent as it is, so that a sentence may be a number and a clip a dictionary or,
    # where the parameter may be None, nothing; and its documentation calls the parameters "1st" and "2nd".
    gr.Button(visible=False).click(
        _without_null(answer, inputs),
        inputs=list(inputs),
        outputs=[gr.JSON(visible=False)],
        api_name=name,
        api_description=description,
        **MODEL_QUEUE,
    )


def _without_null(answer: Callable[..., Any], inputs: Sequence[Any]) -> Callable[..., Any]:
    """The function, to which null means what it means to leave a value out: its default, or a text without letters."""
    signature = inspect.signature(answer)
    names = [one.name for one in signature.parameters.values() if one.annotation not in (gr.Request, "gr.Request")]
    defaults = {
        name: "" if component.value is None and isinstance(component, gr.Textbox) else component.value
        for name, component in zip(names, inputs, strict=True)
    }

    @functools.wraps(answer)
    def answer_filled(*values: Any) -> Any:
        bound = signature.bind(*values)
        for name, default in defaults.items():
            if bound.arguments.get(name) is None:
                bound.arguments[name] = default
        return answer(*bound.args, **bound.kwargs)

    return answer_filled


def clip_input(texts: Texts) -> gr.File:
    """The input of a video file; its value is the uploaded file's path, or None."""
    return gr.File(label=texts.clip_label, type="filepath", visible=False)


def given(clip: str | None, texts: Texts) -> str:
    """The clip's path.

    Raises:
        gr.Error: None was sent.
    """
    if clip is None:
        raise refusal(texts.api_no_clip)
    return clip


def refusal(sentence: str) -> gr.Error:
    """The error whose sentence is sent to the caller."""
    return gr.Error(sentence, print_exception=False)


@contextmanager
def errors_told() -> Iterator[None]:
    """Sends the sentences of this package's errors to the caller; of all others the caller learns nothing."""
    try:
        yield
    except VideoBertDemoError as error:
        raise refusal(error.message) from error
