"""Views: the same parameters, read in another way."""

from __future__ import annotations

import torch
from accelerate.hooks import AlignDevicesHook, add_hook_to_module

from tests.tiny import random_clips, tiny_model
from videobert_demo.model.adapters import AdaptedLinear
from videobert_demo.model.views import view_of

CLIPS = random_clips([2, 3])


def test_a_view_shares_parameters_and_nothing_else() -> None:
    model = tiny_model()
    view = view_of(model, attention="eager")
    assert all(own is shared for own, shared in zip(model.parameters(), view.parameters(), strict=True))
    assert view.encoder.layers is not model.encoder.layers
    assert view.config.encoder._attn_implementation == view.decoder.config._attn_implementation == "eager"
    assert view.encoder.frame_tower is model.encoder.frame_tower
    assert view_of(model).config._attn_implementation == "sdpa"


def test_adapters_count_in_the_view_alone() -> None:
    model = tiny_model(answer_rank=2)
    answerer = view_of(model, answers=True)
    layers = [layer for layer in answerer.modules() if isinstance(layer, AdaptedLinear)]
    assert all(layer.is_active for layer in layers)
    assert not any(layer.is_active for layer in model.modules() if isinstance(layer, AdaptedLinear))
    for one in (view_of(answerer), view_of(view_of(answerer, answers=False), answers=True)):
        assert sum(isinstance(layer, AdaptedLinear) and layer.is_active for layer in one.modules()) == len(layers) > 0


def test_a_view_reads_weights_that_come_later() -> None:
    model = tiny_model(answer_rank=2)
    answerer = view_of(model, answers=True)
    add_hook_to_module(answerer.encoder, AlignDevicesHook(execution_device="cpu"))
    with torch.inference_mode():
        before = answerer.encoder(**CLIPS).last_hidden_state
        model.encoder.layers.layer[0].intermediate.dense.up.add_(1.0)
        assert not torch.allclose(answerer.encoder(**CLIPS).last_hidden_state, before, atol=1e-3)
