"""Linear layers that multiply whole numbers of 8 bits, without gradients, on CPUs with VNNI.

    y = (q_x q_W^T) * s_x * s_W + b      s_x: the step of each row of the input, s_W: that of each row of the weight

Both steps come from the largest absolute value in their row, that of the input while it computes, so that a clip's
result does not depend on what else is in the batch. Knows matrices: no model, no clips.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

LEVELS = 127
ROWS_AT_ONCE = 64
"""More rows are multiplied in parts: these and their result stay in the processor's cache."""
_LEAST_STEP = 1e-12
_VNNI = {"avx512_vnni", "avx_vnni"}
_CPU_INFO = Path("/proc/cpuinfo")


def has_vnni(cpu_info: Path = _CPU_INFO) -> bool:
    """Whether the processor says that it multiplies 8 bits in one instruction; False where it does not say."""
    try:
        lines = cpu_info.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return bool(_VNNI & set(flags.split()))


class EightBitWeight:
    """A weight (out, in) in whole numbers.

    Args:
        weight: finite, on the CPU; it is copied.
    """

    def __init__(self, weight: Tensor) -> None:
        exact = weight.detach().float()
        self._step = (exact.abs().amax(1) / LEVELS).clamp(min=_LEAST_STEP)  # (out,)
        self._whole = (exact / self._step[:, None]).round().to(torch.int8).t()  # (in, out)

    def takes(self, inputs: Tensor) -> bool:
        """Whether it can multiply these: fp32 on the CPU, at least one row, no gradients asked for."""
        is_plain = inputs.dtype == torch.float32 and inputs.device.type == "cpu"
        return is_plain and inputs.numel() > 0 and not torch.is_grad_enabled()

    def multiply(self, inputs: Tensor, bias: Tensor | None = None) -> Tensor:
        """(..., in) and (out,) -> (..., out), fp32."""
        rows = inputs.reshape(-1, inputs.shape[-1])
        if len(rows) <= ROWS_AT_ONCE:
            found = self._multiply_rows(rows, bias)
        else:
            found = torch.cat([self._multiply_rows(part, bias) for part in rows.split(ROWS_AT_ONCE)])
        return found.view(*inputs.shape[:-1], -1)

    def _multiply_rows(self, rows: Tensor, bias: Tensor | None) -> Tensor:
        step = (rows.abs().amax(1, keepdim=True) / LEVELS).clamp_(min=_LEAST_STEP)
        whole = (rows / step).round_().to(torch.int8)
        found = torch._int_mm(whole, self._whole).float().mul_(step).mul_(self._step)
        return found if bias is None else found.add_(bias)
