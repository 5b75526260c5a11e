"""Copies of clips' files are whole, named by their content, and gone when they are removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.samples import make_clip
from videobert_demo.errors import LibraryError
from videobert_demo.library.kept_files import CLIPS, KeptFiles


def test_a_copy_is_named_by_its_content_and_removed_alone(tmp_path: Path) -> None:
    files, source = KeptFiles(tmp_path), tmp_path / "upload.webm"
    source.write_bytes(b"moving pictures")
    entries = [make_clip(name, source=str(source)).entry for name in ("one", "two")]
    names = [files.keep(entry) for entry in entries]
    assert names == [f"{entry.content_hash}.webm" for entry in entries]
    assert all(files.path(name).read_bytes() == b"moving pictures" for name in names)
    assert files.path(names[0]).is_absolute()
    files.remove(names[0])
    files.remove(names[0])  # it is gone already
    files.close()
    assert [path.name for path in (tmp_path / CLIPS).iterdir()] == names[1:]  # a library's own copies stay
    assert source.exists()


def test_what_cannot_be_copied_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"gone\.mp4 cannot be copied .*check file and disk space"):
        KeptFiles(tmp_path).keep(make_clip("gone", source=str(tmp_path / "gone.mp4")).entry)
    assert list((tmp_path / CLIPS).iterdir()) == []


def test_copies_of_a_library_in_memory_end_with_it(tmp_path: Path) -> None:
    files, source = KeptFiles(None), tmp_path / "upload.mp4"
    source.write_bytes(b"moving pictures")
    path = files.path(files.keep(make_clip("visitor", source=str(source)).entry))
    assert path.read_bytes() == b"moving pictures"
    files.close()
    assert not path.parent.exists()
