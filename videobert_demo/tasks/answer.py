"""Question answering: the encoder reads the question and the clip together, the decoder writes a short answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

import torch
from torch import Tensor

from videobert_demo.errors import QuestionError
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertOutput
from videobert_demo.tasks.features import ClipTensors, stack_clips
from videobert_demo.types import Answer

BEAMS = 8
LONGEST_ANSWER = 5
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
        raise QuestionError(f"The question is too long; ask it in at most {MOST_TOKENS - 2} words.")
    text = " ".join(_UNHEARD.sub(" ", _END.sub("", question.lower().replace("’", "'"))).split())
    tokenizer = loaded.processor.tokenizer
    pieces = tokenizer(text, add_special_tokens=False).input_ids
    if not pieces:
        raise QuestionError("There are no words in this question; ask something such as “what is the man doing?”")
    if tokenizer.unk_token_id in pieces:
        raise QuestionError("The model reads English only; ask the question in English.")
    if len(pieces) + 1 > MOST_TOKENS:
        raise QuestionError(f"The question is too long; ask it in at most {MOST_TOKENS - 2} words.")
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
    """The likeliest answers to one question about each clip, the likeliest first.

    Args:
        clips: B clips.
        questions: B questions, as `read_question` gives them.
        candidates: how many different answers are wanted at most.
        beams: width of the beam search, at least `candidates`.
        blank: hide every frame, to see what the question alone gives away.
    """
    model, processor = loaded.model, loaded.processor
    text = processor(text=list(questions), with_video=True).to(loaded.device)
    video = stack_clips(clips, loaded.device, model.dtype)
    if blank:
        video["segment_mask"] = torch.ones_like(video["frame_mask"])
    encoded = model.encoder(**text, **video)
    beams = max(beams, candidates)
    found = model.generate(
        encoder_outputs=encoded,
        do_sample=False,
        num_beams=beams,
        num_return_sequences=beams,
        max_new_tokens=LONGEST_ANSWER,
        length_penalty=0.0,  # an answer is as likely as all its words together
        early_stopping=False,
        suppress_tokens=[processor.tokenizer.unk_token_id],
    )
    chances = _probabilities(loaded, encoded, found, beams)
    sentences = processor.decode_captions(found)
    results = []
    for row in range(len(questions)):
        answers: dict[str, float] = {}
        for place in range(row * beams, (row + 1) * beams):
            text_found = sentences[place].strip()
            if text_found:
                answers[text_found] = max(answers.get(text_found, 0.0), float(chances[place]))
        ranked = sorted(answers.items(), key=lambda entry: -entry[1])[:candidates]
        results.append(tuple(Answer(*entry) for entry in ranked) or (Answer("not sure", 0.0),))
    return results


def _probabilities(loaded: LoadedModel, encoded: VideoBertOutput, sequences: Tensor, copies: int) -> Tensor:
    """Of each written answer (B * copies, m) the product of its words' probabilities, the closing [SEP] included."""
    model = loaded.model
    assert encoded.last_hidden_state is not None
    assert encoded.attention_mask is not None
    outputs = VideoBertOutput(
        last_hidden_state=encoded.last_hidden_state.repeat_interleave(copies, 0),
        attention_mask=encoded.attention_mask.repeat_interleave(copies, 0),
    )
    logits = model(decoder_input_ids=sequences[:, :-1], encoder_outputs=outputs, use_cache=False).logits.float()
    targets = sequences[:, 1:]
    chosen = logits.log_softmax(-1).gather(2, targets[:, :, None])[:, :, 0]
    real = (targets != model.config.pad_token_id).float()
    total: Tensor = (chosen * real).sum(1).exp().clamp(0, 1)
    return total
