"""FSDP, where accelerate's config asks for it: weights, gradients and moments are shared out among the processes.

accelerate shares them out (configs/fsdp.yaml). What is written or measured needs them whole: `whole` gathers them for
as long as that takes, and states on disk hold them whole, so that a run goes on with another number of processes.
Knows weights and states; knows no objective and no file.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedType
from torch import Tensor, nn

from videobert_demo.errors import DataError
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.training.config import TrainingConfig


def is_sharded(accelerator: Accelerator) -> bool:
    """Whether the weights are shared out."""
    return bool(accelerator.distributed_type == DistributedType.FSDP)


def prepare_sharding(
    accelerator: Accelerator, model: VideoBertForConditionalGeneration, config: TrainingConfig
) -> None:
    """Says how accelerate shares out a model; a frame encoder that does not learn stays whole in every process.

    Raises:
        DataError: the config wants what cannot be shared out.
    """
    if not is_sharded(accelerator):
        return
    plugin = accelerator.state.fsdp_plugin
    if plugin.fsdp_version != 2:
        raise DataError("FSDP is wanted in its first version; set fsdp_version to 2 in accelerate's config")
    if config.layer_dropout or config.weights.self_critical > 0:
        raise DataError("FSDP gathers layers in all processes at once: set layer_dropout and self_critical to 0")
    for value in model.parameters():
        if value.ndim == 0:  # cannot be shared out; as one number in a row it broadcasts as before
            value.data = value.data.reshape(1)
    if not config.tower_blocks:
        plugin.ignored_modules = [model.encoder.frame_tower]


def name_layers(model: nn.Module) -> list[str]:
    """The classes of the layers that are gathered one at a time: what stacks of layers are made of."""
    stacks = (module for module in model.modules() if isinstance(module, nn.ModuleList) and len(module) > 1)
    of_blocks = (stack for stack in stacks if len({type(layer) for layer in stack}) == 1)
    return sorted({type(stack[0]).__name__ for stack in of_blocks if any(True for _ in stack[0].parameters())})


@contextlib.contextmanager
def whole(model: VideoBertForConditionalGeneration) -> Iterator[VideoBertForConditionalGeneration]:
    """Inside, a model with all weights: itself, or a copy where it is shared out. All processes have to ask."""
    shared = any(_is_shared(value) for value in model.parameters())
    if not shared:
        yield model
        return
    weights = gather(model.state_dict())
    sizes: Any = copy.deepcopy(model.config)
    copied = type(model)(sizes)
    copied.set_attn_implementation(model.config._attn_implementation)
    copied.load_state_dict({name: weights[name].reshape(value.shape) for name, value in copied.state_dict().items()})
    yield copied.train(model.training).to(model.device)


def gather(state: Any) -> Any:
    """A state with every shared tensor whole, on the CPU; in dictionaries and lists. All processes have to ask."""
    if isinstance(state, Mapping):
        return {name: gather(value) for name, value in state.items()}
    if isinstance(state, (list, tuple)):
        return [gather(value) for value in state]
    return state.full_tensor().cpu() if _is_shared(state) else state


def share_out(value: Tensor, like: Tensor) -> Tensor:
    """A whole tensor as this process holds one like `like`: its own part, or all of it."""
    if not _is_shared(like):
        return value
    from torch.distributed.tensor import DTensor, distribute_tensor

    assert isinstance(like, DTensor)
    own = value.to(like.device).reshape(like.shape)
    shared: Tensor = distribute_tensor(own, like.device_mesh, like.placements, src_data_rank=None)  # nothing is sent
    return shared


def share_out_weights(weights: Mapping[str, Tensor], model: nn.Module) -> dict[str, Tensor]:
    """Whole weights as the model's state dict holds them."""
    return {name: share_out(weights[name], value) for name, value in model.state_dict().items()}


def share_out_moments(state: dict[str, Any], parameters: Sequence[nn.Parameter]) -> dict[str, Any]:
    """An optimiser's whole state as it holds that of these parameters, which are in its order."""
    moments = {
        place: {
            name: share_out(value, parameters[place]) if value.shape == parameters[place].shape else value
            for name, value in of_one.items()
        }
        for place, of_one in state["state"].items()
    }
    return {**state, "state": moments}


def _is_shared(value: Any) -> bool:
    if not isinstance(value, Tensor) or not torch.distributed.is_available():
        return False
    from torch.distributed.tensor import DTensor

    return isinstance(value, DTensor)
