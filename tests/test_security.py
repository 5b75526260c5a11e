"""SECURITY.md names the limits that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from videobert_demo.service.clips import READERS
from videobert_demo.settings import Settings
from videobert_demo.ui import process
from videobert_demo.ui.page import answers, visits
from videobert_demo.ui.page.queues import MODEL_QUEUE, SCENES_QUEUE
from videobert_demo.video import animated_webp, packets, source

PAGE = (Path(__file__).resolve().parents[1] / "SECURITY.md").read_text(encoding="utf-8")
MEGABYTE = 2**20
KEPT = visits.Retention()
LIMITS = {
    "size of an upload": Settings().max_bytes / MEGABYTE,
    "length of a clip": Settings().max_seconds,
    "pixels of a frame": Settings().max_pixels,
    "pixels of a photograph, 12 times as many": Settings().limits.max_still_pixels,
    "memory for a photograph's picture": Settings().limits.max_still_bytes / MEGABYTE,
    "frames of a clip": packets.MAX_PACKETS,
    "time to read a clip": source.READ_SECONDS,
    "space for the pictures of an animated WebP": animated_webp.MAX_UNPACKED_BYTES / MEGABYTE,
    "any other request": answers.MAX_BODY_BYTES / MEGABYTE,
    "requests that are worked on at once": MODEL_QUEUE["concurrency_limit"],
    "clips that are decoded at once": READERS,
    "films that are read from end to end at once": SCENES_QUEUE["concurrency_limit"],
    "opened clips in memory": Settings().cache_clips,
    "what a visitor uploaded or made, after the page was closed": KEPT.grace_seconds,
    "the same, if the page is open and nothing happens": KEPT.max_idle_seconds,
    "what a program uploaded": KEPT.unclaimed_seconds,
    "an upload that broke off": KEPT.unfinished_seconds,
    "the same on a full disk": visits.SCARCE_SECONDS,
}


def rows() -> dict[str, str]:
    """The first and the second cell of each row of the tables, but for their heads."""
    cells = [[cell.strip() for cell in line.split("|")[1:3]] for line in PAGE.splitlines() if line.startswith("| ")]
    return {name: value for name, value in cells if name != "what"}


def test_every_limit_is_named_and_no_other() -> None:
    assert set(rows()) == set(LIMITS)


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_the_codes(name: str) -> None:
    assert float(rows()[name].split()[0]) == LIMITS[name]


def test_the_server_ends_in_the_time_that_is_named() -> None:
    (seconds,) = re.findall(r"at most (\d+) seconds", PAGE)
    assert int(seconds) > process.STOP_SECONDS + 1


def test_settings_are_named_as_they_are_read() -> None:
    read = (Path(process.__file__).parents[1] / "settings.py").read_text(encoding="utf-8")
    named = set(re.findall(r"VIDEOBERT_[A-Z_]+", PAGE))
    assert named
    assert named <= set(re.findall(r"VIDEOBERT_[A-Z_]+", read))
