"""Frame rates and timecode, against the standard's examples and a slow count of every number."""

import pytest

from videobert_demo.timeline.rates import FrameRate
from videobert_demo.timeline.timecode import format_timecode, is_drop_frame_rate, parse_timecode

NTSC = FrameRate(30_000, 1001)


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (17_981, "00:09:59;29"),
        (17_982, "00:10:00;00"),
        (107_892, "01:00:00;00"),
    ],
)
def test_drop_frame_as_the_standard_draws_it(frame: int, text: str) -> None:
    assert format_timecode(frame, NTSC, is_drop_frame=True) == text
    assert parse_timecode(text, NTSC) == (frame, True)


@pytest.mark.parametrize(("rate", "dropped"), [(NTSC, 2), (FrameRate(60_000, 1001), 4)])
def test_drop_frame_is_a_count_that_leaves_numbers_out(rate: FrameRate, dropped: int) -> None:
    base = rate.frames_per_timecode_second
    frame = 0
    for second in range(21 * 60):
        for number in range(base):
            if second % 60 == 0 and second // 60 % 10 and number < dropped:
                continue
            expected = f"00:{second // 60:02}:{second % 60:02};{number:02}"
            assert format_timecode(frame, rate, is_drop_frame=True) == expected
            frame += 1


@pytest.mark.parametrize("rate", [FrameRate(24_000, 1001), FrameRate(25), FrameRate(50), NTSC])
def test_without_drop_frame_every_number_counts(rate: FrameRate) -> None:
    base = rate.frames_per_timecode_second
    assert format_timecode(60 * base, rate, is_drop_frame=False) == "00:01:00:00"
    for frame in (0, 1, base, 61 * base - 1, 23 * 3600 * base + 7):
        assert parse_timecode(format_timecode(frame, rate, is_drop_frame=False), rate) == (frame, False)


def test_a_day_later_it_starts_again() -> None:
    assert format_timecode(24 * 107_892, NTSC, is_drop_frame=True) == "00:00:00;00"
    assert format_timecode(24 * 3600 * 25 + 1, FrameRate(25), is_drop_frame=False) == "00:00:00:01"


@pytest.mark.parametrize(
    "text", ["00:01:00;00", "00:01:00;01", "00:00:00:30", "24:00:00:00", "0:00:00:00", "00:60:00:00"]
)
def test_numbers_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="timecode"):
        parse_timecode(text, NTSC)


def test_only_two_rates_drop_frames() -> None:
    drop = [rate for rate in (23, 24, 30, 60) if is_drop_frame_rate(FrameRate(rate * 1000, 1001))]
    assert drop == [30, 60]
    with pytest.raises(ValueError, match="24000/1001"):
        format_timecode(0, FrameRate(24_000, 1001), is_drop_frame=True)


def test_seconds_and_frames() -> None:
    assert FrameRate(60, 2) == FrameRate(30)
    assert [NTSC.frame_at(NTSC.seconds_at(frame)) for frame in (0, 1, 29_970, 10**6)] == [0, 1, 29_970, 10**6]
    assert NTSC.frame_at(1001.0) == 30_000
    assert NTSC.holds(0.0334)
    assert not NTSC.holds(0.05)
    with pytest.raises(ValueError, match="0/1"):
        FrameRate(0)
