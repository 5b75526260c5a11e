"""Sentences and words that find their videos, over made-up folders in both formats."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import CAPTIONS
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.evaluation import retrieval
from videobert_demo.evaluation.retrieval import commonest_words, evaluate_retrieval, evaluate_word_retrieval
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import count_supporting


def test_retrieval_compares_each_videos_first_caption_with_all_videos(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = evaluate_retrieval(loaded, data, progress=False)
    assert list(scores) == ["R@1", "R@5", "R@10", "MedR", "videos"]
    assert (scores["R@10"], scores["videos"]) == (100.0, 6)
    asked: list[str] = []
    vectors = torch.eye(6)
    monkeypatch.setattr(retrieval, "PER_BATCH", 4)

    def embed_queries(_loaded: LoadedModel, sentences: list[str]) -> torch.Tensor:
        rows = vectors[len(asked) : len(asked) + len(sentences)]
        asked.extend(sentences)
        return rows

    done = iter((vectors[:4], vectors[4:]))
    monkeypatch.setattr(retrieval, "embed_queries", embed_queries)
    monkeypatch.setattr(retrieval, "embed_clips", lambda _loaded, _clips: next(done))
    # the right video's second segment is all that its vectors share with the sentence: the best segment counts
    segments = [torch.stack([vectors[(row + 1) % 6] * 0.5, vectors[row]]) for row in range(6)]
    monkeypatch.setattr(retrieval, "embed_segments", lambda _loaded, _clips: segments)
    assert evaluate_retrieval(loaded, data, progress=False)["R@1"] == 100.0
    assert asked == [texts[0] for texts in CAPTIONS]


def test_retrieval_by_all_captions_asks_for_a_video_as_often_as_it_has_captions(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {text: number for number, texts in enumerate(CAPTIONS) for text in texts}
    vectors = torch.eye(6)
    monkeypatch.setattr(retrieval, "embed_clips", lambda _loaded, clips: vectors[: len(clips)])
    monkeypatch.setattr(retrieval, "embed_segments", lambda _loaded, _clips: [vectors[n : n + 1] for n in range(6)])
    found: list[str] = []

    def embed_queries(_loaded: LoadedModel, sentences: list[str]) -> torch.Tensor:
        found.extend(sentences)
        return torch.stack([vectors[places[text]] for text in sentences])

    monkeypatch.setattr(retrieval, "embed_queries", embed_queries)
    scores = evaluate_retrieval(loaded, data, progress=False, all_captions=True)
    assert found == [text for texts in CAPTIONS for text in texts]
    assert (scores["R@1"], scores["videos"]) == (100.0, 6)


def test_words_find_the_videos_whose_captions_have_them(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = evaluate_word_retrieval(loaded, data, progress=False)
    assert list(scores) == ["mAP", "mAP_nouns", "mAP_verbs", "mAP_bare", "mAP_chance", "words", "videos"]
    # each word's vector is that of the one video whose captions have it; without it they all look alike
    places = {word: number for number, texts in enumerate(CAPTIONS) for text in texts for word in text.split()}
    lemma_of = {"sing": "singing", "play": "playing", "cook": "cooking", "run": "running", "drive": "driving"}
    lemma_of |= {"sleep": "sleeping", "girl": "girls"}
    vectors = torch.eye(6)
    monkeypatch.setattr(
        retrieval,
        "embed_queries",
        lambda _loaded, words: torch.stack([vectors[places[lemma_of.get(word, word)]] for word in words]),
    )
    monkeypatch.setattr(retrieval, "embed_sentences", lambda _loaded, words: vectors[5].expand(len(words), 6))
    monkeypatch.setattr(retrieval, "embed_clips", lambda _loaded, clips: vectors[: len(clips)])
    monkeypatch.setattr(retrieval, "embed_segments", lambda _loaded, _clips: [vectors[n : n + 1] for n in range(6)])
    scores = evaluate_word_retrieval(loaded, data, progress=False)
    assert scores["mAP"] == 100.0 > scores["mAP_bare"]
    assert scores["words"] == len({*commonest_words(read_videos(data, "test"))} & scores_words(data))


def scores_words(data: Path) -> set[str]:
    """The words that two captions of one video have."""
    found = [count_supporting(video.captions) for video in read_videos(data, "test")]
    return {word for counts in found for word, count in counts.items() if count >= 2}


def test_whole_clips_are_found_the_same_way(loaded: LoadedModel, whole: Path) -> None:
    assert evaluate_retrieval(loaded, whole, split="val", progress=False)["videos"] == 2  # the split is not theirs
