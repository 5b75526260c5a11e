"""Little of a long film is decoded, and nothing stays unseen for long."""

from dataclasses import replace

import numpy as np
import pytest

from videobert_demo.video.packets import PacketTable
from videobert_demo.video.skimming import MAX_GAP_SECONDS, cut_keyframes, look_closer, skim


def table(seconds: float, key_every_seconds: float, rate: int = 25, *, is_ranked: bool = False) -> PacketTable:
    """A film without B-frames."""
    count = round(seconds * rate)
    return PacketTable(
        seconds=np.arange(count) / rate,
        is_keyframe=np.arange(count) % round(key_every_seconds * rate) == 0,
        is_shown=np.ones(count, np.bool_),
        duration_seconds=seconds,
        frames_per_second=rate,
        is_ranked=is_ranked,
        decode_ticks=np.arange(count),
        seconds_per_tick=1 / rate,
        zero_seconds=0.0,
    )


def decoded(runs: list) -> int:
    return sum(run.last - run.first + 1 for run in runs)


@pytest.mark.parametrize("key_every_seconds", [0.04, 0.5, 2.0, 10.0])
def test_keyframes_alone_are_a_fifth_of_the_film_at_most(key_every_seconds: float) -> None:
    film = table(1200, key_every_seconds)
    runs = skim(film)
    assert runs is not None
    assert decoded(runs) <= len(film.seconds) / 5
    moments = [film.seconds[run.first] for run in runs]
    assert np.diff(moments).max() <= 1.0 + key_every_seconds
    assert all(run.wanted == {run.first} for run in runs)


def test_a_film_without_keyframes_for_long_is_decoded_there_and_a_frame_a_second_is_wanted() -> None:
    film = table(60, 30)
    runs = skim(film)
    assert runs is not None
    assert [(run.first, run.last) for run in runs] == [(0, 749), (750, 1499)]
    moments = np.sort([film.seconds[ordinal] for run in runs for ordinal in run.wanted])
    assert np.diff(moments).max() <= 1.0 + 1e-6 < MAX_GAP_SECONDS


def test_of_two_near_keyframes_the_one_that_stands_longer_is_seen() -> None:
    """A scene of six seconds that begins just after a keyframe that was due would else not be seen at all."""
    film = table(60, 10)
    is_keyframe = film.is_keyframe.copy()
    is_keyframe[20 * 25 + 10] = is_keyframe[26 * 25] = True  # 0.4 s behind one that was due, and six seconds later
    is_keyframe[[40 * 25 - 10, 10]] = True  # 0.4 s before one that was due, and 0.4 s after the film's first
    runs = skim(replace(film, is_keyframe=is_keyframe))
    assert runs is not None
    assert [film.seconds[run.first] for run in runs] == [0.0, 10.0, 20.4, 26.0, 30.0, 40.0, 50.0]


def test_keyframes_that_come_early_are_cuts() -> None:
    film = table(60, 10)
    assert cut_keyframes(film).size == 0  # all equally far apart: they tell nothing
    is_keyframe = film.is_keyframe.copy()
    is_keyframe[[12 * 25, 50 * 25 - 5]] = True  # 2 s behind one; and 0.2 s before the next, which would not come then
    is_keyframe[50 * 25] = False
    assert cut_keyframes(replace(film, is_keyframe=is_keyframe)).tolist() == [12.0, 20.0]


def test_packets_without_times_cannot_be_skimmed() -> None:
    assert skim(table(1200, 1.0, is_ranked=True)) is None


def test_a_stretch_with_one_keyframe_is_seen_in_more_pictures_and_one_with_many_is_not() -> None:
    film = table(100, 10)
    (run,) = look_closer(film, [(20.0, 30.0)], 4)
    assert (run.first, sorted(film.seconds[list(run.wanted)])) == (
        500,
        pytest.approx([20.0, 20.52, 21.04, 21.56], abs=0.05),
    )
    assert look_closer(table(100, 1), [(20.0, 30.0)], 4) == []
    assert look_closer(film, [(21.0, 22.0)], 4) == []
    short = look_closer(film, [(20.0, 21.0), (30.0, 31.2)], 4)
    assert all(20 <= film.seconds[at] < 21 or 30 <= film.seconds[at] < 31.2 for run in short for at in run.wanted)
