"""Files that mean harm end soon, with a result or a typed error, and take little memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.resources.make_clips import encode
from videobert_demo.errors import ClipError, ClipTooLongError
from videobert_demo.types import ClipLimits
from videobert_demo.video import packets, read_clip

MEASURE = """
import resource, sys
from videobert_demo.errors import ClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video import read_clip
read_clip(sys.argv[1], 8, limits=ClipLimits())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_clip(sys.argv[2], 8, limits=ClipLimits())
except ClipError:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def growth_kilobytes(first: Path, second: Path) -> int:
    """How much more memory the second clip takes at its peak than the first one took."""
    command = [sys.executable, "-c", MEASURE, str(first), str(second)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def test_a_claimed_index_takes_no_memory(clips: Path) -> None:
    # Without a guard the 64 million samples of this file of 5 kB take 2.4 GB.
    assert growth_kilobytes(clips / "h264.mp4", clips / "claims_samples.mp4") < 100_000


def test_memory_does_not_grow_with_the_clip(clips: Path, tmp_path: Path) -> None:
    numbers = [number % 64 for number in range(10_000)]
    options = {"preset": "ultrafast"}
    short = encode(tmp_path / "short.mp4", "libx264", numbers=numbers[:250], keyframe_interval=250, options=options)
    long = encode(tmp_path / "long.mp4", "libx264", numbers=numbers, keyframe_interval=250, options=options)
    # Pictures would take 4.6 MB more with every ten seconds; the list of packets takes 30 bytes a frame.
    assert growth_kilobytes(short, long) < 4_000


def test_a_clip_may_not_have_endless_packets(clips: Path, limits: ClipLimits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets, "MAX_PACKETS", 59)
    with pytest.raises(ClipTooLongError, match="59 frames"):
        read_clip(clips / "h264.mp4", 4, limits=limits)
    monkeypatch.setattr(packets, "MAX_PACKETS", 60)
    assert len(read_clip(clips / "h264.mp4", 4, limits=limits)[1]) == 4


@pytest.mark.parametrize(
    "name",
    ["h264.mp4", "h264.ts", "h264.mkv", "fragmented.mp4", "vp9.webm", "mpeg4.avi", "mpeg2.mpg", "h264.flv", "vfr.gif"],
)
def test_damage_gives_a_typed_error_or_a_sound_result(
    clips: Path, limits: ClipLimits, tmp_path: Path, name: str
) -> None:
    whole = (clips / name).read_bytes()
    outcomes = set()
    for seed in range(25):
        rng = np.random.default_rng(seed)
        data = bytearray(whole)
        if seed == 0:
            data = data[:3]
        elif seed % 5 == 0:
            data = data[: int(rng.integers(1, len(data)))]
        else:
            at = rng.integers(0, len(data) if seed % 2 else 600, size=int(rng.integers(1, 30)))
            for place in at.tolist():
                data[place % len(data)] = int(rng.integers(256))
        path = tmp_path / "damaged"
        path.write_bytes(data)
        start = time.monotonic()
        try:
            info, frames = read_clip(path, 4, limits=limits)
        except ClipError as error:
            outcomes.add(type(error))
        else:
            outcomes.add(type(frames))
            assert 1 <= len(frames) <= 4
            assert info.duration_seconds <= limits.max_seconds
        assert time.monotonic() - start < 5
    assert len(outcomes) > 1, "the damage should be enough to break some and not all"
