"""Human names of visual words, out of captions of their training segments."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from tests.tiny import write_features, write_tiny_checkpoint
from videobert_demo.cli.main import main
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.tasks.visual_words import named_words, words_in_use
from videobert_demo.training.word_names import caption_shares, choose_names


def test_a_lemma_counts_where_captions_agree_on_it() -> None:
    captions = ["a man rides a horse", "the man is riding horses", "a dog", "a man"]
    assert caption_shares(captions) == {"man": 0.75, "ride": 0.5, "horse": 0.5}


def test_a_visual_word_is_named_by_what_others_lack() -> None:
    horse, dog = {"man": 1.0, "horse": 0.8}, {"man": 1.0, "dog": 0.8, "run": 0.4}
    words = [(7, 7)] * 4 + [(9, 9)] * 4 + [(5, 7)]
    names = choose_names(words, [horse] * 4 + [dog] * 4 + [dog])
    assert names[7][0] == "horse"
    assert names[9] == ("dog", "run")  # everybody has a man, who names nothing
    assert 5 not in names  # one video is too few


def test_the_command_writes_names_into_the_checkpoint(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "checkpoint")
    features = write_features(tmp_path / "features" / "msrvtt", views=2)
    index = json.loads((features / "index.json").read_text())
    for number, video in enumerate(index["videos"]):
        video["captions"] = ["a dog runs", "the dog is running"] if number % 2 else ["a cat", "one cat", "a cat sits"]
        video["split"] = "train"
    (features / "index.json").write_text(json.dumps(index))
    weights = (checkpoint / "model.safetensors").read_bytes()
    assert main(["names", str(checkpoint), "--features", str(features)]) == 0
    assert (checkpoint / "model.safetensors").read_bytes() == weights
    loaded = load_checkpoint(str(checkpoint))
    names = loaded.model.config.visual_word_names
    assert isinstance(names, dict)
    assert {word.word_id for word in words_in_use(loaded)} <= set(range(loaded.model.config.codebook_size))
    loaded.model.config.visual_word_names = {"3": ["screen", "text", "menu"]}
    three, four = named_words(loaded, [3, 4], torch.tensor([0.5, 0.25]).tolist())
    assert (three.name, three.names, four.name) == ("screen, text", ("screen", "text", "menu"), "")
