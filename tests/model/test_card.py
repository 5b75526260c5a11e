"""A card says what a checkpoint is made of, and its figures."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.tiny import tiny_model
from videobert_demo.errors import CheckpointError
from videobert_demo.model.card import read_figures, write_card
from videobert_demo.model.description import describe_model


def test_a_card_has_a_header_parts_and_figures() -> None:
    card = write_card("someone/tiny", describe_model(tiny_model()), {"CIDEr": 38.2, "split": "test", "R@10": 35.9})
    header = yaml.safe_load(card.split("---")[1])
    assert header["library_name"] == "transformers"
    assert "text-to-video-retrieval" in header["tags"]
    assert 'videobert_demo.load("someone/tiny")' in card
    assert "| text | bert 2x32 |" in card
    assert "| CIDEr | 38.2 |\n| R@10 | 35.9 |" in card
    assert "figure" not in write_card("someone/tiny", describe_model(tiny_model()), {})


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_figures_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    assert read_figures(tmp_path) == {}
    (tmp_path / "figures.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"figures\.json"):
        read_figures(tmp_path)
