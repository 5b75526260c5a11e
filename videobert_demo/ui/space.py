"""What a Hugging Face Space needs: on ZeroGPU a function has to ask for the GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def on_gpu(function: Callable[..., Any]) -> Callable[..., Any]:
    """`spaces.GPU` where the package `spaces` is present, as on every Space; elsewhere the function as it is.

    Off ZeroGPU `spaces.GPU` has no effect.
    """
    try:
        import spaces
    except ImportError:
        return function
    decorated: Callable[..., Any] = spaces.GPU(function)
    return decorated
