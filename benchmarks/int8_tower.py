"""Compares the frame tower in 8 bits with the same one in full precision, in frames per second and in what they see.

python -m benchmarks.int8_tower      prints both, their ratio, and cosines of features of the bundled examples; exits 1
                                     if the ratio is below 1.6 on a processor with VNNI, or a mean cosine is too low

Both run in turn in one process, with the same threads.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from videobert_demo.model.encoders.eight_bit_tower import TowerCalibration
from videobert_demo.model.encoders.fast_tower import has_vnni
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service.examples import read_examples
from videobert_demo.settings import Settings
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip

ROUNDS, FRAMES = 10, 8
MIN_RATIO, MIN_POOLED, MIN_PATCHES, MIN_VECTOR = 1.6, 0.99, 0.98, 0.99


def main() -> int:
    """Prints the comparison and returns the exit status."""
    threads = torch.get_num_threads()
    loaded = load_checkpoint(Settings().checkpoint)
    tower = loaded.model.encoder.frame_tower
    calibration = TowerCalibration.read(Path(Settings().checkpoint))
    if calibration is None or not calibration.fits(tower):
        print("the bundled checkpoint has no calibration of its tower: python -m videobert_demo int8-tower CHECKPOINT")
        return 1
    towers = [OnnxFrameTower(tower, threads), OnnxFrameTower(tower, threads, calibration=calibration)]
    full, light = (replace(loaded, tower=one) for one in towers)
    clips = [read_clip(one.path, FRAMES, limits=ClipLimits())[1] for one in read_examples()]
    images = [loaded.prepare(clip.pixels) for clip in clips]
    seconds = time_in_turn(towers, images[0])
    speeds = [FRAMES / statistics.median(one) for one in seconds]
    ratio = statistics.median(a / b for a, b in zip(*seconds, strict=True))
    pooled, patches, vectors = compare(full, light, images)
    print(f"VNNI                          {'yes' if has_vnni() else 'no'}, {threads} threads")
    print(f"full precision, onnxruntime   {speeds[0]:6.1f} frames/s")
    print(f"8 bits, onnxruntime           {speeds[1]:6.1f} frames/s")
    print(f"ratio                         {ratio:6.2f}   (limit with VNNI: at least {MIN_RATIO})")
    print(f"cosine of a frame's features  {pooled.mean():6.4f}, the least {pooled.min():.4f}   ({len(pooled)} frames)")
    print(f"cosine of a patch's features  {patches.mean():6.4f}, one in a hundred below {patches.quantile(0.01):.4f}")
    print(
        f"cosine of a clip's vector     {vectors.mean():6.4f}, the least {vectors.min():.4f}   ({len(vectors)} clips)"
    )
    same = pooled.mean() >= MIN_POOLED and patches.mean() >= MIN_PATCHES and vectors.mean() >= MIN_VECTOR
    return 0 if same and (ratio >= MIN_RATIO or not has_vnni()) else 1


def time_in_turn(towers: list[OnnxFrameTower], images: Tensor) -> list[list[float]]:
    """Seconds of each tower in each round."""
    seconds: list[list[float]] = [[] for _ in towers]
    for round_number in range(ROUNDS + 2):
        for tower, taken in zip(towers, seconds, strict=True):
            started = time.perf_counter()
            tower(images)
            if round_number >= 2:  # the first rounds warm up
                taken.append(time.perf_counter() - started)
    return seconds


def compare(full: LoadedModel, light: LoadedModel, clips: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Cosines of pooled features of all frames, of features of all patches, and of the vectors of all clips."""
    seen = [[ClipTensors(*one.encode_clip(images)) for images in clips] for one in (full, light)]
    frames = [torch.cat([clip.frame_features for clip in one]) for one in seen]
    patches = [torch.cat([clip.patch_features for clip in one]).flatten(0, 1) for one in seen]
    vectors = [embed_clips(full, one) for one in seen]
    return (
        functional.cosine_similarity(*frames),
        functional.cosine_similarity(*patches),
        functional.cosine_similarity(*vectors),
    )


if __name__ == "__main__":
    sys.exit(main())
