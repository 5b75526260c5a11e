"""What the Search tab's handlers give, around a service that finds one clip."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest

from videobert_demo.errors import QuestionError
from videobert_demo.service.examples import read_examples
from videobert_demo.service.results import SeenClip
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.ui.describe.tab import Described
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
            tabs=gr.Tabs(),
            described=gr.State(None),
            clip=gr.Video(),
            arrivals=Arrivals(),
            translations=Translations(),
        )


def test_hits_have_titles_in_the_persons_language_and_the_best_one_plays(tab: SearchTab) -> None:
    updates = tab._by_text(" a   dog ", CHINESE_REQUEST)
    (hit,) = updates[tab._found]
    assert hit.entry.title == EXAMPLE.title_in("zh-CN")
    assert hit.entry.title in updates[tab._view]
    assert "“a dog”" in updates[tab._view]
    assert (updates[tab._stage].visible, updates[tab._playing]) == (True, hit.entry)
    assert updates[tab._player].playback_position == 1.5
    assert re.findall('aria-pressed="(.*?)"', updates[tab._view]) == ["true"]


def test_a_refusal_is_told_where_questions_are_asked(tab: SearchTab) -> None:
    with pytest.raises(QuestionError, match="nothing to search for"):
        tab._by_text("", ENGLISH_REQUEST)
    assert ENGLISH.search_no_clip in tab._by_clip(None, ENGLISH_REQUEST)[tab._view]


def test_a_chosen_hit_plays_from_its_moment(tab: SearchTab) -> None:
    hits = (hit_of(str(EXAMPLE.path.absolute())), hit_of("/nowhere/gone.mp4"))

    def play(index: Any) -> Any:
        return tab._play(hits, cast(gr.EventData, SimpleNamespace(index=index)), ENGLISH_REQUEST)

    playing = play(0)
    assert (playing[tab._player].visible, playing[tab._player].playback_position) == (True, 1.5)
    assert playing[tab._told] == ""
    gone = play(1)
    assert (gone[tab._stage].visible, gone[tab._playing]) == (False, None)
    assert ENGLISH.search_gone in gone[tab._told]
    for index in (-1, 2, "0", None):
        assert play(index) == gr.skip()


def test_a_row_of_the_library_plays_from_its_beginning(tab: SearchTab) -> None:
    entry = hit_of(str(EXAMPLE.path.absolute())).entry
    library = SimpleNamespace(entry=lambda content_hash: entry if content_hash == entry.content_hash else None)
    tab._visitors = cast(VisitorLibraries, SimpleNamespace(of=lambda session: library))

    def play(sent: Any) -> Any:
        return tab._play_row(cast(gr.EventData, SimpleNamespace(value=sent)), CHINESE_REQUEST)

    playing = play({"play": entry.content_hash})
    assert playing[tab._player].playback_position == 0
    assert playing[tab._player].label == EXAMPLE.title_in("zh-CN")
    for sent in (None, "play", {"remove": entry.content_hash}, {"play": "b" * 64}, {"play": ["a"]}):
        assert play(sent) == gr.skip()


def test_the_clip_that_plays_becomes_the_clip_of_all_tabs(tab: SearchTab) -> None:
    taken = tab._take(hit_of(str(EXAMPLE.path.absolute())).entry, ENGLISH_REQUEST)
    assert taken[tab._clip] == str(EXAMPLE.path.absolute())
    assert taken[tab._tabs].selected == "describe"
    assert ENGLISH.search_gone in tab._take(hit_of("/nowhere/gone.mp4").entry, ENGLISH_REQUEST)[tab._told]
    assert ENGLISH.search_gone in tab._take(None, ENGLISH_REQUEST)[tab._told]


def test_clips_like_those_that_were_opened_are_recommended_the_latest_counting_most(tab: SearchTab) -> None:
    asked: list[list[str]] = []

    def recommend(library: Any, seen: Any, *, count: int) -> tuple[Hit, ...]:
        asked.append([clip.content_hash for clip in seen])
        return (hit_of(str(EXAMPLE.path.absolute())),)

    tab._service = cast(
        VideoBertService,
        SimpleNamespace(
            open=lambda path: path, see=lambda path: SeenClip(path, np.ones(1, np.float32)), recommend=recommend
        ),
    )
    seen: tuple[SeenClip, ...] = ()
    for path in ("a", "b", "a"):
        updates = tab._see(Described(path, "a caption"), seen, ENGLISH_REQUEST)
        seen = updates[tab._seen]
    assert asked == [["a"], ["b", "a"], ["a", "b"]]
    assert ENGLISH.search_for_you in updates[tab._for_you]
    assert updates[tab._alike][0].entry.title == EXAMPLE.title
    assert tab._see(Described("c", problem="damaged"), seen, ENGLISH_REQUEST) == gr.skip()
