"""The endpoint `/answer`, asked through gradio_client as anyone would."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.service.service import VideoBertService


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


def test_an_answer_comes_with_its_rivals_and_frames(client: Client, service: VideoBertService, examples: Path) -> None:
    clip = examples / "dog.mp4"
    report = client.predict(handle_file(clip), "What is lying on the floor", api_name="/answer")
    opened = service.open(clip)
    expected = service.answer(opened, "what is lying on the floor?")
    assert report["question"] == expected.question
    assert [one["text"] for one in report["candidates"]] == [answer.text for answer in expected.candidates]
    assert len(report["candidates"]) == 5
    assert report["probability"] == pytest.approx(expected.probability, abs=1e-3)
    assert report["sure"] == expected.is_sure
    assert [frame["timestamp_seconds"] for frame in report["frames"]] == pytest.approx(
        opened.frames.timestamps_seconds.tolist(), abs=1e-3
    )
    assert sum(frame["share"] for frame in report["frames"]) == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "no question yet"),
        ("word " * 500, "too long"),
        ("что он делает?", "English"),
        ("<script>alert(1)</script>" * 40, "too long"),
    ],
)
def test_what_cannot_be_answered_is_said(client: Client, examples: Path, question: str, message: str) -> None:
    with pytest.raises(AppError, match=message):
        client.predict(handle_file(examples / "dog.mp4"), question, api_name="/answer")


def test_a_file_that_is_no_clip_is_refused(client: Client, not_a_clip: Path) -> None:
    with pytest.raises(AppError, match="holiday"):
        client.predict(handle_file(not_a_clip), "who is it?", api_name="/answer")
    with pytest.raises(AppError, match="there was none"):
        client.predict(None, "who is it?", api_name="/answer")


def test_two_clients_get_the_answers_of_their_own_clips(
    app_url: str, service: VideoBertService, examples: Path
) -> None:
    clips = [examples / name for name in ("dog.mp4", "race.mp4")]
    question = "what is in the video?"
    wanted = [service.answer(service.open(clip), question).candidates for clip in clips]
    assert wanted[0] != wanted[1]
    clients = [Client(app_url, verbose=False) for _ in clips]

    def ask(index: int) -> list[str]:
        report = clients[index % 2].predict(handle_file(clips[index % 2]), question, api_name="/answer")
        return [one["text"] for one in report["candidates"]]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(8)))
    for index, texts in enumerate(found):
        assert texts == [answer.text for answer in wanted[index % 2]]
