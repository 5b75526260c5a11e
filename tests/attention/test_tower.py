"""Heat through the frame encoder's own attention: of the places that the encoder saw, not of the model's patches."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.published import save_bart, save_bert, save_published
from tests.tiny import widen
from videobert_demo.attention.explain import FINER_METHODS, explain, score_patches
from videobert_demo.attention.faithfulness import compare_heatmaps, measure_faithfulness
from videobert_demo.attention.targets import Target, caption_word, typed_word
from videobert_demo.attention.tower import (
    TowerPass,
    flip_positions,
    positions_of_patches,
    rolled_out,
    weighted,
)
from videobert_demo.errors import MethodError
from videobert_demo.model.encoders.own_attention import declares_attention
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.training.checkpoints import save_model
from videobert_demo.training.parts import build_from_parts
from videobert_demo.types import Heatmap

TIMES = np.array([0.5, 1.5])
GRID = (2, 3)
RARELY = pytest.mark.exhaustive
FAMILIES = [
    *("clip", "siglip", "videomae", "xclip"),
    *(pytest.param(name, marks=RARELY) for name in ("siglip2", "dinov2", "dinov2_registers", "dinov3", "vit")),
    *(pytest.param(name, marks=RARELY) for name in ("timesformer", "vivit", "vjepa2")),
]
"""One of a class token, one of places alone, one of several time steps, one of maps for each frame; and the others."""

Strong = Callable[[str], LoadedModel]


@pytest.fixture(scope="module")
def strong(tmp_path_factory: pytest.TempPathFactory) -> Strong:
    """A checkpoint with the frame encoder of a family, and patches of two rows and three columns; each once."""
    folder = tmp_path_factory.mktemp("parts")
    save_bert(folder / "text")
    save_bart(folder / "decoder")

    @cache
    def load(name: str) -> LoadedModel:
        save_published(name, folder / name)
        parts = (str(folder / part) for part in (name, "text", "decoder"))
        grid = 2 if name == "resnet" else GRID  # a network of convolutions sees 2 x 2 places here
        model, processor = build_from_parts(*parts, patch_grid=grid, max_frames=2)
        widen(model, 0.3)
        save_model(folder / f"{name}_model", model, processor)
        return load_checkpoint(str(folder / f"{name}_model"))

    return load


def look(loaded: LoadedModel, *, height: int = 60, width: int = 100) -> tuple[Tensor, ClipTensors]:
    """Two wide segments of noise, prepared, and their features."""
    frames = (loaded.preparation.frames,) if loaded.preparation.frames > 1 else ()
    pixels = np.random.default_rng(3).integers(0, 256, (2, *frames, height, width, 3), dtype=np.uint8)
    segments = loaded.prepare(pixels)
    return segments, ClipTensors(*loaded.encode_clip(segments))


def targets_of(loaded: LoadedModel) -> tuple[Target, Target]:
    return caption_word(loaded.processor, "a man is playing a piano", 1), typed_word(loaded.processor, "dog")


@pytest.mark.parametrize("name", FAMILIES)
def test_heat_is_as_fine_as_the_encoders_grid(strong: Strong, name: str) -> None:
    loaded = strong(name)
    segments, clip = look(loaded)
    grid = tuple(side // 16 for side in segments.shape[-2:])
    assert grid[0] * grid[1] > GRID[0] * GRID[1]
    with torch.no_grad():
        tower = TowerPass(loaded, segments)
    torch.testing.assert_close(tower.inputs["frame_features"][0], clip.frame_features, atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(tower.inputs["patch_features"][0], clip.patch_features, atol=1e-3, rtol=1e-3)
    for method in FINER_METHODS:
        for target in targets_of(loaded):
            heatmap = explain(loaded, clip, target, method, timestamps_seconds=TIMES, segments=segments)
            assert heatmap.values.shape == (2, *grid)
            assert (heatmap.values.min(), heatmap.values.max()) == (0.0, 1.0)


@pytest.mark.parametrize("name", ["siglip", "videomae"])
def test_rollout_through_the_encoder_loses_nothing(strong: Strong, name: str) -> None:
    """Their tokens are places alone, so that all heat of a segment ends in its places."""
    loaded = strong(name)
    segments, _ = look(loaded)
    frames, patches = torch.tensor([1.0, 0.5]), torch.tensor([[0.5] * 6, [2.0] * 6])
    with torch.no_grad():
        tower = TowerPass(loaded, segments)
        found = tower.spread(frames, patches, rolled_out(tower.maps))
    torch.testing.assert_close(found.sum((1, 2)), frames + patches.sum(1))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_place_that_everything_looks_at_is_the_only_hot_one(strong: Strong, name: str) -> None:
    """Of the last column in the plain image, and of the first one in its mirror image."""
    loaded = strong(name)
    segments, _ = look(loaded)
    with torch.no_grad():
        tower = TowerPass(loaded, segments)
    (rows, columns), size = tower.grid, tower.maps[0].shape[-1]
    seen, half = tower._seen, len(tower.maps[0]) // 2
    matrices = torch.zeros(len(tower.maps[0]), size, size)
    for chosen, column in ((slice(half), columns - 1), (slice(half, None), 0)):
        place = columns + column  # in the second row
        step = place * seen.steps if seen.has_time_inside else place
        matrices[chosen, :, seen.prefix + step] = 1.0
    found = tower.spread(torch.tensor([1.0, 0.0]), torch.tensor([[0.0] * 6, [2.0] * 6]), list(matrices))
    expected = torch.zeros(2, rows, columns)
    expected[:, 1, columns - 1] = torch.tensor([1.0, 12.0])
    torch.testing.assert_close(found, expected)


def test_heat_of_an_encoder_whose_attention_changes_nothing_stays_in_the_patches(
    strong: Strong, tmp_path: Path
) -> None:
    """Where no gradient reaches the encoder's maps, each of its places has its share of the patch that it is in."""
    model, processor = strong("clip").model, strong("clip").processor
    save_model(tmp_path, model, processor)
    loaded = load_checkpoint(str(tmp_path))
    with torch.no_grad():
        for name, value in loaded.model.encoder.frame_tower.named_parameters():
            if ".out_proj." in name:
                value.zero_()
    segments, _ = look(loaded, height=100, width=100)
    with torch.no_grad():
        tower = TowerPass(loaded, segments)
        clip = ClipTensors(tower.inputs["frame_features"][0], tower.inputs["patch_features"][0])
    word = targets_of(loaded)[1]
    patches = score_patches(loaded, clip, word, "relevance")
    heat = explain(loaded, clip, word, "relevance", timestamps_seconds=TIMES, segments=segments).values
    shares = (patches @ positions_of_patches((4, 4), GRID)).unflatten(1, (4, 4))
    expected = (shares - shares.min()) / (shares.max() - shares.min())
    np.testing.assert_allclose(heat, expected.numpy(), atol=1e-4)
    assert len(np.unique(heat.round(4))) > 6  # of two patches each, and of each of two segments


