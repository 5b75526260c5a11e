"""Ask, then answer: a line to type in with its button, and a view that shows at once that the work goes on.

    Enter, or the button  ->  start: the view is busy  ->  answer: it takes its turn, then shows an answer
                                                       ->  it raised: the view says why, above the earlier answer

It knows how these events follow each other. It does not know what is asked, and what the views show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import gradio as gr
from gradio.events import Dependency

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, LAST_WORD, Updates
from videobert_demo.ui.texts.languages import texts_for

ANSWERING = "answering"
"""The name of this kind of work in a tab's `Pace`."""

# For every view that shows how far the work is (`widgets.progress`): its button stops it.
CANCEL = """
element.addEventListener('click', (event) => { if (event.target.closest('[data-cancel]')) trigger('input'); });
"""


class TypedRow(NamedTuple):
    """A line to type in, and its button."""

    text: gr.Textbox
    button: gr.Button


def typed_row(
    label: str,
    placeholder: str,
    button: str,
    *,
    text_id: str,
    row_id: str | None = None,
    row_class: str | None = None,
    max_characters: int = 5000,
    is_primary: bool = True,
    button_id: str | None = None,
    min_button_pixels: int = 100,
) -> TypedRow:
    """Lays out the row inside the caller's block.

    Args:
        label: What is typed, for those who do not see the line.
        placeholder: Stands in the line until something is typed.
        button: What the button says.
        text_id: Element id of the line.
        row_id: Element id of the row.
        row_class: Its class, where several rows look alike.
        max_characters: More cannot be typed.
        is_primary: The button has the accent's colour.
        button_id: Element id of the button.
        min_button_pixels: Width below which the button is not squeezed.
    """
    with gr.Row(elem_id=row_id, elem_classes=row_class):
        text = gr.Textbox(
            label=label,
            show_label=False,
            container=False,
            placeholder=placeholder,
            max_lines=1,
            max_length=max_characters,
            scale=5,
            elem_id=text_id,
        )
        press = gr.Button(
            button,
            variant="primary" if is_primary else "secondary",
            scale=1,
            min_width=min_button_pixels,
            elem_id=button_id,
        )
    return TypedRow(text, press)


def ask_then_answer(
    row: TypedRow,
    start: Callable[..., Updates],
    answer: Callable[..., Updates],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    *,
    view: gr.HTML,
    refuse: Callable[[str], str],
    kept: gr.State | None = None,
    pace: Pace | None = None,
) -> Dependency:
    """Lets the Enter key and the button ask.

    Args:
        row: Where it is typed.
        start: Takes the request; shows in `view` that the work goes on.
        answer: Takes the values of `inputs` and the request; its errors of this package are told in the view.
        inputs: Components that `answer` reads.
        outputs: Components that `answer` may give values for, `view` among them.
        view: Where the answer is shown.
        refuse: Makes the view of a sentence that says what went wrong.
        kept: As `answer_after` takes it.
        pace: Is told how long an answer takes.

    Returns:
        The event after which the answer is there.
    """
    started = gr.on([row.text.submit, row.button.click], start, None, [view], **AT_ONCE)
    return answer_after(started, answer, inputs, outputs, view=view, refuse=refuse, kept=kept, pace=pace)


def answer_after(
    started: Dependency,
    answer: Callable[..., Updates],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    *,
    view: gr.HTML,
    refuse: Callable[[str], str],
    reset: Callable[[], Updates] = dict,
    kept: gr.State | None = None,
    pace: Pace | None = None,
    look: Callable[..., Iterator[Updates]] | None = None,
) -> Dependency:
    """The same after any event that has shown that the work goes on.

    Args:
        started: That event.
        answer: Takes the values of `inputs` and the request; its errors of this package are told in the view.
        inputs: Components that `answer` reads.
        outputs: Components that `answer` may give values for, `view` among them.
        view: Where the answer is shown.
        refuse: Makes the view of a sentence that says what went wrong.
        reset: Values for other outputs if `answer` raises.
        kept: A state for what the view showed last, "" at first: it stays below what goes wrong afterwards. Whoever
            gives it empties it when the answer is no longer about the clip.
        pace: Is told how long an answer takes.
        look: Takes what `answer` takes, does what takes long before it, and shows how far that is; it is closed if
            nobody wants to wait any more.

    Returns:
        The event after which the answer is there.
    """
    kept = gr.State("") if kept is None else kept

    def told(sentence: str, earlier: str) -> Updates:
        return {view: refuse(sentence) + earlier, **reset()}

    def answer_or_tell(request: gr.Request, earlier: str, *values: Any) -> Updates:
        try:
            with (pace or Pace()).measured(ANSWERING):
                updates = answer(*values, request)
        except VideoBertDemoError as error:
            return told(texts_for(request).explain(error), earlier)
        return {**updates, kept: updates[view]} if view in updates else updates

    def look_then_answer(request: gr.Request, earlier: str, *values: Any) -> Iterator[Updates]:
        assert look is not None
        yield from look(*values, request)
        yield answer_or_tell(request, earlier, *values)

    outputs = [*outputs, kept]
    answering: Dependency = started.then(
        answer_or_tell if look is None else look_then_answer,
        [kept, *inputs],
        outputs,
        show_progress="minimal",
        show_progress_on=[view],
        **ASKING,
        **LAST_WORD,
    )

    def fail(request: gr.Request, earlier: str) -> Updates:
        # The server logs what nobody foresaw, with its traceback; the person reads a sentence.
        return told(texts_for(request).unexpected_error, earlier)

    answering.failure(fail, [kept], outputs, **AT_ONCE)
    # whoever no longer wants to wait sees again what was there before
    view.input(lambda earlier: {view: earlier, **reset()}, [kept], outputs, cancels=[answering], **AT_ONCE)
    return answering
