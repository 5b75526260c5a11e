"""Moments as players and video sites write them. Knows nothing about frames."""

from __future__ import annotations


def clock_milliseconds(seconds: float, mark: str) -> str:
    """HH:MM:SS, `mark`, and three digits of milliseconds; hours have more digits from 100 on."""
    total = round(seconds * 1000)
    return f"{total // 3_600_000:02}:{total // 60_000 % 60:02}:{total // 1000 % 60:02}{mark}{total % 1000:03}"


def clock_seconds(seconds: float) -> str:
    """M:SS, or H:MM:SS from an hour on; parts of a second are cut off."""
    whole = int(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"
