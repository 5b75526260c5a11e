"""The objectives: what is masked, what is compared, what is left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.tiny import CAPTIONS, DECODER_TOKENS, TOKENS, tiny_tokenizer
from tests.training.runs import NOTHING, make_batches, make_config, make_model
from videobert_demo.training import objectives as objectives_module
from videobert_demo.training.asking import QuestionBatch
from videobert_demo.training.batches import TextBatch, VideoBatch
from videobert_demo.training.objectives import Objectives

EVERYTHING = dict.fromkeys(("contrast", "masked_words", "masked_visual_words", "alignment", "infilling"), 1.0)


def make(folder: Path, weights: dict[str, float], **settings: object) -> tuple[Objectives, VideoBatch]:
    """Objectives over an untrained tiny model in eval mode, and a batch of all six videos."""
    config = make_config(weights, **settings)
    batches = make_batches(folder, config)
    objectives = Objectives(make_model(), tiny_tokenizer(), config, batches.rewards)
    return objectives.eval(), batches.videos(0)


def test_only_wanted_losses_are_computed(tmp_path: Path) -> None:
    objectives, batch = make(tmp_path, {})
    assert set(objectives(batch, 0)) == {"caption"}
    objectives, batch = make(tmp_path, EVERYTHING)
    losses = objectives(batch, 0)
    assert set(losses) == {"caption", "contrast", "masked_words", "masked_visual_words", "alignment"}
    assert all(loss.isfinite() and loss.ndim == 0 for loss in losses.values())
    assert set(objectives(TextBatch(["a dog", "the cat"], ["a dog", "the cat"]), 0)) == {"infilling"}


@torch.no_grad()
def test_untrained_losses_are_those_of_guessing(tmp_path: Path) -> None:
    objectives, batch = make(tmp_path, EVERYTHING)
    objectives.model.alignment_weights.zero_()  # it begins with the likeness of both parts, which is no guess
    objectives.model.alignment_middle.zero_()
    losses = objectives(batch, 0)
    assert float(losses["caption"]) == pytest.approx(np.log(DECODER_TOKENS), rel=0.1)
    assert float(losses["masked_words"]) == pytest.approx(np.log(len(TOKENS)), rel=0.1)
    assert float(losses["masked_visual_words"]) == pytest.approx(np.log(9), rel=0.1)
    assert float(losses["alignment"]) == pytest.approx(np.log(2), rel=0.1)
    assert float(objectives(TextBatch(["a dog"], ["a dog"]), 0)["infilling"]) == pytest.approx(
        np.log(DECODER_TOKENS), rel=0.1
    )


def test_the_caption_loss_is_the_mean_over_all_words(tmp_path: Path) -> None:
    objectives, batch = make(tmp_path, {})
    model, total, words = objectives.model, 0.0, 0
    outputs = model.encoder(**batch.video)
    for row in range(6):
        video = {name: value[row : row + 1] for name, value in batch.video.items()}
        for number in range(2):
            own = batch.packed.sentence_ids[row] == number
            ids, labels = batch.packed.decoder_input_ids[row][own], batch.packed.labels[row][own]
            logits = model(decoder_input_ids=ids[None], **video).logits[0]
            total += float(functional.cross_entropy(logits, labels, reduction="sum"))
            words += len(labels)
    assert float(objectives._caption(outputs, batch.packed)) == pytest.approx(total / words, rel=1e-4)


def test_the_contrast_is_low_when_pairs_are_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objectives, batch = make(tmp_path, NOTHING | {"contrast": 1.0})
    vectors = torch.eye(6, 16)
    monkeypatch.setattr(objectives.model, "embed_text", lambda _outputs: vectors)
    monkeypatch.setattr(objectives.model, "embed_video", lambda _outputs: vectors)
    good = float(objectives(batch, 0)["contrast"])
    expected = -np.log(np.exp(np.exp(3)) / (np.exp(np.exp(3)) + 5))
    assert good == pytest.approx(expected, abs=1e-5)
    monkeypatch.setattr(objectives.model, "embed_video", lambda _outputs: vectors.roll(1, 0))
    assert float(objectives(batch, 0)["contrast"]) == pytest.approx(np.exp(3), rel=1e-3)


def test_the_contrast_goes_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text must find its video and every video its text; neither half may stand for the other."""
    objectives, batch = make(tmp_path, NOTHING | {"contrast": 1.0})
    texts, videos = torch.eye(6, 16), torch.eye(6, 16)
    texts[1] = texts[0]  # two texts alike: the first two videos cannot tell which is theirs, but others can
    videos[2] = (videos[2] + 0.5 * videos[3]) / torch.linalg.vector_norm(videos[2] + 0.5 * videos[3])
    monkeypatch.setattr(objectives.model, "embed_text", lambda _outputs: texts)
    monkeypatch.setattr(objectives.model, "embed_video", lambda _outputs: videos)
    logits = np.exp(3) * (texts @ videos.T).double().numpy()  # (texts, videos)

    def mean_loss(scores: np.ndarray) -> float:
        return float(np.mean(np.log(np.exp(scores).sum(axis=1)) - scores.diagonal()))

    text_to_video, video_to_text = mean_loss(logits), mean_loss(logits.T)
    assert abs(text_to_video - video_to_text) > 0.1  # or leaving one half out would not show
    assert float(objectives(batch, 0)["contrast"]) == pytest.approx((text_to_video + video_to_text) / 2, rel=1e-5)


