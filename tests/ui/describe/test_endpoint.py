"""The HTTP endpoint `/caption` of the running app, with the bundled checkpoint and real clips."""

from __future__ import annotations

import json
import threading
import urllib.request
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.service.service import VideoBertService


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


def test_the_caption_of_a_real_clip(client: Client, service: VideoBertService, examples: Path) -> None:
    clip = examples / "dog.mp4"
    answer = client.predict(handle_file(clip), api_name="/caption")

    assert set(answer) == {
        "caption",
        "score",
        "probability",
        "sure",
        "can_tell",
        "holds",
        "candidates",
        "frames",
        "duration_seconds",
        "seconds",
    }
    assert "dog" in answer["caption"].split()
    assert answer["candidates"][0] == {
        "text": answer["caption"],
        "score": answer["score"],
        "probability": answer["probability"],
    }
    assert len(answer["candidates"]) == 5
    assert len({candidate["text"] for candidate in answer["candidates"]}) == 5
    assert all(0 < candidate["score"] <= 1 for candidate in answer["candidates"])
    assert answer["duration_seconds"] == pytest.approx(1.53, abs=0.05)
    assert 0 <= answer["seconds"] < 60  # 0.0 if the caption is known already

    moments = [frame["timestamp_seconds"] for frame in answer["frames"]]
    assert len(moments) == service.max_frames
    assert moments == sorted(moments)
    assert moments[0] >= 0
    assert moments[-1] <= answer["duration_seconds"]


def test_the_endpoint_says_what_python_says(client: Client, service: VideoBertService, examples: Path) -> None:
    clip = examples / "race.mp4"
    answer = client.predict(handle_file(clip), api_name="/caption")
    assert answer["caption"] == service.caption(service.open(clip)).text


def test_each_task_has_one_public_endpoint(client: Client) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)
    assert set(endpoints["named_endpoints"]) == {
        *("/caption", "/answer", "/scenes", "/search", "/attend"),
        *("/tokens", "/cloze", "/align", "/reel", "/classify", "/label", "/labels"),
        *("/moments", "/library_moments", "/summary", "/cut", "/events", "/slots", "/compare", "/watch", "/subtitles"),
        *("/captions", "/correct", "/both", "/compare_models"),
    }
    assert endpoints["unnamed_endpoints"] == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("renamed.mp4", b"this is not a video\n" * 40),
        ("empty.mp4", b""),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"),
        ("list.mp4", b"ffconcat version 1.0\nfile '/etc/hostname'\n"),
    ],
)
def test_what_is_no_clip_is_refused_with_a_sentence(client: Client, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AppError) as refusal:
        client.predict(handle_file(path), api_name="/caption")
    sentence = str(refusal.value)
    assert name in sentence
    assert sentence.endswith(".")
    assert "/tmp" not in sentence
    assert "Traceback" not in sentence
    assert "\n" not in sentence


def test_no_file_is_refused_with_a_sentence(client: Client) -> None:
    with pytest.raises(AppError, match="Send a video file"):
        client.predict(None, api_name="/caption")


def test_a_file_of_the_server_cannot_be_asked_for(app_url: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"secret")
    body = {"data": [{"path": str(secret), "meta": {"_type": "gradio.FileData"}}]}
    request = urllib.request.Request(
        f"{app_url}/gradio_api/call/caption",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        event_id = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{app_url}/gradio_api/call/caption/{event_id}", timeout=60) as response:
        stream = response.read().decode()
    assert "event: error" in stream
    assert "secret.mp4" not in stream  # it was refused before it was read


def test_two_people_at_once_get_their_own_answers(app_url: str, service: VideoBertService, examples: Path) -> None:
    names = ("dog.mp4", "race.mp4", "surfer.mp4")
    answers: dict[str, str] = {}

    def ask(name: str) -> None:
        own = Client(app_url, verbose=False)
        answers[name] = own.predict(handle_file(examples / name), api_name="/caption")["caption"]

    people = [threading.Thread(target=ask, args=(name,)) for name in names]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=120)
    assert answers == {name: service.caption(service.open(examples / name)).text for name in names}
    assert len(set(answers.values())) == len(names)
