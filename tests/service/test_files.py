"""Many files: a row each, whatever happens, and a run that is continued."""

from __future__ import annotations

import csv
import errno
import json
import os
from pathlib import Path

import pytest

import videobert_demo
from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import DataError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.files import COLUMNS, RowFile, caption_files, list_files, read_rows
from videobert_demo.service.service import VideoBertService


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    return videobert_demo.load(str(write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clips, one of them twice, a text, a hidden file."""
    folder = tmp_path_factory.mktemp("folder")
    (folder / "in").mkdir()
    first = encode(folder / "a.mp4", "libx264", numbers=range(10))
    encode(folder / "in" / "b.mp4", "libx264", numbers=range(10, 20))
    (folder / "in" / "c.mp4").write_bytes(first.read_bytes())
    (folder / "notes.txt").write_text("no clip")
    (folder / ".hidden").write_text("no clip")
    return folder


class Counting:
    """Counts what is captioned."""

    def __init__(self, service: VideoBertService) -> None:
        self.settings, self._service, self.opened = service.settings, service, list[str]()
        self.caption = service.caption

    def open(self, path: str | os.PathLike[str]) -> ClipFeatures:
        self.opened.append(Path(path).name)
        return self._service.open(path)


@pytest.fixture
def counting(service: VideoBertService) -> Counting:
    return Counting(service)


def test_folders_are_searched_and_each_file_is_named_once(folder: Path) -> None:
    found = list_files([folder / "in" / "b.mp4", folder])
    assert [path.name for path in found] == ["b.mp4", "a.mp4", "c.mp4", "notes.txt"]
    with pytest.raises(DataError, match=r"There is no file or folder .*nowhere"):
        list_files([folder / "nowhere"])


def test_each_file_has_a_row_and_no_file_stops_the_others(counting: Counting, folder: Path) -> None:
    files = [folder / "notes.txt", folder / "gone.mp4", *list_files([folder])]
    rows = list(caption_files(counting, files))
    assert [row["file"] for row in rows] == [str(path) for path in files]
    assert ["error" in row for row in rows] == [True, True, False, False, False, True]
    assert "gone.mp4" in rows[1]["error"]
    clip = counting.open(folder / "a.mp4")
    assert rows[2]["caption"] == counting.caption(clip).text
    assert rows[2]["content_hash"] == clip.content_hash
    assert rows[4] == {**rows[2], "file": str(folder / "in" / "c.mp4"), "same_as": str(folder / "a.mp4")}
    assert ["same_as" in row for row in rows] == [False, False, False, False, True, False]


def test_a_fault_of_a_library_is_one_row_too(counting: Counting, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str | os.PathLike[str]) -> ClipFeatures:
        raise RuntimeError("av broke")

    monkeypatch.setattr(counting, "open", fail)
    (row,) = caption_files(counting, [folder / "a.mp4"])
    assert row["error"] == "a.mp4 cannot be used (RuntimeError: av broke)."


def test_bytes_that_are_known_are_not_captioned_again(counting: Counting, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    with RowFile(out) as rows:
        for row in caption_files(counting, [folder / "a.mp4", folder / "notes.txt"], rows.kept):
            rows.add(row)
    before = out.read_text()
    assert counting.opened == ["a.mp4", "notes.txt"]
    with RowFile(out) as rows:
        for row in caption_files(counting, list_files([folder]), rows.kept):
            rows.add(row)
    assert counting.opened[2:] == ["b.mp4", "notes.txt"]
    lines = out.read_text().splitlines()
    assert lines[0] == before.splitlines()[0]
    assert sorted(Path(json.loads(line)["file"]).name for line in lines) == ["a.mp4", "b.mp4", "c.mp4", "notes.txt"]
    with RowFile(out) as rows:  # of a third run, which captions nothing, every row stays what it was
        for row in caption_files(counting, list_files([folder]), rows.kept):
            rows.add(row)
    assert counting.opened[4:] == ["notes.txt"]
    assert sorted(out.read_text().splitlines()) == sorted(lines)


def test_a_file_that_has_changed_is_captioned_again(counting: Counting, folder: Path, tmp_path: Path) -> None:
    changing = tmp_path / "x.mp4"
    changing.write_bytes((folder / "a.mp4").read_bytes())
    (before,) = caption_files(counting, [changing])
    changing.write_bytes((folder / "in" / "b.mp4").read_bytes())
    (after,) = caption_files(counting, [changing], {str(changing): before})
    assert after["content_hash"] != before["content_hash"]
    assert len(counting.opened) == 2


def row_of(name: str) -> dict[str, object]:
    return {"file": name, "content_hash": "1f", "caption": f"=a {name}", "score": 0.5}


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_name_that_is_no_unicode_has_a_row(tmp_path: Path, suffix: str) -> None:
    out, name = tmp_path / f"rows{suffix}", os.fsdecode(b"caf\xe9.mp4")
    with RowFile(out) as rows:
        rows.add(row_of(name))
    assert "caf\\udce9.mp4" in out.read_text(encoding="utf-8")
    if suffix == ".jsonl":
        assert read_rows(out) == {name: row_of(name)}


def test_rows_are_kept_at_once_and_a_half_written_one_is_dropped(tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    rows = RowFile(out).__enter__()
    rows.add(row_of("a"))
    rows.add({"file": "b", "error": "no"})
    assert [json.loads(line) for line in out.read_text().splitlines()] == [row_of("a"), {"file": "b", "error": "no"}]
    with out.open("a") as file:
        file.write('{"file": "c", "cap')  # here the run was killed
    assert read_rows(out) == {"a": row_of("a"), "b": {"file": "b", "error": "no"}}
    with RowFile(out) as later:
        later.add(row_of("b"))
    assert read_rows(out) == {"a": row_of("a"), "b": row_of("b")}
    assert out.read_text().count("\n") == 2


def test_on_a_full_disk_the_rows_stay_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "rows.jsonl"

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def run_on_a_disk_that_fills() -> None:
        with RowFile(out) as rows:
            rows.add(row_of("a"))
            with monkeypatch.context() as patch:
                patch.setattr(Path, "open", refuse)
                rows.add(row_of("b"))

    with pytest.raises(DataError, match=r"rows\.jsonl cannot be written: No space left"):
        run_on_a_disk_that_fills()
    assert "a" in read_rows(out)


def test_a_table_is_written_after_an_interruption_too(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"

    def be_interrupted() -> None:
        with RowFile(out) as rows:
            rows.add(row_of("a,b"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        be_interrupted()
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbffile,")
    table = list(csv.DictReader(out.open(encoding="utf-8-sig", newline="")))
    assert table == [{**dict.fromkeys(COLUMNS, ""), "file": "a,b", "caption": "'=a a,b", "score": "0.5"}]


@pytest.mark.parametrize("text", ["nothing\n", '{"caption": "x"}\n', '["file"]\n'])
def test_a_file_of_something_else_is_not_overwritten(tmp_path: Path, text: str) -> None:
    out = tmp_path / "rows.jsonl"
    out.write_text(text)
    with pytest.raises(DataError, match="line 1, is no row"):
        RowFile(out)
    assert out.read_text() == text


def test_where_rows_cannot_be_kept_is_said_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"must end with \.jsonl or \.csv"):
        RowFile(tmp_path / "rows.txt")
    with pytest.raises(DataError, match="cannot be written: No such file"), RowFile(tmp_path / "no" / "rows.csv"):
        pass
