"""Labels that the frame tower is sure of lead the caption."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from tests.tiny import tiny_config, tiny_tokenizer, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.guidance import MIN_PROBABILITY, LabelGuidance, names_of_labels

TOKENIZER = tiny_tokenizer()
WORDS = tiny_config().decoder.vocab_size


def word(text: str) -> int:
    return int(TOKENIZER.convert_tokens_to_ids(text))


def raised(labels: list[str], probabilities: list[float], written: str = "", weight: float = 2.0) -> dict[str, float]:
    """Which words one sentence's scores rise for, and how much."""
    names = names_of_labels(TOKENIZER, labels, len(labels), WORDS)
    guide = LabelGuidance(names[None], torch.tensor([probabilities]), weight)
    ids = torch.tensor([[TOKENIZER.cls_token_id, *map(word, written.split())]])
    before = torch.linspace(-3, -1, WORDS)[None]
    change = (guide(ids, before) - before)[0]
    return {TOKENIZER.convert_ids_to_tokens(int(index)): float(change[index]) for index in change.nonzero()[:, 0]}


def test_a_word_rises_by_its_labels_probability() -> None:
    assert raised(["dog", "cat", "small cat"], [0.5, 0.25, 0.125]) == pytest.approx(
        {"dog": 1.0, "cat": 0.75, "small": 0.25}
    )


def test_a_label_that_was_named_says_no_more() -> None:
    assert raised(["dog", "small cat", "cat"], [0.5, 0.25, 0.25], written="a small") == pytest.approx(
        {"dog": 1.0, "cat": 0.5}
    )
    assert raised(["small cat"], [0.9], written="a cat") == {}


def test_unlikely_labels_say_nothing() -> None:
    assert raised(["dog", "cat"], [MIN_PROBABILITY / 2, 0.0]) == {}
    assert raised(["dog", "dog"], [MIN_PROBABILITY * 0.75] * 2) == pytest.approx({"dog": MIN_PROBABILITY * 3})


def test_a_word_is_never_more_than_certain() -> None:
    assert raised(["dog", "dog"], [0.8, 0.7]) == pytest.approx({"dog": 2.0})


def test_words_that_the_decoder_lacks_name_nothing() -> None:
    names = names_of_labels(TOKENIZER, ["guitar", "zebra", "", "dog"], 5, WORDS)  # a guitar can only be read
    assert names.sum(1).tolist() == [0, 0, 0, 1, 0]


def test_labels_lead_captions_and_count_in_their_scores(tmp_path: Path, clips: list[ClipTensors]) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    config = loaded.model.config
    with torch.no_grad():
        loaded.model.encoder.frame_tower.classifier.bias[7] = 50.0  # the tower is sure of one label
    plain = caption_clips(loaded, clips)
    config.label_words = ["piano"] * config.label_count
    config.caption_label_weight = 60.0
    led = caption_clips(loaded, clips)
    for before, after in zip(plain, led, strict=True):
        assert "piano" in after[0].text
        assert "piano" not in before[0].text
        assert after[0].score == 1.0  # a bonus of 60 outweighs all words; no score is above 1
        assert before[0].score < 1.0
    blank = caption_clips(loaded, clips, blank=True)
    config.caption_label_weight = 0.0
    assert caption_clips(loaded, clips, blank=True) == blank


def test_a_checkpoint_that_names_more_labels_than_there_are_is_refused(tmp_path: Path) -> None:
    folder = write_tiny_checkpoint(tmp_path / "tiny")
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"label_words": ["dog"] * 2000}))
    with pytest.raises(CheckpointError, match="damaged or incomplete"):
        load_checkpoint(str(folder))
