from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.video.sampling import PacketRun, choose_frames, group_frames, plan_runs, segment_centres


def keys(count: int, *ranks: int) -> np.ndarray:
    flags = np.zeros(count, dtype=np.bool_)
    flags[list(ranks)] = True
    return flags


def test_segment_centres_as_drawn() -> None:
    assert segment_centres(8.0, 4).tolist() == [1, 3, 5, 7]
    assert segment_centres(0.0, 2).tolist() == [0, 0]


@pytest.mark.parametrize(("duration_seconds", "count"), [(8.0, 0), (-1.0, 4), (float("nan"), 4)])
def test_segment_centres_reject(duration_seconds: float, count: int) -> None:
    with pytest.raises(ValueError, match=r"count|duration"):
        segment_centres(duration_seconds, count)


def test_takes_the_frames_on_screen_at_the_centres() -> None:
    seconds = np.arange(100) / 10  # centres of four segments: 1.25, 3.75, 6.25, 8.75
    assert choose_frames(seconds, keys(100, 0), 10.0, 4).tolist() == [12, 37, 62, 87]


def test_counts_time_from_the_first_frame() -> None:
    seconds = np.arange(100) / 10 + 5
    assert choose_frames(seconds, keys(100, 0), 10.0, 4).tolist() == [12, 37, 62, 87]


def test_a_frame_that_comes_at_the_very_centre_is_on_screen() -> None:
    for frames_per_second in (24, 25, 30, 50, 60):
        seconds = np.arange(frames_per_second * 4) / frames_per_second * (1 + 1e-15)
        chosen = choose_frames(seconds, keys(len(seconds), 0), 4.0, 4)
        assert chosen.tolist() == [frames_per_second * at // 2 for at in (1, 3, 5, 7)]


def test_gives_all_frames_of_a_clip_that_has_too_few() -> None:
    assert choose_frames(np.array([0.0, 0.1, 5.0]), keys(3, 0), 6.0, 8).tolist() == [0, 1, 2]


def test_takes_a_keyframe_within_reach_and_no_other() -> None:
    seconds = np.arange(100) / 10
    # Segments of 2.5 s: a keyframe counts up to 0.75 s from the centre; 29 is at -0.85, 69 at +0.65.
    assert choose_frames(seconds, keys(100, 0, 29, 69), 10.0, 4).tolist() == [12, 37, 69, 87]


def test_prefers_the_nearest_of_several_keyframes() -> None:
    assert choose_frames(np.arange(100) / 10, keys(100, 0, 9, 13, 17), 10.0, 4)[0] == 13


def test_a_long_run_ends_early_where_no_later_choice_needs_it() -> None:
    seconds = np.arange(2000) / 25  # 80 s, segments of 20 s, centres at frames 250, 750, 1250, 1750
    chosen = choose_frames(seconds, keys(2000, 0, 1000), 80.0, 4)
    # 250 and 1250 lie on the way to 750 and 1750, so moving them saves nothing; those end a run and move 6 s.
    assert chosen.tolist() == [250, 600, 1250, 1600]


def test_a_long_still_gives_different_frames() -> None:
    seconds = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 60.0])  # at all but one centre frame 5 is on screen
    assert choose_frames(seconds, keys(7, 0), 64.0, 4).tolist() == [3, 4, 5, 6]


@pytest.mark.parametrize("seed", range(20))
def test_choices_are_different_in_order_and_as_many_as_can_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame_count = int(rng.integers(1, 300))
    seconds = np.sort(rng.choice([rng.random(frame_count) ** 4, rng.random(frame_count).round(1)])) * 50
    is_keyframe = rng.random(frame_count) < rng.choice([0.01, 0.2, 1.0])
    count = int(rng.integers(1, 20))
    chosen = choose_frames(seconds, is_keyframe, float(seconds[-1] - seconds[0] + 0.1), count)
    assert len(chosen) == min(count, frame_count)
    assert (np.diff(chosen) > 0).all()
    assert chosen[0] >= 0
    assert chosen[-1] < frame_count


