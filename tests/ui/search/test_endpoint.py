"""The endpoint `/search`, asked through gradio_client as anyone would."""

from __future__ import annotations

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


def test_the_examples_are_found_from_the_start(client: Client) -> None:
    hits = client.predict("a dog on the floor", 3, api_name="/search")
    assert len(hits) == 3
    assert hits[0]["title"] == "A white dog on the floor"
    assert hits[0]["score"] > hits[1]["score"] > hits[2]["score"]
    assert 0 <= hits[0]["start_seconds"] <= hits[0]["duration_seconds"]


@pytest.mark.parametrize(
    ("sentence", "count", "message"),
    [
        ("", 3, "nothing to search for"),
        ("слово", 3, "English"),
        ("dog " * 500, 3, "too long"),
        ("dog", 0, "1 to 100"),
        ("dog", 1e9, "1 to 100"),
    ],
)
def test_what_cannot_be_searched_is_said(client: Client, sentence: str, count: float, message: str) -> None:
    with pytest.raises(AppError, match=message):
        client.predict(sentence, count, api_name="/search")
