"""Grids of patches with other numbers of rows than of columns: what is marked in a place is hot in that place."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from tests.tiny import random_clips, tiny_model, tiny_tokenizer, widen
from videobert_demo.attention.explain import METHODS, explain, explain_by_head, score_patches
from videobert_demo.attention.faithfulness import hottest_first
from videobert_demo.attention.render import draw_strip, overlay, write_numbers, write_overlay
from videobert_demo.attention.targets import caption_word, typed_word
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.training.checkpoints import save_model
from videobert_demo.types import ClipLimits, Frames, Heatmap
from videobert_demo.ui.attend.endpoint import report_heatmap
from videobert_demo.video.decode import read_clip

GRID = (2, 3)
PLACES = [(0, 0), (0, 2), (1, 1), (1, 2)]
TIMES = np.array([0.0, 1.0])


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A model that mixes its tokens little: what a patch holds shows most in that patch's own token."""
    model, folder = tiny_model(patch_grid=GRID), tmp_path_factory.mktemp("wide")
    widen(model, 0.05)
    save_model(folder, model, tiny_tokenizer())
    return load_checkpoint(str(folder))


def hot_in(place: tuple[int, int], segment: int = 0) -> Heatmap:
    values = np.zeros((2, *GRID), np.float32)
    values[(segment, *place)] = 1.0
    return Heatmap(values, TIMES)


def hottest(heat: np.ndarray) -> tuple[int, ...]:
    return tuple(int(index) for index in np.unravel_index(np.argmax(heat), heat.shape))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", PLACES)
def test_a_marked_patch_is_where_the_heat_changes(wide: LoadedModel, method: str, place: tuple[int, int]) -> None:
    drawn = random_clips([2], seed=1, patches=6)
    frames, plain = drawn["frame_features"][0], drawn["patch_features"][0] * 0.1
    marked = plain.clone()
    marked[1, place[0] * 3 + place[1]] += torch.randn(1280, generator=torch.Generator().manual_seed(4))
    for target in (caption_word(wide.processor, "a man is playing", 1), typed_word(wide.processor, "dog")):
        before, after = (
            score_patches(wide, ClipTensors(frames, patches), target, method).unflatten(1, GRID)
            for patches in (plain, marked)
        )
        if method != "gradient_input":  # behind a norm a longer vector changes nothing, and that is its measure
            assert hottest((after - before).abs().numpy()) == (1, *place)
        heat = explain(wide, ClipTensors(frames, marked), target, method, timestamps_seconds=TIMES)
        assert heat.values.shape == (2, *GRID)
        np.testing.assert_allclose(
            heat.values, ((after - after.min()) / (after.max() - after.min())).numpy(), atol=1e-5
        )


def test_pictures_of_heads_have_the_same_grid(wide: LoadedModel) -> None:
    drawn = random_clips([2], patches=6)
    clip = ClipTensors(drawn["frame_features"][0], drawn["patch_features"][0])
    maps = explain_by_head(wide, clip, typed_word(wide.processor, "dog"), timestamps_seconds=TIMES)
    assert {one.values.shape for heads in maps for one in heads} == {(2, *GRID)}


@pytest.mark.parametrize("place", PLACES)
def test_a_marked_place_of_a_frame_is_the_patch_that_changes(wide: LoadedModel, place: tuple[int, int]) -> None:
    plain = np.full((1, 80, 120, 3), 90, np.uint8)
    marked = plain.copy()
    top, left = place[0] * 40, place[1] * 40
    marked[0, top + 5 : top + 35, left + 5 : left + 35] = np.random.default_rng(0).integers(0, 256, (30, 30, 3))
    (_, before), (_, after) = (wide.encode_clip(wide.prepare(pixels)) for pixels in (plain, marked))
    assert hottest((after - before).norm(dim=-1).unflatten(1, GRID)[0].numpy()) == place


@pytest.mark.parametrize("place", PLACES)
def test_heat_is_drawn_over_its_place(place: tuple[int, int]) -> None:
    pixels = np.zeros((80, 120, 3), np.uint8)
    heat = hot_in(place)
    drawn = overlay(pixels, heat.values[0], colour_map="hot", opacity=1.0).sum(-1)
    cells = drawn.reshape(2, 40, 3, 40).mean((1, 3))
    assert hottest(cells) == place
    strip = draw_strip(Frames(np.stack([pixels, pixels]), TIMES), heat, height=80, colour_map="hot", opacity=1.0)
    first = strip[:80, :120].sum(-1).reshape(2, 40, 3, 40).mean((1, 3))
    assert hottest(first) == place
    assert strip[:80, 124:244].sum() == 0  # the other frame is cold
    assert hottest_first(heat)[0] == place[0] * 3 + place[1]


def test_exports_hold_the_places(tmp_path: Path) -> None:
    place, frames = (1, 2), np.full((10, 80, 120, 3), 128, np.uint8)
    clip = cv2.VideoWriter(str(tmp_path / "clip.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (120, 80))
    for frame in frames:
        clip.write(frame)
    clip.release()
    heat = Heatmap(np.stack([hot_in(place).values[0]] * 2), np.array([0.0, 0.9]))
    write_overlay(tmp_path / "clip.avi", heat, tmp_path / "out.webm", limits=ClipLimits(), colour_map="hot")
    _, seen = read_clip(tmp_path / "out.webm", 2, limits=ClipLimits())
    height, width = seen.pixels.shape[1:3]
    change = np.abs(seen.pixels[0].astype(float) - 128).sum(-1)[: height // 2 * 2, : width // 3 * 3]
    assert hottest(change.reshape(2, height // 2, 3, width // 3).mean((1, 3))) == place
    write_numbers(tmp_path / "heat.npz", heat, word="dog", method="rollout")
    assert hottest(np.load(tmp_path / "heat.npz")["values"][1]) == place
    told = report_heatmap("dog", "rollout", heat)
    assert told["shape"] == [2, 2, 3]
    assert told["values"][1] == [[0, 0, 0], [0, 0, 1]]
