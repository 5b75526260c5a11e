"""What a job writes down, with stages that run here in place of Ray's: rows, outcomes, and going on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

import videobert_demo
from tests.resources.make_clips import encode
from tests.tiny import add_tiny_translator, write_tiny_checkpoint
from videobert_demo.cli.main import main
from videobert_demo.data.listing import AllowedPlaces, list_clips
from videobert_demo.engine import cluster, jobs
from videobert_demo.engine.captions import caption_on_cluster
from videobert_demo.engine.cluster import Cluster
from videobert_demo.engine.indexing import index_on_cluster
from videobert_demo.engine.pipeline import LostError
from videobert_demo.engine.shards import Row
from videobert_demo.engine.stages import ModelSource, ReadClip, make_captioner, make_encoder, read_listed
from videobert_demo.errors import DataError
from videobert_demo.library.base import Library
from videobert_demo.service.files import caption_files, list_files
from videobert_demo.service.service import VideoBertService


def connect() -> Cluster:
    return Cluster(2, 0)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    return videobert_demo.load(str(add_tiny_translator(write_tiny_checkpoint(tmp_path_factory.mktemp("tiny")))))


@pytest.fixture
def source(service: VideoBertService, monkeypatch: pytest.MonkeyPatch) -> ModelSource:
    monkeypatch.setattr(ModelSource, "load", lambda _self: service)
    return ModelSource.of("tiny", None, service.settings)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three clips, one of them twice, and a file that is none."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for number in range(3):
        encode(folder / f"{number}.mp4", "libx264", numbers=range(number, number + 8))
    (folder / "again.mp4").write_bytes((folder / "0.mp4").read_bytes())
    (folder / "notes.mp4").write_text("no clip")
    return folder


class Here:
    """Runs both stages here; remembers what was read, and loses or is stopped at the clip of this name."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.lost = self.stops_at = ""

    def __call__(
        self, _cluster: Cluster, items: Iterable[Any], read: Callable[[Any], Any], make_work: Callable[[], Any]
    ) -> Iterator[tuple[Any, Any]]:
        work = make_work()
        for item in items:
            name = Path(item.address).name
            if name == self.stops_at:
                raise KeyboardInterrupt
            self.read.append(name)
            yield item, LostError("died") if name == self.lost else work(read(item))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    runner = Here()
    monkeypatch.setattr(jobs, "run", runner)
    return runner


def caption(folder: Path, out: Path, source: ModelSource, **options: Any) -> list[Row]:
    clips = list_clips([str(folder)], AllowedPlaces())
    return list(
        caption_on_cluster(connect, clips, out, source, fingerprint="tiny", frames=4, **{"shard_clips": 2, **options})
    )


def index(folder: Path, library: Library, shards: Path, source: ModelSource, **options: Any) -> list[Row]:
    clips = list_clips([str(folder)], AllowedPlaces())
    return list(index_on_cluster(connect, clips, library, shards, source, fingerprint="tiny", frames=4, **options))


def test_captions_are_the_rows_of_one_process(
    here: Here, source: ModelSource, service: VideoBertService, folder: Path, tmp_path: Path
) -> None:
    rows = {row["file"]: row for row in caption(folder, tmp_path / "out", source)}
    for one in caption_files(service, list_files([folder])):
        expected = {name: value for name, value in one.items() if name not in ("same_as", "seconds")}
        assert {name: value for name, value in rows[one["file"]].items() if name != "seconds"} == expected
    assert len(rows) == 5
    assert caption(folder, tmp_path / "out", source) == []


def test_captions_come_in_the_language_that_was_asked_for(
    here: Here, source: ModelSource, service: VideoBertService, folder: Path, tmp_path: Path
) -> None:
    rows = {row["file"]: row.get("caption") for row in caption(folder, tmp_path / "out", source, language="zh")}
    for one in caption_files(service, list_files([folder]), language="zh"):
        assert rows[one["file"]] == one.get("caption")
    with pytest.raises(DataError, match="another job"):
        caption(folder, tmp_path / "out", source)


def test_a_stopped_job_goes_on_after_its_last_shard(
    here: Here, source: ModelSource, folder: Path, tmp_path: Path
) -> None:
    here.stops_at = "again.mp4"
    with pytest.raises(KeyboardInterrupt):
        caption(folder, tmp_path / "out", source)
    assert here.read == ["0.mp4", "1.mp4", "2.mp4"]
    here.stops_at = ""
    left: list[int] = []
    rows = caption(folder, tmp_path / "out", source, planned=left.append)
    assert left == [3]
    assert here.read[3:] == ["2.mp4", "again.mp4", "notes.mp4"]  # the shard of the first two was finished
    assert len(rows) == 3


