"""What the Scenes tab's handlers give: the table, changed words, hits and files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from tests.timeline.samples import sample_timeline
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.found import FoundTimeline, ScenesProblem
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.scenes.tab import ScenesTab
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
FILM = replace(sample_timeline("25"), media=replace(sample_timeline("25").media, name="holiday.mp4"))
FOUND = FoundTimeline("a.mp4", FILM)


@pytest.fixture
def tab(tmp_path: Path) -> ScenesTab:
    with gr.Blocks():
        return ScenesTab(
            cast(VideoBertService, SimpleNamespace()),
            visitors=cast(VisitorLibraries, SimpleNamespace(of=lambda session: f"library of {session}")),
            visits=Visits(tmp_path, Retention()),
            found=gr.State(None),
            said=gr.State(None),
            clip=gr.Video(),
            arrivals=Arrivals(),
            translations=Translations(),
        )


def edit(**values: Any) -> gr.EventData:
    return cast(gr.EventData, SimpleNamespace(**values))


def test_a_timeline_is_shown_with_a_file_for_each_format(tab: ScenesTab) -> None:
    updates = tab._show(FOUND, REQUEST)
    assert 'data-scenes="done"' in updates[tab._view]
    assert updates[tab._films.column].visible is True
    buttons = tab._exports._buttons
    assert set(buttons) == set(FORMATS)
    written = {name: Path(updates[button].value["path"]) for name, button in buttons.items() if updates[button].value}
    for name, path in written.items():
        assert path.read_text(encoding="utf-8") == FORMATS[name].write(FILM)
    assert {path.name for path in written.values()} >= {
        "holiday.srt",
        "holiday.youtube.txt",
        "holiday.ffmetadata.txt",
        "holiday.json",
    }


def test_a_format_that_cannot_hold_it_says_why(tab: ScenesTab) -> None:
    updates = tab._show(replace(FOUND, timeline=replace(FILM, chapters=FILM.chapters[:2])), REQUEST)
    assert updates[tab._exports._buttons["youtube"]].interactive is False
    assert updates[tab._exports._buttons["ffmetadata"]].interactive is True
    assert 'data-refused="youtube"' in updates[tab._exports._below]
    assert "at least 3 chapters" in updates[tab._exports._below]


def test_changed_words_are_in_the_files_and_leave_the_table_alone(tab: ScenesTab) -> None:
    changed = tab._change(FOUND, edit(action="title", index=1, text="  Our\tdogs "), REQUEST)[tab._found]
    assert changed.is_edited
    assert changed.timeline.chapters[1].title == "Our dogs"
    updates = tab._show(changed, REQUEST)
    assert tab._view not in updates
    path = Path(updates[tab._exports._buttons["json"]].value["path"])
    assert json.loads(path.read_text(encoding="utf-8"))["chapters"][1]["title"] == "Our dogs"
    scene = tab._change(changed, edit(action="caption", index=0, text="Ann plays"), REQUEST)[tab._found]
    assert (scene.timeline.scenes[0].caption, scene.timeline.chapters[1].title) == ("Ann plays", "Our dogs")


@pytest.mark.parametrize(("index", "text"), [(1, "  "), (7, "x"), (-1, "x"), (0, "\ud800")])
def test_words_that_cannot_stand_are_taken_back(tab: ScenesTab, index: int, text: str) -> None:
    updates = tab._change(FOUND, edit(action="title", index=index, text=text), REQUEST)
    assert set(updates) == {tab._view}
    assert "Guitar &amp; song" in updates[tab._view]


@pytest.mark.parametrize(("action", "index"), [("vector", 0), ("title", "0"), ("title", True), ([], 0)])
def test_a_change_that_no_field_sends_changes_nothing(tab: ScenesTab, action: Any, index: Any) -> None:
    assert tab._change(FOUND, edit(action=action, index=index, text="x"), REQUEST) == gr.skip()
    assert tab._change(None, edit(action="title", index=0, text="x"), REQUEST) == gr.skip()


def test_without_a_timeline_there_is_nothing_to_take_away(tab: ScenesTab) -> None:
    for found, shown in ((None, ENGLISH.scenes_empty_heading), (ScenesProblem("Too long."), "Too long.")):
        updates = tab._show(found, REQUEST)
        assert shown in updates[tab._view]
        assert updates[tab._exports.column].visible is updates[tab._films.column].visible is False
    assert 'data-scenes="busy"' in tab._arrive("b.mp4", REQUEST)[tab._view]
    assert tab._arrive(None, REQUEST)[tab._exports.column].visible is False
