"""Shots of the bundled examples, of which every cut is known: whoever made street.mp4 cut it four times."""

from __future__ import annotations

import functools
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from videobert_demo.types import ClipLimits, Frames
from videobert_demo.video.decode import read_clip

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
STREET_CUTS = (1.04, 3.48, 5.48, 7.68)
_GAME_FADES_SECONDS = 2.3  # From here on the game's picture fades to black.
_MIN_SECONDS = 1.5


@functools.cache
def example_shots() -> tuple[Frames, ...]:
    """The shots that are long enough to be joined, all 160 x 96."""
    shots = []
    for path in sorted(EXAMPLES.glob("*.mp4")):
        frames = read_clip(path, 1000, limits=ClipLimits(), max_side=160)[1]
        times = frames.timestamps_seconds
        edges = [0.0, *(STREET_CUTS if path.stem == "street" else ()), np.inf]
        if path.stem == "game":
            edges = [0.0, _GAME_FADES_SECONDS]
        for start, end in pairwise(edges):
            inside = np.flatnonzero((times >= start - 1e-3) & (times < end - 1e-3))
            if times[inside[-1]] - times[inside[0]] >= _MIN_SECONDS:
                pictures = [np.array(Image.fromarray(frames.pixels[at]).resize((160, 96))) for at in inside]
                shots.append(Frames(np.stack(pictures), times[inside]))
    return tuple(shots)