def test_paraphrases_find_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objectives, _ = make(tmp_path, NOTHING | {"paraphrase": 1.0})
    sentences = TextBatch(["a dog", "the cat"], ["the dog", "a cat"])
    vectors = {"a dog": [1.0, 0.0], "the dog": [1.0, 0.0], "the cat": [0.0, 1.0], "a cat": [0.0, 1.0]}
    monkeypatch.setattr(objectives, "_embed", lambda texts: torch.tensor([vectors[text] for text in texts]))
    assert float(objectives(sentences, 0)["paraphrase"]) < 1e-5
    swapped = TextBatch(sentences.sentences, sentences.paraphrases[::-1])
    assert float(objectives(swapped, 0)["paraphrase"]) == pytest.approx(np.exp(3), rel=1e-3)


def test_label_clips_are_left_out_where_words_are_masked_and_nothing_else_is_learned(tmp_path: Path) -> None:
    counts = []
    for caption in (0.0, 1.0):
        weights = {"caption": caption, "masked_words": 1.0}
        config = make_config(weights, label_clips_per_step=4, labels_per_clip=3)
        batches = make_batches(tmp_path / str(caption), config, frames=3)
        batches.add_label_clips([["dog"], ["cat"], ["piano"]], lambda _pooled: (np.array([0]), np.array([0.6])))
        counts.append(len(batches.of_step(0)))
    assert counts[1] == counts[0] + 1


def test_label_clips_have_captions_and_a_contrast_but_nothing_to_mask(tmp_path: Path) -> None:
    config = make_config(EVERYTHING, label_clips_per_step=4, labels_per_clip=3)
    batches = make_batches(tmp_path, config)
    batches.add_label_clips([["dog"], ["cat"], ["piano"]], lambda _pooled: (np.array([0, 2]), np.array([0.6, 0.3])))
    batch = batches.label_clips_of_step(0)
    losses = Objectives(make_model(), tiny_tokenizer(), config)(batch, 0)
    assert set(losses) == {"caption", "contrast"}
    assert all(loss.isfinite() for loss in losses.values())


def test_a_batch_for_the_contrast_has_no_loss_of_captions(tmp_path: Path) -> None:
    config = make_config(EVERYTHING | {"self_critical": 1.0}, contrasted_per_step=5)
    batches = make_batches(tmp_path, config)
    batch = batches.contrasted(0)
    assert len(batch.texts) == len(set(batch.indices)) == 5
    objectives = Objectives(make_model(), tiny_tokenizer(), config, batches.rewards)
    assert set(objectives(batch, 0)) == {"contrast", "alignment"}


def test_who_aligns_in_the_contrast_does_not_align_with_words_hidden(tmp_path: Path) -> None:
    config = make_config(EVERYTHING | {"infilling": 0.0}, contrasted_per_step=5)
    batches = make_batches(tmp_path, config)
    objectives = Objectives(make_model(), tiny_tokenizer(), config)
    assert "alignment" in objectives(batches.contrasted(0), 0)
    assert set(objectives(batches.videos(0), 0)) == {"caption", "contrast", "masked_words", "masked_visual_words"}


def test_mismatches_are_the_text_of_a_video_that_looks_alike_or_of_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objectives, batch = make(tmp_path, NOTHING | {"alignment": 1.0})
    told: list[list[str]] = []
    real = objectives._tokenize

    def tokenize(texts: list[str], ending: str) -> object:
        told.append(texts)
        assert ending == "[>]"
        return real(texts, ending)

    monkeypatch.setattr(objectives, "_tokenize", tokenize)
    similarity = torch.eye(6)
    for video, text in ((1, 4), (3, 0), (5, 2)):  # rows are texts; the fourth takes the next one all the same
        similarity[text, video] = 0.9
    texts, videos = torch.zeros(6, 16), torch.eye(6, 16)
    texts[:, :6] = similarity
    objectives._joint(batch, (texts, videos), 0)
    (read,) = told
    assert read == [batch.texts[index] for index in (0, 4, 2, 4, 4, 2)]
    told.clear()
    objectives._align(batch, texts, videos)
    assert told == [read]


