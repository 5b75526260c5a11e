"""Many files: each takes its turn, whatever happens to it, and nobody sees another's rows."""

from __future__ import annotations

import errno
import re
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from tests.ui.page.test_states import ScriptedService
from videobert_demo.errors import UnreadableClipError
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.describe.many import MAX_FILES, ManyFiles
from videobert_demo.ui.describe.many_view import FileRow, rows_view
from videobert_demo.ui.page.uploads import COOKIE
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations


def request_of(session: str, browser: str = "a") -> gr.Request:
    cookie = (b"cookie", f"{COOKIE}={browser * 32}".encode())
    request = SimpleNamespace(scope={"type": "http", "headers": [cookie]})
    return cast(gr.Request, SimpleNamespace(session_hash=session, headers={}, request=request))


ONE, OTHER = request_of("one"), request_of("other")


def event(index: Any) -> gr.EventData:
    return cast(gr.EventData, SimpleNamespace(index=index))


@pytest.fixture
def scripted() -> ScriptedService:
    return ScriptedService()


@pytest.fixture
def many(scripted: ScriptedService, tmp_path: Path) -> ManyFiles:
    with gr.Blocks():
        return ManyFiles(
            cast(VideoBertService, scripted),
            clip=gr.Video(),
            neutral=gr.Checkbox(),
            tabs=gr.Tabs(),
            visits=Visits(tmp_path, Retention()),
            translations=Translations(),
        )


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two clips, and a copy of the first."""
    names = {"a.mp4": b"one", "b.mp4": b"two", "copy.mp4": b"one"}
    for name, content in names.items():
        (tmp_path / name).write_bytes(content)
    return [str(tmp_path / name) for name in names]


def run(many: ManyFiles, request: gr.Request, turns: int = 20) -> str:
    """Takes turns until none is wanted; the last view."""
    view = ""
    for _ in range(turns):
        updates = many._take_turn(False, request)
        view = updates[many._view]
        if many._turn not in updates:
            return view
    raise AssertionError("it never ends")


def told(view: str) -> list[tuple[str, str]]:
    """State and caption of each row."""
    return re.findall(r'data-is="(\w+)" data-name="[^"]*" data-caption="([^"]*)"', view)


def test_each_file_has_its_turn_and_a_bad_one_stops_nothing(
    many: ManyFiles, scripted: ScriptedService, files: list[str]
) -> None:
    scripted.refused = {"b": UnreadableClipError("{name} is broken.", name="b.mp4")}
    gone = str(Path(files[0]).with_name("gone.mp4"))
    updates = many._begin(
        [*files, gone], {"unsent": [{"name": "huge.mp4", "problem": "too large"}, {"name": 1}, "x"]}, ONE
    )
    assert told(updates[many._view]) == [("waiting", "")] * 4 + [("failed", "")]
    view = run(many, ONE)
    assert told(view) == [
        ("done", "this is a"),
        ("failed", ""),
        ("done", "this is a"),
        ("failed", ""),
        ("failed", ""),
    ]
    for sentence in ("b.mp4 is broken.", "There is no file", "too large", "the same as a.mp4", "2 of 5"):
        assert sentence in view
    assert scripted.opened == ["a", "b"]  # a copy is not captioned again


def test_what_nobody_foresaw_is_one_row(many: ManyFiles, scripted: ScriptedService, files: list[str]) -> None:
    scripted.refused = {"a": cast(Any, KeyError("secret"))}
    many._begin(files[:2], None, ONE)
    with pytest.raises(KeyError):
        many._take_turn(False, ONE)
    assert many._turn not in many._take_turn(False, ONE)  # a turn that is asked for meanwhile takes no other file
    many._fail(ONE)
    view = run(many, ONE)
    assert told(view) == [("failed", ""), ("done", "this is b")]
    assert ENGLISH.unexpected_error in view
    assert "secret" not in view


def test_a_full_disk_is_said_in_its_row_and_the_next_file_has_its_turn(
    many: ManyFiles, scripted: ScriptedService, files: list[str]
) -> None:
    scripted.refused = {"a": cast(Any, OSError(errno.ENOSPC, "No space left on device"))}
    many._begin(files[:2], None, ONE)
    view = run(many, ONE)
    assert told(view) == [("failed", ""), ("done", "this is b")]
    assert ENGLISH.server_full in view


def test_it_is_stopped_and_goes_on(many: ManyFiles, files: list[str]) -> None:
    many._begin(files[:2], None, ONE)
    many._take_turn(False, ONE)
    assert "data-go-on" in many._stop(ONE)[many._view]
    assert many._turn not in many._take_turn(False, ONE)
    assert many._turn in many._go_on(ONE)
    assert [state for state, _ in told(run(many, ONE))] == ["done", "done"]


def test_more_files_are_added_to_those_that_are_there_up_to_a_limit(many: ManyFiles, files: list[str]) -> None:
    many._begin(files[:1], None, ONE)
    run(many, ONE)
    view = many._begin(files[1:2], None, ONE)[many._view]
    assert told(view) == [("done", "this is a"), ("waiting", "")]
    view = many._begin(files[1:2] * MAX_FILES, {"unsent": [{"name": "x", "problem": "y"}]}, ONE)[many._view]
    assert len(told(view)) == MAX_FILES


def test_a_row_is_opened_unless_its_file_is_gone(many: ManyFiles, files: list[str]) -> None:
    many._begin(files[:1], None, ONE)
    run(many, ONE)
    assert many._open(event(0), ONE) == {many._clip: files[0]}
    for index in (1, -1, "0", None, True):
        assert many._clip not in many._open(event(index), ONE)
    assert many._clip not in many._open(event(0), OTHER)
    Path(files[0]).unlink()
    assert ENGLISH.search_gone in many._open(event(0), ONE)[many._view]


def test_rows_are_the_visitors_own_and_go_with_the_visit(many: ManyFiles, files: list[str]) -> None:
    many._begin(files[:1], None, ONE)
    many._begin(files[1:2], None, OTHER)
    assert told(run(many, ONE)) == [("done", "this is a")]
    assert told(run(many, OTHER)) == [("done", "this is b")]
    many.forget("one")
    assert many._shown(ONE) == ""
    assert many._clear(OTHER) == {many._view: ""}
    assert many._shown(OTHER) == ""


def test_a_row_says_what_holds_and_its_score_where_nothing_is_calibrated() -> None:
    report = {"file": "x", "content_hash": "1f", "caption": "a man talks", "score": 0.5, "probability": None}
    report |= {"sure": True, "can_tell": True, "holds": "", "candidates": [], "seconds": 1.0}
    sure = FileRow("<b>.mp4", "done", report)
    unsure = FileRow("u.mp4", "done", report | {"sure": False, "holds": "a person", "probability": 0.25})
    strange = FileRow("s.mp4", "done", report | {"can_tell": False, "caption": ENGLISH.cannot_tell})
    assert [row.text for row in (sure, unsure, strange)] == ["a man talks", "a person", ""]
    assert [row.share for row in (sure, unsure, strange)] == [0.5, None, None]
    alone = rows_view([sure], None, None, is_stopped=False, texts=ENGLISH)
    assert "&lt;b&gt;.mp4" in alone
    assert ENGLISH.many_column_score in alone
    both = rows_view([sure, unsure, strange], None, None, is_stopped=False, texts=ENGLISH)
    assert ENGLISH.many_column_right in both
    assert ENGLISH.many_unsure in both
    assert ENGLISH.cannot_tell in both


def test_a_window_that_is_loaded_again_has_its_rows_and_goes_on(many: ManyFiles, files: list[str]) -> None:
    many._begin(files[:2], {"unsent": [], "window": "w"}, ONE)
    many._take_turn(False, ONE)
    again = request_of("again")
    for window, request in (("v", again), ("", again), ("w", request_of("again", browser="b"))):
        assert many.restore(window, request) == {}  # another window, none, another browser's
    restored = many.restore("w", again)
    assert set(restored) == set(many.restored)
    assert told(restored[many._view]) == [("done", "this is a"), ("waiting", "")]
    assert many._shown(ONE) == ""
    many.forget("one")  # the visit of the page that is gone ends later
    assert told(run(many, again)) == [("done", "this is a"), ("done", "this is b")]
    assert many.restore("w", again) == {}  # the rows are there already


def test_a_turn_that_runs_while_the_window_is_loaded_again_is_waited_for(
    many: ManyFiles, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    caption = many._caption

    def slow_caption(*arguments: Any) -> FileRow:
        begun.set()
        assert go_on.wait(60)
        return caption(*arguments)

    monkeypatch.setattr(many, "_caption", slow_caption)
    many._begin(files[:2], {"window": "w"}, ONE)
    earlier = threading.Thread(target=many._take_turn, args=(False, ONE))
    earlier.start()
    assert begun.wait(60)
    again = request_of("again")
    many.restore("w", again)
    views: list[str] = []
    later = threading.Thread(target=lambda: views.append(run(many, again)))
    later.start()
    go_on.set()
    earlier.join(60)
    later.join(60)
    assert told(views[0]) == [("done", "this is a"), ("done", "this is b")]
