"""Runs any frame encoder with onnxruntime on CPUs where its export gives the same numbers, else with PyTorch.

A shape of input is exported when it comes for the first time, and compared with PyTorch on that very input; what
differs by more than `TOLERANCE`, or cannot be exported, stays with PyTorch. The log says which it is.
EfficientNet-Lite0 has a graph of its own (onnx.py). Knows encoders only: nothing about clips, segments or words.
"""

from __future__ import annotations

import io
import logging
import threading
import warnings
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnxruntime.capi import onnxruntime_pybind11_state as onnxruntime_errors
from torch import Tensor, nn

from videobert_demo.model.encoders.contract import FrameEncoder

TOLERANCE = 1e-3
OPSET = 17
_LOG = logging.getLogger(__name__)
_NOT_EXPORTED = (
    *(RuntimeError, ValueError, TypeError, AttributeError, NotImplementedError, KeyError, IndexError, AssertionError),
    onnxruntime_errors.Fail,
    onnxruntime_errors.InvalidArgument,
    onnxruntime_errors.InvalidGraph,
    onnxruntime_errors.NotImplemented,
    onnxruntime_errors.RuntimeException,
)


class ExportedEncoder(nn.Module):
    """The same function as `encoder(images)`, on the CPU and without gradients.

    Args:
        encoder: in eval mode, fp32; its weights are copied into each exported graph.
        threads: onnxruntime's intra-op threads; 0 lets onnxruntime choose.
    """

    def __init__(self, encoder: FrameEncoder, threads: int = 0) -> None:
        super().__init__()
        self.encoder = encoder
        self._options = onnxruntime.SessionOptions()
        self._options.intra_op_num_threads = threads
        self._options.log_severity_level = 3
        self._turn = threading.Lock()
        self._sessions: dict[tuple[int, ...], onnxruntime.InferenceSession | None] = {}

    def runs_exported(self) -> dict[tuple[int, ...], bool]:
        """For each shape (without N) that came so far whether onnxruntime runs it."""
        return {shape: session is not None for shape, session in self._sessions.items()}

    @torch.no_grad()
    def forward(self, images: Tensor) -> Any:
        """What the encoder returns for these prepared segments, fp32."""
        shape = tuple(images.shape[1:])
        with self._turn:  # a run takes all cores; several at once would only take more memory
            if shape not in self._sessions:
                self._sessions[shape] = self._try_export(images)
            session = self._sessions[shape]
            return self.encoder(images) if session is None else _run(session, images)

    def _try_export(self, images: Tensor) -> onnxruntime.InferenceSession | None:
        sample = torch.cat([images[:1], images[-1:].flip(-1)])
        name = "x".join(map(str, images.shape[1:]))
        try:
            session = onnxruntime.InferenceSession(
                _export(self.encoder, sample), self._options, providers=["CPUExecutionProvider"]
            )
            difference = max(_difference(session, self.encoder, part) for part in (sample[:1], sample, images[:3]))
        except _NOT_EXPORTED as error:
            reason = str(error).strip().split("\n")[0][:120]
            _LOG.warning("frame encoder, input %s: runs with PyTorch (no export: %s)", name, reason)
            return None
        if not difference <= TOLERANCE:
            _LOG.warning("frame encoder, input %s: runs with PyTorch (the export differs by %.1e)", name, difference)
            return None
        _LOG.info("frame encoder, input %s: runs with onnxruntime (differs by %.1e)", name, difference)
        return session


def _export(encoder: FrameEncoder, sample: Tensor) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tracing: the result is compared, which tells more
        torch.onnx.export(
            encoder,
            (sample,),
            file,  # type: ignore[arg-type]  # a path is all that its types promise
            dynamo=False,
            input_names=["images"],
            dynamic_axes={"images": {0: "N"}},
            opset_version=OPSET,
        )
    return file.getvalue()


def _run(session: onnxruntime.InferenceSession, images: Tensor) -> Any:
    batch = np.ascontiguousarray(images.detach().to("cpu", torch.float32).numpy())
    found = tuple(torch.from_numpy(values) for values in session.run(None, {"images": batch}))
    return found[0] if len(found) == 1 else found


def _difference(session: onnxruntime.InferenceSession, encoder: FrameEncoder, images: Tensor) -> float:
    expected, found = encoder(images), _run(session, images)
    pairs = [(expected, found)] if isinstance(expected, Tensor) else zip(expected, found, strict=True)
    return max(float((one - other).abs().max()) for one, other in pairs)
