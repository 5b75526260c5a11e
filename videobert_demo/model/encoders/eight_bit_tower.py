"""The frame tower in 8 bits: weights and what flows between layers are whole numbers, which onnxruntime multiplies.

    q = round(x / (unit_c * step)) + zero     unit: of each channel c; step, zero: of the whole layer

ReLU6 ends at 6, and 255 steps of 6 / 255 end there by themselves. Sums of residual blocks have no such bounds, and
some of their channels are far larger than others: there each channel has its own unit, one for all layers that are
added, and the weights on both sides absorb it. What rounding the weights adds on average is taken from the bias; that
matters most. Both are from data-free quantization (arXiv 1906.04721, sections 4.1, 4.2), with means of real frames.

Knows the tower's layers and images; nothing about clips or words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.efficientnet_lite import (
    FEATURE_CHANNELS,
    PIXEL_MEAN,
    PIXEL_SCALE,
    ConvBlock,
    FrameTower,
    InvertedResidual,
    walk_through,
)

CALIBRATION_FILE = "frame_tower_int8.safetensors"
"""The file of a checkpoint's folder that holds what `calibrate` found of its tower."""
OPSET = 17
_MEAN, _LARGEST = "mean.", "largest."
_RELU6_STEP, _LEAST_UNIT = 6.0 / 255, 1e-3


@dataclass(frozen=True, eq=False)
class TowerCalibration:
    """What frames look like inside a tower.

    Attributes:
        tower_hash: that of the weights that were looked at; a calibration fits these only.
        means: those of what goes into each convolution, by its name, (C,) fp32.
        largest: the largest absolute value of each layer that has no ReLU6, by its name, (C,) fp32.
    """

    tower_hash: str
    means: Mapping[str, NDArray[np.float32]]
    largest: Mapping[str, NDArray[np.float32]]

    def write(self, folder: Path) -> None:
        """Puts it into a checkpoint's folder."""
        values = {_MEAN + name: mean for name, mean in self.means.items()}
        values |= {_LARGEST + name: value for name, value in self.largest.items()}
        halves = {name: torch.from_numpy(value).half() for name, value in values.items()}
        save_file(halves, folder / CALIBRATION_FILE, metadata={"tower": self.tower_hash})

    @classmethod
    def read(cls, folder: Path) -> TowerCalibration | None:
        """The calibration of a checkpoint's folder; None if it has none.

        Raises:
            CheckpointError: the file is damaged, or holds what is no finite number.
        """
        if not (folder / CALIBRATION_FILE).is_file():
            return None
        try:
            with safe_open(folder / CALIBRATION_FILE, "pt") as file:
                found = {name: file.get_tensor(name).float().numpy() for name in file.keys()}  # noqa: SIM118
                tower = (file.metadata() or {}).get("tower", "")
        except (OSError, SafetensorError) as error:
            raise CheckpointError(
                f"{folder / CALIBRATION_FILE} is damaged; make it again with `int8-tower`."
            ) from error
        if not all(np.isfinite(value).all() for value in found.values()):
            raise CheckpointError(
                f"{folder / CALIBRATION_FILE} holds numbers that are not finite; make it again with `int8-tower`."
            )
        means = {name.removeprefix(_MEAN): value for name, value in found.items() if name.startswith(_MEAN)}
        largest = {name.removeprefix(_LARGEST): value for name, value in found.items() if name.startswith(_LARGEST)}
        return cls(tower, means, largest)

    def fits(self, tower: FrameTower) -> bool:
        """Whether it was made with these weights."""
        return self.tower_hash == hash_tower(tower)


def hash_tower(tower: FrameTower) -> str:
    """16 hexadecimal digits of the weights that make feature maps; the same in fp16 as in fp32, and for -0 as for 0."""
    digest = hashlib.sha256()
    for name, weight in tower.state_dict().items():
        if not name.startswith("classifier"):
            digest.update((weight.detach().half().cpu() + 0).numpy().tobytes())  # -0 + 0 is 0
    return digest.hexdigest()[:16]


@torch.inference_mode()
def calibrate(tower: FrameTower, batches: Iterable[Tensor]) -> TowerCalibration:
    """Looks at frames.

    Args:
        tower: in fp32.
        batches: prepared images (N, 3, H, W), at least one batch.
    """
    sums: dict[str, Tensor] = {}
    largest: dict[str, Tensor] = {}
    count = 0

    def run(name: str, block: ConvBlock, images: Tensor) -> Tensor:
        sums[name] = sums.get(name, torch.zeros(images.shape[1])) + images.mean((0, 2, 3))
        found: Tensor = block(images)
        return found if block.activate else measured(name, found)

    def measured(name: str, found: Tensor) -> Tensor:
        most = found.abs().amax((0, 2, 3))
        largest[name] = torch.maximum(largest[name], most) if name in largest else most
        return found

    def add(name: str, first: Tensor, second: Tensor) -> Tensor:
        return measured(name, first + second)

    for batch in batches:
        count += 1
        walk_through(tower, batch, run, add)
    if not count:
        raise ValueError("no frames to calibrate with")
    means = {name: (total / count).numpy() for name, total in sums.items()}
    return TowerCalibration(hash_tower(tower), means, {name: most.numpy() for name, most in largest.items()})


@dataclass(frozen=True, eq=False)
class _Flow:
    """What flows between two layers: its name in the graph, the unit of each channel (C,), and the layer's step."""

    name: str
    unit: NDArray[np.float64]
    step: float


