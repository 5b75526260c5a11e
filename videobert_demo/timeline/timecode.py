r"""Timecode, drop-frame or not, from frame numbers and back.

Source: SMPTE ST 12-1, drop-frame compensated mode. At 59.94 frames a second twice as many numbers are left out.

At 29.97 frames a second a clock that counts 30 frames a second falls behind by 108 frames an hour. Drop-frame timecode
leaves out numbers, no pictures: 0 and 1 of each minute, but not of minutes 0, 10, 20, 30, 40 and 50.
Two numbers in 54 of an hour's 60 minutes are 108.

    frame     1797        1798        1799        1800        1801
    number    00:00:59;27 00:00:59;28 00:00:59;29 00:01:00;02 00:01:00;03
                                                  \_ ;00 and ;01 are left out

    frame     17981       17982       17983
    number    00:09:59;29 00:10:00;00 00:10:00;01    <- minute 10 has all its numbers
"""

from __future__ import annotations

import re

from videobert_demo.timeline.rates import FrameRate

_TIMECODE = re.compile(r"(\d\d):([0-5]\d):([0-5]\d)([:;])(\d\d)")
_DROPPED_OF_30 = 2


def is_drop_frame_rate(rate: FrameRate) -> bool:
    """Whether drop-frame timecode is defined for the rate: 29.97 and 59.94 frames a second, but not 23.976."""
    return rate.denominator == 1001 and rate.numerator in (30_000, 60_000)


def format_timecode(frame: int, rate: FrameRate, *, is_drop_frame: bool) -> str:
    """The timecode of a frame.

    Args:
        frame: Number of the frame, from 0 at midnight; it starts again after 24 hours.
        rate: Frames a second.
        is_drop_frame: Leave numbers out, and write ";" before the frames.

    Returns:
        HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame.

    Raises:
        ValueError: The frame is negative, or drop-frame is not defined for the rate.
    """
    if frame < 0:
        raise ValueError(f"frame must not be negative, got {frame}")
    base = rate.frames_per_timecode_second
    dropped = _dropped_per_minute(rate) if is_drop_frame else 0
    per_ten_minutes = 600 * base - 9 * dropped
    number = frame % (144 * per_ten_minutes)
    tens, rest = divmod(number, per_ten_minutes)
    # The first of ten minutes has all its numbers; each of the nine after it lacks `dropped`.
    minutes_after_first = max(0, rest - 60 * base) // (60 * base - dropped) + 1 if rest >= 60 * base else 0
    number += dropped * (9 * tens + minutes_after_first)
    seconds, frames = divmod(number, base)
    mark = ";" if is_drop_frame else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{frames:02}"


def parse_timecode(text: str, rate: FrameRate) -> tuple[int, bool]:
    """The frame that a timecode names.

    Args:
        text: HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame.
        rate: Frames a second.

    Returns:
        The number of the frame, and whether the timecode is drop-frame.

    Raises:
        ValueError: It is no timecode, the rate has no such frame, or drop-frame timecode leaves the number out.
    """
    match = _TIMECODE.fullmatch(text)
    if match is None:
        raise ValueError(f"a timecode is HH:MM:SS:FF or HH:MM:SS;FF, got {text!r}")
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    base = rate.frames_per_timecode_second
    if hours > 23 or frames >= base:
        raise ValueError(f"timecode {text!r} does not exist at {rate.numerator}/{rate.denominator} frames a second")
    is_drop_frame = match[4] == ";"
    dropped = _dropped_per_minute(rate) if is_drop_frame else 0
    if frames < dropped and seconds == 0 and minutes % 10:
        raise ValueError(f"drop-frame timecode leaves {text!r} out")
    all_minutes = 60 * hours + minutes
    number = base * (60 * all_minutes + seconds) + frames
    return number - dropped * (all_minutes - all_minutes // 10), is_drop_frame


def _dropped_per_minute(rate: FrameRate) -> int:
    if not is_drop_frame_rate(rate):
        raise ValueError(f"drop-frame is not defined at {rate.numerator}/{rate.denominator} frames a second")
    return _DROPPED_OF_30 * (rate.frames_per_timecode_second // 30)
