"""The masked-word head, fitted on an encoder that stays as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import write_features, write_tiny_checkpoint
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.tasks.cloze import MASK, word_probabilities
from videobert_demo.training import word_head
from videobert_demo.training.store import FeatureStore
from videobert_demo.training.word_head import fit_states, fit_word_head, hide_words, read_states

HEAD = ("word_transform.", "word_evidence", "word_bias")


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedModel:
    return load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))


@pytest.fixture
def store(tmp_path: Path) -> FeatureStore:
    return FeatureStore(write_features(tmp_path / "features"))


def test_mostly_nouns_and_verbs_are_hidden() -> None:
    random = np.random.default_rng(0)
    hidden = [hide_words("a man is playing a piano", random)[1] for _ in range(400)]
    assert {len(places) for places in hidden} == {1, 2, 3}
    assert 0.3 < sum(places == [1, 3, 5] for places in hidden) / len(hidden) < 0.5  # all nouns and verbs
    assert all(places == sorted(set(places)) for places in hidden)
    flat = [place for places in hidden for place in places]
    assert set(flat) == set(range(6))
    assert sum(place in (1, 3, 5) for place in flat) / len(flat) > 0.7
    assert hide_words("", random) == ([], [])
    assert hide_words("of the", random)[1] in ([0], [1], [0, 1])


def test_states_are_those_of_the_masks(loaded: LoadedModel, store: FeatureStore) -> None:
    states = read_states(loaded, store, progress=False)
    assert states.beside.shape == states.seen.shape == states.alone.shape == (len(states.words), 32)
    assert len(states.words) >= 2 * 6  # two captions of each of six videos, a word of each at least
    words = loaded.processor.tokenizer.convert_ids_to_tokens(states.words.tolist())
    assert {"man", "dog", "woman", "car", "cat"} & set(words)
    again = read_states(loaded, store, progress=False)
    torch.testing.assert_close(again.beside, states.beside)
    assert not torch.equal(states.beside, states.alone)


@pytest.mark.slow
def test_the_head_learns_and_nothing_else_changes(
    loaded: LoadedModel, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_head, "STEPS", 60)
    monkeypatch.setattr(word_head, "RATE", 1e-2)
    before = {name: value.clone() for name, value in loaded.model.state_dict().items()}
    states = read_states(loaded, store, progress=False)

    def missed(seen: torch.Tensor | None) -> float:
        with torch.inference_mode():
            hidden = states.alone if seen is None else states.beside
            return float(torch.nn.functional.cross_entropy(loaded.model.predict_words(hidden, seen), states.words))

    first = missed(states.seen), missed(None)
    fit_states(loaded, states, progress=False)
    assert missed(states.seen) < 0.7 * first[0]
    assert missed(None) < 0.9 * first[1]
    changed = {name for name, value in loaded.model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {name for name in before if name.startswith(HEAD)}


def test_without_training_videos_nothing_changes(loaded: LoadedModel, tmp_path: Path) -> None:
    folder = write_features(tmp_path / "features")
    index = folder / "index.json"
    index.write_text(index.read_text().replace('"split": "train"', '"split": "val"'))
    before = loaded.model.word_bias.clone()
    assert fit_word_head(loaded, FeatureStore(folder), progress=False) == 0
    assert torch.equal(loaded.model.word_bias, before)


def test_what_is_seen_counts_beside_the_clip_alone(loaded: LoadedModel, store: FeatureStore) -> None:
    clips, sentence = [store.load(0).to_tensors()], [f"a {MASK} is running"]
    beside, alone = word_probabilities(loaded, sentence, clips)[0], word_probabilities(loaded, sentence, None)[0]
    with torch.no_grad():
        loaded.model.word_evidence.normal_()
    assert torch.equal(word_probabilities(loaded, sentence, None)[0], alone)
    assert not torch.allclose(word_probabilities(loaded, sentence, clips)[0], beside)
