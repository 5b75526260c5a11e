"""Several visitors at once, each with their own clip, at every endpoint: nobody gets another's answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file

from videobert_demo.service.reports import search_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.search.endpoint import DEFAULT_HITS

PATIENCE_SECONDS = 600
QUESTION, WORD = "what is in the video?", "dog"
Ask = Callable[[Client, Path], Any]


def caption(client: Client, clip: Path) -> Any:
    answer = client.predict(handle_file(clip), api_name="/caption")
    return [one["text"] for one in answer["candidates"]], answer["duration_seconds"]


def answer(client: Client, clip: Path) -> Any:
    report = client.predict(handle_file(clip), QUESTION, api_name="/answer")
    return [one["text"] for one in report["candidates"]], round(report["probability"], 2)


def attend(client: Client, clip: Path) -> Any:
    report = client.predict(handle_file(clip), WORD, "similarity", api_name="/attend")
    return report["timestamps_seconds"], [round(value, 2) for value in report["time_curve"]]


def search(client: Client, clip: Path) -> Any:
    return [hit["title"] for hit in client.predict(sentence(clip), DEFAULT_HITS, api_name="/search")]


def sentence(clip: Path) -> str:
    """What a visitor with this clip searches for."""
    return clip.stem.replace("-", " ")


def expected(service: VideoBertService, clips: list[Path]) -> dict[tuple[Ask, Path], Any]:
    """What Python answers for each clip, one after another, in the form of the functions above."""
    library = VisitorLibraries(service).of("python")
    wanted: dict[tuple[Ask, Path], Any] = {}
    for clip in clips:
        opened = service.open(clip)
        captions = [one.text for one in service.caption(opened).candidates]
        wanted[caption, clip] = captions, pytest.approx(opened.info.duration_seconds, abs=1e-3)
        found = service.answer(opened, QUESTION)
        wanted[answer, clip] = [one.text for one in found.candidates], pytest.approx(found.probability, abs=0.01)
        heatmap = service.attend(opened, service.word_target(WORD))
        moments = pytest.approx(heatmap.timestamps_seconds.tolist(), abs=1e-3)
        wanted[attend, clip] = moments, pytest.approx(heatmap.values.mean((1, 2)).tolist(), abs=0.02)
        hits = service.search(library, sentence(clip), count=DEFAULT_HITS)
        wanted[search, clip] = [hit["title"] for hit in search_report(hits)]
    return wanted


def ask_all(url: str, visitors: list[list[tuple[Ask, Path]]]) -> list[list[Any]]:
    """Every visitor asks one thing after another; all of them start together."""
    clients = [Client(url, verbose=False, httpx_kwargs={"timeout": PATIENCE_SECONDS}) for _ in visitors]
    start = threading.Barrier(len(visitors))

    def visit(number: int) -> list[Any]:
        start.wait(timeout=PATIENCE_SECONDS)
        return [ask(clients[number], clip) for ask, clip in visitors[number]]

    with ThreadPoolExecutor(len(visitors)) as pool:
        return list(pool.map(visit, range(len(visitors))))


def test_two_visitors_get_the_answers_of_their_own_clips(
    app_url: str, service: VideoBertService, examples: Path
) -> None:
    clips = [examples / "dog.mp4", examples / "race.mp4"]
    wanted = expected(service, clips)
    for ask in (caption, answer, attend, search):
        assert wanted[ask, clips[0]] != wanted[ask, clips[1]]  # otherwise a mix-up would not be noticed
    first = [(ask, clips[0]) for ask in (caption, answer, attend, search)]
    second = [(ask, clips[1]) for ask in (search, caption, answer, attend)]
    found = ask_all(app_url, [first, second])
    assert found == [[wanted[one] for one in first], [wanted[one] for one in second]]


@pytest.mark.slow
def test_sixteen_visitors_with_five_requests_each(app_url: str, service: VideoBertService, examples: Path) -> None:
    clips = sorted(examples.glob("*.mp4"))
    wanted = expected(service, clips)
    kinds: list[Ask] = [caption, answer, attend, search]
    visitors = [
        [(kinds[(number + turn) % len(kinds)], clips[(3 * number + turn) % len(clips)]) for turn in range(5)]
        for number in range(16)
    ]
    found = ask_all(app_url, visitors)
    for visitor, answers in zip(visitors, found, strict=True):
        assert answers == [wanted[one] for one in visitor]
