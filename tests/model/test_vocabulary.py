"""The words that captions use come first in the vocabulary."""

from __future__ import annotations

from videobert_demo.model.vocabulary import SPECIAL_TOKENS, build_tokenizer, build_vocabulary

SOURCE = ["[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SOURCE += ["zebra", "dog", "the", "runs", "é", "人", "a", "##s", "##t", "s", "!", "cat", "##ing"]
CAPTIONS = ["the dog runs"] * 3 + ["the cats"] * 2 + ["zebra"]


def test_specials_then_words_by_frequency_then_letters() -> None:
    vocabulary = build_vocabulary(SOURCE, CAPTIONS, min_count=2)
    written = vocabulary.tokens[: vocabulary.decoder_size]
    assert written[:6] == SPECIAL_TOKENS
    assert written[6] == "the"
    assert set(written[7:9]) == {"dog", "runs"}
    assert set(written[9:11]) == {"cat", "##s"}
    assert set(written[11:]) == {"a", "##t", "s", "!"}  # spelling needs them, however rare
    assert set(vocabulary.tokens[vocabulary.decoder_size :]) == {"zebra", "##ing"}


def test_every_token_knows_its_row_in_the_source() -> None:
    vocabulary = build_vocabulary(SOURCE, CAPTIONS, min_count=2)
    assert len(vocabulary.source_ids) == len(vocabulary.tokens) == len(set(vocabulary.tokens))
    for token, source in zip(vocabulary.tokens, vocabulary.source_ids, strict=True):
        assert SOURCE[source] == ("[unused0]" if token == "[>]" else token)


def test_only_frequent_words_are_written() -> None:
    assert build_vocabulary(SOURCE, CAPTIONS, min_count=100).decoder_size == 6 + 5
    everything = build_vocabulary(SOURCE, CAPTIONS, min_count=1)
    assert "zebra" in everything.tokens[: everything.decoder_size]


def test_the_tokenizer_gives_these_ids() -> None:
    vocabulary = build_vocabulary(SOURCE, CAPTIONS, min_count=2)
    tokenizer = build_tokenizer(vocabulary.tokens)
    assert len(tokenizer) == len(vocabulary.tokens)
    ids = tokenizer("The DOG runs! [>]", add_special_tokens=False).input_ids
    assert ids == [vocabulary.tokens.index(token) for token in ("the", "dog", "runs", "!", "[>]")]
    assert (tokenizer.pad_token_id, tokenizer.cls_token_id, tokenizer.sep_token_id) == (0, 2, 3)
