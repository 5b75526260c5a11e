"""Makes questions with one-word answers from a video's captions, in the manner of MSVD-QA (Xu et al., ACM MM 2017).

"a man is playing a piano on a stage" gives "who is playing a piano on a stage?" -> man, "what is a man playing on a
stage?" -> piano, "what is a man doing?" -> play, "where is a man playing a piano?" -> stage. Captions are read by the
rules of `grammar`; a caption that they cannot read gives nothing. This module knows nothing of pixels: what
it says is only as true as the captions are, and `Question.support` tells how many of them agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from videobert_demo.questions.grammar import Clause, ParsedCaption, Phrase
from videobert_demo.questions.lexicon import COLOURS, NUMBERS, PEOPLE, PLACES, words
from videobert_demo.questions.phrasing import (
    NEEDS_MORE,
    NO_ANSWERS,
    NO_DOINGS,
    as_question,
    form_of_be,
    is_seen,
    read_caption,
    tail,
    verb_group,
)
from videobert_demo.questions.question import MAX_QUESTION_WORDS, Question
from videobert_demo.questions.tagging import lemmas

_WHERE_PREPOSITIONS = words("in on at inside across through into along onto down around")
_NOT_COLOURED = PEOPLE | words("screen board juice carpet belt market animal light color colour background")
_WEARING = words("in with wearing wears has")
_SPELLING = {"grey": "gray", "blonde": "blond"}


def make_questions(captions: Sequence[str]) -> list[Question]:
    """Makes all questions that one video's captions allow, except yes/no questions.

    Args:
        captions: The captions of one video, in any case, with or without punctuation.

    Returns:
        Distinct questions, in the order of their captions. One text may come with two answers ("who is singing?" ->
        man, -> person); of contradicting numbers and colours only the best supported one is kept.
    """
    read = [read_caption(caption) for caption in captions]
    frequency = Counter(lemma for caption in read for lemma in caption.lemmas)
    found: dict[tuple[str, str], Question] = {}
    for caption in read:
        for text, answer, question_type in _from_caption(caption, frequency):
            answer = _SPELLING.get(answer, answer)
            support = max(1, frequency[answer])
            if (text, answer) not in found and _is_answerable(text, answer, question_type):
                found[text, answer] = Question(text, answer, question_type, support)
    best: dict[str, Question] = {}
    for question in found.values():
        rival = best.get(question.text)
        if question.question_type in ("how many", "colour") and (rival is None or question.support > rival.support):
            best[question.text] = question
    return [question for question in found.values() if best.get(question.text, question) == question]


def _is_answerable(text: str, answer: str, question_type: str) -> bool:
    asked = text.rstrip("?").split()
    if len(asked) > MAX_QUESTION_WORDS or not (answer.isascii() and answer.isalpha()):
        return False
    if question_type != "doing" and answer in NO_ANSWERS:
        return False
    if len(answer) < 2 or any(answer == word or answer in lemmas(word).values() for word in asked):
        return False
    if question_type == "doing" and any(word.startswith(answer.removesuffix("e")) for word in asked[2:-1]):
        return False  # "what are singers doing?"
    return answer in NUMBERS or (answer in COLOURS or answer in _SPELLING.values()) == (question_type == "colour")


def _from_caption(caption: ParsedCaption, frequency: Counter[str]) -> Iterator[tuple[str, str, str]]:
    for clause in caption.clauses:
        if not is_seen(clause):
            continue
        yield from _about_subject(clause)
        yield from _about_rest(clause)
        yield from _where(clause)
        if clause.form == "ing" or clause.form == "present":
            be = "are" if clause.plural else "is"
            if clause.verb not in NO_DOINGS:
                yield f"what {be} {clause.subject_text} doing?", clause.verb, "doing"
    yield from _colours(caption, frequency)


def _about_subject(clause: Clause) -> Iterator[tuple[str, str, str]]:
    if clause.partner:
        return
    subject, rest = clause.subject, tail(clause)
    says_something = clause.whole and (clause.verb not in NEEDS_MORE or bool(rest))
    if says_something:
        asks = "who" if subject.head in PEOPLE else "what"
        yield as_question(asks, verb_group(clause, subject.plural), rest), subject.head, asks
    if subject.number and says_something:
        yield (
            as_question("how many", subject.without_number, verb_group(clause, True), rest),
            subject.number,
            "how many",
        )


def _about_rest(clause: Clause) -> Iterator[tuple[str, str, str]]:
    """What or whom the verb or its prepositions are about."""
    if clause.form == "passive":
        return
    if clause.form == "ing":
        start, verb = f"{form_of_be(clause.plural)} {clause.subject_text}", clause.verb_text
    elif clause.verb == "be":
        start, verb = f"{form_of_be(clause.plural)} {clause.subject_text}", ""
    else:
        start, verb = f"{'do' if clause.plural else 'does'} {clause.subject_text}", clause.verb
    places = [f"{word} {phrase.text}" for word, phrase in clause.places]
    target = clause.target
    if target and clause.verb not in ("be", "involve", "contain", "feature") and _is_sure(target):
        asks = "who" if target.head in PEOPLE else "what"
        if places or clause.particle or clause.verb not in ("put", "place", "set", "bring"):
            yield as_question(asks, start, verb, clause.particle, *places), target.head, asks
        if target.number and target.tags[0] == "M":
            text = as_question("how many", target.without_number, start, verb, clause.particle, *places)
            yield text, target.number, "how many"
    for word, phrase in clause.places[:1]:
        if clause.verb == "be" or (phrase.head in PLACES and clause.opening) or not _is_sure(phrase):
            continue
        if word == "of" or clause.verb == "wear":
            continue
        asks = "who" if phrase.head in PEOPLE else "what"
        middle = target.text if target else ""
        yield as_question(asks, start, verb, clause.particle, middle, word), phrase.head, asks


def _is_sure(phrase: Phrase) -> bool:
    """Whether the head is no part of a name ("britney spears") and no adverb that was taken for a noun ("fast")."""
    return not phrase.is_named and not (len(phrase.words) == 1 and "ADV" in lemmas(phrase.words[0]))


def _where(clause: Clause) -> Iterator[tuple[str, str, str]]:
    if clause.form == "passive":
        start, verb = f"{form_of_be(clause.plural)} {clause.subject_text}", f"being {clause.verb_text}"
    elif clause.form == "ing" or clause.verb == "be":
        start, verb = (
            f"{form_of_be(clause.plural)} {clause.subject_text}",
            clause.verb_text if clause.form == "ing" else "",
        )
    else:
        start, verb = f"{'do' if clause.plural else 'does'} {clause.subject_text}", clause.verb
    target = clause.target.text if clause.target else ""
    opening = [clause.opening] if clause.opening else []
    for word, phrase in [*opening, *clause.places]:
        if phrase.head in PLACES and word in _WHERE_PREPOSITIONS and clause.verb not in ("wear", "have"):
            yield as_question("where", start, verb, clause.particle, target), phrase.head, "where"


def _colours(caption: ParsedCaption, frequency: Counter[str]) -> Iterator[tuple[str, str, str]]:
    owner: Phrase | None = None
    for before, phrase in caption.phrases:
        if phrase.colour and before != "and" and phrase.head not in _NOT_COLOURED and frequency[phrase.head] > 1:
            thing = phrase.without_colour
            if " " in thing and ("VERB" in lemmas(phrase.words[-1]) or "ing " in thing or thing.startswith("colo")):
                continue
            if owner and before in _WEARING and not owner.plural and not phrase.plural:
                yield f"what color is the {owner.head}'s {thing}?", phrase.colour, "colour"
            elif before not in _WEARING:
                yield f"what color {form_of_be(phrase.plural)} the {thing}?", phrase.colour, "colour"
        owner = phrase if phrase.head in PEOPLE else None
