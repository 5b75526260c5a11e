"""Blanking, and the curves that it gives, on a model that is built so that one patch decides."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from tests.tiny import random_clips, tiny_model, tiny_tokenizer
from videobert_demo.attention import faithfulness
from videobert_demo.attention.blanking import encode_kept, pool_kept
from videobert_demo.attention.faithfulness import (
    Faithfulness,
    compare_heatmaps,
    hottest_first,
    keep_first,
    measure_faithfulness,
)
from videobert_demo.attention.scoring import encoder_inputs, score_target
from videobert_demo.attention.targets import Target, answer_word, caption_word
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.types import Heatmap

FRAME, PLACE = 2, 1
EVERYTHING = torch.ones(1, 3, 4, dtype=torch.bool)


def load(model: VideoBertForConditionalGeneration) -> LoadedModel:
    return LoadedModel(model, VideoBertProcessor(tiny_tokenizer()), model.encoder.frame_tower, "built")


@pytest.fixture
def one_patch_decides(monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """Tokens do not mix, and channel 0 of a patch alone moves the first coordinate, which is the word's direction."""
    model = tiny_model()
    with torch.no_grad():
        for layer in model.encoder.layers.layer:
            for part in (layer.attention.output.dense, layer.output.dense):
                part.weight.zero_()
                part.bias.zero_()
        video = model.encoder.video_embeddings
        for weights in (video.frame_projection.weight, video.patch_projection.weight, model.video_projection.weight):
            weights.zero_()
        for table in (video.word_embeddings, video.label_embeddings, video.place_embeddings, video.time_embeddings):
            table.weight[:, 0] = 0.0
        video.patch_projection.weight[0, 0] = 100.0
        video.patch_projection.bias[0] = video.frame_projection.bias[0] = 0.0
        model.video_projection.weight[torch.arange(16), torch.arange(16)] = 1.0
    direction = torch.eye(16)[0]
    monkeypatch.setattr(faithfulness, "target_direction", lambda _loaded, _target: direction)
    return load(model)


@pytest.fixture
def clip() -> ClipTensors:
    """Only one patch has channel 0."""
    drawn = random_clips([3], seed=3)
    patches = drawn["patch_features"][0].clone()
    patches[:, :, 0] = 0.0
    patches[FRAME, PLACE, 0] = 5.0
    return ClipTensors(drawn["frame_features"][0], patches)


def make_heatmap(hot: float, rest: float) -> Heatmap:
    values = np.full((3, 2, 2), rest, np.float32)
    values.reshape(3, 4)[FRAME, PLACE] = hot
    return Heatmap(values, np.arange(3.0))


def test_an_oracle_beats_random_order_and_its_opposite_loses(one_patch_decides: LoadedModel, clip: ClipTensors) -> None:
    heatmaps = {"oracle": make_heatmap(1.0, 0.0), "opposite": make_heatmap(0.0, 1.0)}
    found = compare_heatmaps(one_patch_decides, clip, Target("dog"), heatmaps, steps=4, draws=8)
    oracle, opposite = found["oracle"], found["opposite"]
    assert oracle.deletion_gain > 0.01
    assert oracle.insertion_gain > 0.01
    assert opposite.deletion_gain < -0.01
    assert opposite.insertion_gain < -0.01
    assert oracle.score == pytest.approx((oracle.deletion_gain + oracle.insertion_gain) / 2)
    # the oracle takes away all there is in its first step, its opposite only in the last one
    assert oracle.deletion[0] - oracle.deletion[1] > 0.1
    assert oracle.insertion[1] - oracle.insertion[0] > 0.1
    assert opposite.deletion[-2] - opposite.deletion[-1] > 0.1
    for curves in found.values():
        assert curves.deletion[0] == curves.insertion[-1] == curves.random_deletion[0] == curves.random_insertion[-1]
        assert curves.deletion[-1] == curves.insertion[0] == curves.random_deletion[-1] == curves.random_insertion[0]


def test_one_heatmap_gives_what_a_comparison_gives(one_patch_decides: LoadedModel, clip: ClipTensors) -> None:
    heatmap, target = make_heatmap(1.0, 0.0), Target("dog")
    alone = measure_faithfulness(one_patch_decides, clip, target, heatmap, steps=3, draws=2, seed=4)
    both = compare_heatmaps(
        one_patch_decides, clip, target, {"a": make_heatmap(0.0, 1.0), "b": heatmap}, steps=3, draws=2, seed=4
    )["b"]
    assert np.allclose(alone.shares, [0, 1 / 3, 2 / 3, 1])
    for name in ("deletion", "insertion", "random_deletion", "random_insertion"):
        assert np.allclose(getattr(alone, name), getattr(both, name), atol=1e-6)


