"""Compares the model computing in 8 bits with the same one in full precision, in time and in what it sees.

python -m benchmarks.int8      prints both, their ratios, and cosines of features of the bundled examples; exits 1 if,
                               on a processor with VNNI, the tower is not 1.6 times as fast, or caption or vector are
                               no faster; or if a mean cosine is too low

Both run in turn in one process, with the same threads.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from videobert_demo.model.eight_bit_linear import has_vnni
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.service.examples import read_examples
from videobert_demo.settings import Settings
from videobert_demo.tasks.caption import CAPTIONS, caption_clips
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip

ROUNDS, FRAMES = 10, 8
MIN_RATIO, MIN_POOLED, MIN_PATCHES, MIN_VECTOR = 1.6, 0.99, 0.98, 0.99


def main() -> int:
    """Prints the comparison and returns the exit status."""
    full, light = (load_checkpoint(Settings().checkpoint, int8=int8) for int8 in (False, True))
    if not isinstance(light.tower, OnnxFrameTower) or light.tower.bits != 8:
        print("the bundled checkpoint has no calibration of its tower: python -m videobert_demo int8-tower CHECKPOINT")
        return 1
    clips = [read_clip(one.path, FRAMES, limits=ClipLimits())[1] for one in read_examples()]
    images = [full.prepare(clip.pixels) for clip in clips]
    pooled, patches, vectors = compare(full, light, images)
    clip = ClipTensors(*full.encode_clip(images[0]))
    print(f"VNNI                          {'yes' if has_vnni() else 'no'}, {torch.get_num_threads()} threads")
    steps: dict[str, Callable[[LoadedModel], object]] = {
        "frames through the tower": lambda loaded: loaded.tower(images[0]),
        "a clip's vector": lambda loaded: embed_clips(loaded, [clip]),
        "a clip's caption": lambda loaded: caption_clips(loaded, [clip], candidates=CAPTIONS),
        "pictures to caption": lambda loaded: caption_clips(
            loaded, [ClipTensors(*loaded.encode_clip(images[0]))], candidates=CAPTIONS
        ),
    }
    print(f"{'milliseconds of':29} full precision   8 bits   ratio")
    ratios = []
    for name, step in steps.items():
        exact, rounded = time_in_turn([partial(step, full), partial(step, light)])
        ratios.append(statistics.median(a / b for a, b in zip(exact, rounded, strict=True)))
        times = [1e3 * statistics.median(taken) for taken in (exact, rounded)]
        print(f"{name:29} {times[0]:14.1f} {times[1]:8.1f} {ratios[-1]:7.2f}")
    print(f"limits with VNNI              the tower at least {MIN_RATIO}, the rest more than 1")
    print(f"cosine of a frame's features  {pooled.mean():6.4f}, the least {pooled.min():.4f}   ({len(pooled)} frames)")
    print(f"cosine of a patch's features  {patches.mean():6.4f}, one in a hundred below {patches.quantile(0.01):.4f}")
    print(
        f"cosine of a clip's vector     {vectors.mean():6.4f}, the least {vectors.min():.4f}   ({len(vectors)} clips)"
    )
    same = pooled.mean() >= MIN_POOLED and patches.mean() >= MIN_PATCHES and vectors.mean() >= MIN_VECTOR
    fast = ratios[0] >= MIN_RATIO and min(ratios) > 1
    return 0 if same and (fast or not has_vnni()) else 1


def time_in_turn(steps: list[partial[object]]) -> list[list[float]]:
    """Seconds of each step in each round."""
    seconds: list[list[float]] = [[] for _ in steps]
    for round_number in range(ROUNDS + 2):
        for step, taken in zip(steps, seconds, strict=True):
            started = time.perf_counter()
            step()
            if round_number >= 2:  # the first rounds warm up
                taken.append(time.perf_counter() - started)
    return seconds


def compare(full: LoadedModel, light: LoadedModel, clips: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Cosines of pooled features of all frames, of features of all patches, and of the vectors of all clips."""
    seen = [[ClipTensors(*one.encode_clip(images)) for images in clips] for one in (full, light)]
    frames = [torch.cat([clip.frame_features for clip in one]) for one in seen]
    patches = [torch.cat([clip.patch_features for clip in one]).flatten(0, 1) for one in seen]
    vectors = [embed_clips(loaded, one) for loaded, one in zip((full, light), seen, strict=True)]
    return (
        functional.cosine_similarity(*frames),
        functional.cosine_similarity(*patches),
        functional.cosine_similarity(*vectors),
    )


if __name__ == "__main__":
    sys.exit(main())
