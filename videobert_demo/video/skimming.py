"""Which packets of a long film to decode so that little is read and every part is seen. Pure index arithmetic.

packets     K . . . . . . . K . . K . . . . . . . . . . . . . . . . . . . . . . . . K . . .      K: keyframe
skim        ^               ^     ^       ^       ^       ^       ^       ^       ^ ^
alone           alone at a gap that is too wide: decoded, one a second taken
closer      ^   ^   ^   ^ . . a few more behind the keyframes of a stretch that has hardly any
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from videobert_demo.video.packets import PacketTable
from videobert_demo.video.sampling import PacketRun

STEP_SECONDS = 1.0
"""Pictures that are nearer to each other are not decoded."""
MAX_GAP_SECONDS = 12.0
"""Keyframes further apart do not show what happens between them; x264 sets one every 250 frames."""

CLOSER_STEP_SECONDS = 0.5
_EARLY = 0.9


def skim(
    table: PacketTable, max_gap_seconds: float = MAX_GAP_SECONDS, step_seconds: float = STEP_SECONDS
) -> list[PacketRun] | None:
    """Keyframes at least a second apart, and one frame a second where there are none for long.

    Args:
        max_gap_seconds: from which distance of keyframes on frames between them are wanted; all are decoded there.
        step_seconds: how far those frames are apart.

    Returns:
        Runs that are ordered and apart; None if the packets do not tell when they are shown, so that all are needed.
    """
    keys = _keys(table)
    if table.is_ranked or len(keys) == 0:
        return None
    chosen = _apart(table, keys)
    runs = []
    for position, key in enumerate(chosen):
        last = chosen[position + 1] - 1 if position + 1 < len(chosen) else len(table.seconds) - 1
        end_seconds = table.seconds[last + 1] if last + 1 < len(table.seconds) else table.seconds[key:].max()
        if end_seconds - table.seconds[key] <= max_gap_seconds:
            runs.append(PacketRun(key, key, frozenset({key})))
        else:
            runs.append(PacketRun(key, last, frozenset(_spaced(table, key, last, step_seconds))))
    return runs


def _apart(table: PacketTable, keys: NDArray[np.intp]) -> list[int]:
    """Keyframes at least a step apart. Of two that are nearer the second stays if it stands for a step or longer.

    An encoder sets a keyframe at a cut, perhaps just after one that was due: what follows the cut is seen there only.
    """
    chosen = [int(keys[0])]
    ends = np.append(table.seconds[keys[1:]], table.seconds.max())
    for key, end in zip(keys[1:].tolist(), ends[1:].tolist(), strict=True):
        if table.seconds[key] - table.seconds[chosen[-1]] >= STEP_SECONDS - 1e-6:
            chosen.append(key)
        elif len(chosen) > 1 and end - table.seconds[key] >= STEP_SECONDS:
            chosen[-1] = key
    return chosen


def look_closer(table: PacketTable, spans: Sequence[tuple[float, float]], count: int) -> list[PacketRun]:
    """A few frames behind keyframes, so that each of some stretches is seen in `count` pictures, if it has as many.

    Args:
        spans: Start and end of the stretches, in seconds; they do not overlap.
        count: How many pictures a stretch should have, its keyframes included.
    """
    keys = _keys(table)
    runs = []
    for start, end in spans:
        inside = keys[(table.seconds[keys] >= start - 1e-6) & (table.seconds[keys] < end)]
        if len(inside) == 0:
            continue
        each = -(-count // len(inside))
        for key in inside.tolist():
            after = keys[keys > key]
            last = int(after[0]) - 1 if len(after) else len(table.seconds) - 1
            wanted = [
                ordinal
                for ordinal in _spaced(table, key, last, CLOSER_STEP_SECONDS)
                if start <= table.seconds[ordinal] < end
            ][:each]
            if len(wanted) > 1:
                runs.append(PacketRun(key, max(wanted), frozenset(wanted)))
    return sorted(runs, key=lambda run: run.first)


def cut_keyframes(table: PacketTable) -> NDArray[np.float64]:
    """When the keyframes come, in seconds, that an encoder set at a cut: earlier than it would have had to.

    An encoder such as x264 begins anew at a cut, else only after so many frames:

        keyframes   K . . . . . . . K . . K . . . . . . . K        ^: earlier than the longest distance
                                          ^

    Where all keyframes are equally far apart there is none.
    """
    seconds = np.sort(table.seconds[_keys(table)])
    gaps = np.diff(seconds)
    return np.asarray(seconds[1:][gaps < _EARLY * gaps.max()] if len(gaps) else seconds[:0], np.float64)


def _keys(table: PacketTable) -> NDArray[np.intp]:
    """The ordinals of the keyframes that are shown."""
    return np.flatnonzero(table.is_keyframe & table.is_shown)


def _spaced(table: PacketTable, first: int, last: int, step_seconds: float) -> list[int]:
    """Ordinals from `first` to `last` whose frames come at least a step apart, the first one among them."""
    ordinals = np.arange(first, last + 1)
    ordinals = ordinals[table.is_shown[ordinals] & (table.seconds[ordinals] >= table.seconds[first])]
    chosen, next_seconds = [], -np.inf
    for ordinal in ordinals[np.argsort(table.seconds[ordinals], kind="stable")].tolist():
        if table.seconds[ordinal] >= next_seconds - 1e-6:
            chosen.append(ordinal)
            next_seconds = table.seconds[ordinal] + step_seconds
    return chosen
