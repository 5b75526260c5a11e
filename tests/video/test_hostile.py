"""Files that mean harm end soon, with a result or a typed error, and take little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.resources.make_clips import encode
from tests.resources.make_hostile import make_hostile
from videobert_demo.errors import ClipError, ClipTooLargeError, ClipTooLongError, UnreadableClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video import packets, read_clip

pytestmark = pytest.mark.slow

# The peak of this program alone: getrusage() would count that of the test's own process as well, which is larger.
PEAK = """
import json, sys, time
from pathlib import Path
from videobert_demo.errors import ClipError
from videobert_demo.types import ClipLimits
from videobert_demo.video import read_clip, source

def kilobytes(name):
    return int(Path("/proc/self/status").read_text().split(name + ":")[1].split()[0])
"""

MEASURE = f"""{PEAK}
read_clip(sys.argv[1], 8, limits=ClipLimits())
before = kilobytes("VmHWM")
try:
    read_clip(sys.argv[2], 8, limits=ClipLimits())
except ClipError:
    pass
print(kilobytes("VmHWM") - before)
"""

READ_SECONDS = 3.0
READ_ALL = f"""{PEAK}
source.READ_SECONDS = {READ_SECONDS}
read_clip(sys.argv[1], 8, limits=ClipLimits())
before = kilobytes("VmRSS")
for path in sorted(path for path in Path(sys.argv[2]).rglob("*") if path.is_file()):
    start = time.process_time()
    try:
        info, frames = read_clip(path, 8, limits=ClipLimits())
        kind = "Frames" if info.frame_count >= len(frames) and info.duration_seconds <= 7200 else "nonsense"
    except ClipError as error:
        kind = type(error).__name__
    print(json.dumps([str(path), kind, time.process_time() - start]))
print(json.dumps([kilobytes("VmRSS") - before, kilobytes("VmHWM") - before]))
"""

needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


def run(program: str, *arguments: Path) -> str:
    """What a program of its own prints; it fails here if the program crashes."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    root = Path(__file__).resolve().parents[2]
    environ = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, env=environ, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def growth_kilobytes(first: Path, second: Path) -> int:
    """How much more memory the second clip takes at its peak than the first one took."""
    return int(run(MEASURE, first, second))


@needs_proc
def test_a_claimed_index_takes_no_memory(clips: Path) -> None:
    # Without a guard the 64 million samples of this file of 5 kB take 2.4 GB.
    assert growth_kilobytes(clips / "h264.mp4", clips / "claims_samples.mp4") < 100_000


@needs_proc
def test_memory_does_not_grow_with_the_clip(clips: Path, tmp_path: Path) -> None:
    numbers = [number % 64 for number in range(10_000)]
    options = {"preset": "ultrafast"}
    short = encode(tmp_path / "short.mp4", "libx264", numbers=numbers[:250], keyframe_interval=250, options=options)
    long = encode(tmp_path / "long.mp4", "libx264", numbers=numbers, keyframe_interval=250, options=options)
    # Pictures would take 4.6 MB more with every ten seconds; the list of packets takes 30 bytes a frame.
    assert growth_kilobytes(short, long) < 4_000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, clips: Path) -> Path:
    """A folder with every file of resources/make_hostile.py."""
    folder = tmp_path_factory.mktemp("hostile")
    read_clip(clips / "h264.mp4", 4, limits=ClipLimits())  # from here on FFmpeg gives no large blocks: they need none
    assert len(make_hostile(folder)) >= 500
    return folder


@needs_proc
def test_hostile_files_end_in_frames_or_a_typed_error(clips: Path, hostile: Path) -> None:
    *lines, memory = [json.loads(line) for line in run(READ_ALL, clips / "h264.mp4", hostile).splitlines()]
    kinds = {kind for _, kind, _ in lines}
    assert kinds == {"Frames", *(error.__name__ for error in ClipError.__subclasses__() if error != ClipTooLargeError)}
    # The time that is spent, not the time that passes, so that a busy machine does not matter; two threads decode.
    slow = [(path, seconds) for path, _, seconds in lines if seconds > 4 * READ_SECONDS]
    assert slow == []
    growth, peak = memory
    # Pictures of 4096 x 4096 take 67 MB each, and some decoders hold several.
    assert growth < 150_000
    assert peak < 600_000


@pytest.mark.parametrize(
    "name",
    ["one_large_picture_often.mp4", "one_small_picture_often.mp4", "elst_many.mp4", "many_samples_and_edits.mp4"],
)
def test_the_same_bytes_are_not_read_again_and_again(hostile: Path, limits: ClipLimits, name: str) -> None:
    # The first is 3 MB that would be read as 400 GB; the others would have a hundred thousand frames and more.
    start = time.process_time()
    with pytest.raises(UnreadableClipError, match="again and again"):
        read_clip(hostile / "boxes" / name, 4, limits=limits)
    assert time.process_time() - start < 5


def test_a_file_of_many_small_frames_is_read(hostile: Path, limits: ClipLimits) -> None:
    info, frames = read_clip(hostile / "streams" / "frames_of_no_time.gif", 4, limits=limits)
    assert info.frame_count == 20_000
    assert len(frames) == 4


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
