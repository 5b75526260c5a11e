"""HTTP endpoints: a function under a name, with what it takes and returns, beside what the page shows.

The panel "Use via API", the tools of tools.py and docs/api.md tell of an endpoint what is told here. It does not know
what the endpoints answer.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import Context

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.ui.page.addresses import EXAMPLES_PATH, UNKNOWN_ADDRESS
from videobert_demo.ui.page.queues import MODEL_QUEUE
from videobert_demo.ui.page.schemas import Schema, listed, number, one_of, opened, python_type, text, truth
from videobert_demo.ui.texts.texts import Texts


@dataclass(frozen=True, slots=True)
class Argument:
    """A value that an endpoint takes.

    Attributes:
        schema: What JSON it is, with a sentence. A file is a text here, for tools that can send no other.
        example: One that works.
        default: What leaving it out means; None, if it has to be given. That of a file can only be "", no file.
        is_file: Whether it is a file, or a list of files, which have to be uploaded first.
    """

    schema: Schema
    example: Any
    default: Any = None
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is told of one endpoint.

    Attributes:
        description: What it does, in a sentence or two.
        arguments: By name, in order.
        returns: What JSON comes back.
        keeps: Whether a call leaves something behind, such as a label.
    """

    description: str
    arguments: Mapping[str, Argument]
    returns: Schema
    keeps: bool = False


CLIP = Argument(
    text("The video file: .mp4, .mov, .mkv, .avi, .webm and others, or an animated picture."),
    f"{UNKNOWN_ADDRESS}{EXAMPLES_PATH}/dog.mp4",
    is_file=True,
)
CLIPS = Argument(
    listed(CLIP.schema, "The video files, in a list."),
    [f"{UNKNOWN_ADDRESS}{EXAMPLES_PATH}/{name}.mp4" for name in ("dog", "cat", "surfer")],
    is_file=True,
)
TIMESTAMP = number("Where the frame lies, in seconds from the start of the clip.")
SECONDS = number("How long it took, from the file to the answer.")


def neutral_words(default: bool) -> Argument:
    """The switch of the neutral words.

    Args:
        default: As the running service is set.
    """
    return Argument(
        truth("Say person, child and people in place of man, woman, boy and girl."), default=default, example=default
    )


LANGUAGE = Argument(one_of(["en", "zh"], "Of what the model says; zh is Chinese."), "en", default="en")


def language_input(texts: Texts) -> gr.Dropdown:
    """The input of a language; it refuses what is not among its choices."""
    return gr.Dropdown(choices=["en", "zh"], value="en", label=texts.api_language, visible=False)


def add_endpoint(
    answer: Callable[..., Any],
    inputs: Sequence[Any],
    *,
    name: str,
    description: str,
    arguments: Mapping[str, Argument],
    returns: Schema,
    keeps: bool = False,
    queue: Mapping[str, Any] = MODEL_QUEUE,
) -> None:
    """Adds the endpoint `/name` inside the caller's block; what `answer` returns is sent as JSON.

    Args:
        answer: Takes the values of `inputs`; its parameters' names and defaults are those of the endpoint.
        inputs: Components that are not shown; they check what was sent, and their labels name it.
        name: The endpoint's name.
        description: What it does, in a sentence or two.
        arguments: What is told of each of them, by name and in their order.
        returns: What JSON comes back, with a sentence for each value.
        keeps: Whether a call leaves something behind, such as a label.
        queue: Where its requests wait, of queues.py.
    """
    # Not `gr.api`: it hands on what was sent as it is, so that a sentence may be a number and a clip a dictionary or,
    # where the parameter may be None, nothing; and its documentation calls the parameters "1st" and "2nd".
    gr.Button(visible=False).click(
        _without_null(answer, inputs),
        inputs=list(inputs),
        outputs=[gr.JSON(visible=False, label=name.capitalize())],
        api_name=name,
        api_description=description,
        **queue,
    )
    told = getattr(Context.root_block, "endpoints", None)
    if told is not None:
        told[name] = Endpoint(description, arguments, returns, keeps)


def document(info: dict[str, Any], endpoints: Mapping[str, Endpoint]) -> None:
    """Writes what is told of the endpoints into Gradio's description of them.

    Args:
        info: What `gr.Blocks.get_api_info` returned; it is changed.
        endpoints: By name.
    """
    for path, described in info["named_endpoints"].items():
        endpoint = endpoints.get(path.strip("/"))
        if endpoint is None:
            continue
        for parameter in described["parameters"]:
            argument = endpoint.arguments[parameter["parameter_name"]]
            parameter["python_type"]["description"] = argument.schema["description"]
            parameter["example_input"] = _uploaded(argument.example) if argument.is_file else argument.example
            if not argument.is_file:
                parameter["type"] = argument.schema
                parameter["python_type"]["type"] = python_type(argument.schema)
        for returned in described["returns"]:
            returned["type"] = opened(endpoint.returns)
            returned["python_type"]["type"] = python_type(endpoint.returns)


def _uploaded(address: str | list[str]) -> Any:
    """A file, or a list of files, as Gradio's clients name them."""
    if isinstance(address, list):
        return [_uploaded(one) for one in address]
    name = address.rpartition("/")[2]
    return {"path": address, "url": address, "orig_name": name, "meta": {"_type": "gradio.FileData"}}


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


def clips_input(texts: Texts) -> gr.File:
    """The input of several video files; its value is a list of the uploaded files' paths, or None."""
    return gr.File(file_count="multiple", label=texts.many_api_clips, type="filepath", visible=False)


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
