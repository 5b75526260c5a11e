"""Watch lists as files: JSON, CSV and YAML are read, and some come with the package, by name.

    videobert-demo watch moderation FILE        assets/watchlists/moderation.json
    videobert-demo watch my-list.csv FILE       name,sentence,threshold,colour

Knows files; timeline/watchlist.py knows which events make a list.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import yaml

from videobert_demo.errors import WatchListError
from videobert_demo.service.nudity import is_installed
from videobert_demo.settings import bundled_folder
from videobert_demo.timeline.watchlist import WatchedEvent, read_watched

MAX_BYTES = 1 << 20
PRESETS_FOLDER = bundled_folder("assets") / "watchlists"
_WITH_EXTRA = "with_nudity"
"""What a row of a list that comes with the package has in place of its own, where that extra is installed."""
SUFFIXES = (".json", ".csv", ".yaml", ".yml")


def preset_names() -> tuple[str, ...]:
    """The lists that come with the package."""
    return tuple(sorted(path.stem for path in PRESETS_FOLDER.glob("*.json")))


def read_watch_list(source: str | os.PathLike[str]) -> tuple[WatchedEvent, ...]:
    """Reads a watch list.

    Args:
        source: The name of one that comes with the package, or a file of rows: a JSON list of objects, a CSV table with
            a line of headings, or a YAML list. A file may also have its list under "events".

    Raises:
        WatchListError: There is no such list, it is no such file, or its rows cannot be used.
    """
    path = Path(source)
    if str(source) in preset_names():
        path = PRESETS_FOLDER / f"{source}.json"
    if path.suffix.lower() not in SUFFIXES:
        raise WatchListError(
            "A watch list is a file that ends with one of {suffixes}, or one of these: {names}.",
            suffixes=", ".join(SUFFIXES),
            names=", ".join(preset_names()),
        )
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WatchListError("The watch list “{name}” cannot be read.", name=path.name) from error
    if len(data) > MAX_BYTES:
        raise WatchListError("The watch list “{name}” is too large.", name=path.name)
    rows = _parse(data, path)
    if path.parent == PRESETS_FOLDER and is_installed():
        rows = [row | row.get(_WITH_EXTRA, {}) for row in rows]
    return read_watched(rows)


def _parse(data: bytes, path: Path) -> list[dict[str, Any]]:
    """The rows of a file's text, not yet checked."""
    try:
        text = data.decode("utf-8-sig")
        if path.suffix.lower() == ".csv":
            return [{key: value for key, value in row.items() if key} for row in csv.DictReader(io.StringIO(text))]
        found = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
    except (ValueError, csv.Error, yaml.YAMLError, RecursionError) as error:
        raise WatchListError("The watch list “{name}” is damaged; check its form.", name=path.name) from error
    rows = found.get("events") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WatchListError("The watch list “{name}” needs a list of events.", name=path.name)
    return rows
