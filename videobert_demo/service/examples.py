"""The bundled example clips and who made them, read from `assets/examples/examples.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "examples"


@dataclass(frozen=True, slots=True)
class ExampleClip:
    """One bundled clip.

    Attributes:
        path: The clip.
        poster: A picture of it.
        title: What it shows, in a few English words.
        attribution: Who made it.
        licence: Short name of its licence.
        source: The package that ships the original.
        titles: What it shows in other languages, by their codes.
    """

    path: Path
    poster: Path
    title: str
    attribution: str
    licence: str
    source: str
    titles: Mapping[str, str] = field(default_factory=dict)

    def title_in(self, language: str) -> str:
        """What it shows, in the language with this code if it is known in it."""
        return self.titles.get(language, self.title)


def read_examples(folder: Path = EXAMPLES_FOLDER) -> tuple[ExampleClip, ...]:
    """Reads the list of bundled clips, in the order in which they are shown.

    Args:
        folder: Holds `examples.json`, the clips and their posters.

    Raises:
        FileNotFoundError: The list names a file that is not there.
    """
    rows = json.loads((folder / "examples.json").read_text(encoding="utf-8"))
    examples = tuple(
        ExampleClip(
            path=folder / row["file"],
            poster=folder / row["poster"],
            title=row["title"],
            attribution=row["attribution"],
            licence=row["licence"],
            source=row["source"],
            titles=row.get("titles", {}),
        )
        for row in rows
    )
    for example in examples:
        for path in (example.path, example.poster):
            if not path.is_file():
                raise FileNotFoundError(path)
    return examples
