"""Shards of WebDataset, in which WebVid is passed on: .tar files with the files of a sample side by side.

    000000.tar      0001.mp4  0001.txt  0001.json      0002.mp4  0002.json  ..

A sample's name is what stands before the first dot; its caption is the .txt file, else "caption" or "text" of the .json
file. Clips are copied into a folder, because they are read from files; their names there are made up.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.formats.sources import CLIP_ENDINGS, usable
from videobert_demo.errors import DataError
from videobert_demo.types import ClipLimits

MAX_TEXT_BYTES = 1_000_000


@dataclass
class _Sample:
    clip: str = ""
    text: str = ""
    described: dict[str, Any] = field(default_factory=dict)

    def captions(self) -> tuple[str, ...]:
        """The text file, else what the JSON file says."""
        found = [self.text, self.described.get("caption"), self.described.get("text")]
        if isinstance(self.described.get("captions"), list):
            found += self.described["captions"]
        return tuple(dict.fromkeys(text.strip() for text in usable(found)))


def read_shards(folder: Path, into: Path) -> list[ClipRecord]:
    """Copies the clips of FOLDER/*.tar into a folder and gives their records, whose files are named below that folder.

    Raises:
        DataError: a shard is no .tar file, or a clip in it is larger than clips may be.
    """
    into.mkdir(parents=True, exist_ok=True)
    records = []
    for shard in sorted(folder.glob("*.tar")):
        samples: dict[str, _Sample] = {}
        for sample, ending, content in _members(shard):
            one = samples.setdefault(sample, _Sample())
            if ending in CLIP_ENDINGS:
                one.clip = f"{shard.stem}_{len(samples):06d}{ending}"
                with (into / one.clip).open("wb") as copy:
                    shutil.copyfileobj(content, copy)
            elif ending == ".txt":
                one.text = content.read().decode("utf-8", errors="replace")
            elif ending == ".json":
                one.described = _read_object(content.read())
        records += [ClipRecord(one.clip, one.captions()) for one in samples.values() if one.clip and one.captions()]
    return records


def _members(shard: Path) -> Iterator[tuple[str, str, Any]]:
    """For each file that counts its sample, its suffix in lower case, and its content."""
    most_bytes = ClipLimits().max_bytes
    try:
        with tarfile.open(shard, mode="r") as archive:
            for member in archive:
                path = PurePosixPath(member.name)
                stem, _, ending = path.name.partition(".")
                ending = f".{ending.lower()}"
                if not member.isfile() or not stem or ending not in CLIP_ENDINGS | {".txt", ".json"}:
                    continue
                limit = most_bytes if ending in CLIP_ENDINGS else MAX_TEXT_BYTES
                if member.size > limit:
                    raise DataError(f"{member.name} in {shard} has {member.size} bytes; at most {limit} are read")
                content = archive.extractfile(member)
                assert content is not None
                yield str(path.parent / stem), ending, content
    except (tarfile.TarError, EOFError, OSError) as error:
        raise DataError(f"{shard} is no .tar file that can be read ({error})") from error


def _read_object(content: bytes) -> dict[str, Any]:
    """The object of a .json file; an empty one where there is none, since a .txt file may be there."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
