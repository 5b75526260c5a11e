"""What a heatmap is about: a word that the decoder wrote, or a word that someone typed.

Knows the tokenizers; knows no tensors.
"""

from __future__ import annotations

from dataclasses import dataclass

from videobert_demo.errors import WordError
from videobert_demo.model.processing_videobert import VideoBertProcessor

MAX_PIECES = 16
"""The longest typed phrase, in word pieces."""


@dataclass(frozen=True, slots=True)
class Target:
    """The word to explain. Make it with `caption_word`, `answer_word` or `typed_word`.

    Attributes:
        word: as it is shown, not blank.
        question: the text part of the encoder's input; empty for captions and typed words.
        sentence_ids: what the decoder wrote, without [CLS] and [SEP]; empty for typed words.
        positions: the word's pieces in `sentence_ids`, increasing; empty for typed words.
    """

    word: str
    question: str = ""
    sentence_ids: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.word.strip():
            raise ValueError(f"a target needs a word, got {self.word!r}")
        if bool(self.sentence_ids) != bool(self.positions):
            raise ValueError(f"sentence_ids and positions come together, got {self.sentence_ids}, {self.positions}")
        if any(not 0 <= position < len(self.sentence_ids) for position in self.positions):
            raise ValueError(f"positions must be in [0, {len(self.sentence_ids)}), got {self.positions}")
        if any(before >= after for before, after in zip(self.positions, self.positions[1:], strict=False)):
            raise ValueError(f"positions must increase, got {self.positions}")

    @property
    def is_written(self) -> bool:
        """Whether the decoder wrote the word, so that it has a log-probability."""
        return bool(self.sentence_ids)


def caption_word(processor: VideoBertProcessor, caption: str, index: int) -> Target:
    """The caption's word number `index`, of `caption.split()`.

    Raises:
        IndexError: there is no such word.
        WordError: the word is one that the decoder has no pieces for.
    """
    return _written_word(processor, caption, index, "")


def answer_word(processor: VideoBertProcessor, question: str, answer: str, index: int = 0) -> Target:
    """The answer's word number `index`, of `answer.split()`, given the question.

    Raises:
        IndexError: there is no such word.
        WordError: the word is one that the decoder has no pieces for.
    """
    if not question.strip():
        raise ValueError("an answer needs its question")
    return _written_word(processor, answer, index, question)


def typed_word(processor: VideoBertProcessor, text: str) -> Target:
    """Any word or short phrase.

    Raises:
        WordError: it is empty, too long, or written in letters that the model does not know.
    """
    word = " ".join(text.split())
    if not word:
        raise WordError("There is no word to look for; type one.")
    tokenizer = processor.tokenizer
    pieces = tokenizer(word, add_special_tokens=False, truncation=True, max_length=MAX_PIECES + 1).input_ids
    if len(pieces) > MAX_PIECES:
        raise WordError("That is too long to look for; type a word or a short phrase.")
    if not pieces or tokenizer.unk_token_id in pieces:
        raise WordError("The model does not know this word; type another one.")
    return Target(word)


def _written_word(processor: VideoBertProcessor, sentence: str, index: int, question: str) -> Target:
    words = sentence.split()
    if not 0 <= index < len(words):
        raise IndexError(f"word {index} of {len(words)}")
    pieces = processor.decoder_tokenizer(words, add_special_tokens=False).input_ids
    before = sum(map(len, pieces[:index]))
    positions = tuple(range(before, before + len(pieces[index])))
    if not positions:
        raise WordError("“{word}” is no word that the model can look for; choose another one.", word=words[index])
    return Target(words[index], question, tuple(piece for word in pieces for piece in word), positions)
