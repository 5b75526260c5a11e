"""Shards: what is done stays done, whole or not at all; the rest is planned again."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from videobert_demo.data.listing import ListedClip
from videobert_demo.engine.shards import Row, Shard, ShardFolder
from videobert_demo.errors import DataError

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
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
    assert [shard.number for shard in again.plan(CLIPS, 9)] == [0]
    assert folder.paths == []


def test_other_folders_are_refused(tmp_path: Path) -> None:
    ShardFolder(tmp_path / "a", JOB, COLUMNS)
    with pytest.raises(DataError, match="another job"):
        ShardFolder(tmp_path / "a", {**JOB, "model": "2"}, COLUMNS)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "letter.txt").write_text("dear")
    with pytest.raises(DataError, match="holds other files"):
        ShardFolder(tmp_path / "b", JOB, COLUMNS)
    (tmp_path / "a" / "shard-000000.parquet").write_bytes(b"no table")
    with pytest.raises(DataError, match="is damaged"):
        list(ShardFolder(tmp_path / "a", JOB, COLUMNS).plan(CLIPS, 3))
