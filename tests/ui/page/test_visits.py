"""Whose files are kept and whose are deleted: the rules of visits.py, without a page."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from videobert_demo.ui.page import visits as visits_module
from videobert_demo.ui.page.visits import Retention, Visits

# Long enough for a busy machine: what must still be there is looked at within a second.
SHORT, AFTERWARDS = 1.0, 1.5
SOON = Retention(grace_seconds=SHORT, unclaimed_seconds=SHORT, max_idle_seconds=600)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache with two uploads, as Gradio stores them: each in a folder of its own."""
    for name in ("one", "two"):
        (tmp_path / "cache" / name).mkdir(parents=True)
        (tmp_path / "cache" / name / "clip.mp4").write_bytes(b"clip")
    return tmp_path / "cache"


class Clock:
    """The system's clocks, which a test can put on."""

    def __init__(self) -> None:
        self._ahead_seconds = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead_seconds

    def time(self) -> float:
        return time.time() + self._ahead_seconds

    def put_on(self, seconds: float) -> None:
        self._ahead_seconds += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that visits look at. A file that is touched after it was put on is old at once: there, tests wait."""
    clock = Clock()
    monkeypatch.setattr(visits_module, "time", clock)
    return clock


def files(cache: Path) -> set[str]:
    return {str(path.relative_to(cache)) for path in cache.rglob("*")}


def test_who_stays_keeps_the_clip_and_who_left_does_not(cache: Path, clock: Clock) -> None:
    visits = Visits(cache, SOON)
    for session in ("one", "two"):
        visits.arrive(session)
        visits.claim(session, "clip", [cache / session / "clip.mp4"])
    visits.leave("one")
    clock.put_on(AFTERWARDS)
    assert visits.end() == ("one",)
    assert (visits.is_here("one"), visits.is_here("two")) == (False, True)
    visits.delete([])
    assert files(cache) == {"two", "two/clip.mp4"}


def test_what_was_claimed_goes_sooner_than_what_nobody_claimed(cache: Path) -> None:
    visits = Visits(cache, Retention(grace_seconds=SHORT, unclaimed_seconds=600))
    visits.claim("one", "clip", [cache / "one" / "clip.mp4"])
    time.sleep(AFTERWARDS)
    assert visits.end() == ("one",)
    both = [str(cache / name / "clip.mp4") for name in ("one", "two")]
    (cache / "one" / "clip.mp4").touch()
    assert visits.delete(both) == set()  # another visitor has just sent the same clip
    time.sleep(AFTERWARDS)
    assert visits.delete(both) == {both[0]}
    assert files(cache) == {"two", "two/clip.mp4"}


def test_who_comes_back_in_time_finds_everything(cache: Path, clock: Clock) -> None:
    visits = Visits(cache, SOON)
    visits.arrive("one")
    visits.claim("one", "clip", [cache / "one" / "clip.mp4"])
    visits.leave("one")
    visits.arrive("one")
    clock.put_on(AFTERWARDS)
    assert visits.end() == ()
    visits.delete([])
    assert "one/clip.mp4" in files(cache)


def test_a_page_that_nobody_touches_for_long_is_left(cache: Path, clock: Clock) -> None:
    visits = Visits(cache, Retention(grace_seconds=0, max_idle_seconds=SHORT))
    visits.arrive("one")
    assert visits.end() == ()
    clock.put_on(AFTERWARDS)
    assert visits.end() == ("one",)


def test_two_who_sent_the_same_clip_do_not_take_it_from_each_other(cache: Path, clock: Clock) -> None:
    visits = Visits(cache, SOON)
    for session in ("first", "second"):
        visits.arrive(session)
        visits.claim(session, "clip", [str(cache / "one" / "clip.mp4")])
    visits.leave("first")
    clock.put_on(AFTERWARDS)
    assert visits.end() == ("first",)
    visits.delete([])
    assert "one/clip.mp4" in files(cache)


def test_an_upload_that_nobody_claims_goes_when_it_is_old(cache: Path) -> None:
    visits = Visits(cache, SOON)
    known = [str(cache / name / "clip.mp4") for name in ("one", "two")]
    assert visits.delete(known) == set()  # it has only just arrived
    time.sleep(AFTERWARDS)
    (cache / "two" / "clip.mp4").touch()  # the same clip, sent again
    assert visits.delete(known) == {known[0]}
    assert files(cache) == {"two", "two/clip.mp4"}


def test_the_next_clip_lets_the_last_one_go_but_not_at_once(cache: Path) -> None:
    visits = Visits(cache, SOON)
    visits.arrive("one")
    visits.claim("one", "clip", [cache / "one" / "clip.mp4"])
    time.sleep(AFTERWARDS)
    visits.claim("one", "clip", [cache / "two" / "clip.mp4"])
    visits.delete([])
    assert "one/clip.mp4" in files(cache)
    time.sleep(AFTERWARDS)
    visits.delete([])
    assert files(cache) == {"two", "two/clip.mp4"}


def test_what_is_made_and_lent_is_the_visitors(cache: Path, tmp_path: Path, clock: Clock) -> None:
    kept = tmp_path / "library.mp4"
    kept.write_bytes(b"kept")
    visits = Visits(cache, SOON)
    strip, numbers = visits.new_paths("one", "drawing", "frames.png", "heatmap.npz")
    assert strip.parent == numbers.parent != cache
    strip.write_bytes(b"strip")
    lent = visits.lend("one", "played", kept)
    assert (lent.name, lent.read_bytes(), lent.is_relative_to(cache)) == ("library.mp4", b"kept", True)
    assert visits.new_paths("two", "drawing", "frames.png")[0].parent != strip.parent
    clock.put_on(AFTERWARDS)
    assert set(visits.end()) == {"one", "two"}  # neither had a page
    visits.delete([])
    assert files(cache) == {"one", "one/clip.mp4", "two", "two/clip.mp4"}
    assert kept.read_bytes() == b"kept"


def test_files_outside_the_cache_are_nobodys(cache: Path, tmp_path: Path, clock: Clock) -> None:
    own = tmp_path / "holiday.mp4"
    own.write_bytes(b"mine")
    visits = Visits(cache, SOON)
    visits.claim("one", "clip", [own, cache / ".." / "holiday.mp4"])
    clock.put_on(AFTERWARDS)
    visits.end()
    visits.delete([], at_once=True)
    assert own.exists()


def test_an_upload_that_broke_off_goes(cache: Path, clock: Clock) -> None:
    (cache / "tmpabcd1234").write_bytes(b"half a cl")
    (cache / "other.txt").write_text("not ours")
    Visits(cache, Retention()).delete([], at_once=True)
    assert "tmpabcd1234" in files(cache)  # it may still be arriving, here or at another app
    visits = Visits(cache, Retention(unfinished_seconds=SHORT))
    clock.put_on(AFTERWARDS)
    visits.delete([])
    assert "tmpabcd1234" not in files(cache)
    assert "other.txt" in files(cache)


def test_when_the_server_goes_everything_known_goes(cache: Path) -> None:
    visits = Visits(cache, Retention())
    visits.arrive("one")
    visits.claim("one", "clip", [cache / "one" / "clip.mp4"])
    visits.delete([str(cache / "two" / "clip.mp4")], at_once=True)
    assert files(cache) == set()


def test_the_files_of_a_visit_are_known_until_it_is_over(cache: Path) -> None:
    visits = Visits(cache, SOON)
    assert visits.files_of("one") == ()
    (made,) = visits.new_paths("one", "overlay", "overlay.webm")
    visits.claim("one", "clip", [cache / "one" / "clip.mp4", "/etc/passwd"])
    assert set(visits.files_of("one")) == {str(made), str(cache / "one" / "clip.mp4")}
    assert visits.files_of("two") == ()
    visits.claim("one", "clip", [])
    assert visits.files_of("one") == (str(made),)


def test_an_upload_that_broke_off_goes_sooner_when_the_disk_is_full(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = cache / "tmpabcd1234"
    broken.write_bytes(b"half a clip")
    monkeypatch.setattr(visits_module, "SCARCE_SECONDS", 0.0)
    visits = Visits(cache, Retention())
    visits.delete([])
    assert broken.exists()
    monkeypatch.setattr(visits_module.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    visits.delete([])
    assert not broken.exists()
