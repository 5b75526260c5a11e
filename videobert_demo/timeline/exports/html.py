"""A timeline as a report to read and print: one HTML file with its pictures in it, without scripts or links outside."""

from __future__ import annotations

import base64

from jinja2 import Environment, PackageLoader, StrictUndefined

from videobert_demo.timeline.exports.clock import clock_seconds
from videobert_demo.timeline.timeline import Timeline


def to_html(timeline: Timeline) -> str:
    """The page's text; every caption, title and name is escaped."""
    return _ENVIRONMENT.get_template("report.html").render(timeline=timeline) + "\n"


def _jpeg_address(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"


_ENVIRONMENT = Environment(
    loader=PackageLoader("videobert_demo.timeline", "exports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(clock=clock_seconds, jpeg=_jpeg_address)
