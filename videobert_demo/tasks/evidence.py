"""What the model's other parts say to an answer: the captions that it writes, and its contrastive vectors.

The decoder learned answers from few questions; captions and contrast it learned from many sentences.

    a word     p(answer) ~ p_decoder(answer) * exp(caption_weight * share of the captions that have the word)
    yes or no  p(yes) = sigmoid(slope * (cosine(clip, what is asked) - middle))

The three numbers are the checkpoint's (its config), fitted by `python -m videobert_demo calibrate`; where weight and
slope are 0 the decoder's word stands. Knows answers and vectors; knows no beams.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from videobert_demo.questions.tagging import lemmas
from videobert_demo.types import Answer, Caption


def caption_words(captions: Sequence[Caption]) -> dict[str, float]:
    """The lemmas of a clip's captions, each with the share in [0, 1] of the captions that have it, by their scores."""
    total = sum(caption.score for caption in captions)
    shares: dict[str, float] = {}
    for caption in captions:
        for lemma in _lemmas_of(caption.text):
            share = caption.score / total if total > 0 else 1 / len(captions)
            shares[lemma] = shares.get(lemma, 0.0) + share
    return shares


def weigh_by_captions(
    question: str, answers: Sequence[Answer], shares: Mapping[str, float], weight: float
) -> tuple[Answer, ...]:
    """The same answers, the likeliest first, as likely together as before.

    A word of the question itself gains nothing: all captions speak of what is asked about.

    Args:
        shares: what `caption_words` gives.
        weight: at least 0; 0 changes nothing.
    """
    asked = _lemmas_of(question.rstrip("?"))
    factors = [math.exp(weight * (0.0 if one.text in asked else shares.get(one.text, 0.0))) for one in answers]
    before = sum(one.probability for one in answers)
    after = sum(one.probability * factor for one, factor in zip(answers, factors, strict=True))
    if after <= 0:
        return tuple(answers)
    weighed = [
        Answer(one.text, min(1.0, one.probability * factor * before / after))
        for one, factor in zip(answers, factors, strict=True)
    ]
    return tuple(sorted(weighed, key=lambda one: -one.probability))


def yes_or_no(cosine: float, slope: float, middle: float) -> tuple[Answer, Answer]:
    """Both answers, the likeliest first.

    Args:
        cosine: between the clip's vector and that of what is asked, in [-1, 1].
        slope, middle: of the logistic curve; at `middle` both are as likely.
    """
    yes = 1 / (1 + math.exp(-max(-50.0, min(50.0, slope * (cosine - middle)))))
    both = (Answer("yes", yes), Answer("no", 1 - yes))
    return both if yes >= 0.5 else (both[1], both[0])


def _lemmas_of(text: str) -> frozenset[str]:
    words = text.split()
    return frozenset(words).union(*(lemmas(word).values() for word in words))