def test_which_places_a_patch_is_made_of() -> None:
    found = positions_of_patches((4, 6), GRID)
    assert found.shape == (6, 24)
    assert torch.nonzero(found[2]).flatten().tolist() == [4, 5, 10, 11]  # the upper right one
    assert found[2, 4] == 0.25
    uneven = positions_of_patches((4, 4), GRID)
    assert torch.nonzero(uneven[1]).flatten().tolist() == [1, 2, 5, 6]  # the middle one shares its places
    torch.testing.assert_close(uneven.sum(0), torch.full((16,), 6 / 16))  # even heat stays even


def test_matrices_of_a_mirror_image_are_put_back() -> None:
    joined = torch.zeros(1, 7, 6)
    joined[0, 0, 3] = 1.0  # the whole looks at the lower left
    joined[0, 1 + 2, 1] = 2.0  # the upper right looks at the upper middle
    found = flip_positions(joined, GRID)
    assert found[0, 0].tolist() == [0, 0, 0, 0, 0, 1.0]
    assert found[0, 1].tolist() == [0, 2.0, 0, 0, 0, 0]
    assert found.sum() == 3.0


def test_relevance_of_each_pass_is_its_own() -> None:
    maps = [torch.rand(3, 2, 4, 4).softmax(-1) for _ in range(2)]
    slopes = [torch.randn(3, 2, 4, 4) for _ in range(2)]
    together = weighted(maps, slopes)
    for number in range(3):
        (alone,) = weighted(
            [layer[number : number + 1] for layer in maps], [layer[number : number + 1] for layer in slopes]
        )
        assert torch.equal(together[number], alone)


def test_what_has_no_attention_of_its_own_is_refused(strong: Strong, loaded: LoadedModel, clip: ClipTensors) -> None:
    towers = [one.model.encoder.frame_tower for one in (strong("clip"), strong("resnet"), loaded)]
    assert [declares_attention(tower) for tower in towers] == [True, False, False]
    word = typed_word(loaded.processor, "guitar")
    images = torch.zeros(3, 3, 224, 224)
    with pytest.raises(MethodError, match="no attention of its own"):
        explain(loaded, clip, word, "rollout", timestamps_seconds=np.arange(3.0), segments=images)
    with pytest.raises(MethodError, match="relevance and rollout"):
        explain(loaded, clip, word, "similarity", timestamps_seconds=np.arange(3.0), segments=images)


def test_the_model_is_left_as_it_was(strong: Strong) -> None:
    loaded = strong("clip")
    tower = loaded.model.encoder.frame_tower
    segments, clip = look(loaded)
    explain(loaded, clip, targets_of(loaded)[0], "relevance", timestamps_seconds=TIMES, segments=segments)
    assert tower.model.config._attn_implementation != "eager"
    assert not tower.model.config.output_attentions
    assert all(value.grad is None for value in loaded.model.parameters())
    assert not any(module._forward_hooks for module in tower.modules())


def test_finer_heat_is_tested_by_the_patches_that_it_lies_in(strong: Strong) -> None:
    loaded = strong("clip")
    _, clip = look(loaded, height=100, width=100)
    target = targets_of(loaded)[0]
    coarse = np.random.default_rng(0).random((2, *GRID)).astype(np.float32)
    heats = {"coarse": coarse, "fine": coarse.repeat(2, 1).repeat(3, 2)}
    found = compare_heatmaps(
        loaded, clip, target, {name: Heatmap(heat, TIMES) for name, heat in heats.items()}, steps=3, draws=1
    )
    np.testing.assert_allclose(found["fine"].deletion, found["coarse"].deletion, atol=1e-5)
    with pytest.raises(ValueError, match="does not fit"):
        measure_faithfulness(loaded, clip, target, Heatmap(coarse[:, :1], TIMES))
