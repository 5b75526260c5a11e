"""Compares the app's frame tower with a bare onnxruntime session on the same weights and batch, in frames per second.

python -m benchmarks.frame_tower      prints both and their ratio; exits 1 if the ratio is below 0.8
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
import onnxruntime
import torch

from videobert_demo.model.encoders.onnx import build_onnx
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.settings import Settings

BATCH = 8
ROUNDS = 30
MIN_RATIO = 0.8


def main() -> int:
    """Measures both in turn, so that they see the same machine; compares medians and returns the exit status."""
    torch.set_num_threads(2)
    loaded = load_checkpoint(Settings().checkpoint)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    bare = onnxruntime.InferenceSession(
        build_onnx(loaded.model.encoder.frame_tower), options, providers=["CPUExecutionProvider"]
    )
    images = torch.randn(BATCH, 3, 224, 224, generator=torch.Generator().manual_seed(0)).clamp(-1, 1)
    array = images.numpy()
    ours, theirs = [], []
    for round_number in range(ROUNDS + 3):
        start = time.perf_counter()
        pooled, _ = loaded.encode_images(images)
        middle = time.perf_counter()
        (maps,) = bare.run(["features"], {"images": array})
        end = time.perf_counter()
        if round_number >= 3:  # the first rounds warm up
            ours.append(middle - start)
            theirs.append(end - middle)
    difference = float(np.abs(pooled.numpy() - maps.mean(axis=(2, 3))).max())
    app, session = BATCH / statistics.median(ours), BATCH / statistics.median(theirs)
    eager = loaded.model.encoder.frame_tower
    with torch.inference_mode():
        eager(images)
        start = time.perf_counter()
        eager(images)
        plain = BATCH / (time.perf_counter() - start)
    print(f"app's tower          {app:6.1f} frames/s   (pooling to patches included; differs by {difference:.1e})")
    print(f"bare onnxruntime     {session:6.1f} frames/s")
    print(f"eager PyTorch        {plain:6.1f} frames/s")
    print(f"ratio app / session  {app / session:6.2f}   (limit: at least {MIN_RATIO})")
    return 0 if app / session >= MIN_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
