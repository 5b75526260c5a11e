from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.tiny import write_tiny_checkpoint
from videobert_demo.attention import scoring
from videobert_demo.attention.explain import METHODS, explain, explain_by_head, score_patches
from videobert_demo.attention.faithfulness import measure_faithfulness
from videobert_demo.attention.scoring import encoder_inputs, score_target, word_direction
from videobert_demo.attention.targets import Target, answer_word, caption_word, typed_word
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.questions.tagging import lemmas

TIMES = np.array([0.5, 1.5, 2.5])
CAPTION = "a man is playing a piano"


def targets_of(loaded: LoadedModel) -> dict[str, Target]:
    return {
        "caption": caption_word(loaded.processor, CAPTION, 1),
        "answer": answer_word(loaded.processor, "a man is playing a", "piano"),
        "typed": typed_word(loaded.processor, "guitar"),
    }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("about", ["caption", "answer", "typed"])
def test_every_method_explains_every_target(loaded: LoadedModel, clip: ClipTensors, method: str, about: str) -> None:
    heatmap = explain(loaded, clip, targets_of(loaded)[about], method, timestamps_seconds=TIMES)
    assert heatmap.values.shape == (3, 2, 2)
    assert heatmap.values.min() == 0.0
    assert heatmap.values.max() == 1.0
    assert heatmap.timestamps_seconds.tolist() == TIMES.tolist()


@pytest.mark.parametrize("method", METHODS)
def test_works_on_features_and_in_a_caller_in_inference_mode(loaded: LoadedModel, method: str) -> None:
    with torch.inference_mode():
        clip = ClipTensors(torch.rand(2, 1280), torch.rand(2, 4, 1280))
        scores = score_patches(loaded, clip, targets_of(loaded)["caption"], method)
    assert scores.shape == (2, 4)
    assert not scores.requires_grad


@pytest.mark.parametrize("method", ["relevance", "gradient_input", "rollout", "attention"])
def test_the_question_counts(loaded: LoadedModel, clip: ClipTensors, method: str) -> None:
    one, other = (
        score_patches(loaded, clip, answer_word(loaded.processor, question, "man"), method)
        for question in ("who is playing", "who is in the kitchen cooking")
    )
    assert not torch.allclose(one, other)


@pytest.mark.parametrize("about", ["caption", "answer", "typed"])
def test_only_an_answer_is_explained_with_the_adapters(tmp_path: Path, clip: ClipTensors, about: str) -> None:
    adapted = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "adapted", answer_rank=2)))
    target = targets_of(adapted)[about]
    heatmap = explain(adapted, clip, target, "relevance", timestamps_seconds=TIMES)
    seen = [score_patches(adapted, clip, target, "relevance"), measure_faithfulness(adapted, clip, target, heatmap)]
    with torch.no_grad():
        for name, value in adapted.model.named_parameters():
            if name.endswith(".up"):
                value.zero_()
    plain = [score_patches(adapted, clip, target, "relevance"), measure_faithfulness(adapted, clip, target, heatmap)]
    assert torch.equal(seen[0], plain[0]) == (about != "answer")
    assert np.array_equal(seen[1].insertion, plain[1].insertion) == (about != "answer")


def test_similarity_is_the_words_probability_among_common_nouns(loaded: LoadedModel, clip: ClipTensors) -> None:
    model = loaded.model
    with torch.no_grad():  # the last frame alone
        one = {"frame_features": clip.frame_features[None, 2:], "patch_features": clip.patch_features[None, 2:]}
        vectors = model.video_projection(model.encoder(**one).last_hidden_state[:, 2:])  # after [CLS] [>]
        tokens = loaded.processor.tokenizer.convert_ids_to_tokens(list(range(model.config.decoder.vocab_size)))
        nouns = [token for token in tokens if token.isalpha() and len(token) > 2 and "NOUN" in lemmas(token)]
        others = [noun for noun in nouns if noun != "dog"][:64]
        words = model.embed_text(model.encoder(**loaded.processor(text=["dog", *others])))
        position = 3 + 1 + 3  # the last patch, after the labels and the visual word
        cosines = torch.nn.functional.cosine_similarity(vectors[0, position], words, dim=-1)
    scores = score_patches(loaded, clip, typed_word(loaded.processor, "dog"), "similarity")
    assert scores.shape == (3, 4)
    assert scores[2, 3] == pytest.approx(float((cosines * model.logit_scale.exp()).softmax(0)[0]), rel=1e-4)