class _Graph:
    """Collects the nodes and constants of a graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def rounded(self, source: str, name: str, step: float, zero: int) -> str:
        """`source` in whole steps between 0 and 255."""
        scale = [self.constant(f"{name}.step", np.array(step, np.float32))]
        scale.append(self.constant(f"{name}.zero", np.array(zero, np.uint8)))
        self.node("QuantizeLinear", [source, *scale], f"{name}.whole")
        return self.node("DequantizeLinear", [f"{name}.whole", *scale], name)

    def stored(self, name: str, whole: NDArray[Any], step: NDArray[np.float64]) -> str:
        """Whole numbers whose row r is in steps of `step[r]`."""
        scale = [self.constant(f"{name}.step", step.astype(np.float32))]
        scale.append(self.constant(f"{name}.zero", np.zeros(len(step), whole.dtype)))
        return self.node("DequantizeLinear", [self.constant(f"{name}.whole", whole), *scale], name, axis=0)

    def convolve(self, name: str, block: ConvBlock, source: _Flow, unit: NDArray[np.float64], mean: Any) -> str:
        """The convolution of its input, with the result in units `unit` (C',), not yet rounded.

        Args:
            mean: (C,), that of the input.
        """
        assert block.conv.bias is not None  # ConvBlock always has one
        weight = block.conv.weight.detach().double().cpu().numpy()  # (C', C or 1, h, w)
        along = source.unit[:, None] if block.conv.groups > 1 else source.unit[None]
        scaled = weight * along[:, :, None, None] / unit[:, None, None, None]
        step = np.maximum(np.abs(scaled).max((1, 2, 3)), 1e-9) / 127  # (C',)
        whole = (scaled / step[:, None, None, None]).round()
        excess = (whole * step[:, None, None, None] - scaled).sum((2, 3))  # (C', C or 1)
        flowing = np.asarray(mean, np.float64) / source.unit
        shift = excess[:, 0] * flowing if block.conv.groups > 1 else excess @ flowing
        bias = block.conv.bias.detach().double().cpu().numpy() / unit - shift
        bias_step = step * source.step
        limit = 2.0**31 - 1
        weights = self.stored(f"{name}.weight", whole.astype(np.int8), step)
        biases = self.stored(f"{name}.bias", (bias / bias_step).round().clip(-limit, limit).astype(np.int32), bias_step)
        left, right, top, bottom = block.padding
        return self.node(
            "Conv",
            [source.name, weights, biases],
            f"{name}.exact",
            kernel_shape=list(block.conv.kernel_size),
            strides=list(block.conv.stride),
            group=block.conv.groups,
            pads=[top, left, bottom, right],
        )


def build_eight_bit_onnx(tower: FrameTower, calibration: TowerCalibration) -> bytes:
    """Serialises the tower in 8 bits, with the same input and output as `build_onnx`.

    Raises:
        ValueError: the calibration is of other weights.
    """
    if not calibration.fits(tower):
        raise ValueError("the calibration belongs to a tower with other weights")
    graph, units = _Graph(), _stream_units(tower, calibration)

    def convolve(name: str, block: ConvBlock, source: _Flow) -> _Flow:
        unit = np.ones(block.conv.out_channels) if block.activate else units[name]
        exact = graph.convolve(name, block, source, unit, calibration.means[name])
        return flow(exact, name, unit, block.activate)

    def flow(exact: str, name: str, unit: NDArray[np.float64], activated: bool) -> _Flow:
        step = _RELU6_STEP if activated else max(float((calibration.largest[name] / unit).max()), _LEAST_UNIT) / 127
        return _Flow(graph.rounded(exact, name, step, 0 if activated else 128), unit, step)

    def add(name: str, first: _Flow, second: _Flow) -> _Flow:
        return flow(graph.node("Add", [first.name, second.name], f"{name}.exact"), name, first.unit, activated=False)

    pixel_step = 1 / PIXEL_SCALE  # images are whole numbers already
    images = _Flow(graph.rounded("images", "pixels", pixel_step, int(PIXEL_MEAN)), np.ones(3), pixel_step)
    graph.node("Identity", [walk_through(tower, images, convolve, add).name], "features")
    return _serialised(graph)


def _stream_units(tower: FrameTower, calibration: TowerCalibration) -> dict[str, NDArray[np.float64]]:
    """By the name of each layer without ReLU6: the unit of its channels, one for all layers that are added up.

    A channel in which nothing was seen has a small unit, not zero.
    """
    units: dict[str, NDArray[np.float64]] = {}
    added: list[str] = []

    def close() -> None:
        if added:
            most = np.maximum.reduce([calibration.largest[name].astype(np.float64) for name in added])
            unit = np.maximum(most, max(float(most.max()) * _LEAST_UNIT, _LEAST_UNIT))
            for name in added:
                units[name] = unit

    for index, block in enumerate(tower.blocks):
        assert isinstance(block, InvertedResidual)
        if not block.residual:
            close()
            added = []
        added += [f"blocks.{index}.project"] + ([f"blocks.{index}.sum"] if block.residual else [])
    close()
    return units


def _serialised(graph: _Graph) -> bytes:
    found = helper.make_graph(
        graph.nodes,
        "frame_tower_int8",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 3, "H", "W"])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", FEATURE_CHANNELS, "rows", "columns"])],
        graph.constants,
    )
    model = helper.make_model(found, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    serialised: bytes = model.SerializeToString()
    return serialised
