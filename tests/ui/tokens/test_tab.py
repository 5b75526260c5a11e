"""The HTTP endpoints of what the model itself sees, of the running app; no value is expected of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.service.service import VideoBertService

EXAMPLES_BESIDE = {"visual_word", "title", "start_seconds", "timestamp_seconds", "shared_levels", "same_word"}


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


def probabilities(guesses: list[dict[str, Any]]) -> list[float]:
    return [guess["probability"] for guess in guesses]


def test_tokens(client: Client, service: VideoBertService, examples: Path) -> None:
    report = client.predict(handle_file(examples / "dog.mp4"), api_name="/tokens")
    clip = service.open(examples / "dog.mp4")
    segments = service.segments(clip)
    assert report["levels"] == 3
    assert [one["visual_word"] for one in report["segments"]] == [one.word.word_id for one in segments]
    for one in report["segments"]:
        near = one["neighbours"]
        assert len(near) == 6
        assert all(set(like) >= EXAMPLES_BESIDE for like in near)
        assert len({like["title"] for like in near}) == 6
        assert clip.content_hash not in {like["content_hash"] for like in near}
        levels = [like["shared_levels"] for like in near]
        assert levels == sorted(levels, reverse=True)
        assert all(like["same_word"] == (like["visual_word"] == one["visual_word"]) for like in near)
    foretold = report["forecast"]
    assert foretold["seen"] + len(foretold["segments"]) == len(segments)
    for index, one in enumerate(foretold["segments"]):
        assert one["visual_word"] == segments[foretold["seen"] + index].word.word_id
        assert probabilities(one["expected"]) == sorted(probabilities(one["expected"]), reverse=True)
        assert len(one["expected"]) == 5


def test_cloze(client: Client, examples: Path) -> None:
    clip = handle_file(examples / "dog.mp4")
    report = client.predict(clip, "A dog is ___ on the floor.", [1], [0, 2], api_name="/cloze")
    assert report["words"] == ["a", "dog", "is", "[MASK]", "on", "the", "floor"]
    assert [blank["place"] for blank in report["blanks"]] == [1, 3]
    for blank in report["blanks"]:
        for side in ("with_clip", "without_clip"):
            given = probabilities(blank[side])
            assert len(given) == 5
            assert given == sorted(given, reverse=True)
            assert 0 < sum(given) <= 1
        assert blank["with_clip"] != blank["without_clip"]
    assert [one["place"] for one in report["segments"]] == [0, 2]
    nothing = client.predict(clip, "a dog", api_name="/cloze")
    assert nothing["blanks"] == nothing["segments"] == []


def test_align(client: Client, service: VideoBertService, examples: Path) -> None:
    report = client.predict(handle_file(examples / "dog.mp4"), " a dog  runs", api_name="/align")
    found = service.align(service.open(examples / "dog.mp4"), "a dog runs")
    assert report["sentence"] == "a dog runs"
    assert report["score"] == pytest.approx(found.probability, abs=1e-3)
    assert [one["score"] for one in report["moments"]] == pytest.approx(found.moments.tolist(), abs=1e-3)
    best = max(report["moments"], key=lambda one: one["score"])
    assert best["score"] == pytest.approx(
        next(one["score"] for one in report["moments"] if one["timestamp_seconds"] == report["peak_seconds"])
    )


def test_reel_is_the_same_with_the_same_seed(client: Client) -> None:
    first = client.predict("a dog runs on the grass", 4, 1, 7, api_name="/reel")
    again = client.predict("a dog runs on the grass", 4, 1, 7, api_name="/reel")
    other = client.predict("a dog runs on the grass", 4, 1, 8, api_name="/reel")
    assert first["segments"] == again["segments"]
    assert first["segments"] != other["segments"]
    assert len(first["segments"]) == 4
    assert all(0 <= one["probability"] <= 1 for one in first["segments"])
    assert all(one["shown_by"]["title"] for one in first["segments"])


def test_classify(client: Client, examples: Path) -> None:
    clip = handle_file(examples / "dog.mp4")
    report = client.predict(clip, "a dog, a cat,,", api_name="/classify")
    for name in ("verbs", "objects", "frame_labels"):
        assert probabilities(report[name]) == sorted(probabilities(report[name]), reverse=True)
        assert report[name]
    assert {one["text"] for one in report["labels"]} == {"a dog", "a cat"}
    assert sum(one["share"] for one in report["labels"]) == pytest.approx(1, abs=1e-3)
    assert client.predict(clip, api_name="/classify")["labels"] == []


@pytest.mark.parametrize(
    ("endpoint", "arguments", "sentence"),
    [
        ("/cloze", ("",), "type one"),
        ("/cloze", ("слово",), "English"),
        ("/cloze", ("word " * 60,), "at most 28 words"),
        ("/cloze", ("a dog", [-1]), "list of numbers"),
        ("/cloze", ("a dog", [], ["x"]), "list of numbers"),
        ("/align", ("  ",), "type one"),
        ("/align", ("слово",), "English"),
        ("/align", ("a " * 400,), "at most 300 characters"),
        ("/classify", (", ".join(f"dog {number}" for number in range(60)),), "at most 40"),
        ("/classify", ("слово",), "English"),
    ],
)
def test_what_cannot_be_asked_of_a_clip(
    client: Client, examples: Path, endpoint: str, arguments: tuple[Any, ...], sentence: str
) -> None:
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(examples / "dog.mp4"), *arguments, api_name=endpoint)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("",), "type one"),
        (("слово",), "English"),
        (("a dog", 0), "Ask for 1 to"),
        (("a dog", 99), "Ask for 1 to"),
        (("a dog", 4, 9), "temperature"),
        (("a dog", 4, 1, -1), "seed"),
    ],
)
def test_what_cannot_be_written(client: Client, arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(AppError, match=sentence):
        client.predict(*arguments, api_name="/reel")


@pytest.mark.parametrize(
    ("endpoint", "arguments"),
    [("/tokens", ()), ("/cloze", ("a dog",)), ("/align", ("a dog",)), ("/classify", ())],
)
def test_no_clip_and_no_readable_clip(
    client: Client, not_a_clip: Path, endpoint: str, arguments: tuple[Any, ...]
) -> None:
    with pytest.raises(AppError, match="Send a video file"):
        client.predict(None, *arguments, api_name=endpoint)
    with pytest.raises(AppError, match=not_a_clip.name):
        client.predict(handle_file(not_a_clip), *arguments, api_name=endpoint)