@pytest.mark.parametrize("about", ["caption", "answer", "typed"])
def test_similarity_of_a_word_that_the_model_wrote_is_weighted_by_relevance(
    loaded: LoadedModel, clip: ClipTensors, about: str
) -> None:
    target = targets_of(loaded)[about]
    plain = score_patches(loaded, clip, typed_word(loaded.processor, target.word), "similarity")
    weight = 1 if about == "typed" else score_patches(loaded, clip, target, "relevance")
    torch.testing.assert_close(score_patches(loaded, clip, target, "similarity"), plain * weight)


def test_the_score_of_a_written_word_is_its_log_probability(loaded: LoadedModel, clip: ClipTensors) -> None:
    target = caption_word(loaded.processor, "a zebra is", 1)
    model = loaded.model
    with torch.no_grad():
        encoded = model.encoder(**encoder_inputs(loaded, clip, ""))
        ids = torch.tensor([[2, *target.sentence_ids]])
        steps = model(decoder_input_ids=ids, encoder_outputs=encoded, use_cache=False).logits.log_softmax(-1)
        expected = sum(float(steps[0, position, target.sentence_ids[position]]) for position in range(1, 6))
        assert score_target(model, encoded, target, None).tolist() == [pytest.approx(expected, abs=1e-4)]


def test_gradient_input_is_the_first_order_change_of_the_score(loaded: LoadedModel, clip: ClipTensors) -> None:
    """Moving a patch, and with it its frame's pooled feature, a little towards the clip's mean."""
    target = caption_word(loaded.processor, CAPTION, 1)
    scores = score_patches(loaded, clip, target, "gradient_input")
    mean, step = clip.patch_features.mean((0, 1)), 0.02

    def score(patches: Tensor, frames: Tensor) -> float:
        with torch.no_grad():
            inputs = encoder_inputs(loaded, ClipTensors(frames, patches), "")
            # the ids of visual words and labels are not differentiable: they stay
            given = encoder_inputs(loaded, clip, "")["frame_features"]
            labels = loaded.model.encoder.find_labels(given, torch.ones(1, 3, dtype=torch.bool))
            encoded = loaded.model.encoder(**inputs, label_ids=labels[0], label_probabilities=labels[1])
            return float(score_target(loaded.model, encoded, target, None))

    for frame, patch in ((0, 1), (2, 3)):
        moves = []
        for sign in (1, -1):
            patches, frames = clip.patch_features.clone(), clip.frame_features.clone()
            move = sign * step * (clip.patch_features[frame, patch] - mean)
            patches[frame, patch] += move
            frames[frame] += move / 4
            moves.append(score(patches, frames))
        slope = (moves[0] - moves[1]) / (2 * step)
        assert slope == pytest.approx(float(scores[frame, patch]), rel=0.1, abs=2e-3)


def test_layer_and_head(loaded: LoadedModel, clip: ClipTensors) -> None:
    for target in targets_of(loaded).values():
        grid = explain_by_head(loaded, clip, target, timestamps_seconds=TIMES)
        assert [len(row) for row in grid] == [4, 4]
        one = explain(loaded, clip, target, "attention", timestamps_seconds=TIMES, layer=1, head=2)
        assert np.allclose(grid[1][2].values, one.values, atol=1e-5)
        assert not np.allclose(grid[1][2].values, grid[0][1].values)
    with pytest.raises(ValueError, match="layer or head"):
        explain(loaded, clip, target, "rollout", timestamps_seconds=TIMES, layer=0)
    with pytest.raises(ValueError, match="method"):
        explain(loaded, clip, target, "magic", timestamps_seconds=TIMES)


def test_common_words_say_nothing(loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "BACKGROUND_WORDS", 1)
    tokens = loaded.processor.tokenizer.convert_ids_to_tokens(list(range(20)))
    first = next(token for token in tokens if token.isalpha() and len(token) > 2)
    assert word_direction(loaded, first).abs().max() < 1e-6


def test_threads_get_their_own_heatmaps(loaded: LoadedModel) -> None:
    clips = [ClipTensors(torch.rand(2, 1280), torch.rand(2, 4, 1280)) for _ in range(4)]
    target = targets_of(loaded)["caption"]
    expected = [score_patches(loaded, clip, target, "relevance") for clip in clips]
    found: list[list[Tensor]] = [[] for _ in clips]

    def work(index: int) -> None:
        found[index] += [score_patches(loaded, clips[index], target, "relevance") for _ in range(3)]

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(clips))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for scores, right in zip(found, expected, strict=True):
        assert len(scores) == 3
        assert all(torch.allclose(one, right, atol=1e-6, rtol=1e-3) for one in scores)
