"""Captions in Chinese, written from the clip itself by the decoder with Chinese words.

    clip --> decoder with Chinese words --> 一只狗在草地上奔跑 | 两只狗在玩耍 | 草地上的狗 ...  --> the best that holds
                        "a dog runs", what the clip supports -------------------------------------^

The English caption stands beneath the Chinese one, so a sentence holds only if the two can both be true; it must have
come to an end, be likely, and be a sentence as far as the lexicon knows its words. Of those that hold the best is the
likeliest, by the decoder, by what people would mention of the clip (support.py), and by what it has in common with the
English one. Where none holds, the caption is left to the translation (languages.py). Knows no page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch

from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.chinese_decoder import ChineseDecoder
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertOutput
from videobert_demo.questions.chinese.agreeing import contradicts, count_added, is_sentence, named, share_not_said
from videobert_demo.tasks.support import UNKNOWN_PROBABILITY, mention_table, predict_mentions
from videobert_demo.types import CANNOT_TELL

BEAMS = 8
MAX_TOKENS = 24
"""The longest sentence, its end included."""
LIKELY = -2.0
"""From this mean log-probability of a token on a sentence holds."""
SUPPORTED, NOT_SAID, ADDED = 1.0, 1.0, 0.3
"""What counts beside the mean log-probability: of what it names the mean log-probability that people would mention it,
the share of the English caption's words that it does not say, and how much it names beyond these.
"""
_LEAST = 1e-4


class Written(NamedTuple):
    """A sentence that the decoder wrote.

    Attributes:
        log_probability: the mean over its tokens. is_whole: whether it came to an end.
    """

    text: str
    log_probability: float
    is_whole: bool


@torch.inference_mode()
def captions_in_chinese(loaded: LoadedModel, clips: Sequence[ClipTensors], english: Sequence[str]) -> list[str]:
    """For each of B clips and its English caption the Chinese one; empty where no sentence holds.

    Raises:
        CheckpointError: the decoder's or the translator's files are damaged.
    """
    decoder, told = loaded.chinese_decoder, [row for row, text in enumerate(english) if text != CANNOT_TELL]
    found = [""] * len(clips)
    if decoder is None or not told:
        return found
    model = loaded.model
    encoded = model.encoder(**stack_clips([clips[row] for row in told], loaded.device, model.dtype))
    mentions = mention_table(model.config.mentioned_words, predict_mentions(loaded, model.embed_video(encoded)))
    for row, sentences, mentioned in zip(told, write_chinese(decoder, encoded), mentions, strict=True):
        found[row] = choose(sentences, english[row], mentioned)
    return found


def write_chinese(decoder: ChineseDecoder, encoded: VideoBertOutput) -> list[list[Written]]:
    """What the decoder writes of each of B clips that are encoded, the likeliest first."""
    searched = search_beams(decoder.view, encoded, beams=BEAMS, max_tokens=MAX_TOKENS, banned_ids=decoder.never)
    end = decoder.view.config.eos_token_id
    return [
        [Written(decoder.decode(one.ids), one.log_probability / len(one.ids), one.ids[-1] == end) for one in sentences]
        for sentences in searched
    ]


def choose(sentences: Sequence[Written], english: str, mentioned: Mapping[str, float]) -> str:
    """The best of a clip's sentences that hold beside its English caption; empty if none does.

    Args:
        mentioned: how likely people would mention each word of the clip; empty where the model does not tell.
    """
    holding = [
        one
        for one in sentences
        if one.is_whole
        and one.log_probability >= LIKELY
        and is_sentence(one.text)
        and not contradicts(english, one.text)
    ]
    return max(holding, key=lambda one: _score(one, english, mentioned)).text if holding else ""


def _score(one: Written, english: str, mentioned: Mapping[str, float]) -> float:
    apart = NOT_SAID * share_not_said(english, one.text) + ADDED * count_added(english, one.text)
    return one.log_probability + SUPPORTED * _support(one.text, mentioned) - apart


def _support(chinese: str, mentioned: Mapping[str, float]) -> float:
    """The mean log-probability that people would mention what a Chinese sentence names, by its likeliest words."""
    if not mentioned:
        return 0.0
    logs = []
    for words in named(chinese):
        known = [mentioned[form] for word in words for form in word.english.split() if form in mentioned]
        logs.append(math.log(max(max(known, default=UNKNOWN_PROBABILITY), _LEAST)))
    return sum(logs) / len(logs) if logs else math.log(UNKNOWN_PROBABILITY)
