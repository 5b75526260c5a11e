"""What the page shows of many files, as HTML: where they are dropped, and a row for each.

Pure functions from values to markup, drawn by `many.html`; sorting is up to the page's script (many.js). No Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from videobert_demo.service.files import FileReport
from videobert_demo.ui.page.pace import Progress
from videobert_demo.ui.takeaway import take_away
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts

_TEMPLATE = "describe/many.html"
_BYTES_PER_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class FileRow:
    """One file.

    Attributes:
        name: As it was sent, without folders.
        state: It waits for its turn, has a caption, or has none.
        report: What `service.files.caption_file` returned for it, once it is done.
        same_as: The name of an earlier file with the same bytes, or empty.
        problem: Why there is no caption, or why it cannot be opened, as a sentence; or empty.
    """

    name: str
    state: Literal["waiting", "done", "failed"] = "waiting"
    report: FileReport | None = None
    same_as: str = ""
    problem: str = ""

    @property
    def text(self) -> str:
        """What the model says: the caption, what holds of it where it is not sure, or nothing."""
        if self.report is None or not self.report["can_tell"]:
            return ""
        return str(self.report["caption"] if self.report["sure"] else self.report["holds"])

    @property
    def english(self) -> str:
        """The same as the model wrote it, where `text` is a translation; else empty."""
        if not self.text or self.report is None:
            return ""
        return str(self.report.get("english" if self.report["sure"] else "holds_english", ""))

    @property
    def share(self) -> float | None:
        """How likely the caption is to be right, or its score where nothing is calibrated; None where there is none."""
        if self.report is None or not (self.report["can_tell"] and self.report["sure"]):
            return None
        probability = self.report["probability"]
        return float(self.report["score"] if probability is None else probability)


def zone_view(max_bytes: int, max_files: int, texts: Texts) -> str:
    """Where many files are chosen or dropped.

    Args:
        max_bytes: The size of the largest file that is accepted.
        max_files: How many rows there may be.
        texts: The language.
    """
    too_large = texts.upload_too_large.replace("{megabytes}", f"{round(max_bytes / _BYTES_PER_MEGABYTE, 2):g}")
    too_many = texts.many_too_many.format(most=max_files)
    return render(_TEMPLATE, "zone", max_bytes, max_files, too_large, too_many, texts)


def rows_view(
    rows: Sequence[FileRow], current: int | None, at: Progress | None, *, is_stopped: bool, texts: Texts
) -> str:
    """The table.

    Args:
        rows: The files in the order in which they came.
        current: The file that has its turn; None if none has.
        at: How far the work has come while it goes on.
        is_stopped: The visitor has stopped it; it can go on.
        texts: The language.
    """
    done = sum(row.state == "done" for row in rows)
    failed = sum(row.state == "failed" for row in rows)
    waiting = len(rows) - done - failed
    heading = texts.many_busy.format(number=done + failed + 1, count=len(rows))
    told = texts.many_done.format(done=done, count=len(rows)) + (
        texts.many_failed.format(count=failed) if failed else ""
    )
    known = [row for row in rows if row.state != "waiting"]
    reports = [_told(row) for row in known]
    is_calibrated = any(one.get("probability") is not None for one in reports)
    columns = ("file", "caption", "score", "probability", "seconds", "same_as", "error")
    away = take_away(
        "captions",
        "\n".join(f"{row.name}: {row.text or row.problem or texts.cannot_tell}" for row in known),
        reports,
        [{name: "" if one.get(name) is None else one[name] for name in columns} for one in reports],
    )
    return render(
        _TEMPLATE,
        "table",
        rows=rows,
        current=current,
        at=at,
        heading=heading,
        share_name=texts.many_column_right if is_calibrated else texts.many_column_score,
        told=told,
        can_go_on=is_stopped and waiting > 0,
        away=away if reports else None,
        texts=texts,
    )


def _told(row: FileRow) -> dict[str, Any]:
    """The row as the command line writes it, with the name for the path."""
    if row.report is None:
        return {"file": row.name, "error": row.problem}
    told = {**row.report, "file": row.name}
    if row.same_as:
        told["same_as"] = row.same_as
    return told
