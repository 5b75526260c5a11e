"""`events`, `slots` and `compare`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.happenings import events_report, passages_report, slots_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings

STREET = EXAMPLES / "street.mp4"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    return VideoBertService(load_checkpoint(str(folder)), Settings())


def test_events_have_a_curve_over_the_whole_clip(demo: VideoBertService) -> None:
    report = events_report(" a  car ", demo.events(STREET, "a car"))
    assert report["text"] == "a car"
    assert [one["timestamp_seconds"] for one in report["curve"]] == demo.content(STREET).moments_seconds.tolist()
    assert report["count_range"][0] <= report["count"] <= report["count_range"][1]
    with pytest.raises(QuestionError):
        demo.events(STREET, " ")


def test_slots_are_borders_of_scenes(demo: VideoBertService) -> None:
    borders = {round(scene.start_seconds, 3) for scene in demo.scenes(STREET).scenes[1:]}
    slots = demo.slots(STREET, count=9)
    assert {slot.seconds for slot in slots} == borders
    assert [slot.score for slot in slots] == sorted((slot.score for slot in slots), reverse=True)
    assert all(slot.fit is None for slot in slots)
    fitting = demo.slots(STREET, clip=EXAMPLES / "cat.mp4")
    assert all(slot.fit is not None for slot in fitting)
    assert slots_report(demo.slots(STREET, count=1, text="a car"))["slots"][0]["fit"] is not None
    assert demo.slots(EXAMPLES / "dog.mp4") == ()
    with pytest.raises(ValueError, match="not both"):
        demo.slots(STREET, text="a car", clip=STREET)


def test_a_part_of_a_clip_is_found_in_the_clip(demo: VideoBertService, tmp_path: Path) -> None:
    demo.write_cut(STREET, [(2.5, 6.5)], tmp_path / "part.mp4", max_side=320)
    (passage, *_) = demo.compare(tmp_path / "part.mp4", STREET)
    assert passage.offset_seconds == pytest.approx(2.5, abs=0.3)
    assert passage.first == pytest.approx((0.0, 4.0), abs=0.8)
    assert passages_report([passage])["passages"][0]["likeness"] > 0.9
