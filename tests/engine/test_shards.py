"""Shards: what is done stays done, whole or not at all; the rest is planned again."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from videobert_demo.data.listing import ListedClip
from videobert_demo.engine.shards import Row, Shard, ShardFolder, written
from videobert_demo.errors import DataError

ROOT = Path(__file__).resolve().parents[2]
JOB = {"kind": "test", "model": "1"}
COLUMNS = [("length", pa.int64())]
CLIPS = [ListedClip(f"/clips/{number}", "1") for number in range(7)]


def row_of(clip: ListedClip, **found: object) -> Row:
    return {"file": clip.address, "version": clip.version, "error": None, "length": 3, **found}


def finish(folder: ShardFolder, shard: Shard, **found: object) -> None:
    folder.finish(shard, [row_of(clip, **found) for clip in shard.clips])


def test_finished_shards_are_not_planned_again(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path / "out", JOB, COLUMNS)
    shards = list(folder.plan(CLIPS, 3))
    assert [(shard.number, len(shard.clips)) for shard in shards] == [(0, 3), (1, 3), (2, 1)]
    finish(folder, shards[0])
    finish(folder, shards[2])
    later = ShardFolder(tmp_path / "out", JOB, COLUMNS)
    (left,) = later.plan(CLIPS, 3)
    assert left.clips == tuple(CLIPS[3:6])
    assert left.number == 3  # a number is never used for other clips
    finish(later, left)
    assert list(later.plan(CLIPS, 3)) == []
    assert sorted(row["file"] for row in later.rows()) == [clip.address for clip in CLIPS]


def test_a_changed_clip_and_a_wanted_error_are_done_again_in_their_shard(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path, JOB, COLUMNS)
    (shard,) = folder.plan(CLIPS[:3], 9)
    folder.finish(shard, [row_of(CLIPS[0]), row_of(CLIPS[1], error="bad", length=None), row_of(CLIPS[2])])
    assert list(folder.plan(CLIPS[:3], 9)) == []
    (again,) = folder.plan(CLIPS[:3], 9, again=lambda row: row["error"] is not None)
    assert (again.number, again.clips, len(again.kept)) == (0, (CLIPS[1],), 2)
    changed = [CLIPS[0], CLIPS[1], ListedClip(CLIPS[2].address, "2")]
    (again,) = folder.plan(changed, 9)
    assert again.clips == (changed[2],)
    finish(folder, again, length=9)
    assert {row["file"]: row["length"] for row in folder.rows()} == {"/clips/0": 3, "/clips/1": None, "/clips/2": 9}


def test_rows_of_clips_that_are_no_longer_listed_stay(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path, JOB, COLUMNS)
    (shard,) = folder.plan(CLIPS[:2], 9)
    finish(folder, shard)
    assert list(folder.plan(CLIPS[:1], 9)) == []
    assert len(list(folder.rows())) == 2


def test_each_clip_has_one_row(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path, JOB, COLUMNS)
    (shard,) = folder.plan(CLIPS[:2], 9)
    for rows in ([row_of(CLIPS[0])], [row_of(CLIPS[0])] * 2, [row_of(clip) for clip in CLIPS[:3]]):
        with pytest.raises(ValueError, match="not those of its clips"):
            folder.finish(shard, rows)
    assert folder.paths == []


def test_what_was_half_written_does_not_count(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path, JOB, COLUMNS)
    (tmp_path / ".shard-000000.parquet.new").write_bytes(b"PAR1 and then the power went")
    again = ShardFolder(tmp_path, JOB, COLUMNS)
    with again.claimed():
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "manifest.json"]
        assert [shard.number for shard in again.plan(CLIPS, 9)] == [0]
    assert folder.paths == []


def test_a_second_process_is_kept_off_until_the_first_has_ended(tmp_path: Path) -> None:
    ShardFolder(tmp_path, JOB, COLUMNS)
    hold = (
        "import sys, time; from pathlib import Path; from videobert_demo.engine.shards import ShardFolder\n"
        f"with ShardFolder(Path({str(tmp_path)!r}), {JOB!r}, []).claimed():\n"
        "    print('here', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", hold], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "here\n"
        left = tmp_path / ".shard-000000.parquet.new"
        left.write_bytes(b"half of its file")
        with pytest.raises(DataError, match="Another process works on"), ShardFolder(tmp_path, JOB, COLUMNS).claimed():
            pass
        assert left.exists()
        other.kill()
    with ShardFolder(tmp_path, JOB, COLUMNS).claimed():
        assert not left.exists()


def test_on_a_full_disk_what_was_finished_stays_and_nothing_half_is_left(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path, JOB, COLUMNS)
    first, second = folder.plan(CLIPS[:4], 2)
    finish(folder, first)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))  # writing further fails, as it does on a full disk
    try:
        with pytest.raises(DataError, match=r"shard-000001\.parquet cannot be written: .*the same command goes on"):
            finish(folder, second)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "shard-000000.parquet"]
    (left,) = ShardFolder(tmp_path, JOB, COLUMNS).plan(CLIPS[:4], 2)
    assert left.clips == second.clips


@pytest.mark.parametrize(
    "name", ["a\nb.mp4", "“quoted”.mp4", "caf\udce9.mp4", "\U0001f415 dog.mp4", "'; --.mp4", " .mp4"]
)
def test_a_clip_with_an_odd_name_is_done_once(tmp_path: Path, name: str) -> None:
    clips = [ListedClip(f"/clips/{name}", "1"), CLIPS[0]]
    folder = ShardFolder(tmp_path, JOB, COLUMNS)
    (shard,) = folder.plan(clips, 9)
    folder.finish(shard, [row_of(clips[0], error=f"{name} is no clip"), row_of(clips[1])])
    assert list(folder.plan(clips, 9)) == []
    assert [row["error"] for row in folder.rows()] == [f"{written(name)} is no clip", None]


def test_ten_thousand_finished_clips_are_planned_in_a_moment(tmp_path: Path) -> None:
    clips = [ListedClip(f"/clips/{number}", "1") for number in range(10_000)]
    folder = ShardFolder(tmp_path, JOB, COLUMNS)
    for shard in folder.plan(clips, 256):
        finish(folder, shard)
    started = time.process_time()
    (left,) = ShardFolder(tmp_path, JOB, COLUMNS).plan([*clips, ListedClip("/clips/new", "1")], 256)
    assert [clip.address for clip in left.clips] == ["/clips/new"]
    assert time.process_time() - started < 5  # of the processor, which other processes do not use up


def test_other_folders_are_refused(tmp_path: Path) -> None:
    ShardFolder(tmp_path / "a", JOB, COLUMNS)
    with pytest.raises(DataError, match=r"another job .model 1, now 2.; choose"):
        ShardFolder(tmp_path / "a", {**JOB, "model": "2"}, COLUMNS)
    with pytest.raises(DataError, match=r"another job .language not set, now zh.; choose"):
        ShardFolder(tmp_path / "a", {**JOB, "language": "zh"}, COLUMNS)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "letter.txt").write_text("dear")
    with pytest.raises(DataError, match="holds other files"):
        ShardFolder(tmp_path / "b", JOB, COLUMNS)
    (tmp_path / "a" / "shard-000000.parquet").write_bytes(b"no table")
    with pytest.raises(DataError, match="is damaged"):
        list(ShardFolder(tmp_path / "a", JOB, COLUMNS).plan(CLIPS, 3))


@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_process_that_is_killed_while_it_writes_leaves_whole_shards(tmp_path: Path) -> None:
    clips = [ListedClip(f"/clips/{number}", "1") for number in range(2_000)]
    write = (
        "from pathlib import Path; from tests.engine.test_shards import CLIPS, COLUMNS, JOB, ShardFolder, finish\n"
        "from videobert_demo.data.listing import ListedClip\n"
        f"folder = ShardFolder(Path({str(tmp_path)!r}), JOB, COLUMNS)\n"
        "clips = [ListedClip(f'/clips/{number}', '1') for number in range(2_000)]\n"
        "print('ready', flush=True)\n"
        "with folder.claimed():\n"
        "    for shard in folder.plan(clips, 5): finish(folder, shard)"
    )
    random, kills = np.random.default_rng(0), 0
    for _ in range(60):
        with subprocess.Popen([sys.executable, "-c", write], cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(random.uniform(0.2, 0.8))
            kills += writer.poll() is None
            writer.kill()
        files = [row["file"] for row in ShardFolder(tmp_path, JOB, COLUMNS).rows()]
        assert len(files) == len(set(files))
        if len(files) == len(clips):
            break
    assert sorted(files) == sorted(clip.address for clip in clips)
    assert kills >= 3
