"""The fuzz run over clips notices what it is for, and does each case the same way again."""

from __future__ import annotations

import mmap
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz import files
from tests.fuzz.files import damaged_file, open_sample_overlay, run_apart
from tests.fuzz.mutations import MAX_BYTES
from videobert_demo.errors import EmptyClipError

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="processes are watched as Linux can")


def refuse() -> None:
    raise EmptyClipError("nothing in it")


def fail() -> None:
    raise KeyError("nobody foresaw this")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def grow() -> None:
    held = bytearray(300 * 2**20)
    held[::4096] = b"x" * len(held[::4096])


def work_on() -> None:
    while True:
        pass


def wait() -> None:
    time.sleep(60)


@pytest.mark.parametrize(
    ("work", "outcome"),
    [(lambda: None, "frames"), (refuse, "refused"), (fail, "exception"), (crash, "crash"), (grow, "growth"),
     (work_on, "hang"), (wait, "hang")],
)  # fmt: skip
def test_what_happens_to_a_file_is_noticed(
    work: Callable[[], None], outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HANG_SECONDS", 1)
    monkeypatch.setattr(files, "GROWTH_MEGABYTES", 100)
    case = run_apart(work)
    assert case.outcome == outcome, case.detail
    assert case.is_finding == (outcome not in ("frames", "refused"))
    if outcome == "growth":
        assert 290 < int(case.detail.removesuffix(" MB")) < 400
    if outcome == "exception":
        assert "nobody foresaw this" in case.detail


def test_what_the_tests_before_have_reserved_does_not_count() -> None:
    reserved = mmap.mmap(-1, 7000 * 2**20, prot=0)  # nothing of it is used
    try:
        assert run_apart(grow).outcome == "frames"
    finally:
        reserved.close()


def test_a_clip_goes_all_the_way(tmp_path: Path, examples: Path) -> None:
    open_sample_overlay(examples / "dog.mp4", tmp_path / "overlay.webm")
    assert (tmp_path / "overlay.webm").stat().st_size > 1000


@pytest.mark.slow
def test_a_case_follows_from_its_number() -> None:
    seeds = {"clip.mp4": bytes(range(256)) * 40, "hostile/a": b"moov" * 3000, "long": b"a" * MAX_BYTES, "none": b""}
    made = [damaged_file(seeds, 0, number) for number in range(200)]
    assert made == [damaged_file(seeds, 0, number) for number in range(200)]
    assert made != [damaged_file(seeds, 1, number) for number in range(200)]
    assert max(map(len, made)) <= MAX_BYTES
    assert len(set(made)) > 150
