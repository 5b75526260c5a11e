"""Records the attention maps of one pass, and the gradient of a score at them.

Knows the model's modules; knows nothing about what the maps are used for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers.models.bart.modeling_bart import BartDecoderLayer
from transformers.models.bert.modeling_bert import BertLayer

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.two_streams import TwoStreamLayer, join_gradients, join_maps
from videobert_demo.model.views import view_of


@dataclass(eq=False)
class Capture:
    """What was recorded while the context was open; each list has one entry a layer, the first layer first.

    B clips, S encoder tokens, m decoder tokens.

    Attributes:
        model: the one to call: the given model with eager attention.
        encoder: self-attention (B, heads, S, S); of two streams self- and cross-attention in one (`join_maps`).
        decoder: self-attention (B, heads, m, m).
        cross: the decoder's attention to the encoder's tokens (B, heads, m, S).
    """

    model: VideoBertForConditionalGeneration
    encoder: list[Tensor] = field(default_factory=list)
    decoder: list[Tensor] = field(default_factory=list)
    cross: list[Tensor] = field(default_factory=list)
    # by the id of an encoder's map: the maps of the attention modules that it is made of
    _joined: dict[int, tuple[Tensor, ...]] = field(default_factory=dict)

    def gradients(self, score: Tensor, kept: list[Tensor]) -> list[Tensor]:
        """The gradient of the scalar `score` at each of the `kept` tensors; zeros where it does not depend on one.

        The parameters' own `.grad` is left alone, so that threads that share them do not disturb each other.
        """
        groups = [self._joined.get(id(value), (value,)) for value in kept]
        values = [value for group in groups for value in group]
        found = torch.autograd.grad(score, values, retain_graph=True, allow_unused=True)
        filled = iter(torch.zeros_like(value) if one is None else one for value, one in zip(values, found, strict=True))
        return [join_gradients([next(filled) for _ in group]) for group in groups]


@contextmanager
def capture(model: VideoBertForConditionalGeneration, *, gradients: bool = False) -> Iterator[Capture]:
    """Inside, every pass of the yielded `Capture.model` leaves its attention maps; the hooks are always removed.

    Args:
        model: with any attention implementation; it is not touched, and may be in use elsewhere.
        gradients: keep the graph, for `Capture.gradients`; even where the caller works without gradients.
    """
    seen = Capture(view_of(model, attention="eager"))
    with ExitStack() as stack:

        def keep(module: nn.Module, kept: list[Tensor]) -> None:
            handle = module.register_forward_hook(lambda _module, _inputs, output: kept.append(output[1]))
            stack.callback(handle.remove)

        def keep_encoder(_module: nn.Module, _inputs: Any, output: tuple[Any, Tensor | tuple[Tensor, ...]]) -> None:
            joint = join_maps(output[1])
            seen._joined[id(joint)] = (joint,) if isinstance(output[1], Tensor) else output[1]
            seen.encoder.append(joint)

        for layer in seen.model.encoder.layers.layer:
            attention = cast(BertLayer | TwoStreamLayer, layer).attention
            stack.callback(attention.register_forward_hook(keep_encoder).remove)
        for decoder_layer in seen.model.decoder.layers:
            keep(cast(BartDecoderLayer, decoder_layer).self_attn, seen.decoder)
            keep(cast(BartDecoderLayer, decoder_layer).encoder_attn, seen.cross)
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.set_grad_enabled(gradients))
        yield seen
