"""Labelled stills: their batches, their losses, and what a model learns from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import tiny_tokenizer
from tests.training.everyday_data import LABELS, write_everyday
from tests.training.runs import NOTHING, make_batches, make_config, make_model
from videobert_demo.errors import DataError
from videobert_demo.model.packing import IGNORED
from videobert_demo.training import everyday
from videobert_demo.training.everyday import EverydayBatch, EverydayMaker
from videobert_demo.training.loop import train
from videobert_demo.training.objectives import Objectives


def make_maker(folder: Path, *, per_step: int = 4, views: int = 2) -> EverydayMaker:
    store, labelled = write_everyday(folder, views=views)
    tokenizer = tiny_tokenizer()

    def tokenize(texts: list[str]) -> list[list[int]]:
        ids: list[list[int]] = tokenizer(texts, add_special_tokens=False).input_ids
        return ids

    return EverydayMaker(store, labelled, tokenizer, tokenize, per_step=per_step, seed=3)


def test_a_batch_depends_on_seed_step_and_process_alone(tmp_path: Path) -> None:
    maker, again = make_maker(tmp_path / "a"), make_maker(tmp_path / "b")
    for step in (5, 0):
        first, second = maker.of_step(step), again.of_step(step)
        assert torch.equal(first.video["frame_features"], second.video["frame_features"])
        assert (first.sentences, first.labels) == (second.sentences, second.labels)
    other = maker.of_step(5, rank=1)
    assert not torch.equal(other.video["frame_features"], maker.of_step(5).video["frame_features"])


def test_held_out_stills_are_never_drawn(tmp_path: Path) -> None:
    maker = make_maker(tmp_path)
    assert len(maker.clips) == 8
    assert {one.clip.split for one in maker.clips} == {"train"}


def test_each_clip_has_its_labels_sentence_and_instruments_no_caption(tmp_path: Path) -> None:
    batch = make_maker(tmp_path).of_step(0)
    said = [batch.sentences[label] for label in batch.labels]
    known = {label["captions"][0] for label in LABELS}
    assert set(said) <= known
    assert sorted(batch.sentences) == sorted(known)  # fewer than LABELS_PER_STEP: all of them
    written = (batch.packed.labels != IGNORED).any(1).tolist()
    assert written == [text != "a piano" for text in said]


def test_a_clip_is_one_still_or_views_of_it_or_a_pair_of_its_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, random = make_maker(tmp_path), np.random.default_rng(0)
    views = [maker._store.load(maker.rows[0], view).pooled[0] for view in (0, 1)]
    twins = [maker._store.load(maker.rows[4], view).pooled[0] for view in (0, 1)]

    def among(row: np.ndarray, choices: list[np.ndarray]) -> bool:
        return any(np.array_equal(row, choice) for choice in choices)

    assert len(maker.draw(0, 1, random).pooled) == 1
    monkeypatch.setattr(everyday, "VIEWS_SHARE", 1.0)
    assert all(among(row, views) for row in maker.draw(0, 3, random).pooled)
    monkeypatch.setattr(everyday, "VIEWS_SHARE", 0.0)
    drawn = [maker.draw(0, 2, random).pooled for _ in range(20)]
    assert all(among(pair[0], views) and among(pair[1], views + twins) for pair in drawn)
    assert any(among(pair[1], twins) for pair in drawn)


def test_a_right_and_a_wrong_label_cost_unlike(tmp_path: Path) -> None:
    maker, config = make_maker(tmp_path), make_config({**NOTHING, "label_contrast": 1.0}, everyday_per_step=4)
    model = make_model().eval()
    objectives = Objectives(model, tiny_tokenizer(), config)
    batch = maker.of_step(0)
    losses = objectives(batch, 0)
    assert set(losses) == {"label_contrast"}
    texts = objectives._embed(batch.sentences)
    videos = model.embed_video(model.encoder(**batch.video)).float()
    scores = (videos @ texts.T) * model.logit_scale.exp()
    log_probabilities = scores.log_softmax(1)[torch.arange(len(batch.labels)), batch.labels]
    assert float(losses["label_contrast"].detach()) == pytest.approx(
        -float(log_probabilities.mean().detach()), rel=1e-5
    )


@pytest.mark.slow
def test_a_run_learns_the_labels(tmp_path: Path) -> None:
    config = make_config({**NOTHING, "label_contrast": 1.0, "everyday_caption": 0.5}, everyday_per_step=8, steps=40)
    batches = make_batches(tmp_path / "features", config)
    batches.add_everyday(*write_everyday(tmp_path))
    assert [type(part) for part in batches.of_step(0)] == [EverydayBatch]
    model = make_model()
    before = Objectives(model, tiny_tokenizer(), config)(batches.of_step(0)[0], 0)
    first = {name: float(loss.detach()) for name, loss in before.items()}
    last = train(model, tiny_tokenizer(), batches, config, tmp_path / "out", cpu=True)
    assert last["label_contrast"] < 0.7 * first["label_contrast"]
    assert last["everyday_caption"] < 0.8 * first["everyday_caption"]


def test_questions_are_asked_about_labelled_stills_too(tmp_path: Path) -> None:
    config = make_config({**NOTHING, "answer": 1.0}, questions_per_step=16, everyday_per_step=4)
    batches = make_batches(tmp_path / "features", config)
    asked = {text for step in range(20) for part in batches.of_step(step) for text in part.questions}  # type: ignore[union-attr]
    assert "what is the girl doing?" not in asked
    batches.add_everyday(*write_everyday(tmp_path))
    asked = {text for step in range(20) for part in batches.of_step(step) for text in part.questions}  # type: ignore[union-attr]
    assert {"what is the girl doing?", "what instrument is this?"} <= asked


def test_features_of_other_stills_are_refused(tmp_path: Path) -> None:
    store, _ = write_everyday(tmp_path)
    with pytest.raises(DataError, match="hold none of the split 'train'"):
        EverydayMaker(store, [], tiny_tokenizer(), lambda texts: [[] for _ in texts], per_step=4, seed=0)
