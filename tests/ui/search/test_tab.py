"""What the Search tab's handlers give, around a service that finds one clip."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from videobert_demo.errors import QuestionError
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.playback import Playback
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.search.tab import SearchTab
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

ENGLISH_REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
CHINESE_REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={"accept-language": "zh"}))
EXAMPLE = read_examples()[0]


def hit_of(source: str) -> Hit:
    return Hit(LibraryEntry("a" * 64, EXAMPLE.title, 2.0, b"\xff\xd8", source), 0.5, 1.5, 0)


def search(library: Any, sentence: str, *, count: int) -> tuple[Hit, ...]:
    if not sentence:
        raise QuestionError("There is nothing to search for.")
    assert (library, count) == ("the library of one", 9)
    return (hit_of(str(EXAMPLE.path.absolute())),)


@pytest.fixture
def tab(tmp_path: Path) -> SearchTab:
    visits = Visits(tmp_path, Retention())
    visitors = SimpleNamespace(of=lambda session: f"the library of {session}")
    with gr.Blocks():
        return SearchTab(
            cast(VideoBertService, SimpleNamespace(search=search)),
            visitors=cast(VisitorLibraries, visitors),
            visits=visits,
            playback=Playback(visits, read_examples()),
            clip=gr.Video(),
            arrivals=Arrivals(),
            translations=Translations(),
        )


def test_hits_have_titles_in_the_persons_language_and_stop_the_player(tab: SearchTab) -> None:
    updates = tab._by_text(" a   dog ", CHINESE_REQUEST)
    (hit,) = updates[tab._found]
    assert hit.entry.title == EXAMPLE.title_in("zh-CN")
    assert hit.entry.title in updates[tab._view]
    assert "“a dog”" in updates[tab._view]
    assert updates[tab._player].visible is False


def test_a_refusal_leaves_no_hits(tab: SearchTab) -> None:
    updates = tab._by_text("", ENGLISH_REQUEST)
    assert "There is nothing to search for." in updates[tab._view]
    assert updates[tab._found] == ()
    assert ENGLISH.search_no_clip in tab._by_clip(None, ENGLISH_REQUEST)[tab._view]


def test_a_chosen_hit_plays_from_its_moment(tab: SearchTab) -> None:
    hits = (hit_of(str(EXAMPLE.path.absolute())), hit_of("/nowhere/gone.mp4"))

    def play(index: Any) -> Any:
        return tab._play(hits, cast(gr.EventData, SimpleNamespace(index=index)), ENGLISH_REQUEST)

    playing = play(0)
    assert (playing[tab._player].visible, playing[tab._player].playback_position) == (True, 1.5)
    assert playing[tab._told] == ""
    gone = play(1)
    assert gone[tab._player].visible is False
    assert ENGLISH.search_gone in gone[tab._told]
    for index in (-1, 2, "0", None):
        assert play(index) == gr.skip()
