"""Cut lists: how they come from marked stretches, how they are edited, and how they are written."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.cutlist import CutList, CutPart, cut_list, with_border, with_part
from videobert_demo.timeline.exports.cuts import CUT_FORMATS, cuts_to_csv, cuts_to_edl, cuts_to_json
from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timecode import parse_timecode
from videobert_demo.timeline.timeline import Media

MEDIA = Media("film.mp4", 640, 360, has_sound=True)
PAL = FrameRate(25)
MARKED = [((4.0, 6.0), 0.5), ((9.0, 10.0), 0.4)]


def made(*, keeps: bool = True, min_seconds: float = 0.0, rate: FrameRate | None = PAL) -> CutList:
    return cut_list(MEDIA, 12.0, rate, MARKED, keeps=keeps, min_seconds=min_seconds)


def shown(cuts: CutList) -> list[tuple[float, float, bool]]:
    return [(part.start_seconds, part.end_seconds, part.stays) for part in cuts.parts]


def test_marked_stretches_stay_or_go_and_the_rest_does_the_other() -> None:
    edges = [(0.0, 4.0), (4.0, 6.0), (6.0, 9.0), (9.0, 10.0), (10.0, 12.0)]
    assert shown(made()) == [(*edge, bool(number % 2)) for number, edge in enumerate(edges)]
    assert shown(made(keeps=False)) == [(*edge, not number % 2) for number, edge in enumerate(edges)]
    assert made().kept == ((4.0, 6.0), (9.0, 10.0))
    assert made().kept_seconds == 3.0
    assert [part.score for part in made().parts] == [None, 0.5, None, 0.4, None]
    assert shown(cut_list(MEDIA, 12.0, None, [], keeps=False)) == [(0.0, 12.0, True)]


def test_short_parts_go_with_their_neighbours() -> None:
    assert shown(made(min_seconds=1.5)) == [(0.0, 4.0, False), (4.0, 6.0, True), (6.0, 12.0, False)]
    edge = cut_list(MEDIA, 12.0, None, [((0.0, 0.5), 0.4), ((1.0, 12.0), 0.5)], keeps=True, min_seconds=1.0)
    assert shown(edge) == [(0.0, 12.0, True)]


def test_a_person_changes_parts_and_borders() -> None:
    cuts = with_border(with_part(made(), 2, stays=True), 1, 3.5)
    assert cuts.kept == ((3.5, 10.0),)
    for index in (-1, 5):
        with pytest.raises(IndexError):
            with_part(made(), index, stays=True)
    with pytest.raises(IndexError):
        with_border(made(), 0, 1.0)
    for seconds in (0.0, 6.0, float("nan")):
        with pytest.raises(ValueError, match="not between"):
            with_border(made(), 1, seconds)


def test_parts_that_leave_gaps_are_refused() -> None:
    for parts in ((), (CutPart(0, 1, True),), (CutPart(1, 12, True),), (CutPart(0, 4, True), CutPart(5, 12, True))):
        with pytest.raises(ValueError, match="without gaps"):
            CutList(MEDIA, 12.0, None, parts)
    with pytest.raises(ValueError, match="part from"):
        CutPart(2, 2, True)


def test_the_csv_has_a_line_a_stretch_that_stays() -> None:
    rows = list(csv.reader(io.StringIO(cuts_to_csv(made()))))
    assert rows == [["4.000000", "6.000000", "1"], ["9.000000", "10.000000", "2"]]


def test_the_json_is_the_list() -> None:
    values = json.loads(cuts_to_json(made()))
    assert values["kept_seconds"] == 3.0
    assert values["frame_rate"] == [25, 1]
    assert values["parts"][1] == {"start_seconds": 4.0, "end_seconds": 6.0, "stays": True, "score": 0.5}
    assert set(CUT_FORMATS) == {"json", "csv", "edl"}


@pytest.mark.parametrize(
    ("rate", "timecode"),
    [(FrameRate(25), "01:00:00:00"), (FrameRate(30000, 1001), None), (FrameRate(60), None), (None, None)],
)
def test_the_edl_lays_the_stretches_end_to_end(rate: FrameRate | None, timecode: str | None) -> None:
    cuts = replace(made(rate=rate), media=replace(MEDIA, start_timecode=timecode))
    grid = rate or FrameRate(30)
    first = 0 if timecode is None else parse_timecode(timecode, grid)[0]
    events = [line.split() for line in cuts_to_edl(cuts).splitlines() if line[:3].isdigit()]
    assert [event[2] for event in events] == ["B", "B"]
    record = 0
    for event, (start, end) in zip(events, cuts.kept, strict=True):
        source_in, source_out, record_in, record_out = (parse_timecode(text, grid)[0] for text in event[4:])
        assert (source_in, source_out) == (first + grid.frame_at(start), first + grid.frame_at(end))
        assert (record_in, record_out) == (record, record + source_out - source_in)
        record = record_out


def test_an_edl_of_too_many_stretches_is_refused() -> None:
    marked = [((float(at), at + 0.5), 0.5) for at in range(1000)]
    with pytest.raises(TimelineExportError, match="999"):
        cuts_to_edl(cut_list(MEDIA, 1000.0, FrameRate(25), marked, keeps=True))
