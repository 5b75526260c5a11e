"""Times taking 8 frames from a 60 s 720p H.264 clip against decoding all of it; the first may cost at most a third.

The clip is made in a temporary folder with x264's default settings (a keyframe every 250 frames, B-frames). Its
pictures move without a cut, so x264 has no reason to add keyframes. Both are timed in turn, and the best of each
counts. For comparison OpenCV's capture takes 8 frames by seeking.

python -m benchmarks.frame_sampling      prints all of them and the ratio; exits 1 if the ratio is above 1/3
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.types import ClipLimits
from videobert_demo.video import read_clip

SECONDS, WIDTH, HEIGHT, COUNT, ROUNDS = 60, 1280, 720, 8, 5
LIMIT = 1 / 3


def moving_pictures(count: int) -> Iterator[NDArray[np.uint8]]:
    """Yields pictures (HEIGHT, WIDTH, 3): a camera wanders over a soft texture, and a disc crosses it."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (HEIGHT // 4 + 50, WIDTH // 4 + 100, 3), dtype=np.uint8)
    texture = cv2.GaussianBlur(cv2.resize(coarse, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), (0, 0), 3)
    texture = np.clip((texture.astype(np.float32) - 128) * 2.5 + 128, 0, 255).astype(np.uint8)
    for number in range(count):
        left, top = int(200 + 180 * np.sin(number / 70)), int(100 + 90 * np.cos(number / 50))
        picture = texture[top : top + HEIGHT, left : left + WIDTH].copy()
        centre = int(WIDTH / 2 + WIDTH / 3 * np.sin(number / 15)), int(HEIGHT / 2 + HEIGHT / 3 * np.cos(number / 23))
        cv2.circle(picture, centre, HEIGHT // 6, (number % 256, 80, 200), -1)
        yield picture


def make_clip(path: Path, frames_per_second: int, preset: str) -> None:
    """Encodes the moving pictures."""
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream("libx264", rate=frames_per_second, options={"preset": preset})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture in moving_pictures(SECONDS * frames_per_second):
            sink.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        sink.mux(stream.encode(None))


def decode_all(path: Path) -> int:
    """Decodes every frame, with threads, and only counts them."""
    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in source.decode(stream))


def seek_with_opencv(path: Path) -> None:
    """Takes the frames at the centres of the segments, as one does with OpenCV."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    for number in range(COUNT):
        capture.set(cv2.CAP_PROP_POS_MSEC, (number + 0.5) * SECONDS * 1000 / COUNT)
        capture.read()
    capture.release()


def timed(action: Callable[[], object]) -> float:
    """Runs the action; returns how long it took, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> int:
    """Makes the clip, measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames-per-second", type=int, default=25)
    parser.add_argument("--preset", default="veryfast", help="x264's preset for making the clip")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        make_clip(path, arguments.frames_per_second, arguments.preset)
        with av.open(str(path)) as source:
            keyframes = sum(packet.is_keyframe for packet in source.demux(video=0) if packet.size)
        count = decode_all(path)
        print(f"{count} frames of {WIDTH} x {HEIGHT}, {keyframes} keyframes, {path.stat().st_size / 2**20:.1f} MB")
        actions: dict[str, Callable[[], object]] = {
            "decode all": lambda: decode_all(path),
            "read_clip": lambda: read_clip(path, COUNT, limits=ClipLimits()),
            "OpenCV seeks": lambda: seek_with_opencv(path),
        }
        rounds = [{name: timed(action) for name, action in actions.items()} for _ in range(ROUNDS)]
        best = {name: min(times[name] for times in rounds) for name in actions}
        info, frames = read_clip(path, COUNT, limits=ClipLimits())
    for name, seconds in best.items():
        print(f"{name:14}{seconds:7.3f} s   ratio {seconds / best['decode all']:.3f}")
    print(
        "timestamps:",
        " ".join(f"{seconds:.2f}" for seconds in frames.timestamps_seconds),
        f"of {info.duration_seconds} s",
    )
    ratio = best["read_clip"] / best["decode all"]
    print(f"ratio {ratio:.3f}, limit {LIMIT:.3f}: {'ok' if ratio <= LIMIT else 'TOO SLOW'}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
