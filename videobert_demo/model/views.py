"""Views: further trees of modules over a model's parameters. Knows the model's modules; knows no tensors."""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any, cast

from accelerate.hooks import add_hook_to_module
from torch import nn
from transformers import BartConfig, BertConfig

from videobert_demo.model.adapters import AdaptedLinear
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.encoders.contract import FrameEncoder
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration

_HOOKS = ("_forward_hooks", "_forward_hooks_with_kwargs", "_forward_hooks_always_called")
_PRE_HOOKS = ("_forward_pre_hooks", "_forward_pre_hooks_with_kwargs")


def view_of(
    model: VideoBertForConditionalGeneration, *, attention: str | None = None, answers: bool | None = None
) -> VideoBertForConditionalGeneration:
    """A second tree of modules over the same parameters, with hooks and configuration of its own.

    transformers chooses the attention by the configuration, which all layers share. Switching it for a while would
    switch it for other threads in the middle of their passes, and a hook would see their passes as well. A view has
    neither problem; it costs a few milliseconds and no memory.

    Args:
        attention: the view's attention implementation; None keeps the model's.
        answers: whether adapters are active in the view (adapters.py); None keeps what holds for the model.
    """
    config = copy.copy(model.config)
    config.encoder, config.decoder = copy.copy(config.encoder), copy.copy(config.decoder)
    for part in (config, config.encoder, config.decoder):
        part._attn_implementation = attention or model.config._attn_implementation
    twins: dict[int, nn.Module] = {}

    def twin_of(module: nn.Module) -> nn.Module:
        if isinstance(module, FrameEncoder):  # its attention is its own, and it has hundreds of modules
            return module
        if id(module) not in twins:
            twin = twins[id(module)] = copy.copy(module)
            for name in (*_HOOKS, *_PRE_HOOKS):
                setattr(twin, name, OrderedDict(getattr(module, name)))
            twin._modules = {name: child and twin_of(child) for name, child in module._modules.items()}
            if answers is not None and isinstance(twin, AdaptedLinear):
                twin.is_active = answers
            own: Any = getattr(module, "config", None)
            for config_class, replaced in (
                (VideoBertConfig, config),
                (BertConfig, config.encoder),
                (BartConfig, config.decoder),
            ):
                if isinstance(own, config_class):
                    twin.__dict__["config"] = replaced
            # accelerate puts a `forward` into the instance that is bound to the module it came from
            hook = twin.__dict__.pop("_hf_hook", None)
            if hook is not None:
                for name in ("forward", "_old_forward"):
                    twin.__dict__.pop(name, None)
                add_hook_to_module(twin, hook)
        return twins[id(module)]

    return cast(VideoBertForConditionalGeneration, twin_of(model))
