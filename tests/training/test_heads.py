"""The heads for category, verb and object, fitted on an encoder that stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import write_features, write_frames, write_tiny_checkpoint
from tests.training.everyday_data import write_everyday
from videobert_demo.cli.main import main
from videobert_demo.errors import DataError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.tasks.classify import head_probabilities
from videobert_demo.training import heads
from videobert_demo.training.heads import fit_action_head, fit_head, fit_heads
from videobert_demo.training.store import FeatureStore

NAMES = [f"kind {number}" for number in range(20)]


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """Six videos of two frames in two views, each of a category of its own."""
    folder = write_features(tmp_path / "features" / "msrvtt", views=2)
    index = json.loads((folder / "index.json").read_text())
    for number, video in enumerate(index["videos"]):
        video["category"] = number
    (folder / "index.json").write_text(json.dumps(index))
    return folder


@pytest.mark.slow
def test_a_head_learns_what_can_be_told_apart() -> None:
    generator = torch.Generator().manual_seed(0)
    targets = torch.eye(4).repeat(100, 1)
    states = torch.randn(2, 400, 64, generator=generator) * 0.3 + 5 + 4 * targets.repeat(1, 16)
    head = fit_head(states, targets)
    told = head(states[0]).argmax(1) == targets.argmax(1)
    assert told.float().mean() > 0.95
    again = fit_head(states, targets)
    assert torch.equal(head.weight, again.weight)


def test_several_right_names_share_the_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "RATE", 5e-3)
    states = torch.randn(1, 300, 6, generator=torch.Generator().manual_seed(1))
    targets = torch.tensor([[1.0, 1.0, 0.0]]).repeat(300, 1)
    probabilities = fit_head(states, targets)(states[0]).softmax(1).mean(0).tolist()
    assert probabilities[0] == pytest.approx(probabilities[1], abs=0.05)
    assert probabilities[2] < 0.15


@pytest.mark.slow
def test_only_the_heads_change_and_they_are_kept(features: Path, tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny")
    loaded = load_checkpoint(str(checkpoint))
    before = {name: value.clone() for name, value in loaded.model.state_dict().items()}
    found = fit_heads(loaded, FeatureStore(features), NAMES, min_videos=1, progress=False)
    assert found == {"categories": 20, "verbs": 3, "objects": 4}
    assert loaded.model.config.verbs == ["cook", "sing", "sleep"]
    assert loaded.model.config.objects == ["car", "cat", "dog", "piano"]
    after = loaded.model.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert set(after) - set(before) == {
        f"{kind}_head.{part}" for kind in ("category", "verb", "object") for part in ("weight", "bias")
    }
    clips = [FeatureStore(features).load(0).to_tensors()]
    assert head_probabilities(loaded, clips)["verb"].sum() == pytest.approx(1, abs=1e-5)


def test_rare_words_and_unknown_categories_have_no_head(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny", categories=["old"])))
    store = FeatureStore(write_features(tmp_path / "features"))
    found = fit_heads(loaded, store, NAMES, min_videos=2, progress=False)
    assert found == {"categories": 0, "verbs": 0, "objects": 0}
    assert loaded.model.category_head is None
    assert loaded.model.config.categories == []


@pytest.mark.slow
def test_the_command_writes_them_into_the_checkpoint(
    features: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny")
    data = tmp_path / "data"
    write_frames(data / "msrvtt", split="train")
    (data / "msrvtt" / "categories.txt").write_text("".join(f"{name}\t{n}\n" for n, name in enumerate(NAMES)))
    arguments = ["heads", checkpoint, "--data", data, "--features", features.parent]
    assert main([*map(str, arguments)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.pop("hidden_words") >= 6
    assert found == {"categories": 20, "verbs": 0, "objects": 0, "mentions": 0, "strangeness": 150, "visual_words": 0}
    again = load_checkpoint(str(checkpoint))
    assert again.model.config.categories == NAMES
    assert load_file(checkpoint / "model.safetensors")["category_head.weight"].shape == (20, 32)
    # and once more, over the head that is there
    assert main([*map(str, arguments)]) == 0


def test_videos_to_learn_from_have_to_be_there(features: Path, tmp_path: Path) -> None:
    index = features / "index.json"
    index.write_text(index.read_text().replace('"split": "train"', '"split": "val"'))
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    with pytest.raises(DataError, match="no video of the split"):
        fit_heads(loaded, FeatureStore(index.parent), NAMES, progress=False)


@pytest.mark.slow
def test_the_head_for_actions_learns_those_and_sports_of_the_training_stills(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    store, labelled = write_everyday(tmp_path)
    assert fit_action_head(loaded, store, labelled, progress=False) == 3
    assert loaded.model.config.actions == ["running", "singing", "sleeping"]  # no piano
    probabilities = head_probabilities(loaded, [store.load_shown(row) for row in (0, 1, 2)])["action"]
    assert probabilities.shape == (3, 3)
    with pytest.raises(DataError, match="no action or sport"):
        fit_action_head(loaded, store, [], progress=False)
