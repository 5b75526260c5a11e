"""The decoder is transformers' BART; packed sentences and the cache change nothing."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from transformers import BartConfig, BartForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutput

from tests.tiny import DECODER_TOKENS, random_clips, tiny_model
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.model.packing import visible_within

START, END, PAD = 2, 3, 0


def clips_encoded(model: VideoBertForConditionalGeneration) -> VideoBertOutput:
    """Three clips of different lengths, so that two have padding."""
    encoded = model.encoder(**random_clips([4, 1, 2]))
    assert isinstance(encoded, VideoBertOutput)
    return encoded


def write(model: VideoBertForConditionalGeneration, encoded: VideoBertOutput, **options: object) -> Tensor:
    ids = model.generate(encoder_outputs=encoded, do_sample=False, max_new_tokens=12, **options)
    assert isinstance(ids, Tensor)
    return ids


@torch.inference_mode()
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_logits_are_those_of_bart(attention: str) -> None:
    model = tiny_model(attention=attention)
    torch.nn.init.normal_(model.caption_bias)
    sizes = model.config.decoder.to_dict() | {"encoder_layers": 1, "encoder_ffn_dim": 8, "encoder_attention_heads": 1}
    bart = BartForConditionalGeneration(BartConfig(**sizes)).eval()
    bart.model.decoder.load_state_dict(model.decoder.state_dict())
    bart.lm_head.weight = bart.model.decoder.embed_tokens.weight
    bart.final_logits_bias.copy_(model.caption_bias[None])
    encoded = clips_encoded(model)
    ids = torch.randint(6, DECODER_TOKENS, (3, 7), generator=torch.Generator().manual_seed(0))
    expected = bart(
        encoder_outputs=BaseModelOutput(last_hidden_state=encoded.last_hidden_state),
        attention_mask=encoded.attention_mask,
        decoder_input_ids=ids,
    ).logits
    found = model(decoder_input_ids=ids, encoder_outputs=encoded).logits
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    assert expected.std() > 0.1


@torch.inference_mode()
def test_padding_of_the_video_is_not_read() -> None:
    model = tiny_model()
    encoded, ids = clips_encoded(model), torch.tensor([[START, 8, 9]])
    together = model(decoder_input_ids=ids.expand(3, 3), encoder_outputs=encoded).logits
    for row, frames in enumerate([4, 1, 2]):
        clip = {name: value[row : row + 1, :frames] for name, value in random_clips([4, 1, 2]).items()}
        alone = model(decoder_input_ids=ids, **clip).logits
        torch.testing.assert_close(together[row : row + 1], alone, atol=1e-5, rtol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_packed_sentences_are_read_one_by_one(attention: str) -> None:
    model = tiny_model(attention=attention)
    encoded = clips_encoded(model)
    sentences = [[[START, 8, 9, 10], [START, 11]], [[START, 12, 13, 14, 15]], [[START], [START, 9], [START, 16, 17]]]
    width = max(sum(map(len, row)) for row in sentences)
    ids, owner, positions = (torch.full((3, width), fill) for fill in (PAD, -1, 0))
    for row, group in enumerate(sentences):
        flat = [(word, number, position) for number, words in enumerate(group) for position, word in enumerate(words)]
        for column, (word, number, position) in enumerate(flat):
            ids[row, column], owner[row, column], positions[row, column] = word, number, position
    logits = model.caption_logits(model.decode_packed(encoded, ids, visible_within(owner), positions))
    assert logits.shape == (3, width, DECODER_TOKENS)
    assert logits.isfinite().all()
    for row, group in enumerate(sentences):
        video = VideoBertOutput(
            last_hidden_state=encoded.last_hidden_state[row : row + 1],
            attention_mask=encoded.attention_mask[row : row + 1],
        )
        column = 0
        for words in group:
            alone = model(decoder_input_ids=torch.tensor([words]), encoder_outputs=video).logits[0]
            torch.testing.assert_close(logits[row, column : column + len(words)], alone, atol=1e-5, rtol=1e-5)
            column += len(words)


@torch.inference_mode()
@pytest.mark.parametrize("beams", [1, 4])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_cache_changes_nothing(beams: int, seed: int) -> None:
    model = tiny_model(seed)
    encoded = clips_encoded(model)
    options = {"num_beams": beams, "num_return_sequences": min(beams, 2), "no_repeat_ngram_size": 1}
    found = write(model, encoded, **options, use_cache=True)
    assert torch.equal(found, write(model, encoded, **options, use_cache=False))
    assert found.shape == (3 * min(beams, 2), 13)
    assert (found[:, 0] == START).all()
    assert len(found.unique()) > 10


@torch.inference_mode()
def test_the_cache_is_used() -> None:
    model = tiny_model()
    widths: list[int] = []
    model.decoder.layers[0].register_forward_hook(lambda _module, inputs, _output: widths.append(inputs[0].shape[1]))
    write(model, clips_encoded(model), num_beams=3, min_new_tokens=5)
    assert len(widths) >= 5
    assert set(widths) == {1}
    widths.clear()
    write(model, clips_encoded(model), min_new_tokens=5, use_cache=False)
    assert widths == list(range(1, len(widths) + 1))


@torch.inference_mode()
def test_generating_leaves_what_was_encoded_as_it_is() -> None:
    model = tiny_model()
    encoded = clips_encoded(model)
    before = encoded.last_hidden_state.clone()
    write(model, encoded, num_beams=4, num_return_sequences=2)
    assert torch.equal(encoded.last_hidden_state, before)
    assert encoded.attention_mask.shape == before.shape[:2]


@torch.inference_mode()
def test_greedy_takes_the_likeliest_word_each_time() -> None:
    model = tiny_model(1)
    encoded = clips_encoded(model)
    found = write(model, encoded, num_beams=1)
    ids = torch.full((3, 1), START)
    ended = torch.zeros(3, dtype=torch.bool)
    for _ in range(found.shape[1] - 1):
        best = model(decoder_input_ids=ids, encoder_outputs=encoded).logits[:, -1].argmax(-1)
        ids = torch.cat([ids, torch.where(ended, PAD, best)[:, None]], dim=1)
        ended |= best == END
    assert torch.equal(found, ids)


@torch.inference_mode()
def test_beams_find_what_is_at_least_as_likely() -> None:
    model = tiny_model(2)
    encoded = clips_encoded(model)

    def likelihood(ids: Tensor) -> Tensor:
        log_probabilities = model(decoder_input_ids=ids[:, :-1], encoder_outputs=encoded).logits.log_softmax(-1)
        chosen = log_probabilities.gather(2, ids[:, 1:, None])[:, :, 0]
        return (chosen * (ids[:, 1:] != PAD)).sum(1)

    # as many words in both, else the shorter one is likelier
    greedy, wide = (likelihood(write(model, encoded, num_beams=beams, min_new_tokens=12)) for beams in (1, 16))
    assert (wide >= greedy - 1e-4).all()
    assert (wide > greedy + 1e-3).any()


@torch.inference_mode()
def test_generate_encodes_clips_itself() -> None:
    model = tiny_model()
    clips = random_clips([4, 1, 2])
    expected = write(model, model.encoder(**clips), num_beams=2)
    assert torch.equal(model.generate(**clips, do_sample=False, max_new_tokens=12, num_beams=2), expected)


@torch.inference_mode()
def test_the_answer_depends_on_what_was_asked() -> None:
    model, clips = tiny_model(), random_clips([2])
    answers = [
        write(model, model.encoder(torch.tensor([[START, word, 5]]), **clips), no_repeat_ngram_size=1)
        for word in (8, 9, 30)
    ]
    assert not torch.equal(answers[0], answers[1])
    assert not torch.equal(answers[0], answers[2])


@torch.inference_mode()
def test_attention_of_the_decoder_is_given_when_asked_for() -> None:
    model = tiny_model(attention="eager")
    outputs = model(decoder_input_ids=torch.tensor([[START, 8, 9]]), **random_clips([2]), output_attentions=True)
    assert [weights.shape for weights in outputs.cross_attentions] == [(1, 4, 3, 16)] * 2
    assert [weights.shape for weights in outputs.encoder_attentions] == [(1, 4, 16, 16)] * 2
    torch.testing.assert_close(outputs.cross_attentions[0].sum(-1), torch.ones(1, 4, 3))
