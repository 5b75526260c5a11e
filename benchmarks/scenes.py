"""Times finding the shots of a film, and keeping pictures of its parts, against decoding it and nothing else.

The film is joined from the bundled examples; a long one, which is skimmed, repeats it until it lasts eleven minutes.
Processor time counts, not the clock; both are measured in turn, and the best of each counts. No model is in it.

python -m benchmarks.scenes      prints the ratios; exits 1 if reading a film takes more than 1.4 times as long as
                                 decoding it, or skimming a long one more than a fifth
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path

import av

from videobert_demo.evaluation.scenes import FRAMES_PER_SECOND, at_rate
from videobert_demo.evaluation.timelines import resized, write_film
from videobert_demo.service.examples import read_examples
from videobert_demo.service.scenes_progress import Work
from videobert_demo.service.survey import LONG_FILM_SECONDS, survey
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip
from videobert_demo.video.film import read_film

ROUNDS = 3
SIZES = ((320, 180), (640, 360), (1280, 720))
LIMIT, SKIM_LIMIT = 1.4, 0.2


def decode_all(path: Path) -> int:
    """Decodes every frame, with as many threads as the film's reader may have, and only counts them."""
    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in source.decode(stream))


def find_shots(path: Path) -> int:
    """Reads the file as `scenes` does, up to the first use of the model."""
    limits = ClipLimits()
    found = survey(path, read_film(path, limits), limits, Work(lambda _progress: None, lambda: False))
    return len(found.cuts)


def processor_seconds(action: Callable[[], object]) -> float:
    """Runs the action; returns the processor time it took."""
    start = time.process_time()
    action()
    return time.process_time() - start


def ratio_of(path: Path) -> float:
    """How many times as long finding the shots takes as decoding."""
    rounds = [
        (processor_seconds(lambda: decode_all(path)), processor_seconds(lambda: find_shots(path)))
        for _ in range(ROUNDS)
    ]
    return min(found for _, found in rounds) / min(decoded for decoded, _ in rounds)


def main() -> int:
    """Makes the films, measures and prints; returns the exit status."""
    clips = [read_clip(example.path, 1000, limits=ClipLimits(), max_side=640)[1] for example in read_examples()]
    ratios: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        for size in SIZES:
            pictures = [picture for clip in clips for picture in at_rate(resized(clip, size))]
            write_film(path, pictures)
            ratios.append((f"read, {size[0]} x {size[1]}", ratio_of(path), LIMIT))
            if size == SIZES[0]:
                times = int(1.1 * LONG_FILM_SECONDS * FRAMES_PER_SECOND / len(pictures)) + 1
                write_film(path, chain.from_iterable(repeat(pictures, times)))
                ratios.append((f"skim, {size[0]} x {size[1]}", ratio_of(path), SKIM_LIMIT))
    for name, ratio, limit in ratios:
        print(f"{name:20} {ratio:.3f} of decoding, limit {limit}: {'ok' if ratio <= limit else 'TOO SLOW'}")
    return int(any(ratio > limit for _, ratio, limit in ratios))


if __name__ == "__main__":
    sys.exit(main())
