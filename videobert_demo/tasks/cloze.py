"""Cloze: words of a sentence are hidden, and the model guesses them, with the clip and without it.

Source: VideoBERT arXiv 1904.01766, sections 3.3 and 4.3.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertOutput
from videobert_demo.model.processing_videobert import MASK as MASK
from videobert_demo.model.tokenizers import Tokenizer, word_of
from videobert_demo.questions.chinese.reading import has_chinese
from videobert_demo.tasks.infill import infill
from videobert_demo.tasks.languages import search_in_english, unread
from videobert_demo.types.visual_words import Blank, Guess

MAX_WORDS = 28

_SEPARATORS = re.compile(r"[^\w\s'\[\]]|_")
_BLANK = re.compile(r"\[mask\]|_{2,}|(?<!\S)\?(?!\S)", re.IGNORECASE)
_WHOLE_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, eq=False)
class Masks:
    """The encoder's states at the N masks of B sentences, in order.

    Attributes:
        alone: (N, D), from the sentences alone.
        beside, seen: (N, D), from the sentences beside the clips, and the mean of the video part; None without clips.
        sentences: (N,) int64, the index of each mask's sentence.
        outputs: of the whole pass, beside the clips if there are any.
    """

    alone: Tensor
    beside: Tensor | None
    seen: Tensor | None
    sentences: Tensor
    outputs: VideoBertOutput

    @property
    def states(self) -> Tensor:
        """What the head of masked words reads: (N, D), with clips the mean of both."""
        return self.alone if self.beside is None else (self.alone + self.beside) / 2


def read_words(loaded: LoadedModel, sentence: str) -> list[str]:
    """The sentence as the model reads it: lower-case words; "[MASK]", "___" and "?" stand for a hidden one.

    Raises:
        QuestionError: it is empty, too long, or in letters that the model does not know.
    """
    if len(sentence) > 500:
        raise QuestionError("That is too long to fill in; use at most {most} words.", most=MAX_WORDS)
    text = _BLANK.sub(f" {MASK} ", sentence)
    if has_chinese(text) and MASK in text and loaded.has_translator:
        raise QuestionError("A Chinese sentence is filled in whole; type it without a gap, and hide a word then.")
    text = search_in_english(loaded, text)
    words = [word if word == MASK else word.lower() for word in _SEPARATORS.sub(" ", text.replace("’", "'")).split()]
    if not words:
        raise QuestionError("There is no sentence yet; type one, such as “a man is playing a ___”.")
    if len(words) > MAX_WORDS:
        raise QuestionError("That is too long to fill in; use at most {most} words.", most=MAX_WORDS)
    tokenizer = loaded.processor.tokenizer
    plain = " ".join(word for word in words if word != MASK)
    if tokenizer.unk_token_id in tokenizer(plain, add_special_tokens=False).input_ids:
        raise unread(loaded)
    return words


@torch.inference_mode()
def fill_blanks(
    loaded: LoadedModel,
    clip: ClipTensors,
    words: Sequence[str],
    hidden: Collection[int],
    *,
    hidden_segments: Collection[int] = (),
    count: int = 5,
) -> tuple[Blank, ...]:
    """Guesses the hidden words, with the clip and without it.

    Args:
        words: as `read_words` gives them.
        hidden: positions of the hidden words.
        hidden_segments: indices of segments of the clip that are hidden too.

    Returns:
        One `Blank` for each hidden word, in order.
    """
    positions = sorted(hidden)
    if not positions:
        return ()
    text = " ".join(MASK if position in hidden else word for position, word in enumerate(words))
    with_clip = word_probabilities(loaded, [text], [clip], hidden_segments=hidden_segments)
    without = word_probabilities(loaded, [text], None)
    return tuple(
        Blank(position, _best(loaded, seen, count), _best(loaded, unseen, count))
        for position, seen, unseen in zip(positions, with_clip[0], without[0], strict=True)
    )


@torch.inference_mode()
def word_probabilities(
    loaded: LoadedModel,
    texts: Sequence[str],
    clips: Sequence[ClipTensors] | None,
    *,
    hidden_segments: Collection[int] = (),
) -> list[Tensor]:
    """Probabilities of all word pieces at every [MASK] of B sentences, beside B clips or alone.

    The head of masked words gives them together with the decoder, which writes the sentence anew (infill.py).

    Returns:
        For each sentence (masks, vocabulary), fp32, on the CPU.
    """
    video: dict[str, Tensor] = {}
    if clips is not None:
        video = stack_clips(clips, loaded.device, loaded.model.dtype)
        if hidden_segments:
            video["segment_mask"] = torch.zeros_like(video["frame_mask"])
            video["segment_mask"][:, list(hidden_segments)] = True
    masks = read_masks(loaded, texts, video)
    by_head = loaded.model.predict_words(masks.states, masks.seen).float().log_softmax(-1)
    ids = loaded.processor(text=list(texts))["input_ids"].to(loaded.device)
    probabilities = infill(loaded, masks.outputs, ids, by_head).exp().cpu()
    return list(probabilities.split(masks.sentences.bincount(minlength=len(texts)).tolist()))


def read_masks(loaded: LoadedModel, texts: Sequence[str], video: Mapping[str, Tensor]) -> Masks:
    """Reads every [MASK] of B sentences.

    Args:
        video: the encoder's inputs for B clips; empty for the sentences alone.
    """
    alone, sentences, outputs = _read(loaded, texts, {})
    if not video:
        return Masks(alone, None, None, sentences, outputs)
    beside, _, outputs = _read(loaded, texts, video)
    return Masks(alone, beside, loaded.model.mean_video_state(outputs)[sentences], sentences, outputs)


def _read(
    loaded: LoadedModel, texts: Sequence[str], video: Mapping[str, Tensor]
) -> tuple[Tensor, Tensor, VideoBertOutput]:
    """One pass: the masks' states (N, D), the indices (N,) of their sentences, and the encoder's whole output."""
    prepared = loaded.processor(text=list(texts), with_video=bool(video)).to(loaded.device)
    outputs = loaded.model.encoder(**prepared, **video)
    masked = prepared["input_ids"] == loaded.processor.tokenizer.mask_token_id  # (B, n)
    sentences, _ = masked.nonzero(as_tuple=True)
    return outputs.layout.text(outputs.last_hidden_state)[masked], sentences, outputs


def _best(loaded: LoadedModel, probabilities: Tensor, count: int) -> tuple[Guess, ...]:
    """Probabilities (vocabulary,) -> the likeliest whole words."""
    ids, texts = whole_words(loaded.processor.tokenizer)
    best = probabilities[ids].topk(count)
    return tuple(
        Guess(texts[index], value) for index, value in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    )


@lru_cache(maxsize=2)
def whole_words(tokenizer: Tokenizer) -> tuple[Tensor, list[str]]:
    """Ids and texts of the word pieces that are whole words: no continuations, signs or numbers."""
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    named = ((index, word_of(tokenizer, token)) for token, index in vocabulary.items())
    found = sorted((index, text) for index, text in named if text is not None and _WHOLE_WORD.fullmatch(text))
    return torch.tensor([index for index, _ in found]), [text for _, text in found]
