"""A decoder that is given more words writes them, and all else stays as it was."""

from __future__ import annotations

import torch

from tests.tiny import DECODER_TOKENS, random_clips, tiny_model, tiny_tokenizer
from videobert_demo.model.processing_videobert import as_processor
from videobert_demo.training.new_words import find_unwritten, write_more


def test_the_words_that_are_read_and_not_written_are_found() -> None:
    texts = ["a horse with a guitar", "A horse!", "a man"]
    assert find_unwritten(tiny_model(), as_processor(tiny_tokenizer()), texts) == ["horse", "guitar"]


def test_only_the_new_words_are_new() -> None:
    model, processor = tiny_model(), as_processor(tiny_tokenizer())
    clips = random_clips([2, 3])
    written = torch.tensor([[2, 7, 9, 12], [2, 8, 8, 30]])

    def look(used: object) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        asked = used.tokenize(["a man with a horse on the street", "a window"], "[>]")
        with torch.no_grad():
            outputs = model.encoder(asked["input_ids"], asked["attention_mask"], **clips)
            words = model.predict_words(outputs.layout.text(outputs.last_hidden_state))
            return outputs.last_hidden_state, words, model(written, encoder_outputs=outputs).logits

    states, read, logits = look(processor)
    grown = write_more(model, processor, ["horse", "street"])
    states_after, read_after, logits_after = look(grown)
    torch.testing.assert_close(states_after, states)
    torch.testing.assert_close(logits_after[..., :DECODER_TOKENS], logits)
    assert logits_after.shape[-1] == model.config.decoder.vocab_size == DECODER_TOKENS + 2
    for token in ("horse", "street", "table", "man"):
        old, new = (one.tokenizer.convert_tokens_to_ids(token) for one in (processor, grown))
        torch.testing.assert_close(read_after[..., new], read[..., old])
    assert grown.tokenizer.convert_tokens_to_ids(["horse", "street"]) == [DECODER_TOKENS, DECODER_TOKENS + 1]
    assert find_unwritten(model, grown, ["a horse on the street at a table"]) == ["table"]
