"""Linear layers by oneDNN against PyTorch's own."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from videobert_demo.model.adapters import AdaptedLinear
from videobert_demo.model.linear import HAS_ONEDNN, FastLinear, hasten, linear


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(1, 24), (5, 24), (2, 7, 24), (2, 3, 4, 24)])
def test_gives_what_pytorch_gives(shape: tuple[int, ...], bias: bool) -> None:
    torch.manual_seed(0)
    layer, inputs = nn.Linear(24, 17, bias=bias), torch.randn(shape)
    with torch.inference_mode():
        torch.testing.assert_close(linear(inputs, layer.weight, layer.bias), layer(inputs))
        parts = inputs.unsqueeze(-2).expand(*shape[:-1], 3, shape[-1]).transpose(0, -2)  # not contiguous
        torch.testing.assert_close(linear(parts, layer.weight, layer.bias), layer(parts))


def test_gradients_flow() -> None:
    layer, inputs = FastLinear(4, 3), torch.randn(8, 4, requires_grad=True)
    layer(inputs).sum().backward()
    assert inputs.grad is not None
    torch.testing.assert_close(inputs.grad[0], layer.weight.sum(0))


@pytest.mark.skipif(not HAS_ONEDNN, reason="this CPU has no AVX-512")
def test_onednn_computes_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("PyTorch's own product was asked for")

    monkeypatch.setattr("videobert_demo.model.linear.functional.linear", refuse)
    with torch.inference_mode():
        assert linear(torch.ones(8, 4), torch.ones(3, 4)).tolist() == [[4.0] * 3] * 8


def test_every_plain_layer_is_replaced_but_those_of_the_part_left_out() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stack = nn.Sequential(nn.Linear(4, 4), nn.Sequential(nn.Linear(4, 4, bias=False)))
            self.adapted, self.tower, self.head = AdaptedLinear(4, 4, rank=2), nn.Linear(4, 4), nn.Linear(4, 2)

    model = Model().eval()
    before = dict(model.named_parameters())
    hasten(model, without=model.tower)
    kinds = {name: type(layer) for name, layer in model.named_modules() if isinstance(layer, nn.Linear)}
    assert kinds == {
        "stack.0": FastLinear,
        "stack.1.0": FastLinear,
        "adapted": AdaptedLinear,
        "tower": nn.Linear,
        "head": FastLinear,
    }
    after = dict(model.named_parameters())
    assert after.keys() == before.keys()
    assert all(after[name] is value for name, value in before.items())
    assert not model.head.training
