"""The bundled example clips and who made them, read from `assets/examples/examples.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from videobert_demo.settings import bundled_folder

EXAMPLES_FOLDER = bundled_folder("assets") / "examples"


@dataclass(frozen=True, slots=True)
class ExampleClip:
    """One bundled clip.

    Attributes:
        path: the clip.
        poster: a picture of it.
        title: what it shows, in a few English words.
        attribution: who made it.
        licence: short name of its licence.
        source: the package that ships the original.
        titles: the same in other languages, by language code.
    """

    path: Path
    poster: Path
    title: str
    attribution: str
    licence: str
    source: str
    titles: Mapping[str, str] = field(default_factory=dict)

    def title_in(self, language: str) -> str:
        """The title in the language with this code; in English if there is none."""
        return self.titles.get(language, self.title)


def read_examples(folder: Path = EXAMPLES_FOLDER) -> tuple[ExampleClip, ...]:
    """Reads the list of bundled clips, in the order in which they are shown.

    Args:
        folder: holds `examples.json`, the clips and their posters.

    Raises:
        FileNotFoundError: the list names a file that is not there.
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
