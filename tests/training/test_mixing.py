"""Clips are mixed as mixup says: features and losses in the same shares."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import random_clips, tiny_tokenizer
from tests.training.runs import make_batches, make_config, make_model
from videobert_demo.errors import DataError
from videobert_demo.training.mixing import Mixture, draw_mixture, mix_clips, others_captions
from videobert_demo.training.objectives import Objectives


def test_features_are_mixed_where_both_clips_have_frames() -> None:
    clips = random_clips([3, 2])
    mixed = mix_clips(clips, Mixture(torch.tensor([1, 0]), 0.75))
    frames = clips["frame_features"]
    torch.testing.assert_close(mixed["frame_features"][0, :2], 0.75 * frames[0, :2] + 0.25 * frames[1, :2])
    torch.testing.assert_close(mixed["frame_features"][0, 2], frames[0, 2])
    places = clips["patch_features"]
    torch.testing.assert_close(mixed["patch_features"][1, 1], 0.75 * places[1, 1] + 0.25 * places[0, 1])
    assert torch.equal(mixed["frame_mask"], clips["frame_mask"])


def test_the_own_clip_has_at_least_half_and_draws_differ() -> None:
    shares = [draw_mixture(4, 0.4, seed).share for seed in range(50)]
    assert 0.5 <= min(shares) < 0.7 < max(shares) <= 1
    assert draw_mixture(4, 0.4, 3).others.tolist() == draw_mixture(4, 0.4, 3).others.tolist()


def test_the_loss_is_the_mean_of_both_clips_captions(tmp_path: Path) -> None:
    config = make_config({"contrast": 1.0}, mixup=0.4)
    batch = make_batches(tmp_path, config).videos(0)
    model = make_model()
    objectives = Objectives(model, tiny_tokenizer(), config)
    found = objectives(batch, 5)
    mixture = draw_mixture(6, 0.4, 5)
    outputs = model.encoder(**mix_clips(batch.video, mixture))
    own, other = (objectives._caption(outputs, one) for one in (batch.packed, others_captions(batch.packed, mixture)))
    torch.testing.assert_close(found["caption"], mixture.share * own + (1 - mixture.share) * other)
    plain = Objectives(model, tiny_tokenizer(), make_config({"contrast": 1.0}))(batch, 5)
    assert found["caption"] != plain["caption"]
    assert found["contrast"] != plain["contrast"]
    objectives.eval()
    torch.testing.assert_close(objectives(batch, 5)["caption"], plain["caption"])  # nothing is mixed to measure


def test_what_cannot_be_mixed_is_refused() -> None:
    with pytest.raises(DataError, match="self_critical samples"):
        make_config({"self_critical": 1.0}, mixup=0.2)
    with pytest.raises(DataError, match="mixup reads stored features"):
        make_config(mixup=0.2, tower_blocks=1)


def test_a_mixed_clip_is_matched_with_both_texts_in_their_shares() -> None:
    objectives = Objectives(make_model(), tiny_tokenizer(), make_config({"contrast": 1.0}, mixup=0.4))
    texts, videos = torch.nn.functional.normalize(torch.randn(2, 3, 8, generator=torch.manual_seed(0)), dim=-1)
    others = torch.tensor([1, 2, 0])
    own, other = (float(objectives._match(rows @ videos.T)) for rows in (texts, texts[others]))
    found = float(objectives._match_mixed(texts, videos, Mixture(others, 0.75)))
    assert own != pytest.approx(other)
    assert found == pytest.approx(0.75 * own + 0.25 * other)
