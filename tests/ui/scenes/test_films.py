"""What is asked of a whole film, in the Scenes tab: plans, changes by hand, files and the film."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest

from tests.timeline.samples import sample_timeline
from videobert_demo.errors import TimelineExportError
from videobert_demo.service.films import Summary
from videobert_demo.service.moments import FoundMoment
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.timeline.cutlist import CutList, cut_list
from videobert_demo.timeline.events import Event, Events
from videobert_demo.timeline.moments import Moment
from videobert_demo.timeline.slots import Slot
from videobert_demo.ui.page.found import FoundTimeline, ScenesProblem
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.scenes import films as films_module
from videobert_demo.ui.scenes.films import FilmPanel, Plan
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
FILM = sample_timeline("25")
FOUND = FoundTimeline("a.mp4", FILM)


class Service:
    """Stands for the model: every clip fits from second 2 to 6."""

    def __init__(self) -> None:
        self.written: list[tuple[float, float]] = []
        self.looks = 0

    def moments(self, path: str, text: str, *, library: Any) -> tuple[FoundMoment, ...]:
        assert library == "library of one"
        return (FoundMoment(Moment(2.0, 6.0, 0.5, 0.8), True), FoundMoment(Moment(8.0, 9.0, 0.2, 0.2), False))

    def cut(self, path: str, text: str) -> CutList:
        marked = [((2.0, 6.0), 0.5)]
        return cut_list(FILM.media, FILM.duration_seconds, FILM.frame_rate, marked, keeps=True, is_sure=False)

    def events(self, path: str, text: str) -> Events:
        moments = np.arange(200) / 10
        happens = np.where((moments >= 2) & (moments < 6), 0.9, 0.1)
        return Events(moments, happens, (Event(2.0, 6.0, 0.9, (1.9, 2.1), (5.9, 6.1)),), (0, 2), 4.0, 0.5)

    def content(self, path: str, *, on_progress: Any, is_cancelled: Any) -> None:
        on_progress(0.5)
        self.looks += 1

    def slots(self, path: str, *, text: str | None, timeline: Any) -> tuple[Slot, ...]:
        assert timeline is FILM
        return (Slot(12.0, 0.6, 0.8, 0.75),)

    def summary_of(self, timeline: Any) -> Summary:
        return Summary(timeline, (0, 2), 0.7)

    def write_cut(self, path: str, spans: Any, out: Path, *, max_side: int) -> float:
        if not spans:
            raise TimelineExportError("Nothing is left of the clip; keep at least one part of it.")
        self.written = list(spans)
        out.write_bytes(b"film")
        return sum(end - start for start, end in spans)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def panel(tmp_path: Path, service: Service) -> FilmPanel:
    with gr.Blocks():
        return FilmPanel(
            cast(VideoBertService, service),
            visitors=cast(VisitorLibraries, SimpleNamespace(of=lambda session: f"library of {session}")),
            visits=Visits(tmp_path, Retention()),
            found=gr.State(None),
            translations=Translations(),
        )


def edit(**values: Any) -> gr.EventData:
    return cast(gr.EventData, SimpleNamespace(**values))


def planned(panel: FilmPanel) -> Plan:
    plan = panel._cut_by_words(FOUND, "keep it", REQUEST)[panel._plan]
    assert isinstance(plan, Plan)
    return plan


def starts_listed(button: gr.DownloadButton) -> list[float]:
    path = Path(cast(dict[str, str], button.value)["path"])
    return [float(row[0]) for row in csv.reader(path.read_text(encoding="utf-8").splitlines())]


def test_moments_are_told_with_their_doubts_and_may_become_a_film(panel: FilmPanel, service: Service) -> None:
    updates = panel._find(FOUND, " a <b>dog ", REQUEST)
    html = updates[panel._view]
    assert "a &lt;b&gt;dog" in html
    assert html.count(f"<em>{ENGLISH.timeline_not_sure}</em>") == 1
    assert html.index('data-seek-seconds="2.005"') < html.index('data-seek-seconds="8.005"')
    assert updates[panel._plan].spans == ((2.0, 6.0), (8.0, 9.0))
    assert starts_listed(updates[panel._lists["csv"]]) == [2.0, 8.0]
    made = panel._write_film(updates[panel._plan], REQUEST)
    assert service.written == [(2.0, 6.0), (8.0, 9.0)]
    assert made[panel._film].visible is True
    assert "0:05" in made[panel._told]


def test_a_summary_is_a_paragraph_and_scenes(panel: FilmPanel) -> None:
    updates = panel._sum_up(FOUND, "", REQUEST)
    assert 'class="vb-summary"' in updates[panel._view]
    assert len(updates[panel._plan].spans) == len(starts_listed(updates[panel._lists["csv"]])) == 2
    one = SimpleNamespace(summary_of=lambda timeline: Summary(timeline, (0,), 0.7))
    panel._service = cast(VideoBertService, one)
    assert ENGLISH.films_summary_one in panel._sum_up(FOUND, "", REQUEST)[panel._view]


def test_events_tell_how_often_and_how_long_with_their_doubts(panel: FilmPanel) -> None:
    updates = panel._find_events(FOUND, "a dog", REQUEST)
    html = updates[panel._view]
    assert "“a dog”: 1 ×" in html
    assert "between 0 and 2 times; 4.0 s in all, give or take 0.5" in html
    assert html.count("<g data-moment") == 60
    assert updates[panel._plan].spans == ((2.0, 6.0),)
    assert updates[panel._take].visible is True


def test_places_for_a_break_are_no_film(panel: FilmPanel) -> None:
    updates = panel._find_slots(FOUND, "", REQUEST)
    assert 'data-seek-seconds="12.005"' in updates[panel._view]
    assert updates[panel._take].visible is False
    assert "suit “a &lt;car”" in panel._find_slots(FOUND, " a <car ", REQUEST)[panel._view]
    panel._service = cast(VideoBertService, SimpleNamespace(slots=lambda path, **_options: ()))
    assert ENGLISH.films_slots_none in panel._find_slots(FOUND, "", REQUEST)[panel._view]


def test_a_cut_is_shown_changed_by_hand_and_written_as_it_stands(panel: FilmPanel) -> None:
    plan = planned(panel)
    html = panel._cut_by_words(FOUND, "keep it", REQUEST)[panel._view]
    assert ENGLISH.films_cut_unsure in html
    assert html.count("data-part=") == len(plan.cuts.parts if plan.cuts else ()) == 3
    plan = panel._change(plan, edit(action="part", index=2, value=True), REQUEST)[panel._plan]
    updates = panel._change(plan, edit(action="border", index=1, value=3), REQUEST)
    assert updates[panel._plan].spans == ((3.0, FILM.duration_seconds),)
    path = Path(updates[panel._lists["csv"]].value["path"])
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert [float(value) for value in rows[0][:2]] == pytest.approx([3.0, FILM.duration_seconds], abs=1e-6)
    assert path.name.endswith(".cut.csv")


@pytest.mark.parametrize(
    "values",
    [
        {"action": "part", "index": 9, "value": True},
        {"action": "part", "index": 0, "value": 1},
        {"action": "border", "index": 0, "value": 1.0},
        {"action": "border", "index": 1, "value": float("nan")},
        {"action": "border", "index": 1, "value": -5},
        {"action": "border", "index": 1, "value": "3"},
        {"action": [], "index": 1, "value": 3},
    ],
)
def test_a_change_that_cannot_be_changes_nothing(panel: FilmPanel, values: dict[str, Any]) -> None:
    plan = planned(panel)
    changed = panel._change(plan, edit(**values), REQUEST)[panel._plan]
    assert changed.cuts == plan.cuts


def test_what_nobody_planned_is_not_changed_or_filmed(panel: FilmPanel) -> None:
    for index in ("0", True, None, 0):
        plan = None if index == 0 else planned(panel)
        assert panel._change(plan, edit(action="part", index=index, value=True), REQUEST) == gr.skip()
    assert panel._write_film(None, REQUEST)[panel._told] == ""
    for answer in (panel._find, panel._cut_by_words, panel._sum_up, panel._find_events, panel._find_slots):
        for found in (None, ScenesProblem("Too long.")):
            assert answer(found, "a dog", REQUEST) == {panel._view: ""}


def test_a_film_of_nothing_or_of_too_much_is_refused(panel: FilmPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(panel)
    empty = panel._write_film(replace(plan, spans=()), REQUEST)
    assert "Nothing is left" in empty[panel._told]
    assert empty[panel._make].interactive is True
    monkeypatch.setattr(films_module, "MAX_FILM_SECONDS", 3.0)
    assert ENGLISH.films_too_long in panel._write_film(plan, REQUEST)[panel._told]


def test_the_clip_is_seen_before_it_is_asked(panel: FilmPanel, service: Service) -> None:
    looking = panel._looking(lambda texts: texts.films_finding)
    assert list(looking(FOUND, "a dog", REQUEST)) == []  # a clip that is seen at once shows no bar
    assert list(looking(None, "a dog", REQUEST)) == []
    assert service.looks == 1


def test_blank_puts_everything_away(panel: FilmPanel) -> None:
    updates = panel.blank(is_shown=True)
    assert updates[panel.column].visible is True
    assert (updates[panel._view], updates[panel._plan]) == ("", None)
    assert updates[panel._film].visible is updates[panel._take].visible is False
