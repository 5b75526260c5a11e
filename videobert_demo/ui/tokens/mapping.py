"""Draws the map of the visual words, with the clip's own in it. Pure functions from values to points; no Gradio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from videobert_demo.service.codebook_map import CodebookMap
from videobert_demo.service.segments import Segment

ASPECT = 0.56
"""Height of the map as a share of its width."""
_MARGIN = 0.05
_LABEL_WIDTH, _LABEL_HEIGHT = 0.2, 0.085


@dataclass(frozen=True, slots=True)
class LabelledPoint:
    """A point of the map with words to it, in shares of its width and height.

    Attributes:
        text: What stands there, or is told when it is pointed at.
        x, y: Of the point.
        label_x, label_y: Of the left edge and the middle of the text; None where it would cover another one.
        is_left: Whether the text ends at the point, rather than begins there.
    """

    text: str
    x: float
    y: float
    label_x: float | None = None
    label_y: float | None = None
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """All of it.

    Attributes:
        dots: Every visual word in use.
        way: The clip's segments in order, as points (x, y).
        own: The clip's visual words, each once.
        landmarks: What a region is about.
    """

    dots: tuple[LabelledPoint, ...]
    way: tuple[tuple[float, float], ...]
    own: tuple[LabelledPoint, ...]
    landmarks: tuple[LabelledPoint, ...]


def draw(found: CodebookMap, segments: Sequence[Segment]) -> DrawnMap:
    """Lays out the map: the clip's words are labelled first, regions where there is room left."""
    dots = tuple(
        LabelledPoint(f"{word.word_id} {word.name}".strip(), *_inside(x, y))
        for word, (x, y) in zip(found.words, found.points.tolist(), strict=True)
    )
    where = {word.word_id: dot for word, dot in zip(found.words, dots, strict=True)}
    words = [segment.word for segment in segments if segment.word.word_id in where]
    taken: list[tuple[float, float]] = []
    marked = [where[word_id] for word_id in dict.fromkeys(word.word_id for word in words)]
    own = tuple(_labelled(point, marked, taken) for point in marked)
    landmarks = tuple(
        point
        for point in (_in_the_middle(LabelledPoint(one.name, *_inside(one.x, one.y)), taken) for one in found.landmarks)
        if point.label_x is not None
    )
    way = tuple((where[word.word_id].x, where[word.word_id].y) for word in words)
    return DrawnMap(dots, way, own, landmarks)


def _inside(x: float, y: float) -> tuple[float, float]:
    room = 1 - 2 * _MARGIN
    return round(_MARGIN + x * room, 4), round(_MARGIN + y * room, 4)


def _labelled(point: LabelledPoint, marked: Sequence[LabelledPoint], taken: list[tuple[float, float]]) -> LabelledPoint:
    """The point with its text beside it, up or down until it covers no other and no mark; without, if none is free."""
    is_left = point.x > 1 - _LABEL_WIDTH - _MARGIN
    x = point.x - _LABEL_WIDTH if is_left else point.x
    for steps in (0, 1, -1, 2, -2, 3, -3):
        y = point.y + steps * _LABEL_HEIGHT
        covers = any(
            x < one.x < x + _LABEL_WIDTH and abs(one.y - y) < _LABEL_HEIGHT / 2 for one in marked if one is not point
        )
        if not covers and _is_free(x, y, taken):
            taken.append((x, y))
            return LabelledPoint(point.text, point.x, point.y, point.x, round(y, 4), is_left)
    return point


def _in_the_middle(point: LabelledPoint, taken: list[tuple[float, float]]) -> LabelledPoint:
    x = min(max(point.x - _LABEL_WIDTH / 2, 0.0), 1 - _LABEL_WIDTH)
    if not _is_free(x, point.y, taken):
        return point
    taken.append((x, point.y))
    return LabelledPoint(point.text, point.x, point.y, x + _LABEL_WIDTH / 2, point.y)


def _is_free(x: float, y: float, taken: Sequence[tuple[float, float]]) -> bool:
    if not _LABEL_HEIGHT / 2 <= y <= 1 - _LABEL_HEIGHT / 2:
        return False
    return all(abs(x - other_x) >= _LABEL_WIDTH or abs(y - other_y) >= _LABEL_HEIGHT for other_x, other_y in taken)
