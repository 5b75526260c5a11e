"""CHANGELOG.md: its versions fall, its dates do not rise, and the newest version is the package's."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import videobert_demo

CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def releases() -> list[tuple[tuple[int, ...], date]]:
    """(version, date) of every release, in the order of the file."""
    headings = re.findall(r"^## (.+)$", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    found = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading) for heading in headings[1:]]
    assert all(found), headings
    return [(tuple(map(int, one[1].split("."))), date.fromisoformat(one[2])) for one in found if one]


def test_the_newest_release_is_the_version_of_the_package() -> None:
    newest, _ = releases()[0]
    assert ".".join(map(str, newest)) == videobert_demo.__version__


def test_versions_and_dates_fall() -> None:
    versions, dates = zip(*releases(), strict=True)
    assert list(versions) == sorted(set(versions), reverse=True)
    assert list(dates) == sorted(dates, reverse=True)


def test_changes_are_sorted_by_the_kinds_of_keep_a_changelog() -> None:
    kinds = re.findall(r"^### (.+)$", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert kinds
    assert set(kinds) <= KINDS


def test_no_page_has_the_marks_of_a_merge() -> None:
    pages = [CHANGELOG, *CHANGELOG.parent.glob("*.md"), *(CHANGELOG.parent / "docs").glob("*.md")]
    mark = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    assert [page.name for page in pages if mark.search(page.read_text(encoding="utf-8"))] == []
