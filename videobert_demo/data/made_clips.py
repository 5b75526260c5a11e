"""Clips of which nothing can be told: noise, plain colours, test patterns, screens of text, drawings. Made, not read.

What is fitted to some is measured on others: `seed` tells the two sets apart.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 240, 320
FRAMES = 4
_FONTS = (0, 1, 2, 3, 4, 5, 6, 7)  # cv2's Hershey fonts
_LETTERS = "aabcdeeefghiijklmnoopqrsttuvwxyz"
Pixels = NDArray[np.uint8]
Random = np.random.Generator


def make_clips(count: int, seed: int, patterns: tuple[str, ...] | None = None) -> list[tuple[str, Pixels]]:
    """`count` clips, as many of each pattern as of any other: its name, and frames (FRAMES, HEIGHT, WIDTH, 3) RGB.

    Args:
        patterns: of PATTERNS; all by default.
    """
    names = patterns or PATTERNS
    random = np.random.default_rng(seed)
    return [(names[n % len(names)], np.stack(_MAKERS[names[n % len(names)]](random))) for n in range(count)]


def _make_noise(random: Random) -> list[Pixels]:
    grain = int(random.choice([1, 1, 2, 4, 8]))
    channels = int(random.choice([1, 3]))
    spread, middle = random.uniform(20, 130), random.uniform(60, 190)
    way = int(random.integers(3))
    frames = []
    for _ in range(FRAMES):
        shape = (HEIGHT // grain, WIDTH // grain, channels)
        if way == 0:
            noise = random.normal(middle, spread, shape)
        elif way == 1:
            noise = random.uniform(middle - spread, middle + spread, shape)
        else:
            noise = np.where(random.random(shape) < random.uniform(0.1, 0.5), 255.0, 0.0)
        small = np.broadcast_to(noise.clip(0, 255).astype(np.uint8), (*shape[:2], 3))
        frames.append(_resize(np.ascontiguousarray(small), cv2.INTER_NEAREST))
    return frames


def _make_colour(random: Random) -> list[Pixels]:
    colour = _colour(random) if random.random() < 0.6 else np.full(3, int(random.choice([0, 0, 4, 128, 255])))
    grain = random.choice([0.0, 0.0, 2.0])
    return [
        (np.full((HEIGHT, WIDTH, 3), colour) + random.normal(0, grain, (HEIGHT, WIDTH, 1)))
        .clip(0, 255)
        .astype(np.uint8)
        for _ in range(FRAMES)
    ]


def _make_pattern(random: Random) -> list[Pixels]:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    size = int(random.integers(8, 60))
    first, second = _colour(random), _colour(random)
    way = int(random.integers(7))
    speed = random.uniform(0, 12)
    frames = []
    for number in range(FRAMES):
        shift = speed * number
        if way == 0:  # colour bars
            bars = [(255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0), (255, 0, 255), (255, 0, 0), (0, 0, 255)]
            picture = np.array(bars)[(columns * len(bars) / WIDTH).astype(int)]
            if size > 30:
                picture[HEIGHT * 3 // 4 :] = (columns[HEIGHT * 3 // 4 :, :, None] / WIDTH * 255).astype(int)
        elif way == 1:
            picture = _two_tone(((rows + shift) // size + columns // size) % 2 == 0, first, second)
        elif way == 2:
            picture = _two_tone((rows * random.choice([0, 1]) + columns + shift) // size % 2 == 0, first, second)
        elif way == 3:  # rings
            distance = np.hypot(rows - HEIGHT / 2, columns - WIDTH / 2)
            picture = _two_tone((distance + shift) // size % 2 == 0, first, second)
        elif way == 4:  # a gradient from one colour into another
            share = (rows / HEIGHT if size % 2 else columns / WIDTH)[:, :, None]
            picture = first * share + second * (1 - share)
        elif way == 5:  # a grid with a circle
            picture = _two_tone((rows % size < 2) | (columns % size < 2), first, second).astype(np.uint8).copy()
            cv2.circle(picture, (WIDTH // 2, HEIGHT // 2), 90, first.tolist(), 3)
        else:  # a zone plate
            wave = np.cos(((rows - HEIGHT / 2) ** 2 + (columns - WIDTH / 2) ** 2) / (size * 20) + shift)
            picture = np.repeat(((wave + 1) * 127)[:, :, None], 3, axis=2)
        frames.append(np.asarray(picture).clip(0, 255).astype(np.uint8))
    return frames


def _make_text(random: Random) -> list[Pixels]:
    dark = random.random() < 0.5
    paper, ink = (_dark(random), _light(random)) if dark else (_light(random), _dark(random))
    font, scale = int(random.choice(_FONTS)), random.uniform(0.5, 1.8)
    lines = [
        " ".join(
            "".join(random.choice(list(_LETTERS), int(random.integers(1, 10))))
            for _ in range(int(random.integers(1, 6)))
        )
        for _ in range(int(random.integers(1, 9)))
    ]
    left, top, step = int(random.integers(2, 60)), int(random.integers(30, 90)), random.uniform(0, 10)
    frames = []
    for number in range(FRAMES):
        picture = np.full((HEIGHT, WIDTH, 3), paper, dtype=np.uint8)
        for line, text in enumerate(lines):
            shown = text.capitalize() if line % 2 == 0 else text
            corner = (left, int(top + line * 34 * scale - step * number))
            cv2.putText(picture, shown, corner, font, scale, ink.tolist(), 1 + int(scale > 1), cv2.LINE_AA)
        frames.append(picture)
    return frames


def _make_drawing(random: Random) -> list[Pixels]:
    dark = random.random() < 0.25
    paper = _dark(random) if dark else _light(random)
    strokes = [
        (int(random.integers(5)), random.random((2, 2)), _colour(random), int(random.integers(1, 5)))
        for _ in range(int(random.integers(3, 22)))
    ]
    coloured = random.random() < 0.5
    ink = _light(random) if dark else _dark(random)
    frames = []
    for number in range(FRAMES):
        picture = np.full((HEIGHT, WIDTH, 3), paper, dtype=np.uint8)
        for way, ends, own, width in strokes:
            (x, y), (to_x, to_y) = (ends * (WIDTH, HEIGHT) + number * 2).astype(int).tolist()
            colour = (own if coloured else ink).tolist()
            if way == 0:
                cv2.line(picture, (x, y), (to_x, to_y), colour, width, cv2.LINE_AA)
            elif way == 1:
                cv2.circle(picture, (x, y), 5 + abs(to_x - x) // 5, colour, -1 if coloured else width, cv2.LINE_AA)
            elif way == 2:
                cv2.rectangle(picture, (x, y), (to_x, to_y), colour, -1 if coloured and width > 2 else width)
            elif way == 3:
                _draw_figure(picture, x, y, 10 + abs(to_y - y) // 4, colour, width)
            else:
                curve = np.array([(x + t * 8, y + 25 * np.sin(t / 2 + ends[0, 0] * 9)) for t in range(14)], dtype=int)
                cv2.polylines(picture, [curve.astype(np.int32)], False, colour, width, cv2.LINE_AA)
        frames.append(picture)
    return frames


def _draw_figure(picture: Pixels, x: int, y: int, size: int, colour: list[int], width: int) -> None:
    """A stick figure with its neck at (x, y)."""
    cv2.circle(picture, (x, y - size // 2), size // 2, colour, width, cv2.LINE_AA)
    for start, end in (
        ((0, 0), (0, 2)),
        ((0, 0.5), (-1, 1.2)),
        ((0, 0.5), (1, 1.2)),
        ((0, 2), (-0.8, 3.4)),
        ((0, 2), (0.8, 3.4)),
    ):
        first = (int(x + start[0] * size), int(y + start[1] * size))
        cv2.line(picture, first, (int(x + end[0] * size), int(y + end[1] * size)), colour, width, cv2.LINE_AA)


def _two_tone(mask: NDArray[np.bool_], first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(mask[:, :, None], first, second)


def _colour(random: Random) -> NDArray[np.int64]:
    return random.integers(0, 256, 3)


def _dark(random: Random) -> NDArray[np.int64]:
    return random.integers(0, 70, 3)


def _light(random: Random) -> NDArray[np.int64]:
    return random.integers(185, 256, 3)


def _resize(picture: Pixels, way: int) -> Pixels:
    return np.asarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=way), dtype=np.uint8)


_MAKERS: dict[str, Callable[[Random], list[Pixels]]] = {
    "noise": _make_noise,
    "colour": _make_colour,
    "pattern": _make_pattern,
    "text": _make_text,
    "drawing": _make_drawing,
}
PATTERNS = tuple(_MAKERS)
