"""Cloze, visual words, alignment and classification over a made-up folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import CAPTIONS, write_frames, write_tiny_checkpoint
from videobert_demo.errors import DataError
from videobert_demo.evaluation import alignment, classification, cloze, visual_words
from videobert_demo.evaluation.alignment import area_under_roc, evaluate_alignment
from videobert_demo.evaluation.classification import evaluate_classification
from videobert_demo.evaluation.cloze import evaluate_cloze
from videobert_demo.evaluation.visual_words import evaluate_visual_words
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.types.visual_words import VisualWord


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six videos of two frames, all in the test split."""
    return write_frames(tmp_path_factory.mktemp("msrvtt"))


def test_cloze_counts_what_is_guessed_of_each_noun_and_verb(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = evaluate_cloze(loaded, data, progress=False)
    assert scores["videos"] == 6
    assert scores["words"] == 6 * 3  # man playing piano; dog running grass; woman cooking kitchen; ...
    vocabulary = loaded.processor.tokenizer.get_vocab()

    def know(_loaded: object, sentences: Sequence[str], clips: object) -> list[torch.Tensor]:
        """With a clip it knows every word of the captions, without one it says "the"."""
        found = []
        for sentence in sentences:
            probabilities = torch.zeros(sentence.count("[MASK]"), len(vocabulary))
            whole = next(texts[0] for texts in CAPTIONS if fits(texts[0], sentence)).split()
            places = [place for place, word in enumerate(sentence.split()) if word == "[MASK]"]
            seen[len(places)] += 1
            for row, place in enumerate(places):
                probabilities[row, vocabulary[whole[place] if clips is not None else "the"]] = 1
            found.append(probabilities)
        return found

    def fits(caption: str, sentence: str) -> bool:
        pairs = list(zip(caption.split(), sentence.split(), strict=False))
        return len(caption.split()) == len(sentence.split()) and all(b in (a, "[MASK]") for a, b in pairs)

    seen: Counter[int] = Counter()
    monkeypatch.setattr(cloze, "word_probabilities", know)
    scores = evaluate_cloze(loaded, data, progress=False)
    assert seen == {3: 6 * 3, 1: 6 * 3 * 3}  # together and alone; with the clip, with another one, with none
    for prefix in ("", "one_"):
        for name in ("with_clip_top1", "with_clip_top5", "other_clip_top5"):
            assert scores[prefix + name] == 100
        assert scores[f"{prefix}no_clip_top1"] == 0


def test_visual_words_are_compared_with_the_commonest(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = evaluate_visual_words(loaded, data, progress=False)
    assert scores["segments"] == 12
    assert 0 <= scores["top1"] <= scores["top5"] <= 100
    words = iter([0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 1])
    monkeypatch.setattr(
        visual_words, "read_visual_words", lambda *_: [VisualWord(next(words), 0.5), VisualWord(next(words), 0.5)]
    )
    likely = torch.tensor([[0.9, 0, 0, 0, 0, 0.5, 0.4, 0.3, 0.2]])  # 0, 5, 6, 7, 8
    monkeypatch.setattr(visual_words, "segment_probabilities", lambda _loaded, clips, *_: [likely] * len(clips))
    scores = evaluate_visual_words(loaded, data, progress=False)
    assert scores["top1"] == pytest.approx(25)  # three zeros of twelve
    assert scores["top5"] == pytest.approx(100 * 7 / 12, abs=0.01)
    assert scores["prior_top5"] == pytest.approx(100 * 8 / 12, abs=0.01)  # 0, 0, 0, 1, 1 and three single ones
    assert scores["words_in_use"] == 9


def test_videos_of_one_frame_have_no_segment_to_hide(loaded: LoadedModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="two segments"):
        evaluate_visual_words(loaded, write_frames(tmp_path, frames=1), progress=False)


def test_the_area_is_the_chance_to_be_above() -> None:
    assert area_under_roc(np.array([1.0, 2.0]), np.array([0.0, 0.5])) == 1
    assert area_under_roc(np.array([0.0]), np.array([1.0])) == 0
    assert area_under_roc(np.array([1.0, 3.0]), np.array([1.0, 2.0])) == pytest.approx((0.5 + 0 + 1 + 1) / 4)


def test_alignment_compares_own_captions_with_others(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 0 <= evaluate_alignment(loaded, data, progress=False)["auc"] <= 1
    own = [texts[0] for texts in CAPTIONS]
    seen: list[list[str]] = []

    def know(_loaded: object, _clips: object, sentences: Sequence[str]) -> torch.Tensor:
        seen.append(list(sentences))
        return torch.tensor([float(text == mine) for text, mine in zip(sentences, own, strict=True)])

    monkeypatch.setattr(alignment, "align", know)
    scores = evaluate_alignment(loaded, data, progress=False)
    assert scores == {"auc": 1.0, "hard_auc": 1.0, "videos": 6}
    assert seen[0] == own
    assert all(text != mine for text, mine in zip(seen[1], own, strict=True))


def test_verbs_and_objects_count_if_captions_share_them(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = evaluate_classification(loaded, data, progress=False)
    assert scores["videos"] == 6
    assert not {"category_top1", "verb_head_top1", "object_head_top1"} & set(scores)  # this checkpoint has no heads
    vocabulary = loaded.processor.tokenizer.get_vocab()

    def say(word: str, without: str) -> object:
        def probabilities(_loaded: object, clips: Sequence[object] | None) -> torch.Tensor:
            found = torch.rand(1 if clips is None else len(clips), len(vocabulary)) * 0.01
            found[:, vocabulary[without if clips is None else word]] = 1
            return found

        return probabilities

    monkeypatch.setattr(classification, "verb_probabilities", say("singing", "cooking"))
    monkeypatch.setattr(classification, "object_probabilities", say("dog", "piano"))
    scores = evaluate_classification(loaded, data, progress=False)
    # three captions each: all verbs but "play"; piano, dog, car, cat
    assert scores["verb_top1"] == pytest.approx(100 / scores["verb_videos"], abs=0.01)
    assert scores["verb_prior_top1"] == pytest.approx(100 / scores["verb_videos"], abs=0.01)
    assert scores["object_top1"] == scores["object_prior_top1"] == pytest.approx(25)
    assert scores["object_videos"] == 4


def test_trained_heads_are_asked_where_they_are(data: Path, tmp_path: Path) -> None:
    folder = write_tiny_checkpoint(tmp_path / "headed", categories=["music", "people"], verbs=["sing"], objects=["dog"])
    headed = load_checkpoint(str(folder))
    scores = evaluate_classification(headed, data, progress=False)
    # there is but one verb and one object to say
    assert scores["verb_head_top1"] == scores["verb_head_top5"] == pytest.approx(100 / scores["verb_videos"], abs=0.01)
    assert scores["object_head_top1"] == pytest.approx(25)
    assert "category_top1" in scores
