"""Reads what a decoder attaches to a frame beside its pixels. Knows PyAV's side data; knows nothing about its meaning.

FFmpeg attaches types that PyAV 18.1 has no name for: the view of a spatial video (29), EXIF (31) and whatever comes
next. PyAV then raises ValueError and shows none of the frame's side data. Python's enumerations ask `_missing_` for the
member of a value that they do not know, so PyAV's is taught to answer with a member that nobody looks for, while this
module reads and no longer: whoever else uses PyAV in the process finds it as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from av.buffer import Buffer
from av.sidedata.sidedata import SideDataContainer, Type
from av.video.frame import VideoFrame


def _name_unknown_type(enum: type[Type], value: object) -> Type | None:
    """A member for a type of side data without a name; None, and with it ValueError, for what is no type at all."""
    if not isinstance(value, int):
        return None
    member: Any = object.__new__(enum)
    member._name_, member._value_ = f"TYPE_{value}", value
    return cast(Type, member)


_reading = threading.Lock()


@contextmanager
def _unknown_types_named() -> Iterator[None]:
    """Lets PyAV list types that it has no name for. One thread at a time, for the microseconds that it takes."""
    with _reading:
        Type._missing_ = classmethod(_name_unknown_type)  # type: ignore[assignment]
        try:
            yield
        finally:
            del Type._missing_  # Enum's own comes back


def side_data_of(frame: VideoFrame) -> Mapping[Type, Buffer]:
    """A frame's side data by type. Types without a name in PyAV are there under members of their own.

    This is not `frame.side_data`, which the frame would keep: the two would hold each other, and 67 MB of pixels, until
    Python looks for cycles.
    """
    read = cast("Callable[[VideoFrame], Mapping[Type, Buffer]]", SideDataContainer)  # PyAV's types hide the argument
    with _unknown_types_named():
        return read(frame)
