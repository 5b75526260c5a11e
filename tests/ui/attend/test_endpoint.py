"""The HTTP endpoint `/attend` of the running app."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from videobert_demo.attention.explain import METHODS
from videobert_demo.service.service import VideoBertService


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


@pytest.mark.parametrize("method", METHODS)
def test_the_endpoint_says_what_python_says(
    client: Client, service: VideoBertService, examples: Path, method: str
) -> None:
    path = examples / "dog.mp4"
    answer = client.predict(handle_file(path), " dog", method, api_name="/attend")
    clip = service.open(path)
    expected = service.attend(clip, service.word_target("dog"), method)

    assert set(answer) == {"word", "method", "shape", "timestamps_seconds", "values", "time_curve"}
    assert (answer["word"], answer["method"]) == ("dog", method)
    assert answer["shape"] == list(expected.values.shape) == list(np.shape(answer["values"]))
    np.testing.assert_allclose(answer["values"], expected.values, atol=2e-3)
    np.testing.assert_allclose(answer["time_curve"], expected.values.mean((1, 2)), atol=2e-3)
    np.testing.assert_allclose(answer["timestamps_seconds"], expected.timestamps_seconds, atol=1e-3)


def test_two_words_have_two_heatmaps(client: Client, examples: Path) -> None:
    clip = handle_file(examples / "race.mp4")
    first, second = (client.predict(clip, word, api_name="/attend") for word in ("car", "sky"))
    assert first["method"] == second["method"] == "similarity"
    assert np.abs(np.subtract(first["values"], second["values"])).max() > 0.1


@pytest.mark.parametrize(
    ("word", "method", "sentence"),
    [
        ("", "similarity", "type one"),
        ("слово", "similarity", "does not know"),
        ("word " * 40, "similarity", "too long"),
        ("dog", "guess", "choose one of similarity"),
    ],
)
def test_what_cannot_be_looked_for(client: Client, examples: Path, word: str, method: str, sentence: str) -> None:
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(examples / "dog.mp4"), word, method, api_name="/attend")


def test_finer_heat_is_refused_where_the_frame_encoder_has_no_attention(client: Client, examples: Path) -> None:
    for method, sentence in (("rollout", "no attention of its own"), ("similarity", "relevance and rollout")):
        with pytest.raises(AppError, match=sentence):
            client.predict(handle_file(examples / "dog.mp4"), "dog", method, True, api_name="/attend")


def test_no_clip_and_no_readable_clip(client: Client, not_a_clip: Path) -> None:
    with pytest.raises(AppError, match="Send a video file"):
        client.predict(None, "dog", "similarity", api_name="/attend")
    with pytest.raises(AppError, match=not_a_clip.name):
        client.predict(handle_file(not_a_clip), "dog", "similarity", api_name="/attend")