def test_costs_few_passes(one_patch_decides: LoadedModel, clip: ClipTensors, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []

    def counted(
        model: VideoBertForConditionalGeneration, inputs: dict[str, torch.Tensor], kept: torch.Tensor
    ) -> object:
        batches.append(len(kept))
        return encode_kept(model, inputs, kept)

    monkeypatch.setattr(faithfulness, "encode_kept", counted)
    heatmaps = {"a": make_heatmap(1.0, 0.0), "b": make_heatmap(0.0, 1.0)}
    compare_heatmaps(one_patch_decides, clip, Target("dog"), heatmaps, steps=4, draws=3)
    assert batches == [16, 3 * (2 * 2 + 3) + 2 - 16]


def test_rejects_what_does_not_fit(one_patch_decides: LoadedModel, clip: ClipTensors) -> None:
    small = Heatmap(np.zeros((2, 2, 2), np.float32), np.arange(2.0))
    with pytest.raises(ValueError, match="does not fit"):
        measure_faithfulness(one_patch_decides, clip, Target("dog"), small)
    with pytest.raises(ValueError, match="steps"):
        measure_faithfulness(one_patch_decides, clip, Target("dog"), make_heatmap(1, 0), steps=1)


@pytest.fixture(scope="module")
def loaded() -> LoadedModel:
    return load(tiny_model())


def targets_of(loaded: LoadedModel) -> Iterator[Target]:
    yield caption_word(loaded.processor, "a man is playing", 3)
    yield answer_word(loaded.processor, "who is playing", "man")


def scores_of(loaded: LoadedModel, clip: ClipTensors, target: Target, kept: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        encoded = encode_kept(loaded.model, encoder_inputs(loaded, clip, target.question), kept)
        return score_target(loaded.model, encoded, target, None)


def test_with_all_patches_it_is_the_plain_pass(loaded: LoadedModel, clip: ClipTensors) -> None:
    for target in targets_of(loaded):
        with torch.no_grad():
            encoded = loaded.model.encoder(**encoder_inputs(loaded, clip, target.question))
            plain = score_target(loaded.model, encoded, target, None)
        assert torch.allclose(scores_of(loaded, clip, target, EVERYTHING), plain, atol=1e-5)


def test_nothing_of_a_blanked_patch_reaches_the_model(loaded: LoadedModel, clip: ClipTensors) -> None:
    kept = EVERYTHING.clone()
    kept[0, 0, 2] = False
    kept[0, 1] = False
    other = ClipTensors(clip.frame_features.clone(), clip.patch_features.clone())
    other.patch_features[0, 2] = 6 * torch.rand(1280)
    other.patch_features[1] = 6 * torch.rand(4, 1280)
    other.frame_features[:2] = 6 * torch.rand(2, 1280)  # the pooled features saw them, and so did word ids and labels
    for target in targets_of(loaded):
        assert torch.allclose(scores_of(loaded, clip, target, kept), scores_of(loaded, other, target, kept), atol=1e-5)
        whole = [scores_of(loaded, one, target, EVERYTHING) for one in (clip, other)]
        assert not torch.allclose(*whole, atol=1e-3)


def test_without_any_patch_clips_are_alike(loaded: LoadedModel, clip: ClipTensors) -> None:
    drawn = random_clips([3], seed=99)
    other = ClipTensors(3 * drawn["frame_features"][0], 3 * drawn["patch_features"][0])
    for target in targets_of(loaded):
        one, two = (scores_of(loaded, given, target, ~EVERYTHING) for given in (clip, other))
        assert torch.isfinite(one).all()
        assert torch.allclose(one, two, atol=1e-5)


def test_rows_of_a_batch_do_not_meet(loaded: LoadedModel, clip: ClipTensors) -> None:
    kept = torch.rand(5, 3, 4, generator=torch.Generator().manual_seed(0)) < 0.5
    (target, _) = targets_of(loaded)
    together = scores_of(loaded, clip, target, kept)
    alone = torch.cat([scores_of(loaded, clip, target, row[None]) for row in kept])
    assert torch.allclose(together, alone, atol=1e-5)
    assert len(set(together.tolist())) == 5


def test_a_mask_of_other_patches_is_refused(loaded: LoadedModel, clip: ClipTensors) -> None:
    with pytest.raises(RuntimeError, match="size"):
        encode_kept(loaded.model, encoder_inputs(loaded, clip, ""), torch.ones(1, 3, 5, dtype=torch.bool))


def test_pooled_features_without_blanked_patches() -> None:
    patches = torch.arange(8.0).reshape(1, 2, 4, 1)  # 0 1 2 3 | 4 5 6 7
    frames = torch.tensor([[[1.4], [5.6]]])
    kept = torch.tensor([[[True, False, False, True], [True, True, True, True]]])
    assert torch.allclose(pool_kept(frames, patches, kept), torch.tensor([[[1.5], [5.6]]]))
    kept[0, 1] = False
    assert torch.allclose(pool_kept(frames, patches, kept), torch.tensor([[[1.5], [5.6]]]))
    kept[0, 1, 3] = True
    assert torch.allclose(pool_kept(frames, patches, kept), torch.tensor([[[1.5], [7.0]]]))


def test_orders() -> None:
    heatmap = Heatmap(np.array([[[0.2, 1.0]], [[1.0, 0.0]]], np.float32), np.arange(2.0))
    order = hottest_first(heatmap)
    assert order.tolist() == [1, 2, 0, 3]
    assert [row.tolist() for row in keep_first(order, [0, 1, 3])] == [
        [False, False, False, False],
        [False, True, False, False],
        [True, True, True, False],
    ]


def test_areas_are_worked_out() -> None:
    shares = np.array([0.0, 0.5, 1.0])
    curves = Faithfulness(
        shares,
        deletion=np.array([0.0, -4.0, -4.0]),
        insertion=np.array([-4.0, 0.0, 0.0]),
        random_deletion=np.array([0.0, -2.0, -4.0]),
        random_insertion=np.array([-4.0, -3.0, 0.0]),
    )
    assert (curves.deletion_gain, curves.insertion_gain, curves.score) == (1.0, 1.5, 1.25)
    with pytest.raises(ValueError, match="shape"):
        Faithfulness(shares, shares[:2], shares, shares, shares)
    with pytest.raises(ValueError, match="non-decreasing"):
        Faithfulness(shares[::-1], shares, shares, shares, shares)
    with pytest.raises(ValueError, match="finite"):
        Faithfulness(shares, shares, shares, shares, np.array([0.0, np.nan, 1.0]))
