"""Visual words: which a segment is, which one expects, and rows of them for a sentence."""

from __future__ import annotations

import pytest
import torch

from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.visual_words import (
    forecast,
    predict_segments,
    read_visual_words,
    word_centroids,
    write_reel,
)


def test_a_segment_is_the_word_whose_centroid_its_feature_is(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    codebook = loaded.model.encoder.codebook
    present = codebook.present(codebook.levels - 1).nonzero()[:3, 0]
    features = word_centroids(codebook, present)
    found = read_visual_words(loaded, ClipTensors(features, features[:, None].expand(-1, 4, -1)))
    assert [word.word_id for word in found] == present.tolist()
    assert all(word.value == pytest.approx(0, abs=1e-3) for word in found)
    assert all(word.value > 0.01 for word in read_visual_words(loaded, clips[0]))


def test_a_hidden_segment_tells_nothing_of_itself(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    other = ClipTensors(clips[0].frame_features.clone(), clips[0].patch_features.clone())
    other.frame_features[1] += 1.0
    other.patch_features[1] *= 2.0
    first, second = (predict_segments(loaded, clip, [1], "a dog") for clip in (clips[0], other))
    assert [[word.word_id for word in words] for words in first] == [
        [word.word_id for word in words] for words in second
    ]
    for one, same in zip(first[0], second[0], strict=True):
        assert one.value == pytest.approx(same.value, rel=1e-4)
    other.frame_features[2] += 1.0
    assert predict_segments(loaded, other, [1], "a dog") != first


def test_what_is_expected_is_words_in_use_the_likeliest_first(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    codebook = loaded.model.encoder.codebook
    (words,) = predict_segments(loaded, clips[0], [0], count=100)
    probabilities = [word.value for word in words if word.value > 0]
    assert sum(probabilities) == pytest.approx(1, rel=1e-4)
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(codebook.present(codebook.levels - 1)[word.word_id] for word in words if word.value > 0)


def test_the_second_half_is_forecast_and_one_segment_has_none(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    seen, expected = forecast(loaded, clips[0], count=3)
    assert (seen, [len(words) for words in expected]) == (2, [3, 3])
    assert forecast(loaded, clips[1]) == (1, [])


def test_a_reel_is_drawn_from_the_seed(loaded: LoadedModel) -> None:
    reel = write_reel(loaded, "a dog is running", segments=4, seed=3)
    assert len(reel) == 4
    assert all(0 < word.value <= 1 for word in reel)
    assert write_reel(loaded, "a dog is running", segments=4, seed=3) == reel
    others = [write_reel(loaded, "a dog is running", segments=4, seed=seed) for seed in range(4, 9)]
    assert any(other != reel for other in others)


def test_without_temperature_the_seed_does_not_matter(loaded: LoadedModel) -> None:
    reels = {write_reel(loaded, "a dog", segments=3, temperature=0.0, seed=seed) for seed in range(3)}
    assert len(reels) == 1


def test_rounds_draw_the_least_sure_again(loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    from videobert_demo.tasks import visual_words

    asked: list[list[int]] = []

    def drawn(_loaded: object, _clips: object, segments: list[list[int]], _sentences: object) -> list[torch.Tensor]:
        (hidden,) = segments
        asked.append(list(hidden))
        rows = torch.full((len(hidden), 9), 0.01)
        for row, segment in enumerate(hidden):
            rows[row, segment] = 0.9 - 0.1 * segment  # the last ones are the least sure
        return [rows]

    monkeypatch.setattr(visual_words, "segment_probabilities", drawn)
    write_reel(loaded, "a dog", segments=4, temperature=0.0, rounds=4)
    assert asked == [[0, 1, 2, 3], [1, 2, 3], [2, 3], [3]]


@pytest.mark.parametrize("wrong", [{"segments": 0}, {"segments": 5}, {"rounds": 0}, {"temperature": -1.0}])
def test_a_reel_that_cannot_be_is_refused(loaded: LoadedModel, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="cannot write"):
        write_reel(loaded, "a dog", **wrong)  # type: ignore[arg-type]
