"""Captions of clips: the decoder's best sentences and how probable it thinks their words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from transformers import LogitsProcessorList

import videobert_demo
from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.tasks import caption as captioning
from videobert_demo.tasks.caption import BEAMS, MAX_CAPTION_TOKENS, caption_clips, caption_rules
from videobert_demo.tasks.support import support_of


def word_probabilities(loaded: LoadedModel, clip: ClipTensors, ids: list[int]) -> list[float]:
    """The probability of each token after those before it."""
    video = {"frame_features": clip.frame_features[None], "patch_features": clip.patch_features[None]}
    with torch.inference_mode():
        logits = loaded.model(decoder_input_ids=torch.tensor([ids]), **video).logits[0]
    return [float(row.softmax(-1)[word]) for row, word in zip(logits, ids[1:], strict=False)]


@torch.inference_mode()
def assert_captions_are_those_of_generate(loaded: LoadedModel, clips: Sequence[ClipTensors], candidates: int) -> None:
    """Sentences, their order and their scores are those that transformers' `generate` gives under the same rules."""
    video = stack_clips(clips, loaded.device, loaded.model.dtype)
    expected = loaded.model.generate(
        encoder_outputs=loaded.model.encoder(**video),
        do_sample=False,
        num_beams=BEAMS,
        num_return_sequences=candidates,
        max_new_tokens=MAX_CAPTION_TOKENS,
        early_stopping=True,
        suppress_tokens=[loaded.processor.tokenizer.unk_token_id],
        logits_processor=LogitsProcessorList(caption_rules(loaded)),
        return_dict_in_generate=True,
        output_scores=True,
    )
    texts = loaded.processor.decode_captions(expected.sequences)
    scores = expected.sequences_scores.exp().clamp(max=1.0).tolist()
    for row, captions in enumerate(caption_clips(loaded, clips, candidates=candidates)):
        theirs: dict[str, float] = {}
        for text, score in list(zip(texts, scores, strict=True))[row * candidates : (row + 1) * candidates]:
            theirs.setdefault(text or "not sure", score)
        assert [caption.text for caption in captions] == list(theirs)
        assert [caption.score for caption in captions] == pytest.approx(list(theirs.values()), rel=1e-3)


def test_captions_are_those_of_generate(tmp_path: Path, clips: list[ClipTensors]) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    with torch.no_grad():
        loaded.model.caption_bias[loaded.model.config.eos_token_id] += 5.0  # so that some sentences end
    for candidates in (1, BEAMS):
        assert_captions_are_those_of_generate(loaded, clips, candidates)


@pytest.mark.slow
def test_captions_of_the_examples_are_those_of_generate() -> None:
    service = videobert_demo.load("assets/checkpoint")
    clips = [service.open(path).tensors for path in sorted(Path("assets/examples").glob("*.mp4"))]
    assert len(clips) >= 8
    loaded = load_checkpoint("assets/checkpoint")
    loaded.model.config.caption_mention_weight = 0.0  # the decoder's order, whatever the clip supports
    for batch in (clips[:1], clips):
        assert_captions_are_those_of_generate(loaded, batch, BEAMS)


def test_no_caption_scores_higher_than_the_one_before_it(loaded: LoadedModel, clips: list[ClipTensors]) -> None:
    for captions in caption_clips(loaded, clips, candidates=5):
        scores = [caption.score for caption in captions]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("candidates", "beams"), [(1, 1), (1, 3), (4, 4), (5, 2)])
def test_each_clip_gets_its_captions(
    loaded: LoadedModel, clips: list[ClipTensors], candidates: int, beams: int
) -> None:
    found = caption_clips(loaded, clips, candidates=candidates, beams=beams)
    assert len(found) == 3
    for captions in found:
        assert 1 <= len(captions) <= candidates
        assert len({caption.text for caption in captions}) == len(captions)
    assert any(len(captions) > 1 for captions in found) == (candidates > 1)


