"""Composites by their geometry, and the evaluation over a made-up folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tiny import CAPTIONS, draw_picture, write_frames
from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.data.pairs import join_side_by_side
from videobert_demo.errors import DataError
from videobert_demo.evaluation import attention
from videobert_demo.evaluation.attention import (
    choose_word,
    evaluate_attention,
    frames_one_after_the_other,
    frames_side_by_side,
    has_right_half,
)
from videobert_demo.evaluation.composites import (
    Composite,
    choose_composites,
)
from videobert_demo.model.loading import LoadedModel
from videobert_demo.types import Heatmap

MANY = [texts * 5 for texts in CAPTIONS]


def video(name: str, category: int | None, *captions: str, frames: int = 1) -> CaptionedVideo:
    return CaptionedVideo(name, "test", category, tuple(f"{name}{n}.png" for n in range(frames)), captions)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six videos of two frames, each of a category of its own, with enough captions to learn nouns from."""
    return write_frames(tmp_path_factory.mktemp("msrvtt"), MANY, frames=2)


def test_pairs_are_of_two_categories_and_told_apart_by_their_noun() -> None:
    videos = [
        video("a", 0, "a dog is here", "a dog", "the cat"),
        video("b", 0, "a dog", "a car"),
        video("c", 1, "the cars", "a road"),
    ]
    pairs = choose_composites(videos, frozenset({"dog", "car", "road", "cat"}), 8, seed=0)
    assert len(pairs) == 8
    assert [pair.in_second for pair in pairs] == [False, True] * 4
    for pair in pairs:
        assert pair.first.category != pair.second.category
        shown, other = (pair.second, pair.first) if pair.in_second else (pair.first, pair.second)
        assert sum(pair.noun in caption.split() for caption in shown.captions) >= 0.3 * len(shown.captions)
        assert not any(pair.noun in caption for caption in other.captions)
    assert {(pair.noun, pair.first.video_id, pair.second.video_id) for pair in pairs} <= {
        ("dog", "a", "c"), ("dog", "c", "a"), ("dog", "b", "c"), ("dog", "c", "b"),
        ("road", "a", "c"), ("road", "c", "a"), ("road", "b", "c"), ("road", "c", "b"),
    }  # fmt: skip
    # never the car of b beside the cars of c
    assert choose_composites(videos, frozenset({"dog"}), 4, seed=1) == choose_composites(
        videos, frozenset({"dog"}), 4, seed=1
    )


def test_pairs_that_cannot_be_made() -> None:
    with pytest.raises(DataError, match="categories"):
        choose_composites([video("a", None, "a dog")], frozenset({"dog"}), 1, seed=0)
    alike = [video("a", 0, "a dog"), video("b", 1, "the dogs")]
    with pytest.raises(DataError, match="0 of 2"):
        choose_composites(alike, frozenset({"dog", "dogs"}), 2, seed=0)


def drawn(seed: int) -> NDArray[np.uint8]:
    """What the archive reads back: `write_frames` stores the channels as OpenCV has them."""
    return draw_picture(seed)[:, :, ::-1]


def test_composites_are_made_of_pixels(data: Path) -> None:
    first, second = read_videos(data, "test")[:2]
    archive = FrameArchive(data / "frames.tar")
    pair = Composite(first, second, "piano", in_second=False)
    beside = frames_side_by_side(archive, pair, 4)
    assert len(beside) == 2
    for place, frame in enumerate(beside):
        halves = drawn(place), drawn(100 + place)
        assert np.array_equal(frame, join_side_by_side(*halves))
    after = frames_one_after_the_other(archive, pair, 4)
    assert [frame.tolist() for frame in after] == [drawn(seed).tolist() for seed in (0, 1, 100, 101)]
    assert len(frames_one_after_the_other(archive, pair, 3)) == 2
    assert len(frames_side_by_side(archive, pair, 1)) == 1
    archive.close()


@pytest.mark.parametrize(("axis", "shape"), [(0, (4, 2, 2)), (2, (1, 2, 4)), (2, (1, 1, 3))])
def test_the_half_with_more_mass_wins(axis: int, shape: tuple[int, int, int]) -> None:
    values = np.full(shape, 0.3, np.float32)
    even = Heatmap(values.copy(), np.arange(float(shape[0])))
    assert not has_right_half(even, in_second=True, axis=axis)  # equal mass finds nothing
    assert not has_right_half(even, in_second=False, axis=axis)
    np.moveaxis(values, axis, 0)[-1] = 0.4
    later = Heatmap(values, np.arange(float(shape[0])))
    assert has_right_half(later, in_second=True, axis=axis)
    assert not has_right_half(later, in_second=False, axis=axis)


def test_the_word_is_a_noun_if_there_is_one() -> None:
    random = np.random.default_rng(0)
    chosen = {choose_word("a man is near a car", frozenset({"man", "car"}), random) for _ in range(30)}
    assert chosen == {1, 5}
    assert choose_word("a person is running", frozenset({"man"}), random) == 3


@pytest.mark.slow
def test_evaluation_reports_every_method(loaded: LoadedModel, data: Path) -> None:
    report = evaluate_attention(loaded, data, videos=2, progress=False)
    assert set(report) == {*attention.METHODS, "default", "videos"}
    assert report["default"] == attention.DEFAULT_METHOD
    assert report["videos"] == 2
    for method in attention.METHODS:
        for figure in ("deletion_insertion_win", "left_right", "first_second"):
            assert report[method][figure] in (0, 50, 100)
    assert report == evaluate_attention(loaded, data, videos=2, progress=False)


@pytest.mark.parametrize(("side", "figure"), [(2, "left_right"), (0, "first_second")])
def test_a_heatmap_that_always_shows_one_side_is_right_in_half_the_cases(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch, side: int, figure: str
) -> None:
    def one_sided(_loaded: object, clip: Any, *_: object, timestamps_seconds: np.ndarray) -> Heatmap:  # type: ignore[type-arg]
        values = np.zeros((len(clip.frame_features), 2, 2), np.float32)
        np.moveaxis(values, side, 0)[0] = 1.0
        return Heatmap(values, timestamps_seconds)

    monkeypatch.setattr(attention, "explain", one_sided)
    report = evaluate_attention(loaded, data, videos=2, methods=["similarity"], progress=False)
    assert report["similarity"][figure] == 50.0
    other = {"left_right": "first_second", "first_second": "left_right"}[figure]
    assert report["similarity"][other] == 0.0


def test_curves_are_those_of_the_models_own_words(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    genuine = attention.compare_heatmaps

    def spied(*given: Any, **named: Any) -> Any:
        target = given[2]
        assert target.is_written
        seen.append(target.word)
        assert list(given[3]) == ["rollout"]
        return genuine(*given, **named)

    monkeypatch.setattr(attention, "compare_heatmaps", spied)
    from videobert_demo.types import Caption

    def write(_loaded: object, clips: Sequence[object]) -> list[tuple[Caption, ...]]:
        return [(Caption("playing a piano", 1.0),) for _ in clips]

    monkeypatch.setattr(attention, "caption_clips", write)
    evaluate_attention(loaded, data, videos=1, methods=["rollout"], progress=False)
    assert seen == ["piano"]


def test_folders_that_do_not_serve(loaded: LoadedModel, data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        evaluate_attention(loaded, tmp_path, progress=False)
    with pytest.raises(DataError, match="'val'"):
        evaluate_attention(loaded, data, split="val", progress=False)
