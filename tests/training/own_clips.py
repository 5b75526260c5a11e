"""A folder of somebody's own clips: shapes of one colour that cross a background, and what people would say of them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.tiny import write_jsonl
from videobert_demo.types import Frames
from videobert_demo.video.write import write_webm

COLOURS = {"red": (220, 30, 30), "green": (30, 170, 40), "blue": (40, 60, 220), "yellow": (240, 220, 40)}
SHAPES = ("circle", "square", "triangle")
GROUNDS = {"white": (250, 250, 250), "black": (5, 5, 5), "grey": (128, 128, 128), "brown": (110, 70, 30)}
FRAMES, HEIGHT, WIDTH = 6, 96, 128


def write_own_clips(folder: Path, count: int, *, questions: bool = False) -> Path:
    """Writes `count` clips, all different, and captions.jsonl."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    kinds = list(itertools.product(COLOURS, SHAPES, GROUNDS))
    for number, (colour, shape, ground) in enumerate([*kinds[::5], *kinds][:count]):
        name = f"{number:02d}.webm"
        frames = np.stack([_draw(colour, shape, ground, place, number) for place in range(FRAMES)])
        write_webm(folder / name, Frames(frames, np.arange(FRAMES) / 5.0), quality=20)
        captions = [f"a {colour} {shape} on a {ground} background", f"a {colour} {shape} is moving on {ground}"]
        rows.append({"file": name, "captions": captions})
        if questions:
            rows[-1]["questions"] = [{"question": "What color is the thing?", "answer": colour}]
    write_jsonl(folder / "captions.jsonl", rows)
    return folder


def _draw(colour: str, shape: str, ground: str, place: int, number: int) -> NDArray[np.uint8]:
    picture = np.full((HEIGHT, WIDTH, 3), GROUNDS[ground], dtype=np.uint8)
    x, y, radius = 24 + 14 * place, 40 + number % 16, 20 + number % 7
    if shape == "circle":
        cv2.circle(picture, (x, y), radius, COLOURS[colour], -1)
    elif shape == "square":
        cv2.rectangle(picture, (x - radius, y - radius), (x + radius, y + radius), COLOURS[colour], -1)
    else:
        corners = np.array([[x, y - radius], [x - radius, y + radius], [x + radius, y + radius]], dtype=np.int32)
        cv2.fillPoly(picture, [corners], COLOURS[colour])
    return picture
