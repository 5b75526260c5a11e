"""A page of a few endpoints without a model, behind the app's own guards; it listens on no port."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.routes import App
from gradio.utils import get_upload_folder
from starlette.testclient import TestClient

from videobert_demo.errors import QuestionError
from videobert_demo.service.examples import EXAMPLES_FOLDER
from videobert_demo.settings import Settings
from videobert_demo.ui.launching import launch_options
from videobert_demo.ui.page.endpoints import CLIP, Argument, add_endpoint
from videobert_demo.ui.page.page import Page
from videobert_demo.ui.page.schemas import number, or_none, record, text
from videobert_demo.ui.page.uploads import COOKIE
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.texts.languages import Translations

REFUSAL = "There is no word {position}: the sentence has {count}, counted from 0."

ECHO_TAKES = {
    "clip": CLIP,
    "text": Argument(text("What to say."), "hello"),
    "number": Argument(number("How often."), 2, default=3),
}
ECHO = record(
    clip=or_none(text("The file's name.")), text=text("What was said."), number=number("How often it was to be said.")
)


def echo(clip: str | None, text: str, request: gr.Request, number: float = 3) -> dict[str, Any]:
    return {"clip": clip and Path(clip).name, "text": text, "number": number}


def fail(text: str) -> None:
    raise {
        "refused": QuestionError(
            "There is no word {position}: the sentence has {count}, counted from 0.", position=9, count=2
        ),
        "full": OSError(errno.ENOSPC, "No space left on device", "/secret/place"),
    }.get(text, KeyError("secret"))


@contextmanager
def small_page(cache: Path, sign_ins: list[tuple[str, str]] | None = None) -> Iterator[App]:
    """The app of the endpoints /echo and /fail.

    Args:
        cache: Where uploads go.
        sign_ins: Who may come in; everyone by default.
    """
    gr.set_static_paths(EXAMPLES_FOLDER)
    page = Page(visits=Visits(cache, Retention()), translations=Translations(), analytics_enabled=False)
    with page:
        file, words = gr.File(label="Clip", visible=False), gr.Textbox(label="Text", visible=False)
        count = gr.Number(3, label="Number", visible=False)
        add_endpoint(
            echo, [file, words, count], name="echo", description="Says it again.", arguments=ECHO_TAKES, returns=ECHO
        )
        add_endpoint(
            fail,
            [gr.Textbox(label="Text", visible=False)],
            name="fail",
            description="Says no.",
            arguments={"text": Argument(text("How it fails."), "refused")},
            returns=text("Nothing."),
        )
    options = launch_options(Settings())
    page.offer_tools(options["app_kwargs"])
    page.auth = sign_ins
    page.show_error, page.max_file_size, page.is_running, page.has_launched = False, None, True, True
    page.allowed_paths, page.blocked_paths = [], []
    assert get_upload_folder() == str(cache), "Gradio reads GRADIO_TEMP_DIR"
    yield App.create_app(page, app_kwargs=options["app_kwargs"])


def browser(app: App, address: str = "10.0.0.1", *, has_cookie: bool = True) -> TestClient:
    """A visitor; with a cookie, as the page gives it to browsers."""
    client = TestClient(app, client=(address, 4000), raise_server_exceptions=False)
    if has_cookie:
        client.cookies.set(COOKIE, secrets.token_hex(16))
    return client


def upload(client: TestClient, name: str = "clip.mp4", content: bytes = b"clip") -> dict[str, Any]:
    """Uploads a file; returns it as Gradio's clients hand it in."""
    answer = client.post("/gradio_api/upload", files={"files": (name, content)})
    assert answer.status_code == 200, answer.text
    return {"path": answer.json()[0], "meta": {"_type": "gradio.FileData"}}


def call(client: TestClient, endpoint: str, *values: Any, **headers: str) -> tuple[int, Any]:
    """The status, and the result or the refusal's sentence."""
    answer = client.post(f"/gradio_api/run/{endpoint}", json={"data": list(values)}, headers=headers)
    content = answer.json()
    return answer.status_code, content["data"][0] if answer.status_code == 200 else content.get("error")
