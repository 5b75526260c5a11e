"""Times captions of the bundled examples in Chinese against the same in English, from file to text, in turns.

The best caption is written by the decoder with Chinese words, and else by rules; the slow case is a caption that the
translator has to write, so that is timed for every one of them as well. Processor time, so that a busy machine changes
little.

python -m benchmarks.chinese      prints both ratios and what loading takes once; exits 1 above 1.3
"""

from __future__ import annotations

import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

import torch

import videobert_demo
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.translator import Translator
from videobert_demo.service.examples import EXAMPLES_FOLDER
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.tasks.translate import translate

MAX_RATIO = 1.3
ROUNDS = 3


def _times(service: VideoBertService, translator: Translator, path: Path) -> tuple[float, float, float]:
    """Processor seconds of a clip's captions, of the same in Chinese, and of the translator for all of them."""
    rounds = []
    service.open(path)  # the first time a file is slower to read
    for _ in range(ROUNDS):
        marks = [time.process_time()]
        said = service.caption(service.open(path))
        marks.append(time.process_time())
        service.caption(service.open(path), language="zh")
        marks.append(time.process_time())
        translate(translator, [one.text for one in said.candidates], "zh")
        marks.append(time.process_time())
        rounds.append([after - before for before, after in pairwise(marks)])
    plain, chinese, written = (statistics.median(times) for times in zip(*rounds, strict=True))
    return plain, chinese, written


def main() -> int:
    """Measures in one process, the mean over the examples of the median of ROUNDS; returns the exit status."""
    torch.set_num_threads(1)
    settings = Settings(cache_clips=0)  # so every round decodes and encodes anew
    service = videobert_demo.load(settings=settings)
    paths = sorted(EXAMPLES_FOLDER.glob("*.mp4"))
    first = service.open(paths[0])
    service.caption(first)
    start = time.process_time()
    service.caption(first, language="zh")
    loading = time.process_time() - start
    translator = load_checkpoint(settings.checkpoint, settings.revision).translator
    assert translator is not None
    examples = [_times(service, translator, path) for path in paths]
    english, by_app, by_translator = (statistics.fmean(times) for times in zip(*examples, strict=True))
    ratios = [by_app / english, 1 + by_translator / english]
    print(f"a caption in English: {english:.3f} s of a processor, {len(paths)} examples")
    print(f"in Chinese, as the app says it: {ratios[0]:.3f} times that; all five by the translator: {ratios[1]:.3f}")
    print(f"the first caption in Chinese, with all that is loaded for it: {loading:.2f} s")
    return int(ratios[0] > MAX_RATIO)


if __name__ == "__main__":
    sys.exit(main())