@pytest.mark.parametrize("candidates", [1, 3])
def test_a_clip_in_company_gets_the_captions_it_gets_alone(
    loaded: LoadedModel, clips: list[ClipTensors], candidates: int
) -> None:
    together = caption_clips(loaded, clips, candidates=candidates)
    assert len({captions[0].text for captions in together}) > 1
    for clip, captions in zip(clips, together, strict=True):
        (alone,) = caption_clips(loaded, [clip], candidates=candidates)
        assert [caption.text for caption in captions] == [caption.text for caption in alone]
        for one, other in zip(captions, alone, strict=True):
            assert one.score == pytest.approx(other.score, rel=1e-4)


def test_the_score_is_the_geometric_mean_of_the_words_probabilities(
    loaded: LoadedModel, clips: list[ClipTensors]
) -> None:
    with torch.inference_mode():
        video = {"frame_features": clips[2].frame_features[None], "patch_features": clips[2].patch_features[None]}
        ids = loaded.model.generate(**video, num_beams=BEAMS, do_sample=False, max_new_tokens=MAX_CAPTION_TOKENS)[
            0
        ].tolist()
    probabilities = word_probabilities(loaded, clips[2], ids)
    expected = math.exp(sum(map(math.log, probabilities)) / len(probabilities))
    (caption,) = caption_clips(loaded, clips, candidates=1)[2]
    assert caption.text == loaded.processor.decode_captions(torch.tensor([ids]))[0]
    assert caption.score == pytest.approx(expected, rel=1e-4)
    assert 0 < caption.score < 1


def test_a_model_that_says_nothing_is_not_sure(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = loaded.model.caption_bias.detach().clone()
    silent[loaded.model.config.eos_token_id] = 1000.0
    monkeypatch.setattr(loaded.model.caption_bias, "data", silent)
    for captions in caption_clips(loaded, clips, candidates=2):
        assert captions[0].text == "not sure"
        assert captions[0].score == pytest.approx(1.0)


def test_unknown_words_are_not_written(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    unsure = loaded.model.caption_bias.detach().clone()
    unsure[loaded.processor.tokenizer.unk_token_id] = 1000.0
    monkeypatch.setattr(loaded.model.caption_bias, "data", unsure)
    for captions in caption_clips(loaded, clips, candidates=3):
        for caption in captions:
            assert "[UNK]" not in caption.text
            assert caption.text != "not sure"  # which is all that would be left of unknown words


def test_no_caption_stops_after_an_article(
    loaded: LoadedModel, clips: list[ClipTensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokenizer = loaded.processor.tokenizer
    article = tokenizer.convert_tokens_to_ids("the")
    pushed = loaded.model.caption_bias.detach().clone()
    pushed[article] += 6.0
    pushed[tokenizer.sep_token_id] += 9.0
    monkeypatch.setattr(loaded.model.caption_bias, "data", pushed)
    clip = clips[0]
    with torch.inference_mode():
        video = {"frame_features": clip.frame_features[None], "patch_features": clip.patch_features[None]}
        options = {"num_beams": 5, "num_return_sequences": 5, "do_sample": False, "max_new_tokens": MAX_CAPTION_TOKENS}
        unhindered = loaded.processor.decode_captions(loaded.model.generate(**video, **options))
    assert any(text.split()[-1:] == ["the"] for text in unhindered)  # it would
    (captions,) = caption_clips(loaded, [clip], candidates=5)
    assert not any(caption.text.split()[-1] == "the" for caption in captions)


def test_a_score_is_the_weighted_mean_of_likelihood_and_support(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny")))
    loaded.model.config.caption_mention_weight = 4.0
    mentions = {"dog": 0.2, "cat": 0.6}
    dog, cat = (captioning._judge(loaded, f"a {animal} is running", 0.5, mentions) for animal in mentions)
    for caption in (dog, cat):
        assert caption.score == pytest.approx((0.5 * support_of(caption.text, mentions) ** 4) ** 0.2)
    assert 0.1 < dog.score < cat.score < 0.5
    loaded.model.config.caption_mention_weight = 0.0
    assert captioning._judge(loaded, "a dog is running", 0.5, mentions).score == pytest.approx(0.5)
