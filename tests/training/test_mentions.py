"""The head for what people would mention."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import CAPTIONS, write_features, write_tiny_checkpoint
from videobert_demo.data.captioned import CaptionedVideo
from videobert_demo.data.everyday import LabelledClip
from videobert_demo.errors import DataError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.support import predict_mentions
from videobert_demo.training import mentions
from videobert_demo.training.checkpoints import save_model
from videobert_demo.training.mentions import Mentions, fit_mention_head, fit_mentions
from videobert_demo.training.store import FeatureStore


def test_a_word_is_told_by_the_vectors_of_clips_that_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DROPOUT", 0.0), ("DECAY", 0.0), ("RATE", 2e-2), ("STEPS", 150)):
        monkeypatch.setattr(mentions, name, value)
    vectors = torch.nn.functional.normalize(torch.randn(300, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    targets = torch.stack([(vectors[:, 0] > 0).float(), (vectors[:, 1] > 0.3).float()], dim=1)
    head = fit_mentions([Mentions(vectors, targets, torch.ones(300, 2))])
    told = head(vectors).sigmoid() > 0.5
    assert (told == targets.bool()).float().mean() > 0.9


def test_what_a_still_does_not_teach_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("STEPS", 100), ("RATE", 0.1), ("DECAY", 0.0)):
        monkeypatch.setattr(mentions, name, value)
    vectors = torch.randn(50, 4, generator=torch.Generator().manual_seed(0))
    video = Mentions(vectors, torch.ones(50, 2), torch.ones(50, 2))
    still = Mentions(vectors, torch.zeros(50, 2), torch.tensor([[1.0, 0.0]]).expand(50, 2))
    probabilities = fit_mentions([video, still])(vectors).sigmoid().mean(0)
    assert probabilities[1] > 0.98  # no still says otherwise
    assert probabilities[0] < 0.8


@pytest.mark.slow
def test_the_head_is_kept_and_captions_are_ranked_with_it(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny")
    loaded = load_checkpoint(str(checkpoint))
    store = FeatureStore(write_features(tmp_path / "features"))
    stills = FeatureStore(write_features(tmp_path / "stills", CAPTIONS[:1]))
    clip = CaptionedVideo("video0", "train", None, ("0.png",), ("a person is riding a bicycle",))
    labelled = [LabelledClip(clip, "action", "cycling", "ride", "bicycle")]
    count = fit_mention_head(loaded, store, stills, labelled, min_clips=1, progress=False)
    words = loaded.model.config.mentioned_words
    assert count == len(words)
    assert {"man", "piano", "dog", "sing", "ride", "bicycle"} <= set(words)
    assert "person" not in words  # a template's word that no label has
    save_model(checkpoint, loaded.model, loaded.processor)
    again = load_checkpoint(str(checkpoint))
    vectors = torch.randn(2, again.model.config.projection_size)
    assert torch.equal(predict_mentions(again, vectors), predict_mentions(loaded, vectors))
    clips = store.load_named(["video0"])
    (plain,) = caption_clips(again, clips, candidates=5)
    again.model.config.caption_mention_weight = 2.0
    (ranked,) = caption_clips(again, clips, candidates=5)
    assert {one.text for one in plain} == {one.text for one in ranked}
    assert all(one.score < max(two.score for two in plain) for one in ranked)


def test_videos_are_needed(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    store = FeatureStore(write_features(tmp_path / "features", ()))
    with pytest.raises(DataError, match="no video"):
        fit_mention_head(loaded, store, progress=False)
