"""What a command is to work on: folders, patterns, lists and addresses, and where clips may come from."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from videobert_demo.data.listing import AllowedPlaces, find_files, list_clips, open_place
from videobert_demo.errors import DataError

NOWHERE = AllowedPlaces()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.mp4", "deeper/b.mp4", "deeper/c.webm", ".hidden/d.mp4", "deeper/.e.mp4"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def names(wanted: list[str], places: AllowedPlaces = NOWHERE) -> list[str]:
    return [Path(clip.address).name for clip in list_clips(wanted, places)]


def test_a_folder_a_pattern_and_a_file(folder: Path) -> None:
    assert names([str(folder)]) == ["a.mp4", "b.mp4", "c.webm"]
    assert names([f"{folder}/**/*.mp4"]) == ["a.mp4", "b.mp4"]
    assert names([f"{folder}/deeper/c.webm", str(folder)]) == ["c.webm", "a.mp4", "b.mp4"]
    assert find_files(folder) == [str(folder / name) for name in ("a.mp4", "deeper/b.mp4", "deeper/c.webm")]
    with pytest.raises(DataError, match="no file or folder"):
        names([f"{folder}/missing"])


def test_a_list_names_paths_from_its_own_folder_and_addresses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    again = f"./a.mp4\n{folder}/a.mp4\ndeeper/../a.mp4\n{folder}//deeper/./b.mp4\n"
    (folder / "list.txt").write_text(
        f"# clips\na.mp4\n\ndeeper/b.mp4\na.mp4\n{again}gone.mp4\nhttps://host/x/clip.mp4\n"
    )
    assert names([f"@{folder}/list.txt"]) == ["a.mp4", "b.mp4", "gone.mp4", "clip.mp4"]
    with pytest.raises(DataError, match="cannot be read"):
        names(["@missing.txt"])


def test_a_version_changes_with_its_file(folder: Path) -> None:
    (before,) = list_clips([f"{folder}/a.mp4"], NOWHERE)
    (folder / "a.mp4").write_text("other words")
    (after,) = list_clips([f"{folder}/a.mp4"], NOWHERE)
    assert before.address == after.address
    assert before.version != after.version


@pytest.mark.parametrize(
    ("prefix", "address", "is_allowed"),
    [
        ("https://media.example.org", "https://media.example.org/a/b.mp4", True),
        ("https://media.example.org/", "https://MEDIA.example.org/a.mp4", True),
        ("https://media.example.org", "https://media.example.org.evil.net/a.mp4", False),
        ("https://media.example.org", "http://media.example.org/a.mp4", False),
        ("https://media.example.org", "https://media.example.org:8443/a.mp4", False),
        ("https://media.example.org/open", "https://media.example.org/open/a.mp4", True),
        ("https://media.example.org/open", "https://media.example.org/opened/a.mp4", False),
        ("https://media.example.org/open", "https://media.example.org/open/../shut/a.mp4", False),
        ("https://media.example.org/open", "https://media.example.org/open/%2e%2e/shut/a.mp4", False),
        ("https://media.example.org", "https://me:secret@media.example.org/a.mp4", False),
        ("s3://bucket", "s3://bucket/a.mp4", True),
        ("s3://bucket", "s3://bucket2/a.mp4", False),
        ("hf://datasets/user/repo", "hf://datasets/user/other/a.mp4", False),
        ("file:///", "file:///etc/passwd", False),
        ("https://host", "simplecache::https://host/a.mp4", False),
    ],
)
def test_an_address_counts_only_where_the_owner_allows_it(prefix: str, address: str, is_allowed: bool) -> None:
    places = AllowedPlaces((prefix,))
    if is_allowed:
        places.check(address)
        return
    with pytest.raises(DataError):
        places.check(address)
    with pytest.raises(DataError):
        open_place(address, places)


def test_what_is_kept_far_away_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    system = fsspec.filesystem("memory")
    for name in ("day1/b.mp4", "day1/a.mp4", "day2/c.mp4"):
        system.pipe(f"/bucket/{name}", name.encode())
    monkeypatch.setattr(fsspec, "filesystem", lambda *_given, **_options: system)
    places = AllowedPlaces(("s3://bucket",))
    assert names(["s3://bucket/day1"], places) == ["a.mp4", "b.mp4"]
    assert names(["s3://bucket/*/*.mp4"], places) == ["a.mp4", "b.mp4", "c.mp4"]
    with pytest.raises(DataError, match="nothing at"):
        names(["s3://bucket/day9"], places)
    with pytest.raises(DataError, match=r"s3://other is not among the places.*VIDEOBERT_CLIP_PLACES"):
        names(["s3://other/day1"], places)
