"""Chinese in and out: what people ask becomes English before the model reads it, and what it says becomes Chinese.

    弹吉他的人  --lexicon, else translator-->  a person playing the guitar  -->  model
    a dog runs on the grass  --table, pattern, else translator-->  一只狗在草地上奔跑

A checkpoint without a translator understands and says English only. It knows no clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from videobert_demo.errors import QuestionError
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions import question_type_of
from videobert_demo.questions.chinese.asking import in_english
from videobert_demo.questions.chinese.checking import words_not_said
from videobert_demo.questions.chinese.composing import composed
from videobert_demo.questions.chinese.patterns import sentence_in_chinese
from videobert_demo.questions.chinese.putting import GENERAL, question_in_chinese
from videobert_demo.questions.chinese.reading import has_chinese, in_english_amid, plain
from videobert_demo.questions.chinese.saying import phrase_in_chinese
from videobert_demo.questions.chinese.searching import sought_in_english, words_in
from videobert_demo.tasks.translate import translate_scored

UNDERSTOOD = -1.0
"""From this mean log-probability of a token on, the translation of a phrase counts as what it says.

Chosen on what people wrote of Flickr8k's 1,000 validation pictures: 93 % of it is read (at -1.2 96, at -0.8 85), one of
50 sentences about other things (why the sky is blue), and none of 100 rows of random characters. Captions with their
characters shuffled are read in 69 % of cases: their words are still known.
"""


KNOWN_WORDS, KNOWN_SHARE = 2, 0.5
"""A search that is not understood goes by its words, if there are so many that the lexicon knows, of that share of its
characters: so are 78 % of what people wrote of the 1,000 pictures, one of 50 sentences about other things (why the sky
is blue) and none of 100 rows of random characters.
"""

SURE = -0.4
"""From this mean log-probability on a sentence's translation is sure, if all its words are said (checking.py).

Of 140 captions of MSR-VTT's validation videos (60 of the model's, 80 of people's) a translator before had 91 wrong;
above -0.4 it had 8 of 24 wrong, of those whose words are all said 10 of 28, of those with both none of 7. The one that
is bundled now has none wrong of the 9 with both, and none of 19 down to -0.55.
"""
NOT_SURE = "（译文不确定）"
_WORDS = ("word", "label")


def unread(loaded: LoadedModel) -> QuestionError:
    """What a text is refused with whose letters the model does not know."""
    if loaded.has_translator:
        return QuestionError("The model reads English and Chinese; use words of one of them.")
    return QuestionError("The model reads English only; use English words.")


def question_in_english(loaded: LoadedModel, question: str) -> str:
    """A question in English; one without Chinese characters is returned as it is.

    Raises:
        QuestionError: it is not understood.
    """
    if not (has_chinese(question) and loaded.has_translator):
        return question
    found = in_english(question, lambda phrase: _understood(loaded, phrase)) or in_english_amid(question)
    if found is None:
        raise QuestionError("The model does not know these words; ask it in others, such as “what is the man doing?”")
    return found


def search_in_english(loaded: LoadedModel, text: str) -> str:
    """What is searched for, in English; a text without Chinese characters is returned as it is.

    Raises:
        QuestionError: it is not understood.
    """
    return sought(loaded, text).english


@dataclass(frozen=True, slots=True)
class Sought:
    """What clips are searched by.

    Attributes:
        english: As the model reads it.
        translated: The Chinese text that `english` is a translation of; empty for an English one, and for one that the
            lexicon put into English, which is exact.
    """

    english: str
    translated: str = ""


def sought(loaded: LoadedModel, text: str) -> Sought:
    """What is searched for; raises as `search_in_english` does."""
    if not (has_chinese(text) and loaded.has_translator):
        return Sought(text)
    translated = []

    def understood(phrase: str) -> str | None:
        translated.append(phrase)
        return _understood(loaded, phrase)

    found = sought_in_english(text, understood)
    if found is None and (amid := in_english_amid(text)) is not None:
        return Sought(amid)
    if found is None:
        words, share = words_in(text)
        if len(words) >= KNOWN_WORDS and share >= KNOWN_SHARE:
            return Sought(" ".join(words), plain(text))
        raise QuestionError("The model does not know these words; search with others, such as “a dog on the grass”.")
    return Sought(found, "".join(translated))


def put_in_chinese(loaded: LoadedModel, questions: Sequence[str]) -> list[str]:
    """Questions of the model in Chinese, those that it understands again; in place of others general ones.

    Returns:
        As many questions as came, at most.
    """
    put = [question_in_chinese(question) for question in questions]
    left = [question for question, found in zip(questions, put, strict=True) if found is None]
    translated = iter(say_in_chinese(loaded, [(question, "") for question in left]))
    all_put = [found or next(translated) for found in put]
    kept = [
        found
        for question, found in zip(questions, all_put, strict=True)
        if question_type_of(in_english(found, lambda _: None) or "") == question_type_of(question)
    ]
    return list(dict.fromkeys([*kept, *GENERAL.values()]))[: len(questions)]


def say_in_chinese(loaded: LoadedModel, texts: Sequence[tuple[str, str]]) -> list[str]:
    """What the model said, in Chinese, without a full stop.

    Args:
        texts: each with the type of question that it answers, or "" if it answers none; "word" for one word of a
            sentence, "label" for a label of the frame tower.

    Returns:
        One text for each. One that is Chinese already stays, and so does everything without a translator, and a word or
        label whose translation is unlikely; a sentence whose translation is unlikely, or leaves words out, says that it
        is not sure.
    """
    translator = loaded.translator
    if translator is None:
        return [text for text, _ in texts]
    said = [
        text
        if has_chinese(text) or not text.strip()
        else phrase_in_chinese(text, role) or sentence_in_chinese(text) or composed(text)
        for text, role in texts
    ]
    left = [row for row, found in enumerate(said) if found is None]
    pieces = [texts[row][0].split(". ") for row in left]
    translated = iter(translate_scored(translator, [piece for row in pieces for piece in row], "zh"))
    for row, parts in zip(left, pieces, strict=True):
        found_parts = [next(translated) for _ in parts]
        text, role = texts[row]
        likely = min(one.log_probability for one in found_parts)
        sentence = "。".join(one.text.rstrip("。") for one in found_parts)
        if role in _WORDS:
            said[row] = text if likely < UNDERSTOOD else sentence or text
        else:
            is_sure = role or (likely >= SURE and not words_not_said(text, sentence))
            said[row] = f"{sentence}{'' if is_sure else NOT_SURE}" if sentence else text
    return [found or "" for found in said]


def _understood(loaded: LoadedModel, phrase: str) -> str | None:
    """The translation of a phrase, where the translator is sure enough and knows all its characters."""
    translator = loaded.translator
    if translator is None or translator.has_unknown(plain(phrase)):
        return None
    (found,) = translate_scored(translator, [phrase], "en")
    is_read = found.text and not has_chinese(found.text) and found.log_probability >= UNDERSTOOD
    return found.text if is_read else None
