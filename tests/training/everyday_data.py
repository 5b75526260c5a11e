"""Labelled stills in miniature: eight of them, two of each of four labels, with made-up features."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.tiny import write_features, write_jsonl
from videobert_demo.data.everyday import LabelledClip, read_labelled
from videobert_demo.training.store import FeatureStore

LABELS: list[dict[str, Any]] = [
    {"kind": "action", "label": "singing", "captions": ["a man is singing"], "verb": "sing", "object": None},
    {"kind": "action", "label": "sleeping", "captions": ["a girl is sleeping"], "verb": "sleep", "object": None},
    {"kind": "sport", "label": "running", "captions": ["a dog is running"], "verb": "run", "object": None},
    {"kind": "instrument", "label": "piano", "captions": ["a piano"], "verb": None, "object": "piano"},
]


def write_everyday(folder: Path, *, views: int = 2) -> tuple[FeatureStore, list[LabelledClip]]:
    """Writes DIR/everyday/captions.jsonl and DIR/features/everyday; numbers 1 to 8, and 10, which is held out."""
    numbers = [1, 2, 3, 4, 5, 6, 7, 8, 10]
    records = [
        {**LABELS[index % len(LABELS)], "file": f"{LABELS[index % len(LABELS)]['label']}/{number}.png"}
        for index, number in enumerate(numbers)
    ]
    (folder / "everyday").mkdir(parents=True)
    write_jsonl(folder / "everyday" / "captions.jsonl", records)
    captions = [record["captions"] for record in records]
    features = write_features(folder / "features" / "everyday", captions, frames=1, views=views)
    index = json.loads((features / "index.json").read_text(encoding="utf-8"))
    for video, record in zip(index["videos"], records, strict=True):
        video["video_id"] = record["file"]
    (features / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return FeatureStore(features), read_labelled(folder / "everyday")
