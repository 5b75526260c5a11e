"""Watch lists as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from videobert_demo.errors import WatchListError
from videobert_demo.service import watch_lists
from videobert_demo.service.watch_lists import MAX_BYTES, PRESETS_FOLDER, preset_names, read_watch_list
from videobert_demo.timeline.watchlist import WatchedEvent

WANTED = (WatchedEvent("dog", "a dog, running", 0.3, "#112233"), WatchedEvent("a cat", "a cat", 0.2, "#2e6fb7"))
ROWS = [{"name": "dog", "sentence": "a dog, running", "threshold": 0.3, "colour": "#112233"}, {"sentence": "a cat"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.json", json.dumps(ROWS)),
        ("list.JSON", "\ufeff" + json.dumps({"about": "x", "events": ROWS})),
        ("list.csv", 'name,sentence,threshold,colour\ndog,"a dog, running",0.3,#112233\n,a cat,,\n'),
        (
            "list.yaml",
            "- {name: dog, sentence: 'a dog, running', threshold: 0.3, colour: '#112233'}\n- sentence: a cat\n",
        ),
    ],
)
def test_three_forms_say_the_same(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_watch_list(tmp_path / name) == WANTED


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.json", b"[{"),
        ("list.json", b'["a dog"]'),
        ("list.json", b"7"),
        ("list.json", b"\xff\xfe"),
        ("list.yaml", b"!!python/object/apply:os.getcwd []"),
        ("list.txt", b"a dog"),
        ("list.json", b" " * (MAX_BYTES + 1)),
        ("missing.csv", None),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(WatchListError):
        read_watch_list(tmp_path / name)


def test_nudity_is_told_by_the_extra_where_it_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = {}
    for is_there in (False, True):
        monkeypatch.setattr(watch_lists, "is_installed", lambda is_there=is_there: is_there)
        found[is_there] = {event.name: event for event in read_watch_list("moderation")}
    assert {name for name in found[True] if found[True][name] != found[False][name]} == {"nudity"}
    assert (found[False]["nudity"].by, found[True]["nudity"].by) == ("sentence", "open_nsfw")
    own = tmp_path / "own.json"  # nobody's own list is changed
    own.write_bytes((PRESETS_FOLDER / "moderation.json").read_bytes())
    assert {event.by for event in read_watch_list(own)} == {"sentence"}


def test_every_preset_can_be_read_and_says_what_it_is() -> None:
    assert "moderation" in preset_names()
    for name in preset_names():
        assert read_watch_list(name)
        assert "demonstration" in json.loads((PRESETS_FOLDER / f"{name}.json").read_text(encoding="utf-8"))["about"]
