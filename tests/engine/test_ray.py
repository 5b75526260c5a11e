"""Captions, a library and features from Ray are those of one process; killed processes change nothing.

All tests share one cluster on this machine. All but one are exhaustive: each starts processes with a model.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import ray

import videobert_demo
from tests.resources.make_clips import encode
from tests.tiny import write_frames, write_tiny_checkpoint
from videobert_demo.cli.main import main
from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.listing import AllowedPlaces, ListedClip, list_clips
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.engine.captions import COLUMNS, caption_on_cluster
from videobert_demo.engine.cluster import OF_RAY, Cluster, connected
from videobert_demo.engine.features import compute_on_cluster
from videobert_demo.engine.jobs import LOST
from videobert_demo.engine.pipeline import LostError, run
from videobert_demo.engine.shards import ShardFolder
from videobert_demo.engine.stages import ModelSource
from videobert_demo.library.opening import open_library
from videobert_demo.service.files import caption_files, list_files
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.training.feature_sets import open_looker
from videobert_demo.training.features import compute_features

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with connected(cpus=2) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_checkpoint(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="module")
def service(checkpoint: str) -> VideoBertService:
    return videobert_demo.load(checkpoint)


def make_clips(folder: Path, count: int) -> Path:
    """So many clips, a copy of the first, and a file that is none."""
    folder.mkdir()
    for number in range(count):
        encode(folder / f"{number:02}.mp4", "libx264", numbers=range(number, number + 8 + number % 5))
    shutil.copy(folder / "00.mp4", folder / "copy.mp4")
    (folder / "notes.mp4").write_text("no clip")
    return folder


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clips(tmp_path_factory.mktemp("many") / "clips", 6)


def rows_in(out: Path, service: VideoBertService) -> list[dict[str, Any]]:
    job = json.loads((out / "manifest.json").read_text())["job"]
    return list(ShardFolder(out, job, COLUMNS).rows())


def check_same(rows: Sequence[dict[str, Any]], service: VideoBertService, folder: Path) -> None:
    """Rows of Ray are those of one process: the same words and hashes, numbers up to what a batch rounds."""
    expected = {row["file"]: row for row in caption_files(service, list_files([folder]))}
    assert sorted(row["file"] for row in rows) == sorted(expected)
    for row in rows:
        one = expected[row["file"]]
        assert row["error"] == one.get("error")
        if "error" in one:
            continue
        for name in ("content_hash", "caption", "duration_seconds", "sure", "can_tell", "holds"):
            assert row[name] == one[name], name
        assert row["score"] == pytest.approx(one["score"], abs=2e-4)
        assert [candidate["text"] for candidate in row["candidates"]] == [
            candidate["text"] for candidate in one["candidates"]
        ]


def test_captions_are_those_of_one_process(
    cluster: Cluster, service: VideoBertService, checkpoint: str, clips: Path, tmp_path: Path, capsys: Any
) -> None:
    out = tmp_path / "out"
    command = ["caption", str(clips), "--engine", "ray", "--out", str(out), "--checkpoint", checkpoint, "--json"]
    assert main([*command, "--shard-clips", "3"]) == 1  # one file is no clip
    assert json.loads(capsys.readouterr().out) == {"captioned": 7, "failed": 1, "done_before": 0}
    check_same(rows_in(out, service), service, clips)
    assert len(list(out.glob("shard-*.parquet"))) == 3
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out) == {"captioned": 0, "failed": 0, "done_before": 8}


@pytest.mark.exhaustive
def test_a_library_is_that_of_one_process(
    cluster: Cluster, service: VideoBertService, checkpoint: str, clips: Path, tmp_path: Path, capsys: Any
) -> None:
    command = ["index", str(clips), "--checkpoint", checkpoint, "--json", "--library"]
    assert main([*command, str(tmp_path / "ray"), "--engine", "ray"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts == {"added": 6, "known": 0, "repeated": 1, "unreadable": 1, "done_before": 0}
    assert main([*command, str(tmp_path / "one")]) == 0
    names = {"model": service.model_fingerprint, "dimension": 16}
    with open_library(tmp_path / "ray", **names) as ray_made, open_library(tmp_path / "one", **names) as made:
        assert ray_made.entries() == made.entries()
        for vector in np.eye(16, dtype=np.float32):
            first, second = ray_made.rank(vector, 9), made.rank(vector, 9)
            assert [one.score for one in first] == pytest.approx([one.score for one in second], abs=1e-5)


def not_needed() -> Cluster:
    pytest.fail("Ray was started although nothing was left to do")


@pytest.mark.exhaustive
def test_features_are_those_of_one_process(cluster: Cluster, checkpoint: str, tmp_path: Path) -> None:
    folder = write_frames(tmp_path / "msrvtt", [["a man"], ["a dog"], ["a cat"]] * 7, frames=3)
    videos, archive = read_videos(folder), FrameArchive(folder / "frames.tar")
    looker, grid = open_looker(checkpoint)
    compute_features(videos, archive, looker, tmp_path / "one", views=3, grid=grid or 4, progress=False)
    compute_on_cluster(lambda: cluster, checkpoint, videos, archive, looker, tmp_path / "ray", views=3, grid=grid or 4)
    done = (tmp_path / "ray" / "pooled.npy").stat().st_mtime_ns
    compute_on_cluster(not_needed, checkpoint, videos, archive, looker, tmp_path / "ray", views=3, grid=grid or 4)
    assert (tmp_path / "ray" / "pooled.npy").stat().st_mtime_ns == done
    for name in ("patches.npy", "pooled.npy"):
        assert np.array_equal(np.load(tmp_path / "ray" / name), np.load(tmp_path / "one" / name))
    for name in ("index.json", "state.json"):
        assert (tmp_path / "ray" / name).read_text() == (tmp_path / "one" / name).read_text()


def workers() -> list[psutil.Process]:
    """The processes of the cluster that have a model."""
    found = []
    for process in psutil.process_iter():
        try:
            if "_Work" in process.name() or any("MapBatches(_Work)" in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.exhaustive
def test_sixty_clips_and_a_killed_process(
    cluster: Cluster, service: VideoBertService, checkpoint: str, tmp_path: Path
) -> None:
    folder = make_clips(tmp_path / "clips", 60)
    source = ModelSource.of(checkpoint, None, Settings())
    rows = caption_on_cluster(
        lambda: cluster,
        list_clips([str(folder)], AllowedPlaces()),
        tmp_path / "out",
        source,
        fingerprint="tiny",
        frames=service.frames_to_sample,
        shard_clips=16,
    )
    killed = 0
    for number, _row in enumerate(rows):
        if number in (3, 30):
            for process in workers():
                process.kill()
                killed += 1
    assert killed >= 1
    check_same(rows_in(tmp_path / "out", service), service, folder)


@pytest.mark.exhaustive
def test_a_killed_driver_goes_on(service: VideoBertService, checkpoint: str, tmp_path: Path) -> None:
    folder, out = make_clips(tmp_path / "clips", 60), tmp_path / "out"
    command = [sys.executable, "-m", "videobert_demo", "caption", str(folder), "--engine", "ray", "--out", str(out)]
    command += ["--checkpoint", checkpoint, "--shard-clips", "8", "--json"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    driver = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 580
    while not list(out.glob("shard-*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.05)
    own = psutil.Process(driver.pid).children(recursive=True)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    before = {path.name: path.read_bytes() for path in out.glob("shard-*.parquet")}
    assert before
    assert len(before) < 8
    _, alive = psutil.wait_procs(own, timeout=300)
    assert alive == []  # Ray's own processes end with the driver
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    counts = json.loads(done.stdout)
    assert counts["captioned"] + counts["failed"] + counts["done_before"] == 62
    assert counts["done_before"] >= 8
    for name, content in before.items():
        assert (out / name).read_bytes() == content
    check_same(rows_in(out, service), service, folder)


def read_or_die(clip: ListedClip) -> str:
    if clip.address == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    return clip.address


def make_echo() -> Callable[[str], str]:
    return str.upper


@pytest.mark.exhaustive
def test_a_clip_that_kills_its_process_is_lost_alone(cluster: Cluster) -> None:
    items = [ListedClip(name, "") for name in ("a", "b", "deadly", "c", "d", "e", "f", "g", "h", "i")]
    results = [(item.address, result) for item, result in run(cluster, items, read_or_die, make_echo, block=4)]
    assert [address for address, _ in results] == [item.address for item in items]
    lost = [address for address, result in results if isinstance(result, LostError)]
    assert lost == ["deadly"]
    assert [result for address, result in results if address != "deadly"] == list("ABCDEFGHI")
    assert LOST.endswith(".")


def fail_to_load() -> Callable[[str], str]:
    raise RuntimeError("no such model here")


@pytest.mark.exhaustive
def test_a_model_that_does_not_load_ends_the_job(cluster: Cluster) -> None:
    with pytest.raises(ray.exceptions.RayError, match="no such model here"):
        list(run(cluster, [ListedClip("a", "")], read_or_die, fail_to_load))


@contextlib.contextmanager
def some_machines(**first: Any) -> Iterator[Any]:
    """A cluster of machines, as far as Ray can tell, with a first one. `connected` does not end it."""
    from ray.cluster_utils import Cluster as Machines

    if ray.is_initialized():
        ray.shutdown()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in OF_RAY.items():
            patch.setenv(name, value)
        machines = Machines(initialize_head=True, head_node_args={"include_dashboard": False, **first})
        try:
            yield machines
        finally:
            machines.shutdown()


@pytest.mark.exhaustive
def test_two_machines_and_one_is_lost(service: VideoBertService, checkpoint: str, tmp_path: Path) -> None:
    folder = make_clips(tmp_path / "clips", 40)
    with some_machines(num_cpus=2, object_store_memory=150 * 2**20) as machines:
        second = machines.add_node(num_cpus=2, object_store_memory=150 * 2**20)
        with connected(machines.address) as cluster:
            assert cluster.cpus == 4
            rows = caption_on_cluster(
                lambda: cluster,
                list_clips([str(folder)], AllowedPlaces()),
                tmp_path / "out",
                ModelSource.of(checkpoint, None, Settings()),
                fingerprint="tiny",
                frames=service.frames_to_sample,
                shard_clips=8,
            )
            for number, _row in enumerate(rows):
                if number == 10:
                    machines.remove_node(second, allow_graceful=False)
        check_same(rows_in(tmp_path / "out", service), service, folder)


def read_much(clip: ListedClip) -> tuple[str, bytes]:
    return clip.address, bytes(4_000_000)


def make_deadly() -> Callable[[tuple[str, bytes]], tuple[str, bytes]]:
    def work(read: tuple[str, bytes]) -> tuple[str, bytes]:
        if read[0] == "33":
            os.kill(os.getpid(), signal.SIGKILL)
        return read

    return work


@pytest.mark.exhaustive
def test_what_was_lost_gets_the_only_gpu_although_the_round_is_not_done(request: pytest.FixtureRequest) -> None:
    items = [ListedClip(str(number), "") for number in range(120)]  # more than the store has room for
    gc.disable()  # it would free the GPU sooner or later
    request.addfinalizer(gc.enable)
    with (
        some_machines(num_cpus=2, num_gpus=1, object_store_memory=100 * 2**20) as machines,
        connected(machines.address) as cluster,
    ):
        results = [(item.address, result) for item, result in run(cluster, items, read_much, make_deadly, block=4)]
    assert [address for address, _ in results] == [item.address for item in items]
    assert [address for address, result in results if isinstance(result, LostError)] == ["33"]
    assert all(address == "33" or result[0] == address for address, result in results)
