"""Which tokens are whole words, whatever marks the beginning of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.published import save_bart, save_bert, save_roberta
from tests.tiny import tiny_tokenizer
from videobert_demo.model.tokenizers import add_video_token, read_tokenizer, start_mark, word_ids, word_of
from videobert_demo.tasks.cloze import whole_words


def test_word_pieces_mark_continuations() -> None:
    tokenizer = tiny_tokenizer()
    assert start_mark(tokenizer) == ""
    assert (word_of(tokenizer, "piano"), word_of(tokenizer, "##o")) == ("piano", None)
    assert word_ids(tokenizer, ["piano", "nowhere"]) == [
        tokenizer.convert_tokens_to_ids("piano"),
        tokenizer.unk_token_id,
    ]


@pytest.mark.parametrize("save", [save_roberta, save_bart])
def test_byte_pairs_mark_beginnings(save: object, tmp_path: Path) -> None:
    save(tmp_path)  # type: ignore[operator]
    tokenizer = read_tokenizer(tmp_path)
    assert start_mark(tokenizer) == "Ġ"
    assert (word_of(tokenizer, "Ġman"), word_of(tokenizer, "man"), word_of(tokenizer, "Ġ")) == ("man", None, None)
    assert tokenizer.convert_ids_to_tokens(word_ids(tokenizer, ["man"])) == ["Ġman"]
    text, words = "a man is playing", ["a", "man", "is", "playing"]
    of_text = tokenizer(text, add_special_tokens=False).input_ids
    of_words = [index for ids in tokenizer(words, add_special_tokens=False).input_ids for index in ids]
    assert of_text == of_words  # so a word's pieces are found in its sentence
    assert "man" in whole_words(tokenizer)[1]


def test_the_video_token_is_added_once(tmp_path: Path) -> None:
    save_bert(tmp_path)
    tokenizer = read_tokenizer(tmp_path)
    size = len(tokenizer)
    assert add_video_token(tokenizer) == size
    assert add_video_token(tokenizer) == size == len(tokenizer) - 1
