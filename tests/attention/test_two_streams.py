"""All that explains a word works on a model of two streams as on one of one."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.tiny import random_clips, tiny_model, write_tiny_checkpoint
from videobert_demo.attention.blanking import encode_kept
from videobert_demo.attention.capture import capture
from videobert_demo.attention.explain import METHODS, explain, explain_by_head, score_patches
from videobert_demo.attention.scoring import encoder_inputs
from videobert_demo.attention.targets import Target, answer_word, caption_word, typed_word
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint

TIMES = np.array([0.5, 1.5, 2.5])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A tiny random checkpoint of two streams. Not to be changed."""
    return load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "two", streams=2)))


def targets_of(loaded: LoadedModel) -> dict[str, Target]:
    return {
        "caption": caption_word(loaded.processor, "a man is playing a piano", 1),
        "answer": answer_word(loaded.processor, "a man is playing a", "piano"),
        "typed": typed_word(loaded.processor, "guitar"),
    }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("about", ["caption", "answer", "typed"])
def test_every_method_explains_every_target(two: LoadedModel, clip: ClipTensors, method: str, about: str) -> None:
    heatmap = explain(two, clip, targets_of(two)[about], method, timestamps_seconds=TIMES)
    assert heatmap.values.shape == (3, 2, 2)
    assert (heatmap.values.min(), heatmap.values.max()) == (0.0, 1.0)


@pytest.mark.parametrize("method", ["relevance", "rollout", "attention"])
def test_the_question_counts(two: LoadedModel, clip: ClipTensors, method: str) -> None:
    one, other = (
        score_patches(two, clip, answer_word(two.processor, question, "man"), method)
        for question in ("who is playing", "who is in the kitchen cooking")
    )
    assert not torch.allclose(one, other)


def test_there_is_a_heatmap_for_each_head(two: LoadedModel, clip: ClipTensors) -> None:
    found = explain_by_head(two, clip, targets_of(two)["typed"], timestamps_seconds=TIMES)
    assert [len(heads) for heads in found] == [4, 4]
    assert found[0][0].values.max() == 0.0  # in the first layer no word looks at the video
    assert found[1][0].values.max() == 1.0


def test_relevance_counts_each_map_with_its_own_gradient() -> None:
    """What relevance multiplies, in each block of the joint map, is what the attention modules themselves give."""
    maps: list[Tensor] = []
    with capture(tiny_model(streams=2), gradients=True) as seen:
        attention = seen.model.encoder.layers.layer[-1].attention
        for part in (attention.text, attention.video, attention.text_to_video, attention.video_to_text):
            part.register_forward_hook(lambda _module, _inputs, output: maps.append(output[1]))
        encoded = seen.model.encoder(torch.tensor([[2, 8, 9, 5]]), **random_clips([2]))
        score = seen.model.embed_video(encoded)[0, 0] + encoded.last_hidden_state[0, 0, 0]
        gradient = seen.gradients(score, seen.encoder)[-1]
        own = torch.autograd.grad(score, maps, retain_graph=True)
        nothing = seen.gradients(seen.model.logit_scale * 2, seen.encoder)[-1]
    assert torch.equal(nothing, torch.zeros_like(gradient))
    weighted = gradient * seen.encoder[-1]
    blocks = weighted[..., :4, :4], weighted[..., 4:, 4:], weighted[..., :4, 4:], weighted[..., 4:, :4]
    for block, part, part_gradient in zip(blocks, maps, own, strict=True):
        assert block.abs().max() > 0
        torch.testing.assert_close(block, part * part_gradient)


def test_a_blanked_patch_is_not_seen(two: LoadedModel, clip: ClipTensors) -> None:
    inputs = encoder_inputs(two, clip, "who is playing")
    everything = torch.ones(1, 3, 4, dtype=torch.bool)
    with torch.inference_mode():
        plain = two.model.encoder(**inputs).last_hidden_state
        torch.testing.assert_close(encode_kept(two.model, inputs, everything).last_hidden_state, plain)
        kept = everything.clone()
        kept[0, 1, 2] = False
        seen = encode_kept(two.model, inputs, kept)
        changed = {name: value.clone() for name, value in inputs.items()}
        changed["patch_features"][0, 1, 2] += 1.0
        same = encode_kept(two.model, changed, kept)
    assert seen.attention_mask.sum() == plain.shape[1] - 1
    real = seen.attention_mask
    torch.testing.assert_close(seen.last_hidden_state[real], same.last_hidden_state[real])
    text = seen.layout.text
    assert (text(seen.last_hidden_state) - text(plain)).abs().max() > 1e-4
