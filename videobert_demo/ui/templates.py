"""HTML from Jinja2 templates. It knows where templates lie and how they write values, but not what they show.

A template is a file of macros beside the module that renders them: `ask/view.html` beside `ask/view.py`. Macros that
several tabs use are in `widgets.html`. Every text is escaped, and a name that nobody gave a value is an error.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from videobert_demo.ui.widgets import clock, data_uri, percent, split_deed

_ENVIRONMENT = Environment(
    loader=PackageLoader("videobert_demo", "ui"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(clock=clock, data_uri=data_uri, percent=percent, split_deed=split_deed)


def render(template: str, macro: str, *values: Any, **named: Any) -> str:
    """The HTML of one macro.

    Args:
        template: The file, seen from this folder: "ask/view.html".
        macro: The macro's name.
        values: The macro's arguments.
        named: More of them, by their names.

    Raises:
        jinja2.UndefinedError: The macro uses an argument that was not given.
        AttributeError: The file has no such macro.
    """
    module = _ENVIRONMENT.get_template(template).module
    return str(getattr(module, macro)(*values, **named)).strip()
