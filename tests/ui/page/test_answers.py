"""Every request is answered: with what it asked for, or with a sentence and a status that fits."""

from __future__ import annotations

import errno
import logging
from pathlib import Path
from typing import Any

import pytest
from gradio.routes import App
from starlette.datastructures import UploadFile

from tests.ui.page.small_page import REFUSAL, browser, call, upload
from videobert_demo.ui.page import answers
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import LANGUAGE_COOKIE

CHINESE_FIRST = {"Accept-Language": "zh-CN"}


def test_an_error_of_ours_is_told_in_the_callers_language(small_app: App) -> None:
    visitor = browser(small_app)
    assert call(visitor, "fail", "refused") == (400, REFUSAL.format(position=9, count=2))
    chinese = CHINESE.catalogue[REFUSAL].format(position=9, count=2)
    assert call(visitor, "fail", "refused", **CHINESE_FIRST) == (400, chinese)


def test_what_nobody_foresaw_is_told_without_its_words_and_logged(
    small_app: App, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        status, sentence = call(browser(small_app), "fail", "anything")
    assert (status, sentence) == (500, ENGLISH.unexpected_error)
    assert "KeyError" in caplog.text, "who runs the server can find out"
    assert call(browser(small_app), "fail", "anything", **CHINESE_FIRST) == (500, CHINESE.unexpected_error)


def test_a_full_disk_is_told_where_a_handler_meets_it(small_app: App) -> None:
    assert call(browser(small_app), "fail", "full") == (400, ENGLISH.server_full)


def test_a_full_disk_is_told_where_an_upload_meets_it(small_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def write(self: Any, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    visitor = browser(small_app)
    with monkeypatch.context() as patch:
        patch.setattr(UploadFile, "write", write)
        chosen = {"Cookie": f"{LANGUAGE_COOKIE}=zh-CN"}
        for headers, texts in (({}, ENGLISH), (CHINESE_FIRST, CHINESE), (chosen, CHINESE)):
            answer = visitor.post("/gradio_api/upload", files={"files": ("a.mp4", b"a")}, headers=headers)
            assert (answer.status_code, answer.json()["detail"]) == (507, texts.server_full)
    assert Path(upload(visitor)["path"]).read_bytes() == b"clip"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("run/nobody", {"data": []}),
        ("call/nobody", {"data": []}),
        ("call/v2/nobody", {}),
        ("call/v2/echo", {"nothing": 1}),
        ("queue/join", {"data": [], "fn_index": 999, "session_hash": "one"}),
        ("run/predict", {"data": [], "fn_index": -7}),
    ],
)
def test_what_gradio_cannot_read_is_refused_with_a_sentence(small_app: App, path: str, body: dict[str, Any]) -> None:
    answer = browser(small_app).post(f"/gradio_api/{path}", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (400, ENGLISH.api_unreadable)


def test_a_long_body_is_refused_whether_it_says_so_or_not(small_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_BODY_BYTES", 1000)
    visitor = browser(small_app)
    refused = visitor.post("/gradio_api/run/echo", json={"data": [None, "x" * 1000, 3]})
    assert (refused.status_code, refused.json()["detail"]) == (413, ENGLISH.api_too_long.format(most=1000))
    parts = (b" " * 600 for _ in range(3))
    in_parts = visitor.post("/gradio_api/run/echo", content=parts, headers={"Content-Type": "application/json"})
    assert in_parts.status_code in (400, 413)
    assert call(visitor, "echo", None, "x" * 900, 3)[0] == 200
    assert Path(upload(visitor, content=b"x" * 5000)["path"]).stat().st_size == 5000, "uploads have their own limit"
