"""Layers are left out in training only, and one always stays."""

from __future__ import annotations

import torch
from torch import nn

from tests.tiny import random_clips, tiny_model
from videobert_demo.model.layer_dropout import draw_layers


def test_layers_are_left_out_with_their_probability_and_stay_in_order() -> None:
    torch.manual_seed(0)
    layers = [nn.Identity() for _ in range(6)]
    drawn = [draw_layers(layers, 0.5) for _ in range(300)]
    assert 2.7 < sum(map(len, drawn)) / 300 < 3.4
    assert all(one and [layers.index(layer) for layer in one] == sorted(map(layers.index, one)) for one in drawn)
    state = torch.random.get_rng_state()
    assert draw_layers(layers, 0.0) == layers
    assert torch.equal(state, torch.random.get_rng_state())


def test_a_model_leaves_layers_out_only_while_it_learns() -> None:
    for streams in (1, 2):
        model = tiny_model(streams=streams)
        clips = random_clips([2, 3])
        with torch.no_grad():
            plain = model.encoder(**clips).last_hidden_state
            model.config.layer_dropout = 0.5
            torch.testing.assert_close(model.encoder(**clips).last_hidden_state, plain)
            model.train()
            states = [model.encoder(**clips).last_hidden_state for _ in range(12)]
        alike = [torch.allclose(one, plain, atol=1e-5) for one in states]
        assert any(alike)
        assert not all(alike)