def test_a_stride_takes_every_nth_video_to_the_joint_pass(tmp_path: Path) -> None:
    objectives, batch = make(tmp_path, EVERYTHING, joint_stride=3)
    sizes: list[int] = []
    objectives.model.encoder.register_forward_pre_hook(
        lambda _module, _inputs, options: (
            sizes.append(len(options["frame_features"])) if "segment_mask" in options else None
        ),
        with_kwargs=True,
    )
    losses = objectives(batch, 0)
    assert sizes == [2]
    assert losses["alignment"].isfinite()


def test_masks_are_drawn_from_the_seed(tmp_path: Path) -> None:
    objectives, batch = make(tmp_path, EVERYTHING)
    first, again, other = (objectives(batch, seed) for seed in (3, 3, 4))
    assert torch.equal(first["masked_words"], again["masked_words"])
    assert not torch.equal(first["masked_words"], other["masked_words"])
    texts = TextBatch([texts[0] for texts in CAPTIONS], [texts[1] for texts in CAPTIONS])
    assert torch.equal(objectives(texts, 3)["infilling"], objectives(texts, 3)["infilling"])
    assert not torch.equal(objectives(texts, 3)["infilling"], objectives(texts, 4)["infilling"])


def test_clips_of_one_frame_hide_none(tmp_path: Path) -> None:
    config = make_config(NOTHING | {"masked_visual_words": 1.0, "masked_words": 1.0}, stills_per_step=4)
    objectives = Objectives(make_model(), tiny_tokenizer(), config).eval()
    losses = objectives(make_batches(tmp_path, config).stills(0), 0)
    assert float(losses["masked_visual_words"]) == 0
    assert losses["masked_visual_words"].requires_grad


def test_the_total_weighs_the_losses_and_leaves_figures_out(tmp_path: Path) -> None:
    objectives, _ = make(tmp_path, {"caption": 2.0, "contrast": 0.5})
    losses = {"caption": torch.tensor(3.0), "contrast": torch.tensor(4.0), "reward": torch.tensor(100.0)}
    assert float(objectives.total(losses)) == 8.0


def test_answers_count_by_the_weight_of_their_batch(tmp_path: Path) -> None:
    config = make_config({**NOTHING, "answer": 1.0}, questions_per_step=4)
    objectives = Objectives(make_model(), tiny_tokenizer(), config).eval()
    batch = next(part for part in make_batches(tmp_path, config).of_step(0) if isinstance(part, QuestionBatch))
    once, half = (float(objectives(replace(batch, weight=weight), 0)["answer"].detach()) for weight in (1.0, 0.5))
    assert half == pytest.approx(once / 2)


def test_captions_are_smoothed_and_answers_are_not(tmp_path: Path) -> None:
    losses = {}
    for smoothing in (0.0, 0.3):
        config = make_config(
            {**NOTHING, "answer": 1.0, "caption": 1.0}, questions_per_step=4, label_smoothing=smoothing
        )
        objectives = Objectives(make_model(), tiny_tokenizer(), config).eval()
        for batch in make_batches(tmp_path / str(smoothing), config).of_step(0):
            losses |= {(name, smoothing): float(loss.detach()) for name, loss in objectives(batch, 0).items()}
    assert losses["answer", 0.3] == pytest.approx(losses["answer", 0.0])
    assert losses["caption", 0.3] != pytest.approx(losses["caption", 0.0])


def test_pairs_that_belong_together_are_to_be_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objectives, batch = make(tmp_path, NOTHING | {"alignment": 1.0})
    outputs, vectors = objectives.model.encoder(**batch.video), torch.eye(6, 16)
    matched = torch.tensor([True, False] * 3)
    for right, bounds in ((matched, (0, 0.01)), (~matched, (5, 99))):
        monkeypatch.setattr(objectives.model, "predict_alignment", lambda *_given, right=right: 20.0 * right - 10)
        assert bounds[0] <= float(objectives._alignment(outputs, vectors, vectors, matched)) <= bounds[1]


def test_words_of_a_wrong_sentence_are_not_to_be_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objectives, batch = make(tmp_path, EVERYTHING)
    predict, guessed = objectives.model.predict_words, []

    def note(states: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        guessed.append(len(states))
        return predict(states, seen)

    monkeypatch.setattr(objectives.model, "predict_words", note)
    for are_right in (True, False):
        monkeypatch.setattr(
            objectives_module,
            "mismatch_texts",
            lambda _similarity, stride, right=are_right: (
                list(range(0, 6, stride)),
                torch.full((len(range(0, 6, stride)),), right),
            ),
        )
        objectives(batch, 0)
    assert guessed[0] > 0 == guessed[1]
