"""Yes/no questions, with a no that other captions make likely to be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from videobert_demo.errors import DataError
from videobert_demo.questions.grammar import Clause
from videobert_demo.questions.lexicon import MEN, PEOPLE, WOMEN, words
from videobert_demo.questions.phrasing import (
    NEEDS_MORE,
    NO_DOINGS,
    as_question,
    form_of_be,
    is_seen,
    read_caption,
    tail,
)
from videobert_demo.questions.question import MAX_QUESTION_WORDS, Question
from videobert_demo.questions.tagging import ing_form

# Verbs that say nearly the same of a video, so that none of them proves another untrue.
_ALIKE = (
    words(
        """
        talk speak tell say discuss describe explain chat interview report comment narrate present announce address
        argue converse lecture give teach instruct answer ask debate read host commentate joke introduce sing yell
        shout
        """
    ),
    words("cook prepare make fry boil bake mix stir add pour put chop cut slice season grill saute heat create blend"),
    words("play perform sing strum rap entertain dance compete practice rehearse"),
    words("walk run go move jog march race chase stroll travel step come"),
    words("drive ride race travel steer move go cycle"),
    words("fight wrestle box punch kick hit attack beat spar grapple"),
    words("watch look see stare view observe"),
    words("show demonstrate display present review advertise explain introduce showcase"),
    words("fold make craft create build assemble"),
    words("play kick hit throw shoot score pass dribble bat dunk"),
    words("draw paint sketch color write"),
    words("jump leap flip tumble dive fall"),
    words("eat taste chew bite feed drink"),
    words("apply put brush style braid comb"),
)
# True of nearly every video, written or not: never a safe "no" unless such people are not there at all.
_NO_NEGATIVES = words(
    """
    talk speak say tell stand sit look walk show hold move use see watch perform act explain describe discuss come
    turn take make put work play give present display happen enjoy smile pose stay live appear record
    """
)


def make_yes_no(
    captions: Sequence[str], other_captions: Sequence[str], random: np.random.Generator, count: int
) -> list[Question]:
    """Yes/no questions on one video, half of them with the answer no, taken from another video's captions.

    A question is a "no" only if no caption of this video speaks of its verb (or one alike) or of the thing it is about.

    Args:
        captions: The captions of one video.
        other_captions: The captions of another one, best of another category.
        random: Chooses the questions.
        count: How many to make at most; fewer where the captions do not allow it. Both answers come equally often,
            except for one if the count is odd.

    Returns:
        Distinct questions in random order.

    Raises:
        DataError: `count` is negative.
    """
    if count < 0:
        raise DataError(f"count is {count}, less than 0")
    read = [read_caption(caption) for caption in captions]
    frequency = Counter(lemma for caption in read for lemma in caption.lemmas)
    yes = {}
    for clause in (clause for caption in read for clause in caption.clauses):
        text = _yes_no_text(clause)
        if text and clause.verb not in NO_DOINGS:
            about = [clause.verb, clause.target.head if clause.target else clause.subject.head]
            yes[text] = Question(text, "yes", "yes/no", max(1, min(frequency[word] for word in about)))
    no = {}
    for clause in (clause for caption in other_captions for clause in read_caption(caption).clauses):
        text = _yes_no_text(clause)
        if text and text not in yes and read and not _is_supported(clause, frequency):
            no[text] = Question(text, "no", "yes/no", len(read))
    each = min(len(yes), len(no), count // 2)
    spare = count % 2 if len(yes) > each else 0
    chosen = [list(yes.values())[index] for index in random.permutation(len(yes))[: each + spare]]
    chosen += [list(no.values())[index] for index in random.permutation(len(no))[:each]]
    return [chosen[index] for index in random.permutation(len(chosen))]


def _yes_no_text(clause: Clause) -> str:
    """A question such as "is a man playing a piano?", or nothing where the clause does not say enough."""
    if clause.form == "passive" or clause.verb == "be" or not is_seen(clause) or not clause.whole:
        return ""
    if clause.verb in NEEDS_MORE and not tail(clause):
        return ""
    if any(phrase.is_named for phrase in (clause.target, *(phrase for _, phrase in clause.places)) if phrase):
        return ""
    written = clause.verb_text if clause.form == "ing" else ing_form(clause.verb)
    text = as_question(form_of_be(clause.plural), clause.subject_text, written, tail(clause, places=1))
    return text if written and len(text.split()) <= MAX_QUESTION_WORDS else ""


def _is_supported(clause: Clause, frequency: Counter[str]) -> bool:
    """Whether a video's words could make the clause true of it."""
    people = PEOPLE & frequency.keys() | frequency.keys() & {"someone", "somebody", "group", "band", "team", "crowd"}
    if clause.subject.head in WOMEN and people and people <= MEN:
        return False
    if clause.subject.head in MEN and people and people <= WOMEN:
        return False
    if clause.verb in NO_DOINGS or (clause.verb in _NO_NEGATIVES and not clause.target):
        return True
    about = [clause.target.head] if clause.target else []
    about += [] if clause.subject.head in PEOPLE else [clause.subject.head]
    verbs = {clause.verb}.union(*(group for group in _ALIKE if clause.verb in group))
    return any(frequency[word] for word in (*about, *verbs))
