"""What editors need to know of the file that a timeline is of: its name, picture, sound, frame rate and timecode."""

from __future__ import annotations

import os
from pathlib import Path

from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timecode import parse_timecode
from videobert_demo.timeline.timeline import Media
from videobert_demo.video.film import Film


def frame_rate_of(film: Film) -> FrameRate | None:
    """The film's constant frame rate; None if it varies or is not known."""
    return None if film.frame_rate is None else FrameRate(film.frame_rate.numerator, film.frame_rate.denominator)


def media_of(name: str, film: Film) -> Media:
    """The file of a film, called `name`. A timecode that the frame rate does not have is left out."""
    timecode, rate = film.start_timecode, frame_rate_of(film)
    if timecode is not None:
        timecode = timecode.replace(".", ";")
        try:
            if rate is None:
                raise ValueError("a rate that varies has no timecode")
            parse_timecode(timecode, rate)
        except ValueError:
            timecode = None
    return Media(name, film.info.width, film.info.height, film.has_sound, timecode)


def plain_name(path: str | os.PathLike[str]) -> str:
    """The file's name without folders, as one line of valid Unicode."""
    name = Path(os.fspath(path)).name.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name).replace("\\", "_").strip() or "clip"
