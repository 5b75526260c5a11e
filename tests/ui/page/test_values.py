"""What was sent is checked before Gradio reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from gradio.routes import App

from tests.ui.page.small_page import browser, call, small_page, upload
from videobert_demo.ui.page.values import refusal_of
from videobert_demo.ui.texts.english import ENGLISH

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def small_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One app for all tests here: what they send is refused and leaves nothing behind."""
    folder = tmp_path_factory.mktemp("uploads")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        with small_page(folder) as app:
            yield app


def test_right_values_pass_and_null_is_the_default(small_app: App) -> None:
    visitor = browser(small_app)
    file = upload(visitor, "dog.mp4")
    assert call(visitor, "echo", file, "hello", 2.5) == (200, {"clip": "dog.mp4", "text": "hello", "number": 2.5})
    assert call(visitor, "echo", None, None, None) == (200, {"clip": None, "text": "", "number": 3})


@pytest.mark.parametrize("value", [5, True, {"a": 1}, ["a"], "\ud800"])
def test_what_is_no_text_is_refused(small_app: App, value: Any) -> None:
    wanted = (400, ENGLISH.api_no_text.format(name="text"))
    visitor = browser(small_app)
    answer = visitor.post("/gradio_api/run/echo", content=json.dumps({"data": [None, value, 2]}), headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == wanted


@pytest.mark.parametrize("value", ["3", True, [3], {"a": 3}, float("nan"), float("inf"), float("-inf"), 10**400])
def test_what_is_no_number_is_refused(small_app: App, value: Any) -> None:
    visitor = browser(small_app)
    body = json.dumps({"data": [None, "x", value]})
    answer = visitor.post("/gradio_api/run/echo", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (400, ENGLISH.api_no_number.format(name="number"))


@pytest.mark.parametrize("value", [5, "clip.mp4", {"a": 1}, {"path": 5}, {"path": None}, [5], True])
def test_what_is_no_file_is_refused(small_app: App, value: Any) -> None:
    assert call(browser(small_app), "echo", value, "x", 2) == (400, ENGLISH.api_no_file.format(name="clip"))


@pytest.mark.parametrize(
    "path", ["http://127.0.0.1:1/a.mp4", "HTTPS://example.com/a", "file:///etc/passwd", "rtsp://a"]
)
def test_addresses_are_refused(small_app: App, path: str) -> None:
    assert call(browser(small_app), "echo", {"path": path}, "x", 2) == (400, ENGLISH.no_addresses)


@pytest.mark.parametrize("path", ["a" * 5000, "\0", "", ".", "/", "clip.mp4", "\ud800"])
def test_what_is_no_path_of_an_upload_is_refused(small_app: App, path: str) -> None:
    body = json.dumps({"data": [{"path": path}, "x", 2]})
    answer = browser(small_app).post("/gradio_api/run/echo", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (400, ENGLISH.api_not_yours)


def test_a_file_that_has_no_mark_of_gradios_is_refused(small_app: App) -> None:
    visitor = browser(small_app)
    path = upload(visitor)["path"]
    assert call(visitor, "echo", {"path": path}, "x", 2) == (400, ENGLISH.api_unreadable)


def test_what_is_left_out_at_the_end_has_its_default(small_app: App) -> None:
    """Callers that know an endpoint from before it took one value more are answered as before."""
    told = {"clip": None, "text": "hello", "number": 3}
    assert call(browser(small_app), "echo", None, "hello") == (200, told)


def test_too_few_values_are_refused(small_app: App) -> None:
    wanted = ENGLISH.api_too_few.format(count=3, names="clip, text, number")
    assert call(browser(small_app), "echo", None) == (400, wanted)
    assert call(browser(small_app), "echo") == (400, wanted)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0, ENGLISH.api_out_of_range.format(name="count", least=1, most=9)),
        (9.5, ENGLISH.api_out_of_range.format(name="count", least=1, most=9)),
        (2.5, ENGLISH.api_no_whole_number.format(name="count")),
        (9, None),
    ],
)
def test_a_number_outside_its_bounds_is_refused(value: float, sentence: str | None) -> None:
    with gr.Blocks() as blocks:
        count = gr.Number(minimum=1, maximum=9, precision=0, label="count")
        gr.Button().click(lambda count: None, [count], None)
    (block_fn,) = blocks.fns.values()
    assert refusal_of(block_fn, [value]) == sentence


@pytest.mark.parametrize("value", [[], ["en"], {}, 0, True])
def test_what_is_no_choice_is_refused(value: Any) -> None:
    with gr.Blocks() as blocks:
        one = gr.Dropdown(["en", "zh"], label="language")
        several = gr.Dropdown(["en", "zh"], multiselect=True, label="languages")
        gr.Button().click(lambda language, languages: None, [one, several], None)
    (block_fn,) = blocks.fns.values()
    assert refusal_of(block_fn, [value, []]) == ENGLISH.api_no_text.format(name="language")
    assert refusal_of(block_fn, ["zh", ["en"]]) is None
    assert refusal_of(block_fn, [None, None]) is None
