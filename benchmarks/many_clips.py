"""What one clip costs on one core, stage by stage as on a cluster, and what follows from that for very many clips.

python -m benchmarks.many_clips                     the bundled examples, 100 million clips
python -m benchmarks.many_clips --clips 1e6 --core-hour 0.03

Measures processor time, which other processes do not use up but make slower: run it on an idle machine. Prices are what
the options say; the plan that is made of these figures is in docs/scale.md.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import torch

import videobert_demo
from videobert_demo.data.listing import AllowedPlaces, list_clips
from videobert_demo.engine.pipeline import BLOCK
from videobert_demo.engine.stages import ModelSource, ReadClip, read_listed
from videobert_demo.service.examples import read_examples
from videobert_demo.service.files import caption_row
from videobert_demo.settings import Settings

ROUNDS = 5
Given, Made = TypeVar("Given"), TypeVar("Made")


def core_seconds(work: Callable[[Given], Made], given: Sequence[Given]) -> tuple[float, list[Made]]:
    """Of one item, on average: the best of some rounds; and what came out."""
    best, made = float("inf"), []
    for _ in range(ROUNDS):
        started = time.process_time()
        made = [work(one) for one in given]
        best = min(best, (time.process_time() - started) / len(given))
    return best, made


def mean(values: Sequence[int]) -> float:
    """Their mean."""
    return sum(values) / len(values)


def measure() -> dict[str, float]:
    """Core seconds, bytes and counts of one clip."""
    torch.set_num_threads(1)
    service = videobert_demo.load(settings=replace(Settings.from_environment(), cache_clips=0))
    source = ModelSource.of(None, None, service.settings)
    paths = [one.path for one in read_examples()]
    clips = list(list_clips([str(path) for path in paths], AllowedPlaces()))

    def read(clip: Any) -> ReadClip:
        return read_listed(clip, source=source, frames=service.frames_to_sample)

    def encode(one: ReadClip) -> Any:
        assert one.sampled is not None, one.error
        return service.encode(one.sampled)

    def caption(one: Any) -> Any:
        return caption_row(service, "a.mp4", one, 0.0)

    decoding, sampled = core_seconds(read, clips)
    tower, features = core_seconds(encode, sampled)
    vectors, entries = core_seconds(lambda one: service.library_clip(one, "a title", "a source"), features)
    with ThreadPoolExecutor(BLOCK) as pool:  # as on a cluster: the model makes one batch of those that wait
        few = (features * BLOCK)[:BLOCK]
        captions, _ = core_seconds(lambda some: list(pool.map(caption, some)), [few])
    return {
        "decoding": decoding,
        "tower": tower,
        "vectors": vectors,
        "captions, by eight": captions / BLOCK,
        "file bytes": mean([path.stat().st_size for path in paths]),
        "bytes between the stages": mean([len(pickle.dumps(one)) for one in sampled]),
        "vectors of a clip": 1 + mean([len(one.segment_vectors) for one in entries]),
        "numbers of a vector": len(entries[0].vector),
        "thumbnail bytes": mean([len(one.entry.thumbnail) for one in entries]),
    }


def plan(one: dict[str, float], clips: float, core_hour: float, cores: int) -> list[str]:
    """What so many clips cost, derived from one."""
    index = one["decoding"] + one["tower"] + one["vectors"]
    hours, more = clips * index / 3600, clips * one["captions, by eight"] / 3600
    rate = cores / index
    whole = one["numbers of a vector"] * clips
    return [
        f"core hours                 {hours:,.0f} to index, {more:,.0f} more to caption; decoding alone "
        f"{clips * one['decoding'] / 3600:,.0f}",
        f"dollars at {core_hour:g} an hour    {(hours + more) * core_hour:,.0f}",
        f"on {cores:,} cores             {hours / cores:,.1f} hours, {rate:,.0f} clips a second",
        f"read                       {clips * one['file bytes'] / 1e12:,.1f} TB, "
        f"{rate * one['file bytes'] / 1e6:,.0f} MB a second",
        f"between the stages         {rate * one['bytes between the stages'] / 1e9:,.1f} GB a second",
        f"all vectors                {clips * one['vectors of a clip'] / 1e6:,.0f} million, "
        f"{whole * one['vectors of a clip'] * 4 / 1e12:,.2f} TB in fp32",
        f"vectors of whole clips     {whole * 4 / 1e9:,.0f} GB in fp32, {whole / 1e9:,.0f} GB in a byte a number",
        f"thumbnails                 {clips * one['thumbnail bytes'] / 1e12:,.2f} TB",
    ]


def main() -> int:
    """Prints both tables; there is no bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=float, default=100e6)
    parser.add_argument("--core-hour", type=float, default=0.04, help="what a core costs an hour")
    parser.add_argument("--cores", type=int, default=1000)
    parsed = parser.parse_args()
    one = measure()
    for name, value in one.items():
        print(f"{name:26} {value:,.3f} core seconds" if value < 2 else f"{name:26} {value:,.1f}")
    print("\n".join(plan(one, parsed.clips, parsed.core_hour, parsed.cores)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