def test_rejects_flags_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="2 and 3"):
        choose_frames(np.arange(3.0), keys(2, 0), 3.0, 1)


def test_plans_runs_as_drawn() -> None:
    runs = plan_runs(np.array([3, 5, 7, 10]), np.arange(12.0), keys(12, 0, 6, 10))
    assert runs == [
        PacketRun(0, 5, frozenset({3, 5})),
        PacketRun(6, 7, frozenset({7})),
        PacketRun(10, 10, frozenset({10})),
    ]


def test_a_frame_shown_before_a_later_keyframe_starts_at_the_earlier_one() -> None:
    # In the order of decoding: I0 P3 b1 b2 I6 b4 b5 P7; b4 needs P3 and so the run from I0.
    seconds = np.array([0, 3, 1, 2, 6, 4, 5, 7.0])
    is_keyframe = keys(8, 0, 4)
    assert plan_runs(np.array([5]), seconds, is_keyframe) == [PacketRun(0, 5, frozenset({5}))]
    assert plan_runs(np.array([7]), seconds, is_keyframe) == [PacketRun(4, 7, frozenset({7}))]


def test_runs_join_when_a_later_one_has_to_start_before_them() -> None:
    # I0 P3 b1 b2 I6 b4 b5: I6 alone would be a run of its own, but b4 needs everything from I0 on.
    seconds = np.array([0, 3, 1, 2, 6, 4, 5.0])
    runs = plan_runs(np.array([1, 4, 5]), seconds, keys(7, 0, 4))
    assert runs == [PacketRun(0, 5, frozenset({1, 4, 5}))]


def test_runs_go_on_for_as_long_as_asked_and_join() -> None:
    runs = plan_runs(np.array([0, 5, 11]), np.arange(12.0), keys(12, 0, 4, 9), packets_after=3)
    assert runs == [PacketRun(0, 3, frozenset({0})), PacketRun(4, 8, frozenset({5})), PacketRun(9, 11, frozenset({11}))]
    joined = plan_runs(np.array([0, 5]), np.arange(12.0), keys(12, 0, 4), packets_after=4)
    assert joined == [PacketRun(0, 9, frozenset({0, 5}))]


def test_without_a_keyframe_before_it_a_run_starts_at_the_start() -> None:
    assert plan_runs(np.array([2]), np.arange(5.0), keys(5, 3)) == [PacketRun(0, 2, frozenset({2}))]


@pytest.mark.parametrize("frames_per_second", [20, 24, 25, 30, 60])
def test_eight_frames_of_a_minute_decode_less_than_a_third(frames_per_second: int) -> None:
    seconds = np.arange(60 * frames_per_second) / frames_per_second
    is_keyframe = np.arange(len(seconds)) % 250 == 0
    chosen = choose_frames(seconds, is_keyframe, 60.0, 8)
    decoded = sum(run.last - run.first + 1 for run in plan_runs(chosen, seconds, is_keyframe))
    assert decoded < 0.3 * len(seconds)
    off_seconds = np.abs(seconds[chosen] - segment_centres(60.0, 8))
    assert off_seconds.max() <= 0.3 * 60 / 8 + 1 / frames_per_second


@pytest.mark.parametrize(
    ("available", "per_segment", "most", "expected"),
    [
        (12, 4, 2, [[0, 2, 3, 5], [6, 8, 9, 11]]),
        (8, 4, 2, [[0, 1, 2, 3], [4, 5, 6, 7]]),
        (3, 4, 2, [[0, 1, 1, 2]]),
        (1, 4, 8, [[0, 0, 0, 0]]),
        (5, 1, 8, [[0], [1], [2], [3], [4]]),
    ],
)
def test_frames_are_shared_out_among_segments(
    available: int, per_segment: int, most: int, expected: list[list[int]]
) -> None:
    assert group_frames(available, per_segment, most).tolist() == expected


def test_segments_without_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        group_frames(0, 4, 2)
