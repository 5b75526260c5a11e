"""Runs the frame tower with onnxruntime on CPUs, where it is several times faster than eager PyTorch.

Builds the graph from the module's weights, so that a checkpoint holds them only once, as safetensors. Knows the tower's
blocks; knows nothing about clips, segments or words.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from videobert_demo.model.encoders.efficientnet_lite import FEATURE_CHANNELS, ConvBlock, FrameTower, walk_through
from videobert_demo.model.encoders.eight_bit_tower import TowerCalibration, build_eight_bit_onnx

OPSET = 17


def build_onnx(tower: FrameTower) -> bytes:
    """Serialises the tower as an ONNX graph `images (N, 3, H, W)` -> `features (N, 1280, H / 32, W / 32)`, fp32."""
    nodes: list[onnx.NodeProto] = []
    constants: list[TensorProto] = [
        numpy_helper.from_array(np.array(0.0, dtype=np.float32), "zero"),
        numpy_helper.from_array(np.array(6.0, dtype=np.float32), "six"),
    ]

    def constant(name: str, value: Tensor) -> str:
        constants.append(numpy_helper.from_array(value.detach().float().cpu().numpy(), name))
        return name

    def convolve(name: str, block: ConvBlock, source: str) -> str:
        left, right, top, bottom = block.padding
        weight = constant(f"{name}.weight", block.conv.weight)
        assert block.conv.bias is not None  # ConvBlock always has one
        bias = constant(f"{name}.bias", block.conv.bias)
        attributes: dict[str, Any] = {
            "kernel_shape": list(block.conv.kernel_size),
            "strides": list(block.conv.stride),
            "group": block.conv.groups,
            "pads": [top, left, bottom, right],
        }
        nodes.append(helper.make_node("Conv", [source, weight, bias], [name], **attributes))
        if not block.activate:
            return name
        nodes.append(helper.make_node("Clip", [name, "zero", "six"], [f"{name}.relu6"]))
        return f"{name}.relu6"

    def add(name: str, first: str, second: str) -> str:
        nodes.append(helper.make_node("Add", [first, second], [name]))
        return name

    final = walk_through(tower, "images", convolve, add)
    nodes.append(helper.make_node("Identity", [final], ["features"]))
    graph = helper.make_graph(
        nodes,
        "frame_tower",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 3, "H", "W"])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", FEATURE_CHANNELS, "rows", "columns"])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    serialised: bytes = model.SerializeToString()
    return serialised


class OnnxFrameTower(nn.Module):
    """The same function as `FrameTower.forward`, computed by onnxruntime on the CPU; no gradients.

    Args:
        tower: the module whose weights are taken (copied) at construction.
        threads: onnxruntime's intra-op threads; 0 lets onnxruntime choose.
        calibration: of this tower, to compute in 8 bits, which differs a little; None for full precision.
    """

    def __init__(self, tower: FrameTower, threads: int = 0, *, calibration: TowerCalibration | None = None) -> None:
        super().__init__()
        self.bits = 32 if calibration is None else 8
        graph = build_onnx(tower) if calibration is None else build_eight_bit_onnx(tower, calibration)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._turn = threading.Lock()  # a run takes all cores; several at once would only take more memory, and keep it
        self.session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N, 1280, H / 32, W / 32), fp32, on the CPU."""
        batch = np.ascontiguousarray(images.detach().to("cpu", torch.float32).numpy())
        with self._turn:
            (features,) = self.session.run(["features"], {"images": batch})
        return torch.from_numpy(features)
