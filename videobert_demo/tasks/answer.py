"""Question answering: the encoder reads the question and the clip together, the decoder writes a short answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from videobert_demo.errors import QuestionError
from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.features import ClipTensors, find_distinct, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions import as_statement, question_type_of
from videobert_demo.tasks.embed import embed_clips, embed_segments, embed_sentences
from videobert_demo.tasks.evidence import group_people, read_statements, share_yes_or_no, weigh_answers, yes_or_no
from videobert_demo.tasks.languages import question_in_english, unread
from videobert_demo.tasks.sureness import correct_answers
from videobert_demo.types import Answer

BEAMS = 8
MAX_ANSWER_TOKENS = 5
MAX_CHARACTERS = 500
MAX_QUESTION_TOKENS = 32
"""The longest question, in word pieces: no question of training was longer."""

_END = re.compile(r"[\s?.!…]+$")
_NOT_A_WORD = re.compile(r"[^\w\s']|_")


def read_question(loaded: LoadedModel, question: str) -> str:
    """The question as training wrote them: English, lower case, no punctuation but one closing question mark.

    Raises:
        QuestionError: it is empty, too long, in letters or words that the model does not know.
    """
    if not question.strip():
        raise QuestionError("There is no question yet; ask something about the clip, such as “what is the man doing?”")
    if len(question) > MAX_CHARACTERS:
        raise QuestionError("The question is too long; ask it in at most {most} words.", most=MAX_QUESTION_TOKENS - 2)
    question = question_in_english(loaded, question)
    text = " ".join(_NOT_A_WORD.sub(" ", _END.sub("", question.lower().replace("’", "'"))).split())
    tokenizer = loaded.processor.tokenizer
    pieces = tokenizer(text, add_special_tokens=False).input_ids
    if not pieces:
        raise QuestionError("There are no words in this question; ask something such as “what is the man doing?”")
    if tokenizer.unk_token_id in pieces:
        raise unread(loaded)
    if len(pieces) + 1 > MAX_QUESTION_TOKENS:
        raise QuestionError("The question is too long; ask it in at most {most} words.", most=MAX_QUESTION_TOKENS - 2)
    return f"{text}?"


@torch.inference_mode()
def answer_questions(
    loaded: LoadedModel,
    clips: Sequence[ClipTensors],
    questions: Sequence[str],
    *,
    candidates: int = 5,
    beams: int = BEAMS,
    blank: bool = False,
) -> list[tuple[Answer, ...]]:
    """The likeliest answers to one question about each clip, the likeliest first, by the decoder and evidence.py.

    Of words for people that say the same, only the likeliest is there, with the probability of all of them. With a
    calibrated checkpoint the probabilities are those of being right (sureness.py).

    Args:
        clips: B clips.
        questions: B questions, as `read_question` gives them.
        candidates: how many different answers are wanted, at most.
        beams: width of the beam search, at least `candidates`.
        blank: hide every frame, to see what the question alone gives away.
    """
    shown, indices = find_distinct(clips, blank=blank)
    pairs = list(zip(indices, questions, strict=True))
    asked = dict.fromkeys(pairs)  # each question about a clip once
    by_vectors = [pair for pair in asked if is_answered_by_vectors(loaded, pair[1])]
    others = [pair for pair in asked if not is_answered_by_vectors(loaded, pair[1])]
    found: dict[tuple[int, str], tuple[Answer, ...]] = {}
    if by_vectors:
        about, texts = [shown[index] for index, _ in by_vectors], [text for _, text in by_vectors]
        found |= zip(by_vectors, _say_yes_or_no(loaded, about, texts, blank=blank), strict=True)
    if others:
        about, texts = [shown[index] for index, _ in others], [text for _, text in others]
        written = _write_and_weigh(loaded, about, texts, beams=max(beams, candidates), blank=blank)
        found |= zip(others, written, strict=True)
    return [found[pair][:candidates] for pair in pairs]


def _say_yes_or_no(
    loaded: LoadedModel, clips: Sequence[ClipTensors], questions: Sequence[str], *, blank: bool
) -> list[tuple[Answer, ...]]:
    config = loaded.model.config
    return [
        yes_or_no(cosine, config.answer_yes_slope, config.answer_yes_middle)
        for cosine in compare_statements(loaded, clips, questions, blank=blank)
    ]


def _write_and_weigh(
    loaded: LoadedModel, clips: Sequence[ClipTensors], questions: Sequence[str], *, beams: int, blank: bool
) -> list[tuple[Answer, ...]]:
    """What the decoder writes, weighed by statements where the checkpoint wants it, and people grouped."""
    weight = loaded.model.config.answer_statement_weight
    found = write_answers(loaded, clips, questions, beams=beams, blank=blank)
    rows = [row for row, question in enumerate(questions) if question_type_of(question) != "yes/no"]
    if weight > 0 and rows:
        about, texts = [clips[row] for row in rows], [questions[row] for row in rows]
        statements = read_statements(loaded, about, texts, [found[row] for row in rows], blank=blank)
        for row, log_probabilities in zip(rows, statements, strict=True):
            found[row] = weigh_answers(found[row], log_probabilities, weight)
    return [
        correct_answers(loaded.model.config.calibration, question_type_of(question) or "", group_people(answers))
        for question, answers in zip(questions, found, strict=True)
    ]


def is_answered_by_vectors(loaded: LoadedModel, question: str) -> bool:
    """Whether yes or no comes from the clip's vector (evidence.py), so that the decoder has no word to attend for."""
    return bool(loaded.model.config.answer_yes_slope > 0 and question_type_of(question) == "yes/no")


