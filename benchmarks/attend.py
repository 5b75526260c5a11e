"""Times a warm heatmap of one word against a warm caption of the same clip, and the overlay video of a 10 s clip.

The clip is opened once beforehand. The three are timed in turn, so that they see the same machine. The heatmap uses the
app's default method.

python -m benchmarks.attend      prints all three; exits 1 above a ratio of 3, or if the overlay takes more than 2 s
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch

import videobert_demo
from benchmarks.caption import SECONDS, make_clip
from videobert_demo.attention.render import write_overlay

MAX_RATIO, MAX_OVERLAY_SECONDS = 3.0, 2.0
ROUNDS = 7
CANDIDATES = 4
"""A beam search as wide as the page's, but not its number of captions: those are cached, not written anew."""


def main() -> int:
    """Measures and prints; returns the exit status."""
    torch.set_num_threads(2)
    service = videobert_demo.load()
    captions, heatmaps, overlays = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "clip.webm", Path(folder) / "overlay.webm"
        make_clip(path)
        clip = service.open(path)
        text = service.caption(clip).text
        for round_number in range(ROUNDS + 1):
            start = time.perf_counter()
            service.caption(clip, candidates=CANDIDATES)
            captioned = time.perf_counter()
            target = service.caption_target(text, len(text.split()) - 1)
            heatmap = service.attend(clip, target)
            found = time.perf_counter()
            frames = write_overlay(path, heatmap, out, limits=service.settings.limits)
            end = time.perf_counter()
            if round_number > 0:  # the first round warms up
                captions.append(captioned - start)
                heatmaps.append(found - captioned)
                overlays.append(end - found)
    caption, heat, overlay = (statistics.median(times) for times in (captions, heatmaps, overlays))
    print(f"warm caption                  {caption:6.3f} s")
    print(f"warm heatmap of one word      {heat:6.3f} s")
    print(f"ratio                         {heat / caption:6.2f}     (limit: at most {MAX_RATIO:g})")
    limit = f"(limit: {MAX_OVERLAY_SECONDS:g} s; {frames} frames)"
    print(f"overlay of a {SECONDS} s clip        {overlay:6.2f} s   {limit}")
    return 0 if heat / caption <= MAX_RATIO and overlay <= MAX_OVERLAY_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