@pytest.mark.parametrize("command", ["caption", "index"])
def test_a_command_with_nothing_left_to_do_starts_no_ray(
    command: str,
    here: Here,
    source: ModelSource,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    started: list[str | None] = []

    @contextlib.contextmanager
    def start(address: str | None, **_options: Any) -> Iterator[Cluster]:
        started.append(address)
        yield connect()

    monkeypatch.setattr(cluster, "connected", start)
    checkpoint = str(write_tiny_checkpoint(tmp_path / "tiny"))
    place = ["--out", str(tmp_path / "out")] if command == "caption" else ["--library", str(tmp_path / "library")]
    given = [command, str(folder), "--engine", "ray", "--checkpoint", checkpoint, *place]
    assert main(given) == (1 if command == "caption" else 0)  # one file is no clip
    assert "5 clips found; starting Ray on this machine." in capsys.readouterr().err
    assert main(given) == 0
    told = capsys.readouterr()
    assert told.err == "5 clips found; nothing left to do.\n"
    assert "done before 5" in told.out
    encode(folder / "3.mp4", "libx264", numbers=range(9))
    assert started == [None]
    assert main(given) == 0
    assert "6 clips found, 1 left to do; starting Ray" in capsys.readouterr().err
    assert started == [None, None]


def test_a_library_that_takes_many_at_once_gets_them_across_shards(
    here: Here, source: ModelSource, service: VideoBertService, folder: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("videobert_demo.library.batches.SECONDS", 600)
    with service.temporary_library() as library:
        given: list[int] = []
        add_all = library.add_all
        monkeypatch.setattr(type(library), "batch", 3)
        monkeypatch.setattr(library, "add_all", lambda clips: (given.append(len(clips)), add_all(clips))[1])
        rows = index(folder, library, tmp_path / "shards", source, shard_clips=2)
        assert given == [3, 1]
        assert {Path(row["file"]).name: row.get("outcome") for row in rows} == {
            "0.mp4": "added",
            "1.mp4": "added",
            "2.mp4": "added",
            "again.mp4": "repeated",
            "notes.mp4": None,
        }
        assert [len(shard) for shard in map(rows_of, sorted((tmp_path / "shards").glob("shard-*")))] == [2, 2, 1]
        assert index(folder, library, tmp_path / "shards", source) == []


def rows_of(shard: Path) -> list[Row]:
    rows: list[Row] = parquet.read_table(shard).to_pylist()
    return rows


def test_a_lost_clip_and_a_bad_one_are_rows_that_are_tried_again_when_asked(
    here: Here, source: ModelSource, folder: Path, tmp_path: Path
) -> None:
    here.lost = "1.mp4"
    errors = {
        Path(row["file"]).name: row["error"] for row in caption(folder, tmp_path / "out", source) if "error" in row
    }
    assert errors["1.mp4"] == jobs.LOST
    assert errors["notes.mp4"].startswith("“notes.mp4” is not a video")
    assert len(errors) == 2
    here.lost, here.read = "", []
    again = caption(folder, tmp_path / "out", source, retry_errors=True)
    assert here.read == ["1.mp4", "notes.mp4"]
    assert "caption" in again[0]
    assert caption(folder, tmp_path / "out", source) == []


def test_a_library_gets_each_clip_once(
    here: Here, source: ModelSource, service: VideoBertService, folder: Path, tmp_path: Path
) -> None:
    with service.temporary_library() as library:
        library.add(service.encode_for_library(folder / "2.mp4"))
        rows = index(folder, library, tmp_path / "shards", source)
        outcomes = {Path(row["file"]).name: row.get("outcome") for row in rows}
        assert outcomes == {
            "0.mp4": "added",
            "1.mp4": "added",
            "2.mp4": "known",
            "again.mp4": "repeated",
            "notes.mp4": None,
        }
        assert [entry.title for entry in library.entries()] == ["0", "1", "2"]
        expected = service.encode_for_library(folder / "1.mp4")
        (hit,) = library.search(expected.vector, 1)
        assert hit.entry in library.entries()
        assert library.entry(expected.entry.content_hash) == expected.entry
        assert index(folder, library, tmp_path / "shards", source) == []
        library.remove([expected.entry.content_hash])
        (back,) = index(folder, library, tmp_path / "shards", source)
        assert (Path(back["file"]).name, back["outcome"]) == ("1.mp4", "added")


def test_a_long_clip_goes_in_scene_by_scene(
    source: ModelSource, service: VideoBertService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("videobert_demo.service.timeline.MAX_SCENE_SECONDS", 0.1)
    (clip, *_) = list_clips([str(folder)], AllowedPlaces())
    read = read_listed(clip, source=source, frames=4)
    made, expected = make_encoder(source)(read), service.encode_for_library(clip.address)
    assert not isinstance(made, str)
    assert (made.segment_seconds == expected.segment_seconds).all()
    assert made.segment_seconds.shape[0] == len(service.scenes(clip.address).scenes)


def test_a_fault_while_a_clip_is_worked_on_is_its_error(
    source: ModelSource, service: VideoBertService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_clip: object) -> None:
        raise RuntimeError("no memory on the device")

    (clip, *_) = list_clips([str(folder)], AllowedPlaces())
    read = read_listed(clip, source=source, frames=4)
    assert isinstance(read, ReadClip)
    monkeypatch.setattr(service, "encode", fail)
    reason = "0.mp4 cannot be used (RuntimeError: no memory on the device)."
    assert make_captioner(source)(read) == {"file": clip.address, "error": reason}
    assert make_encoder(source)(read) == reason


def test_what_processes_are_told_holds_no_secret(service: VideoBertService) -> None:
    from dataclasses import replace

    told = ModelSource.of(None, None, replace(service.settings, library_token="secret", sign_ins=(("me", "hidden"),)))
    assert (told.settings.library_token, told.settings.sign_ins) == ("", ())