def answer_frame_shares(loaded: LoadedModel, clip: ClipTensors, question: str, answer: str) -> NDArray[np.float64]:
    """How much a "yes" or "no" that comes from vectors rests on each of the clip's T frames: (T,), summing to 1."""
    (frames,) = embed_segments(loaded, [clip])  # (T, projection)
    cosines = frames @ embed_sentences(loaded, [as_statement(question)])[0]
    return share_yes_or_no(answer, cosines, loaded.model.config.answer_yes_slope).numpy()


def compare_statements(
    loaded: LoadedModel, clips: Sequence[ClipTensors], questions: Sequence[str], *, blank: bool = False
) -> list[float]:
    """The cosine of each clip's vector with the vector of its question as a statement."""
    statements = embed_sentences(loaded, [as_statement(question) for question in questions])
    shown, indices = find_distinct(clips, blank=blank)
    vectors = embed_clips(loaded, shown, blank=blank)[indices]
    cosines: list[float] = (statements * vectors).sum(1).clamp(-1, 1).tolist()
    return cosines


@torch.inference_mode()
def write_answers(
    loaded: LoadedModel,
    clips: Sequence[ClipTensors],
    questions: Sequence[str],
    *,
    beams: int = BEAMS,
    blank: bool = False,
) -> list[tuple[Answer, ...]]:
    """What the decoder alone writes: different answers to one question about each clip, the likeliest first."""
    model, processor = loaded.answerer, loaded.processor
    text = processor(text=list(questions), with_video=True).to(loaded.device)
    encoded = model.encoder(**text, **stack_clips(clips, loaded.device, model.dtype, blank=blank))
    found = search_beams(
        model,
        encoded,
        beams=beams,
        max_tokens=MAX_ANSWER_TOKENS,
        banned_ids=(processor.decoder_tokenizer.unk_token_id,),
        length_penalty=0.0,  # an answer is as likely as all its words together
    )
    end = model.config.eos_token_id
    results = []
    for sentences in found:
        answers: dict[str, float] = {}
        whole = [sentence for sentence in sentences if sentence.ids[-1] == end] or sentences
        texts = processor.decode_captions([sentence.ids for sentence in whole])
        for text_found, sentence in zip(texts, whole, strict=True):
            if text_found:
                answers[text_found] = max(answers.get(text_found, 0.0), min(1.0, math.exp(sentence.log_probability)))
        ranked = sorted(answers.items(), key=lambda entry: -entry[1])
        results.append(tuple(Answer(*entry) for entry in ranked) or (Answer("not sure", 0.0),))
    return results
