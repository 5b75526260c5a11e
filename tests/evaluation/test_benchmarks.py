"""Captioning and retrieval over made-up folders, in both formats."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from tests.resources.make_clips import encode
from tests.tiny import CAPTIONS, write_frames, write_jsonl
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.errors import ClipError, DataError
from videobert_demo.evaluation import captioning, retrieval
from videobert_demo.evaluation.captioning import evaluate_captioning
from videobert_demo.evaluation.inputs import encode_videos, read_annotations
from videobert_demo.evaluation.metrics import score_captions
from videobert_demo.evaluation.retrieval import commonest_words, evaluate_retrieval, evaluate_word_retrieval
from videobert_demo.evaluation.truth import score_truth
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.content import count_supporting


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six videos of two frames, all in the test split."""
    return write_frames(tmp_path_factory.mktemp("msrvtt"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two whole clips with captions beside them."""
    folder = tmp_path_factory.mktemp("clips")
    encode(folder / "first.mp4", "libx264", numbers=range(20))
    encode(folder / "second.webm", "libvpx", numbers=range(40, 50), options={"deadline": "realtime"})
    names = ("first.mp4", "second.webm")
    records = [{"file": name, "captions": texts} for name, texts in zip(names, CAPTIONS, strict=False)]
    write_jsonl(folder / "captions.jsonl", records)
    return folder


def test_captioning_scores_what_the_model_wrote(loaded: LoadedModel, data: Path) -> None:
    report = evaluate_captioning(loaded, data, progress=False)
    assert list(report.captions) == [f"video{number}" for number in range(6)]
    references = {f"video{n}": texts for n, texts in enumerate(CAPTIONS)}
    assert report.scores == {
        **score_captions(report.captions, references),
        **score_truth(report.captions, references),
    }
    assert report.scores["videos"] == 6


def test_a_model_that_writes_the_references_scores_well(
    loaded: LoadedModel, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from videobert_demo.types import Caption

    texts = iter(CAPTIONS)
    monkeypatch.setattr(
        captioning, "caption_clips", lambda _loaded, clips, beams: [(Caption(next(texts)[0], 1.0),) for _ in clips]
    )
    monkeypatch.setattr(captioning, "VIDEOS_PER_BATCH", 4)  # so that the last batch is a small one
    report = evaluate_captioning(loaded, data, progress=False)
    assert report.scores["BLEU-4"] == report.scores["ROUGE-L"] == 100.0
    assert report.captions["video5"] == CAPTIONS[5][0]


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


def test_whole_clips_are_evaluated_the_same_way(loaded: LoadedModel, whole: Path) -> None:
    report = evaluate_captioning(loaded, whole, progress=False)
    assert list(report.captions) == ["first", "second"]
    assert report.scores["videos"] == 2
    assert evaluate_retrieval(loaded, whole, split="val", progress=False)["videos"] == 2  # the split is not theirs


def test_at_most_as_many_frames_as_the_model_reads(loaded: LoadedModel, whole: Path, tmp_path: Path) -> None:
    videos, are_whole = read_annotations(whole, "test")
    assert are_whole
    clips = list(encode_videos(loaded, whole, videos, whole=True, progress=False))
    assert [len(clip.frame_features) for clip in clips] == [4, 4]
    folder = write_frames(tmp_path / "long", CAPTIONS[:1], frames=9)
    (long,) = encode_videos(loaded, folder, read_videos(folder), whole=False, progress=False)
    every = write_frames(tmp_path / "short", CAPTIONS[:1], frames=3)
    (short,) = encode_videos(loaded, every, read_videos(every), whole=False, progress=False)
    assert (len(long.frame_features), len(short.frame_features)) == (4, 3)
    torch.testing.assert_close(long.frame_features[0], short.frame_features[0])  # from the first frame to the last


@pytest.mark.parametrize("name", ["videos.jsonl", "frames.tar"])
def test_folders_in_no_known_format(loaded: LoadedModel, data: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(data, tmp_path / "data"))
    (folder / name).unlink()
    with pytest.raises(DataError, match=r"\.jsonl|frames\.tar"):
        evaluate_captioning(loaded, folder, progress=False)


def test_an_empty_split_and_two_annotations(data: Path, whole: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no videos of the split 'val'"):
        read_annotations(data, "val")
    folder = Path(shutil.copytree(whole, tmp_path / "two"))
    shutil.copy(folder / "captions.jsonl", folder / "more.jsonl")
    with pytest.raises(DataError, match=r"exactly one \.jsonl"):
        read_annotations(folder, "test")


def test_a_whole_clip_that_is_no_clip(loaded: LoadedModel, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("not a video")
    write_jsonl(tmp_path / "clips.jsonl", [{"file": "a.mp4", "captions": ["x"]}])
    with pytest.raises(ClipError):
        evaluate_captioning(loaded, tmp_path, progress=False)
