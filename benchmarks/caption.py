"""Times a warm caption of a 10 s 320 x 240 clip, from file to text, against GIT-base's architecture in the same run.

Both decode the same file. GIT (arXiv 2205.14100) has random weights; it reads 6 frames and writes exactly 20 tokens
with 3 beams, because random weights never stop by themselves.

python -m benchmarks.caption      prints both and their ratio; exits 1 below a ratio of 12 or above 0.7 s
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from transformers import GitConfig, GitForCausalLM

import videobert_demo
from videobert_demo.service.examples import EXAMPLES_FOLDER
from videobert_demo.settings import Settings
from videobert_demo.types import ClipLimits, Frames
from videobert_demo.video.decode import read_clip
from videobert_demo.video.film import read_film, stream_film
from videobert_demo.video.write import write_webm

EXAMPLE = EXAMPLES_FOLDER / "surfer.mp4"
SECONDS, FRAMES_PER_SECOND = 10, 25
GIT_FRAMES, BEAMS, TOKENS = 6, 3, 20
MIN_RATIO, MAX_SECONDS = 12.0, 0.7
ROUNDS = 7


def make_clip(path: Path) -> None:
    """Writes 10 s of a bundled example at 320 x 240, forwards and backwards in turn, so that there is no cut.

    It has to show something that happens: of a made picture the model says that it cannot tell, and writes no caption.
    """
    limits = ClipLimits()
    film = read_film(EXAMPLE, limits)
    pictures = [picture.pixels(320) for picture in stream_film(EXAMPLE, film, limits)]
    there_and_back = itertools.cycle([*pictures, *pictures[-2:0:-1]])
    frames = np.stack(list(itertools.islice(there_and_back, SECONDS * FRAMES_PER_SECOND)))
    times = np.arange(len(frames), dtype=np.float64) / FRAMES_PER_SECOND
    write_webm(path, Frames(frames, times), FRAMES_PER_SECOND)


def main() -> int:
    """Measures in one process: the median for ours, the best of two for the slow peer; returns the exit status."""
    torch.set_num_threads(2)
    service = videobert_demo.load(settings=Settings(cache_clips=0))  # so every round decodes and encodes anew
    git = GitForCausalLM(GitConfig(num_image_with_embedding=GIT_FRAMES)).eval()
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.webm"
        make_clip(clip)
        if not service.caption(service.open(clip)).can_tell:
            raise RuntimeError("the model cannot tell what the clip shows, so no caption would be timed")

        def ours() -> None:
            service.caption(service.open(clip), candidates=1)

        @torch.inference_mode()
        def theirs() -> None:
            _, frames = read_clip(clip, GIT_FRAMES, limits=ClipLimits(), max_side=320)
            images = np.stack([cv2.resize(frame, (224, 224)) for frame in frames.pixels])
            pixels = torch.from_numpy(images).permute(0, 3, 1, 2).float()[None] / 127.5 - 1  # (1, 6, 3, 224, 224)
            start = torch.full((1, 1), git.config.bos_token_id)
            git.generate(
                input_ids=start,
                pixel_values=pixels,
                num_beams=BEAMS,
                min_new_tokens=TOKENS,
                max_new_tokens=TOKENS,
                do_sample=False,
            )

        app, peer = _time(ours, ROUNDS, statistics.median), _time(theirs, 2, min)
    print(f"videobert_demo, file to text  {app:6.2f} s   (limit: {MAX_SECONDS} s)")
    print(f"GIT-base architecture         {peer:6.2f} s")
    print(f"ratio                         {peer / app:6.1f}     (limit: at least {MIN_RATIO:g})")
    return 0 if peer / app >= MIN_RATIO and app <= MAX_SECONDS else 1


def _time(call: Callable[[], None], rounds: int, summary: Callable[[list[float]], float]) -> float:
    call()  # warm up
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return summary(spent)


if __name__ == "__main__":
    sys.exit(main())
