"""Model processes: the same results as in one process, replaced when killed, gone with the service."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError, SettingsError
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service import workers as workers_module
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.workers import WorkerPlan, Workers, plan_workers
from videobert_demo.settings import Settings


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny one."""
    return str(write_tiny_checkpoint(tmp_path_factory.mktemp("workers") / "tiny"))


@pytest.fixture(scope="module")
def workers(checkpoint: str) -> Iterator[Workers]:
    """Two processes."""
    found = Workers(WorkerPlan(checkpoint, None, int8=False, count=2, threads=1))
    yield found
    found.close()


def who(_loaded: LoadedModel, seconds: float = 0.0) -> int:
    """The process that runs this."""
    time.sleep(seconds)
    return os.getpid()


def fail(_loaded: LoadedModel) -> None:
    """Raises an error of ours."""
    raise QuestionError("Ask {what}.", what="something")


def end(_loaded: LoadedModel, trace: Path) -> int:
    """Ends its process the first time."""
    if not trace.exists():
        trace.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


@pytest.mark.slow
def test_calls_run_in_other_processes_side_by_side(workers: Workers) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: workers.call(who, 0.2), range(8)))
    assert len(found) == 2
    assert os.getpid() not in found


@pytest.mark.slow
def test_errors_come_back_as_they_are(workers: Workers) -> None:
    with pytest.raises(QuestionError, match=r"Ask something\."):
        workers.call(fail)


@pytest.mark.slow
def test_the_service_says_the_same_with_them(checkpoint: str, workers: Workers, examples: Path) -> None:
    loaded = load_checkpoint(checkpoint)
    alone, many = VideoBertService(loaded, Settings()), VideoBertService(loaded, Settings(), workers=workers)
    clips = alone.open(examples / "dog.mp4"), many.open(examples / "dog.mp4")
    question = "what is the man doing?"
    captions = [demo.caption(clip).candidates for demo, clip in zip((alone, many), clips, strict=True)]
    answers = [demo.answer(clip, question).candidates for demo, clip in zip((alone, many), clips, strict=True)]
    # with another number of threads the last digits differ, and of these sentences those as likely change places
    assert captions[0][0].text == captions[1][0].text
    assert [one.score for one in captions[0]] == pytest.approx([one.score for one in captions[1]], rel=1e-4)
    assert answers[0][0].text == answers[1][0].text
    assert answers[0][0].probability == pytest.approx(answers[1][0].probability, rel=1e-3)
    heats = [
        demo.attend(clip, demo.word_target("piano")).values for demo, clip in zip((alone, many), clips, strict=True)
    ]
    np.testing.assert_allclose(heats[0], heats[1], atol=1e-5)
    assert many._call_model(who) in {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.mark.slow
def test_a_process_that_is_killed_is_replaced(workers: Workers, tmp_path: Path) -> None:
    assert psutil.pid_exists(workers.call(end, tmp_path / "trace"))
    assert workers.call(who) > 0


@pytest.mark.parametrize(("megabytes", "count"), [(100, 1), (1100, 2), (64_000, 4)])
def test_there_are_as_many_as_memory_allows(
    checkpoint: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, megabytes: int, count: int
) -> None:
    class Memory:
        available = megabytes * 2**20

    monkeypatch.setattr(workers_module.psutil, "virtual_memory", Memory)
    plan = plan_workers(load_checkpoint(checkpoint), checkpoint, None, None, 4)
    assert plan.count == count
    assert ("model processes" in caplog.text) == (count < 4)


@pytest.mark.parametrize("value", ["0", "-2", "many"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match=r"VIDEOBERT_WORKERS|workers"):
        Settings.from_environment({"VIDEOBERT_WORKERS": value})
