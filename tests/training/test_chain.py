"""From published parts to the app: init, features, 30 steps of training, export, and what the service does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

import videobert_demo
from tests.published import ALL, TIMM, save_bart, save_bert, save_published, save_roberta
from tests.tiny import CAPTIONS, write_frames
from tests.training.runs import read_losses
from videobert_demo.attention.explain import FINER_METHODS, METHODS
from videobert_demo.cli.main import main
from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.training.store import FeatureStore

pytestmark = pytest.mark.slow
EVERYTHING = {"caption": 1.0, "contrast": 0.5, "masked_words": 0.3, "masked_visual_words": 0.3, "alignment": 0.3}
FRAMES = 4
OFTEN = ("clip", "resnet", "videomae")
"""A transformer of images, a network of 4-D maps, an encoder of clips; the others are like these."""


def train_of_parts(
    folder: Path,
    vision: str,
    text: str = "bert",
    *,
    captions: Sequence[Sequence[str]] = CAPTIONS,
    options: tuple[str, ...] = (),
    **settings: Any,
) -> Path:
    """Makes the parts, a checkpoint of them and features, trains it and exports it; returns the checkpoint's folder."""
    save_published(vision, folder / "vision")
    (save_roberta if text == "roberta" else save_bert)(folder / "text")
    save_bart(folder / "decoder")
    write_frames(folder / "data" / "msrvtt", captions, frames=FRAMES, split="train")
    parts = [f"--{name}={folder / name}" for name in ("vision", "text", "decoder")]
    start, features, out = folder / "start", folder / "features", folder / "run"
    assert main(["init", *parts, f"--out={start}", "--max-frames=3", "--patch-grid=2", *options]) == 0
    data = ["--data", str(folder / "data")]
    assert main(["features", *data, "--out", str(features), "--views=1", "--pairs=0", "--checkpoint", str(start)]) == 0
    config = {
        "init": str(start),
        "steps": 30,
        "videos_per_step": 6,
        "captions_per_video": 2,
        "learning_rate": 3e-3,
        "encoder_learning_rate": 1e-3,
        "warmup_steps": 3,
        "average_decay": 0.5,
        "label_smoothing": 0.0,
        "weight_decay": 0.0,
        "hidden_dropout": 0.0,
        "input_dropout": 0.0,
        "save_every": 1000,
        "log_every": 5,
        "weights": EVERYTHING,
    }
    (folder / "config.yaml").write_text(yaml.safe_dump({**config, **settings}), encoding="utf-8")
    run = ["train", str(folder / "config.yaml"), *data, "--features", str(features), "--out", str(out), "--cpu"]
    assert main(run) == 0
    assert main(["export", str(out / "model"), "--out", str(folder / "checkpoint")]) == 0
    return folder / "checkpoint"


def use_everything(demo: VideoBertService, path: Path) -> None:
    """Caption, answer, search, attend and tokens of one clip."""
    clip = demo.open(path)
    assert demo.caption(clip).text
    assert demo.answer(clip, "what is the man doing?").text
    rows, columns = demo._loaded.model.config.grid_shape
    words = [demo.word_target("piano"), demo.caption_target("a man is playing", 3)]
    for target in words:
        for method in METHODS:
            heat = demo.attend(clip, target, method=method)
            assert heat.values.shape == (len(clip.frames), rows, columns)
            assert np.isfinite(heat.values).all()
    if demo.can_look_finer:
        segments = demo.read_segments(path)
        for method in FINER_METHODS:
            fine = demo.attend(clip, words[0], method, segments=segments).values
            assert fine[0].size > rows * columns
            assert (fine.min(), fine.max()) == (0.0, 1.0)
    library = demo.temporary_library()
    library.add(demo.encode_for_library(path))
    (hit,) = demo.search(library, "a man is playing a piano")
    assert hit.entry.content_hash == clip.content_hash
    assert len(demo.inspect(clip, library=library).segments) == len(clip.frames)
    (blank,) = demo.fill(clip, "a man is playing a piano", hidden_words=[5]).blanks
    assert blank.with_clip
    assert 0 <= demo.align(clip, "a man is playing a piano").probability <= 1
    assert demo.classify(clip).verbs is not None


@pytest.mark.parametrize(
    "vision", [name if name in OFTEN else pytest.param(name, marks=pytest.mark.exhaustive) for name in ALL]
)
def test_every_family_goes_from_its_parts_to_the_app(vision: str, tmp_path: Path, examples: Path) -> None:
    text, streams = ("roberta", 2) if vision in ("siglip", "videomae") else ("bert", 1)
    go_from_parts_to_the_app(vision, text, streams, tmp_path, examples)


def go_from_parts_to_the_app(vision: str, text: str, streams: int, folder: Path, examples: Path) -> None:
    """Trains a checkpoint of these parts, whose losses fall, and does everything with it."""
    checkpoint = train_of_parts(folder, vision, text, options=(f"--streams={streams}",))
    losses = read_losses(folder / "run")
    for name, share in (("caption", 0.8), ("masked_words", 0.97)):  # in 30 steps; the first figure is after five
        assert losses[-1][name] < share * losses[0][name], (name, losses)
    demo = videobert_demo.load(str(checkpoint), settings=Settings(checkpoint=str(checkpoint)))
    use_everything(demo, examples / "dog.mp4")


@pytest.mark.exhaustive
@pytest.mark.parametrize("vision", TIMM)
def test_every_kind_of_timms_models_does_too(vision: str, tmp_path: Path, examples: Path) -> None:
    pytest.importorskip("timm")
    go_from_parts_to_the_app(vision, "bert", 1, tmp_path, examples)


def test_the_last_block_of_an_encoder_learns(tmp_path: Path) -> None:
    checkpoint = train_of_parts(tmp_path, "dinov2", tower_blocks=1, steps=4, log_every=2)
    start = VideoBertForConditionalGeneration.from_pretrained(tmp_path / "start")
    learned = VideoBertForConditionalGeneration.from_pretrained(tmp_path / "run" / "model")
    before, after = (one.encoder.frame_tower.state_dict() for one in (start, learned))
    changed = {name for name, value in before.items() if not torch.equal(value, after[name])}
    assert any(".layer.1." in name for name in changed)
    assert not any(".layer.0." in name or "embeddings" in name for name in changed)
    assert encoder_hash(start.config.vision) != encoder_hash(learned.config.vision)
    assert (start.config.is_untrained, learned.config.is_untrained) == (True, False)
    again = ["train", str(tmp_path / "config.yaml"), "--data", str(tmp_path / "data"), "--init", str(checkpoint)]
    assert main([*again, "--features", str(tmp_path / "features"), "--out", str(tmp_path / "again"), "--cpu"]) == 1


def test_four_clips_are_learned_by_heart(tmp_path: Path) -> None:
    captions = [texts[:1] for texts in CAPTIONS[:4]]
    settings = {"steps": 300, "captions_per_video": 1, "videos_per_step": 4, "weights": {"caption": 1.0}}
    checkpoint = train_of_parts(tmp_path, "clip", captions=captions, **settings)
    loaded, store = load_checkpoint(str(checkpoint)), FeatureStore(tmp_path / "features" / "msrvtt")
    found = [written[0].text for written in caption_clips(loaded, [store.load_shown(row) for row in range(4)])]
    assert found == [texts[0] for texts in captions]
