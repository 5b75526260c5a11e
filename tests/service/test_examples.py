"""The list of bundled examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from videobert_demo.service.examples import read_examples
from videobert_demo.types import ClipLimits
from videobert_demo.video.decode import read_clip


def test_there_are_eight_to_ten_examples_with_their_makers() -> None:
    examples = read_examples()
    assert 8 <= len(examples) <= 10
    assert all(example.attribution and example.licence and example.source and example.title for example in examples)


@pytest.mark.parametrize("example", read_examples(), ids=lambda example: example.path.stem)
def test_each_example_is_small_and_told_in_sources(example, examples: Path) -> None:
    assert example.path.stat().st_size < 500_000
    info, frames = read_clip(example.path, 8, limits=ClipLimits())
    assert info.duration_seconds <= 8.05
    assert min(info.width, info.height) <= 360
    assert (info.container, info.codec) == ("mp4", "h264")
    assert len(frames) == 8
    row = next(
        line
        for line in (examples / "SOURCES.md").read_text(encoding="utf-8").splitlines()
        if f"`{example.path.name}`" in line
    )
    assert example.licence.split()[0] in row


def test_a_missing_example_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "examples.json").write_text(
        '[{"file": "a.mp4", "poster": "a.jpg", "title": "t", "attribution": "a", "licence": "l", "source": "s"}]'
    )
    with pytest.raises(FileNotFoundError, match=r"a\.mp4"):
        read_examples(tmp_path)
