from __future__ import annotations

import threading

import pytest
import torch
from accelerate.hooks import AlignDevicesHook, add_hook_to_module
from torch import nn

from tests.tiny import random_clips, tiny_model
from videobert_demo.attention.capture import Capture, capture
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration

IDS = torch.tensor([[2, 7, 8, 9]])


@pytest.fixture
def model() -> VideoBertForConditionalGeneration:
    return tiny_model()


def run(seen: Capture) -> torch.Tensor:
    encoded = seen.model.encoder(**random_clips([2]))
    return seen.model(decoder_input_ids=IDS, encoder_outputs=encoded, use_cache=False).logits


def hooks_of(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules())


def test_records_every_layer_and_changes_nothing(model: VideoBertForConditionalGeneration) -> None:
    with torch.no_grad():
        encoded = model.encoder(**random_clips([2]))
        plain = model(decoder_input_ids=IDS, encoder_outputs=encoded, use_cache=False).logits
    with capture(model) as seen:
        logits = run(seen)
    assert torch.allclose(logits, plain, atol=1e-5)
    tokens = 2 + 3 + 2 * 5 + 1
    assert [weights.shape for weights in seen.encoder] == [(1, 4, tokens, tokens)] * 2
    assert [weights.shape for weights in seen.decoder] == [(1, 4, 4, 4)] * 2
    assert [weights.shape for weights in seen.cross] == [(1, 4, 4, tokens)] * 2
    for weights in (*seen.encoder, *seen.decoder, *seen.cross):
        assert torch.allclose(weights.sum(-1), torch.ones(()), atol=1e-5)
        assert not weights.requires_grad


def test_the_model_itself_is_left_alone(model: VideoBertForConditionalGeneration) -> None:
    before = [id(module) for module in model.modules()]
    with capture(model, gradients=True) as seen:
        assert hooks_of(model) == 0
        assert hooks_of(seen.model) == 6
        seen.gradients(run(seen).sum(), seen.encoder)
    assert [id(module) for module in model.modules()] == before
    assert model.config._attn_implementation == model.config.encoder._attn_implementation == "sdpa"
    assert model.encoder.layers.layer[0].attention.self.config._attn_implementation == "sdpa"
    assert all(value.grad is None for value in model.parameters())


@pytest.mark.parametrize("fails", [False, True])
def test_hooks_are_removed(model: VideoBertForConditionalGeneration, fails: bool) -> None:
    kept: list[Capture] = []

    def use() -> None:
        with capture(model) as seen:
            kept.append(seen)
            run(seen)
            if fails:
                raise RuntimeError("in the middle")

    if fails:
        with pytest.raises(RuntimeError, match="in the middle"):
            use()
    else:
        use()
    (seen,) = kept
    assert hooks_of(seen.model) == hooks_of(model) == 0
    run(seen)
    assert len(seen.encoder) == 2  # nothing was added after the end
    assert torch.is_grad_enabled()


def test_gradients_are_those_of_the_score(model: VideoBertForConditionalGeneration) -> None:
    with torch.inference_mode(), capture(model, gradients=True) as seen:
        logits = run(seen)
        score = logits[0, 1, 5]
        (gradient,) = seen.gradients(score, [seen.cross[-1]])
        later = seen.gradients(score, [seen.decoder[0]])[0]
    assert gradient.abs().sum() > 0
    assert torch.equal(gradient[:, :, 2:], torch.zeros_like(gradient[:, :, 2:]))  # words after the second do not count
    assert later.abs().sum() > 0


def test_a_score_that_does_not_depend_has_no_gradient(model: VideoBertForConditionalGeneration) -> None:
    with capture(model, gradients=True) as seen:
        encoded = seen.model.encoder(**random_clips([2]))
        run(seen)
        score = seen.model.embed_video(encoded)[0, 0]
        (gradient,) = seen.gradients(score, [seen.cross[0]])
    assert torch.equal(gradient, torch.zeros_like(seen.cross[0]))


def test_a_view_of_a_model_that_accelerate_placed(model: VideoBertForConditionalGeneration) -> None:
    add_hook_to_module(model.encoder, AlignDevicesHook(execution_device="cpu"))
    with capture(model) as seen:
        run(seen)
    assert len(seen.encoder) == 2
    assert model.encoder.forward.__wrapped__.__self__ is model.encoder


def test_passes_of_other_threads_are_not_seen(model: VideoBertForConditionalGeneration) -> None:
    clips = random_clips([3, 2])
    with torch.no_grad():
        expected = model.encoder(**clips).last_hidden_state
    stop, wrong = threading.Event(), []

    def encode() -> None:
        with torch.no_grad():
            while not stop.is_set():
                if not torch.equal(model.encoder(**clips).last_hidden_state, expected):
                    wrong.append(1)

    other = threading.Thread(target=encode)
    other.start()
    try:
        for _ in range(10):
            with capture(model, gradients=True) as seen:
                run(seen)
            assert len(seen.encoder) == len(seen.cross) == 2
            assert all(len(weights) == 1 for weights in seen.encoder)
    finally:
        stop.set()
        other.join()
    assert not wrong
