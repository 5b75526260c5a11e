"""Question answering: the encoder reads the question and the clip together, the decoder writes a short answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import torch

from videobert_demo.errors import QuestionError
from videobert_demo.model.beam_search import search_beams
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions import as_statement, question_type_of
from videobert_demo.tasks.embed import embed_clips, embed_sentences
from videobert_demo.tasks.evidence import read_statements, weigh_answers, yes_or_no
from videobert_demo.types import Answer

BEAMS = 8
MAX_ANSWER_TOKENS = 5
MOST_CHARACTERS = 500
MOST_TOKENS = 32
"""The longest question, in word pieces: training showed none that was longer."""

_END = re.compile(r"[\s?.!…]+$")
_UNHEARD = re.compile(r"[^\w\s']|_")


def read_question(loaded: LoadedModel, question: str) -> str:
    """The question as training wrote them: lower case, no punctuation but one closing question mark.

    Raises:
        QuestionError: it is empty, too long, or in letters that the model does not know.
    """
    if not question.strip():
        raise QuestionError("There is no question yet; ask something about the clip, such as “what is the man doing?”")
    if len(question) > MOST_CHARACTERS:
        raise QuestionError("The question is too long; ask it in at most {most} words.", most=MOST_TOKENS - 2)
    text = " ".join(_UNHEARD.sub(" ", _END.sub("", question.lower().replace("’", "'"))).split())
    tokenizer = loaded.processor.tokenizer
    pieces = tokenizer(text, add_special_tokens=False).input_ids
    if not pieces:
        raise QuestionError("There are no words in this question; ask something such as “what is the man doing?”")
    if tokenizer.unk_token_id in pieces:
        raise QuestionError("The model reads English only; ask the question in English.")
    if len(pieces) + 1 > MOST_TOKENS:
        raise QuestionError("The question is too long; ask it in at most {most} words.", most=MOST_TOKENS - 2)
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
    """The likeliest answers to one question about each clip, the likeliest first, by decoder and evidence.py together.

    Args:
        clips: B clips.
        questions: B questions, as `read_question` gives them.
        candidates: how many different answers are wanted at most.
        beams: width of the beam search, at least `candidates`.
        blank: hide every frame, to see what the question alone gives away.
    """
    config = loaded.model.config
    found = write_answers(loaded, clips, questions, beams=max(beams, candidates), blank=blank)
    is_polar = [question_type_of(question) == "yes/no" for question in questions]
    places = [place for place, polar in enumerate(is_polar) if not polar]
    if config.answer_statement_weight > 0 and places:
        chances = read_statements(
            loaded,
            [clips[place] for place in places],
            [questions[place] for place in places],
            [found[place] for place in places],
            blank=blank,
        )
        for place, said in zip(places, chances, strict=True):
            found[place] = weigh_answers(found[place], said, config.answer_statement_weight)
    places = [place for place, polar in enumerate(is_polar) if polar]
    if config.answer_yes_slope > 0 and places:
        cosines = compare_statements(
            loaded, [clips[place] for place in places], [questions[place] for place in places], blank=blank
        )
        for place, cosine in zip(places, cosines, strict=True):
            found[place] = yes_or_no(cosine, config.answer_yes_slope, config.answer_yes_middle)
    return [answers[:candidates] for answers in found]


def compare_statements(
    loaded: LoadedModel, clips: Sequence[ClipTensors], questions: Sequence[str], *, blank: bool = False
) -> list[float]:
    """The cosine of each clip's vector with that of what is asked about it, as a statement."""
    statements = embed_sentences(loaded, [as_statement(question) for question in questions])
    cosines: list[float] = (statements * embed_clips(loaded, clips, blank=blank)).sum(1).clamp(-1, 1).tolist()
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
        banned_ids=(processor.tokenizer.unk_token_id,),
        length_penalty=0.0,  # an answer is as likely as all its words together
    )
    end = processor.tokenizer.sep_token_id
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
