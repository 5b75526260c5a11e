"""A result as files: JSON for programs, CSV for tables, text to read. Pure functions from values to texts.

The texts go to the browser with the result itself, and become files there: nothing lies on the server for somebody
to fetch.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from videobert_demo.service.files import table_cell


@dataclass(frozen=True, slots=True)
class Takeaway:
    """What can be taken away of one result.

    Attributes:
        name: That of the files, without an ending.
        text: What is copied, and saved as text.
        json: The whole result.
        csv: Its rows, with a line of headings.
    """

    name: str
    text: str
    json: str
    csv: str


def take_away(name: str, text: str, report: Any, rows: Sequence[Mapping[str, str | float]]) -> Takeaway:
    """Writes a result in each format.

    Args:
        name: Of the files, without an ending.
        text: To read.
        report: JSON values: what the command line and the HTTP endpoint give.
        rows: With the same keys, in the same order.
    """
    return Takeaway(name, text, json.dumps(report, ensure_ascii=False, indent=2), _csv(rows))


def _csv(rows: Sequence[Mapping[str, str | float]]) -> str:
    if not rows:
        return ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows({name: table_cell(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()
