"""Clips of the library are played: bundled ones from where they are, others as the visitor's own copy."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import gradio as gr
import pytest

from videobert_demo.service.examples import read_examples
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.texts.chinese import CHINESE

EXAMPLE = read_examples()[0]
REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def playback(cache: Path) -> Playback:
    return Playback(Visits(cache, Retention()), read_examples())


def test_bundled_clips_have_titles_in_the_persons_language(playback: Playback) -> None:
    bundled = str(EXAMPLE.path.absolute())
    assert playback.title(bundled, "x", CHINESE) == EXAMPLE.title_in("zh-CN") != EXAMPLE.title
    assert playback.title("/elsewhere.mp4", "my holiday", CHINESE) == "my holiday"


def test_a_bundled_clip_is_played_where_it_lies(playback: Playback, cache: Path) -> None:
    player = playback.play(str(EXAMPLE.path.absolute()), "title", 1.5, REQUEST, purpose="played")
    assert player is not None
    assert (player.label, player.playback_position) == ("title", 1.5)
    assert not cache.exists()


def test_another_clip_is_lent_and_the_one_before_it_is_taken_back(cache: Path, tmp_path: Path) -> None:
    visits = Visits(cache, Retention(grace_seconds=0, unclaimed_seconds=0))
    playback = Playback(visits, read_examples())
    for name in ("first.mp4", "second.mp4"):
        (tmp_path / name).write_bytes(EXAMPLE.path.read_bytes())
        assert playback.play(str(tmp_path / name), name, 0.0, REQUEST, purpose="played") is not None
    visits.delete([])
    assert [path.name for path in cache.rglob("*.mp4")] == ["second.mp4"]
    assert (tmp_path / "first.mp4").exists()  # the library's own file stays


def test_a_clip_whose_file_is_gone_is_not_played(playback: Playback, tmp_path: Path) -> None:
    assert playback.play(str(tmp_path / "gone.mp4"), "title", 0.0, REQUEST, purpose="played") is None
