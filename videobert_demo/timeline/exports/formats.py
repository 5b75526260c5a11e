"""All formats by name, for whoever lets a person choose one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from videobert_demo.timeline.exports.csv import to_csv
from videobert_demo.timeline.exports.edl import to_edl
from videobert_demo.timeline.exports.fcpxml import to_fcpxml
from videobert_demo.timeline.exports.ffmetadata import to_ffmetadata
from videobert_demo.timeline.exports.html import to_html
from videobert_demo.timeline.exports.json import to_json
from videobert_demo.timeline.exports.otio import to_otio
from videobert_demo.timeline.exports.srt import to_srt
from videobert_demo.timeline.exports.vtt import to_vtt
from videobert_demo.timeline.exports.youtube import to_youtube
from videobert_demo.timeline.timeline import Timeline


class ExportFormat(NamedTuple):
    """How a timeline is written, and how such a file's name ends."""

    write: Callable[[Timeline], str]
    suffix: str


FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        "json": ExportFormat(to_json, ".json"),
        "srt": ExportFormat(to_srt, ".srt"),
        "vtt": ExportFormat(to_vtt, ".vtt"),
        "csv": ExportFormat(to_csv, ".csv"),
        "youtube": ExportFormat(to_youtube, ".txt"),
        "ffmetadata": ExportFormat(to_ffmetadata, ".txt"),
        "edl": ExportFormat(to_edl, ".edl"),
        "fcpxml": ExportFormat(to_fcpxml, ".fcpxml"),
        "otio": ExportFormat(to_otio, ".otio"),
        "html": ExportFormat(to_html, ".html"),
    }
)
