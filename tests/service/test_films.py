"""`summary`, `cut` and `write_cut`: films made of a film, read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.timeline.films import EXAMPLES, STREET_CUTS
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import QuestionError, TimelineExportError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service import films as films_module
from videobert_demo.service.films import summary_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.types import ClipLimits
from videobert_demo.video.film import read_film

STREET = EXAMPLES / "street.mp4"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    return VideoBertService(load_checkpoint(str(folder)), Settings())


def test_a_summary_is_a_choice_of_scenes_with_a_paragraph_and_a_reel(demo: VideoBertService, tmp_path: Path) -> None:
    timeline = demo.scenes(STREET)
    summary = demo.summary(STREET, count=2)
    assert len(timeline.scenes) == len(STREET_CUTS)
    assert len(summary.indices) <= 2
    assert list(summary.indices) == sorted(summary.indices)
    assert 0 < summary.coverage <= 1
    assert all(scene in timeline.scenes for scene in summary.scenes)
    assert all(scene.caption.rstrip(".").casefold() in summary.text.casefold() for scene in summary.scenes[:1])
    assert summary.text.endswith(".")
    scenes = tuple(replace(scene, caption=f"{number}个人在走路") for number, scene in enumerate(timeline.scenes))
    in_chinese = replace(summary, timeline=replace(timeline, scenes=scenes), indices=(0, 1))
    assert in_chinese.text == "0个人在走路。1个人在走路。"
    seconds = demo.write_cut(STREET, summary.spans, tmp_path / "reel.mp4")
    assert seconds == pytest.approx(sum(end - start for start, end in summary.spans))
    assert read_film(tmp_path / "reel.mp4", ClipLimits()).end_seconds == pytest.approx(seconds, abs=0.05)
    report = summary_report(summary)
    assert report["text"] == summary.text
    scenes = [replace(scene, caption=f"一只狗在奔跑{at}") for at, scene in enumerate(timeline.scenes)]
    chinese = replace(summary, timeline=replace(timeline, scenes=tuple(scenes)), indices=(0, 2))
    assert chinese.text == "一只狗在奔跑0。一只狗在奔跑2。"


def test_more_scenes_cover_at_least_as_much(demo: VideoBertService) -> None:
    coverages = [demo.summary(STREET, count=count).coverage for count in (1, 2, 9)]
    assert coverages == sorted(coverages)
    assert coverages[-1] == pytest.approx(1.0)


def test_a_long_scene_shows_its_middle(demo: VideoBertService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films_module, "SUMMARY_SCENE_SECONDS", 0.5)
    summary = demo.summary(STREET, count=1)
    ((start, end),) = summary.spans
    (scene,) = summary.scenes
    assert end - start == pytest.approx(0.5)
    assert start + end == pytest.approx(scene.start_seconds + scene.end_seconds)


def test_what_is_kept_and_what_is_removed_are_the_whole_clip(
    demo: VideoBertService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films_module, "MIN_CUT_SECONDS", 0.0)
    monkeypatch.setattr("videobert_demo.service.moments.FITTING_SCORE", -1.0)
    kept = demo.cut(STREET, "keep the parts where a man talks about a car")
    gone = demo.cut(STREET, "remove the parts where a man talks about a car")
    assert kept.is_sure
    assert [part.stays for part in kept.parts] == [not part.stays for part in gone.parts]
    assert kept.kept_seconds + gone.kept_seconds == pytest.approx(8.0)
    assert demo.cut(STREET, "a man talks about a car").parts == kept.parts
    assert kept.media.name == "street.mp4"


def test_where_nothing_fits_the_list_is_not_sure_and_nothing_is_removed(
    demo: VideoBertService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("videobert_demo.service.moments.FITTING_SCORE", 1.1)
    gone = demo.cut(STREET, "remove the parts where a man talks about a car")
    assert not gone.is_sure
    assert gone.kept == ((0.0, 8.0),)
    kept = demo.cut(STREET, "keep the parts where a man talks about a car")
    assert not kept.is_sure
    assert kept.kept_seconds > 0


def test_a_wish_for_nothing_is_refused(demo: VideoBertService) -> None:
    for wish in ("", "   "):
        with pytest.raises(QuestionError):
            demo.cut(STREET, wish)


def test_films_that_cannot_be_written_are_refused(demo: VideoBertService, tmp_path: Path) -> None:
    with pytest.raises(TimelineExportError, match="Nothing is left"):
        demo.write_cut(STREET, [], tmp_path / "a.mp4")
    for out in (tmp_path / "a.avi", STREET):
        with pytest.raises(TimelineExportError, match="Name the film otherwise"):
            demo.write_cut(STREET, [(0.0, 1.0)], out)


def test_moments_become_a_cut_list_and_a_reel(demo: VideoBertService, tmp_path: Path) -> None:
    found = demo.moments(STREET, "a car", count=2)
    cuts = demo.cut_of(STREET, found)
    spans = [(one.moment.start_seconds, one.moment.end_seconds) for one in found]
    assert sum(end - start for start, end in cuts.kept) == pytest.approx(sum(end - start for start, end in spans))
    assert cuts.kept[0][0] == min(spans)[0]
    assert demo.write_moments(found, tmp_path / "reel.mp4", path=STREET) == pytest.approx(cuts.kept_seconds, abs=0.01)
    of_library = [
        replace(found[0], entry=SimpleNamespace(source=str(EXAMPLES / name))) for name in ("dog.mp4", "cat.mp4")
    ]
    seconds = demo.write_moments(of_library, tmp_path / "both.webm")  # type: ignore[arg-type]
    assert read_film(tmp_path / "both.webm", ClipLimits()).end_seconds == pytest.approx(seconds, abs=0.05)
    with pytest.raises(TimelineExportError, match="keep at least one"):
        demo.write_moments((), tmp_path / "none.mp4", path=STREET)
    with pytest.raises(ValueError, match="path"):
        demo.write_moments(found, tmp_path / "none.mp4")
