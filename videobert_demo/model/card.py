"""The model card of a checkpoint: what it is made of, its figures, how it is used. Knows descriptions; knows no Hub."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from videobert_demo.errors import CheckpointError

FIGURES_FILE = "figures.json"
_HEADER = """---
language: en
library_name: transformers
pipeline_tag: video-text-to-text
tags: [video-captioning, text-to-video-retrieval, videobert, bart]
---
"""


def write_card(repository: str, described: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """The card's text.

    Args:
        repository: user/repo.
        described: what `description.describe_model` gives.
        figures: numbers by name; or by "before" and "after", as `finetune` writes them.
    """
    counts = described["parameters"]
    lines = [
        f"# {repository.split('/')[-1]}",
        "",
        "Reads a clip and writes one English sentence about it, or a short answer to a question. The same encoder maps",
        "clips and sentences into one space. VideoBERT (arXiv 1904.01766) with a BART decoder (arXiv 1910.13461).",
        "",
        "```python",
        "import videobert_demo",
        "",
        f'demo = videobert_demo.load("{repository}")',
        'print(demo.caption(demo.open("clip.mp4")).text)',
        "```",
        "",
        "| part | what | parameters |",
        "|---|---|---|",
        *(f"| {part} | {described[part]} | {counts[part] / 1e6:.1f} M |" for part in ("vision", "text", "decoder")),
        "",
        f"{counts['all'] / 1e6:.1f} million parameters; at most {described['max_segments']} segments of a clip.",
        *_figure_lines(figures),
    ]
    return "\n".join([_HEADER, *lines, ""])


def read_figures(folder: Path) -> dict[str, Any]:
    """The figures beside a checkpoint; none where there are none.

    Raises:
        CheckpointError: the file holds something else.
    """
    path = folder / FIGURES_FILE
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be read as JSON; write what `evaluate --json` prints into it.") from error
    if not isinstance(found, dict):
        raise CheckpointError(f"{path} is no JSON object; write what `evaluate --json` prints into it.")
    return found


def _figure_lines(figures: Mapping[str, Any]) -> list[str]:
    before, after = figures.get("before"), figures.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        rows = [f"| {name} | {value} | {after.get(name)} |" for name, value in before.items()]
        head = [
            "",
            "Figures on held-out clips, before and after training on others:",
            "",
            "| figure | before | after |",
        ]
        return [*head, "|---|---|---|", *rows]
    rows = [f"| {name} | {value} |" for name, value in figures.items() if isinstance(value, int | float)]
    return ["", "Figures on held-out clips:", "", "| figure | value |", "|---|---|", *rows] if rows else []
