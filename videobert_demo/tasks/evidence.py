"""Further evidence for an answer: the decoder as a writer of captions, and the contrastive vectors.

The decoder learned answers from few questions; the model learned captions and contrast from many sentences.

    a word     p(answer) ~ p_decoder(answer | question, clip) * p_decoder(caption "question and answer" | clip) ^ weight
    yes or no  p(yes) = sigmoid(slope * (cosine(clip, what is asked) - middle))

Weight, slope and middle are in the checkpoint's config, fitted by `python -m videobert_demo calibrate`; where weight
and slope are 0, the decoder's answer stands. Knows answers and vectors; knows no beams.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from videobert_demo.model.features import ClipTensors, find_distinct, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertOutput
from videobert_demo.model.packing import grow_tree
from videobert_demo.questions import as_statements
from videobert_demo.types import Answer

PEOPLE_GROUPS = (("man", "boy", "guy"), ("woman", "lady", "girl"), ("person", "someone", "chef"))
"""Words for people that say the same as an answer."""
_GROUP_OF = {word: number for number, group in enumerate(PEOPLE_GROUPS) for word in group}


@torch.inference_mode()
def read_statements(
    loaded: LoadedModel,
    clips: Sequence[ClipTensors],
    questions: Sequence[str],
    answers: Sequence[Sequence[Answer]],
    *,
    blank: bool = False,
) -> list[list[float]]:
    """How likely a caption of the clip begins with the question and the answer as one statement.

    Args:
        clips: B clips.
        questions: B questions, one about each.
        answers: the candidates for each question.
        blank: hide every frame.

    Returns:
        The log-probability for each candidate; where it can be stated in several ways, that of all ways together.
    """
    statements = [
        [as_statements(question, one.text) for one in found] for question, found in zip(questions, answers, strict=True)
    ]
    shown, indices = find_distinct(clips, blank=blank)
    rows: list[list[str]] = [[] for _ in shown]
    starts = []
    for index, of_question in zip(indices, statements, strict=True):
        starts.append(len(rows[index]))
        rows[index] += [text for ways in of_question for text in ways]
    encoded = loaded.model.encoder(**stack_clips(shown, loaded.device, loaded.model.dtype, blank=blank))
    log_probabilities = _log_probabilities(loaded, encoded, rows)
    found = []
    for index, start, of_question in zip(indices, starts, statements, strict=True):
        own = log_probabilities[index][start : start + sum(map(len, of_question))]
        ways = own.split([len(ways) for ways in of_question])
        found.append([float(one.logsumexp(0)) for one in ways])
    return found


def _log_probabilities(loaded: LoadedModel, encoded: VideoBertOutput, texts: Sequence[Sequence[str]]) -> list[Tensor]:
    """For each clip the log-probabilities (sentences,) of all words of each sentence, without that of its end."""
    model, tokenizer = loaded.model, loaded.processor.decoder_tokenizer
    size = model.config.decoder.vocab_size
    rows = [
        [
            [token if token < size else tokenizer.unk_token_id for token in ids]
            for ids in tokenizer(list(sentences), add_special_tokens=False).input_ids
        ]
        for sentences in texts
    ]
    tree = grow_tree(rows, tokenizer.cls_token_id, tokenizer.pad_token_id)
    device = loaded.device
    hidden = model.decode_packed(
        encoded, tree.decoder_input_ids.to(device), tree.visible.to(device), tree.positions.to(device)
    )
    logits = model.caption_logits(hidden[tree.is_real.to(device)]).float()  # (nodes, vocabulary)
    nodes, words = tree.nodes.to(device), tree.words.to(device)
    edges = (logits[nodes, words] - logits.logsumexp(-1)[nodes]).cpu()
    sums = torch.zeros(tree.sentences).index_add(0, tree.owners, edges[tree.paths])
    return list(sums.split([len(sentences) for sentences in texts]))


def weigh_answers(answers: Sequence[Answer], log_probabilities: Sequence[float], weight: float) -> tuple[Answer, ...]:
    """The same answers, the likeliest first; their probabilities have the same sum as before.

    Args:
        log_probabilities: for each answer what `read_statements` gives.
        weight: at least 0; 0 changes nothing.
    """
    best = max(log_probabilities, default=0.0)
    factors = [math.exp(weight * (one - best)) for one in log_probabilities]
    before = sum(one.probability for one in answers)
    after = sum(one.probability * factor for one, factor in zip(answers, factors, strict=True))
    if after <= 0:
        return tuple(answers)
    weighed = [
        Answer(one.text, min(1.0, one.probability * factor * before / after))
        for one, factor in zip(answers, factors, strict=True)
    ]
    return tuple(sorted(weighed, key=lambda one: -one.probability))


def group_people(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Answers of people by what they have in common, the likeliest first.

        man 0.3, dog 0.25, guy 0.1, boy 0.05   ->   man 0.45, dog 0.25

    Which word people use for a person is arbitrary; the group's likeliest word stands for all, with their probability.
    """
    kept: dict[object, Answer] = {}
    for one in sorted(answers, key=lambda answer: -answer.probability):
        name = _GROUP_OF.get(one.text, one.text)
        first = kept.get(name)
        total = one.probability + (first.probability if first else 0.0)
        kept[name] = Answer(first.text if first else one.text, min(1.0, total))
    return tuple(sorted(kept.values(), key=lambda answer: -answer.probability))


def says_the_same(first: str, second: str) -> bool:
    """Whether two answers are the same word, or words for people that say the same."""
    return first == second or (first in _GROUP_OF and _GROUP_OF[first] == _GROUP_OF.get(second))


def yes_or_no(cosine: float, slope: float, middle: float) -> tuple[Answer, Answer]:
    """Both answers, the likeliest first.

    Args:
        cosine: between the clip's vector and that of what is asked, in [-1, 1].
        slope, middle: of the logistic curve; at `middle` both answers are equally likely.
    """
    yes = 1 / (1 + math.exp(-max(-50.0, min(50.0, slope * (cosine - middle)))))
    both = (Answer("yes", yes), Answer("no", 1 - yes))
    return both if yes >= 0.5 else (both[1], both[0])


def share_yes_or_no(answer: str, cosines: Tensor, slope: float) -> Tensor:
    """How much "yes" or "no" rests on each frame: the softmax of the log-odds that each frame alone gives the answer.

    log-odds of yes = slope * (cosine - middle), those of no are their negative; the middle drops out of the softmax.

    Args:
        answer: "yes" or "no".
        cosines: (T,) of each frame's vector with that of what is asked, in [-1, 1].
        slope: of the logistic curve.

    Returns:
        (T,) fp64, summing to 1.

    Raises:
        ValueError: it is another answer.
    """
    if answer not in ("yes", "no"):
        raise ValueError(f"frames are shared between yes and no, got {answer!r}")
    sign = 1.0 if answer == "yes" else -1.0
    return (sign * slope * cosines).double().softmax(0)
