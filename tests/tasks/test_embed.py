"""Clips and sentences become vectors that can be compared."""

from __future__ import annotations

import torch

from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.short_queries import GENERIC_SENTENCES, phrase_query
from videobert_demo.tasks.embed import embed_clips, embed_queries, embed_segments, embed_sentences


def test_clips_become_unit_vectors_whatever_their_company(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    together = embed_clips(loaded, clips)
    assert together.shape == (3, 16)
    assert together.dtype == torch.float32
    torch.testing.assert_close(together.norm(dim=1), torch.ones(3))
    alone = torch.cat([embed_clips(loaded, [clip]) for clip in clips])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)
    assert (together[0] - together[1]).abs().max() > 1e-3


def test_segments_are_read_alone(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    found = embed_segments(loaded, clips)
    assert [len(vectors) for vectors in found] == [len(clip.frame_features) for clip in clips]
    for clip, vectors in zip(clips, found, strict=True):
        for index, vector in enumerate(vectors):
            frame = ClipTensors(clip.frame_features[index][None], clip.patch_features[index][None])
            torch.testing.assert_close(vector, embed_clips(loaded, [frame])[0], atol=1e-5, rtol=1e-4)


def test_sentences_become_unit_vectors_whatever_their_company(loaded: LoadedModel) -> None:
    sentences = ["A dog", "a man is playing a piano and a woman is singing", "the cat"]
    together = embed_sentences(loaded, sentences)
    assert together.shape == (3, 16)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(3))
    alone = torch.cat([embed_sentences(loaded, [sentence]) for sentence in sentences])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)
    assert torch.equal(embed_sentences(loaded, ["a DOG"]), alone[:1])
    assert (together[0] - together[2]).abs().max() > 1e-3


def test_sentences_that_are_searched_for_stay_as_they_are(loaded: LoadedModel) -> None:
    sentences = ["a man is playing a piano", "the dog is running in the grass"]
    assert torch.equal(embed_queries(loaded, sentences), embed_sentences(loaded, sentences))


def test_a_word_is_what_sentences_with_it_have_in_common(loaded: LoadedModel) -> None:
    found = embed_queries(loaded, ["piano", "a man is playing a piano"])
    torch.testing.assert_close(found.norm(dim=1), torch.ones(2))
    ways = embed_sentences(loaded, phrase_query("piano")).mean(0)
    expected = ways - embed_sentences(loaded, GENERIC_SENTENCES).mean(0)
    torch.testing.assert_close(found[0], expected / expected.norm(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found[1], embed_sentences(loaded, ["a man is playing a piano"])[0], atol=1e-5, rtol=1e-4)
