"""Which form of the frame tower runs on this CPU: full precision, or 8 bits where those are faster.

8 bits pay where the processor multiplies and adds them in one instruction (VNNI); elsewhere sums could overflow.
Knows towers and processors; nothing about clips.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

import torch

from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.efficientnet_lite import INPUT_SHAPES, FrameTower
from videobert_demo.model.encoders.eight_bit_tower import CALIBRATION_FILE, TowerCalibration
from videobert_demo.model.encoders.onnx import OnnxFrameTower

MIN_GAIN = 1.2
"""8 bits must be this much faster to be chosen, so that a busy moment decides nothing."""
_ROUNDS, _FRAMES = 3, 2
_VNNI = {"avx512_vnni", "avx_vnni"}
_CPU_INFO = Path("/proc/cpuinfo")
_LOG = logging.getLogger(__name__)


def has_vnni(cpu_info: Path = _CPU_INFO) -> bool:
    """Whether the processor says that it multiplies 8 bits in one instruction; False where it does not say."""
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return bool(_VNNI & set(flags.split()))


def fast_tower(tower: FrameTower, folder: Path, *, int8: bool | None) -> OnnxFrameTower:
    """The tower as it is to run.

    Args:
        folder: the checkpoint's, which may hold a calibration.
        int8: True for 8 bits, False for full precision, None for 8 bits where they are faster: with a calibration of
            these weights, on a processor that has VNNI, measured now.

    Raises:
        CheckpointError: 8 bits are asked for and there is no calibration of these weights; or its file is damaged.
    """
    if int8 is False:
        return OnnxFrameTower(tower)
    calibration = TowerCalibration.read(folder)
    if calibration is not None and not calibration.fits(tower):
        calibration = None
    if int8:
        if calibration is None:
            raise CheckpointError(
                f"{folder} has no {CALIBRATION_FILE} of its frame tower; make one with the command `int8-tower`, or "
                "leave out VIDEOBERT_INT8_TOWER."
            )
        return OnnxFrameTower(tower, calibration=calibration)
    full = OnnxFrameTower(tower)
    if calibration is None or not has_vnni():
        return full
    light = OnnxFrameTower(tower, calibration=calibration)
    gain = measure_gain(full, light)
    _LOG.info("frame tower: 8 bits take 1 / %.2f of the time of full precision", gain)
    return light if gain >= MIN_GAIN else full


def measure_gain(full: OnnxFrameTower, light: OnnxFrameTower, *, rounds: int = _ROUNDS, frames: int = _FRAMES) -> float:
    """How many times as fast the second tower is: the best of some rounds of each, in turn."""
    images = torch.rand(frames, 3, *INPUT_SHAPES[0], generator=torch.Generator().manual_seed(0)) * 2 - 1
    best = {full: float("inf"), light: float("inf")}
    for _ in range(rounds + 1):  # the first ones warm up, and are never the best
        for tower in best:
            started = time.perf_counter()
            tower(images)
            best[tower] = min(best[tower], time.perf_counter() - started)
    return best[full] / best[light]
