"""Sentences earn what people would have written, and those that earn more are made likelier."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.tiny import CAPTIONS, tiny_tokenizer
from tests.training.runs import NOTHING, make_batches, make_config, make_model
from videobert_demo.model.beam_search import Sentence
from videobert_demo.training import self_critical
from videobert_demo.training.batches import VideoBatch
from videobert_demo.training.consensus import Consensus
from videobert_demo.training.objectives import Objectives
from videobert_demo.training.self_critical import Rewards, advantages


def test_a_sentence_without_an_end_earns_less() -> None:
    tokenizer, consensus = tiny_tokenizer(), Consensus(CAPTIONS)
    references = [[consensus.cook(text) for text in texts] for texts in CAPTIONS]
    whole = [*tokenizer(CAPTIONS[2][0], add_special_tokens=False).input_ids, tokenizer.sep_token_id]
    written = [[Sentence(whole, 0.0), Sentence(whole[:-1], 0.0)]]
    rewards = Rewards(tokenizer, consensus, references)
    ended, cut = rewards.of(written, [2])[0].tolist()
    assert ended > cut > 0
    assert rewards.of(written, [0])[0].max() < cut  # it is said of another video


def test_advantages_are_over_the_mean_of_the_others_in_units_of_their_spread() -> None:
    rewards = torch.tensor([[1.0, 2.0, 6.0], [4.0, 4.0, 4.0]])
    found = advantages(rewards)
    assert found[1].tolist() == [0.0, 0.0, 0.0]
    expected = torch.tensor([1.0 - 4.0, 2.0 - 3.5, 6.0 - 1.5])
    torch.testing.assert_close(found[0] / found[0, 2], expected / expected[2])
    assert float(found.std()) == pytest.approx(1.0)
    assert advantages(torch.zeros(2, 3)).abs().max() == 0  # no division by nothing


def test_phrases_that_nobody_wrote_cost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = make_config(NOTHING | {"self_critical": 1.0}, samples_per_video=2, unknown_phrase_cost=0.5)
    batches = make_batches(tmp_path, config)
    tokenizer, batch = tiny_tokenizer(), batches.videos(0)
    known, odd = (tokenizer(text, add_special_tokens=False).input_ids for text in (CAPTIONS[0][0], "the the the the"))
    rows = [[Sentence([*ids, tokenizer.sep_token_id], 0.0) for ids in (known, odd)]] * len(batch.indices)
    monkeypatch.setattr(self_critical, "search_beams", lambda *_given, **_options: rows)
    earned = []
    for rewards in (replace(batches.rewards, known_phrases=None), batches.rewards):
        objectives = Objectives(make_model(), tokenizer, config, rewards)
        earned.append(float(objectives(batch, 0)["reward"]))
    # "<s> the the the", "the the the the", "the the the </s>" of one of two sentences
    assert earned[0] - earned[1] == pytest.approx(0.5 * 3 / 2, abs=1e-5)


def test_a_better_sentence_is_made_likelier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gradient of the self-critical loss raises the sentence with the higher reward and lowers the other."""
    config = make_config(NOTHING | {"self_critical": 1.0}, samples_per_video=2)
    batches = make_batches(tmp_path, config)
    model, tokenizer, batch = make_model(), tiny_tokenizer(), batches.videos(0)
    good, bad = (
        [tokenizer.cls_token_id, *tokenizer(text, add_special_tokens=False).input_ids, tokenizer.sep_token_id]
        for text in (CAPTIONS[batch.indices[0]][0], "a a a a")
    )

    def log_probabilities() -> list[float]:
        video = {name: value[:1] for name, value in batch.video.items()}
        found = []
        for ids in (good, bad):
            with torch.no_grad():
                logits = model.eval()(decoder_input_ids=torch.tensor([ids[:-1]]), **video).logits[0].log_softmax(-1)
            found.append(float(logits.gather(1, torch.tensor(ids[1:])[:, None]).mean()))
        return found

    objectives = Objectives(model, tokenizer, config, batches.rewards)
    before = log_probabilities()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    one = VideoBatch(
        {name: value[:1] for name, value in batch.video.items()},
        batch.packed,
        batch.texts[:1],
        batch.indices[:1],
        rewarded=True,
    )
    rows = [[Sentence(good[1:], 0.0), Sentence(bad[1:], 0.0)]]
    monkeypatch.setattr(self_critical, "search_beams", lambda *_given, **_options: rows)
    losses = objectives.train()(one, 0)
    assert losses["reward"] > 0
    losses["self_critical"].backward()
    optimizer.step()
    after = log_probabilities()
    assert after[0] > before[0]
    assert after[1] < before[1]


def test_references_are_there_when_rewards_are_wanted(tmp_path: Path) -> None:
    assert make_batches(tmp_path, make_config()).rewards is None
    batches = make_batches(tmp_path, make_config(NOTHING | {"self_critical": 1.0}))
    assert batches.rewards is not None
    assert [len(references) for references in batches.rewards.references] == [3] * 6
