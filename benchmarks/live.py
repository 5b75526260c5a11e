"""Counts the updates a second that one viewer of a camera gets: sentence and a watch list of five events, each picture.

The pictures come from memory, as a browser sends them, 384 pixels wide; one more is asked for when the last is told.

python -m benchmarks.live      prints updates a second, and their ratio to the one that is wanted; exits 1 below 1
"""

from __future__ import annotations

import statistics
import sys
import time

import torch

import videobert_demo
from videobert_demo.service.examples import read_examples
from videobert_demo.settings import Settings
from videobert_demo.timeline.watchlist import read_watched
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip

WANTED_A_SECOND = 1.0
PICTURES, WARM_UP = 40, 8
SIDE = 384
EVENTS = ("a dog", "a car", "a person rides a bicycle", "fire", "a large crowd")


def main() -> int:
    """Measures; returns the exit status."""
    torch.set_num_threads(2)
    service = videobert_demo.load(settings=Settings())
    clip = next(example.path for example in read_examples() if example.path.stem == "street")
    _, frames = read_clip(clip, PICTURES, limits=ClipLimits(), max_side=SIDE)
    window = service.live_window(read_watched([{"sentence": event} for event in EVENTS]))
    spent = []
    for number in range(PICTURES):
        started = time.perf_counter()
        service.glance(window, frames.pixels[number % len(frames.pixels)], number * 0.5)
        spent.append(time.perf_counter() - started)
    median = statistics.median(spent[WARM_UP:])
    ratio = 1 / median / WANTED_A_SECOND
    print(f"a picture takes {median:.2f} s (slowest {max(spent[WARM_UP:]):.2f}): {1 / median:.1f} updates a second")
    print(f"ratio {ratio:.2f} (wanted: 1)")
    return 0 if ratio >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
