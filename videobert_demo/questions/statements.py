"""A question and an answer as the sentence that they say together, as captions say it.

    who is playing a piano?         man     a man is playing a piano
    what is a man holding up?       fish    a man is holding up a fish
    what is a dog looking at?       ball    a dog is looking at a ball
    what is a girl doing?           sing    a girl is singing
    where does a woman cook rice?   pan     a woman cooks rice in a pan
    how many men are running?       two     two men are running

Pure text; the rules fit the questions that `make` writes. Any other question gives some sentence with the answer in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import lemminflect  # type: ignore[import-untyped]

from videobert_demo.questions.tagging import ing_form, lemmas, tag

_BE, _DO = ("is", "are", "was", "were"), ("do", "does", "did")
_PLURAL = ("are", "were", "do")
_WHERE = ("in", "on")
_SEVERAL_ARE = {"is": "are", "was": "were"}
_STAND_IN, _STAND_IN_VERB = "thing", "sing"  # in whose place an answer of several words is put


def as_statements(question: str, answer: str) -> tuple[str, ...]:
    """The ways to say it, at least one: with and without an article, in the plural, "in" or "on" a place.

    Args:
        question: lower case; the closing question mark does not matter.
        answer: a word, as the model answers: a lemma, a number, a colour.
    """
    words = question.rstrip("? ").split()
    asks, rest = words[:1], words[1:]
    if asks and asks[0] in ("who", "what") and rest:
        if rest[-1] == "doing" and rest[:-1]:
            return (" ".join([*_statement(rest[:-1])[0], ing_form(answer) or answer]),)
        if rest[0] in ("color", "colour"):
            thing = rest[2:]
            return " ".join([*thing, *rest[1:2], answer]), " ".join(["a", answer, *_bare(thing)])
        if _asks_for_subject(rest):
            if rest[0] in _PLURAL or _is_base_verb(rest[0]):
                return tuple(" ".join([noun, *rest]) for noun in (f"two {_plural(answer)}", _plural(answer)))
            return (" ".join([_articled(answer), *rest]),)
        before, after = _statement(rest)
        nouns = dict.fromkeys((_articled(answer), answer, _plural(answer)))
        return tuple(" ".join([*before, noun, *after]) for noun in nouns)
    if asks == ["where"] and rest:
        clause = [word for part in _statement(rest) for word in part]
        return tuple(" ".join([*clause, word, article, answer]) for word in _WHERE for article in ("a", "the"))
    if words[:2] == ["how", "many"]:
        return (" ".join([answer, *words[2:]]),)
    return (" ".join([*words, answer]),)


def statement_of_person(question: str, answer: str) -> str:
    """What a question and a person's own answer say together.

    An answer of a person may be longer than the model's: "barking", "the two dogs", "in the snow".

    Args:
        question: lower case; the closing question mark does not matter.
        answer: lower case.
    """
    said, words = answer.split(), question.rstrip("? ").split()
    if not said or not words:
        return as_statements(question, answer)[0]
    tags = tag(said)
    if words[-1] == "doing":
        found = as_statements(question, _STAND_IN_VERB)[0]
        return found.replace(ing_form(_STAND_IN_VERB), " ".join([_doing(said[0]), *said[1:]]))
    is_where, is_several = words[0] == "where", tags[-1] == "S"
    is_noun = is_where or words[0] == "who" or (words[0] == "what" and words[1:2] not in (["color"], ["colour"]))
    if not is_noun or not (is_several or tags[0] in "DMP"):
        return as_statements(question, answer)[1 if is_where else 0]  # "in the snow"
    stands_for = f"a {_STAND_IN}"
    if is_where and tags[0] == "P":
        stands_for = f"{_WHERE[0]} {stands_for}"
    elif words[1:2] and words[1] in _PLURAL and stands_for not in as_statements(question, _STAND_IN)[0]:
        stands_for = f"two {_plural(_STAND_IN)}"
    before, _, after = as_statements(question, _STAND_IN)[0].partition(stands_for)
    verb, _, rest = after.strip().partition(" ")
    if is_several and not before.strip() and verb in _SEVERAL_ARE:
        after = f"{_SEVERAL_ARE[verb]} {rest}"
    return " ".join([*before.split(), *said, *after.split()])


def _doing(word: str) -> str:
    """A verb in its -ing form: "barking" of "bark", "barks" and "barking"; what is no verb is done."""
    verb = lemmas(word).get("VERB")
    if verb is None or tag([word])[0] in "DMP":
        return f"doing {word}"
    return word if word.endswith("ing") and verb != word else ing_form(verb) or word


def _asks_for_subject(rest: Sequence[str]) -> bool:
    """Whether the verb follows at once, as in "is running" or "plays"; not so in "is a man holding"."""
    if rest[0] in _DO:
        return False
    return rest[0] not in _BE or tag(list(rest))[1:2] in ("G", "K", "E", "P", "F", "I") or rest[1:2] == ["being"]


def _is_base_verb(word: str) -> bool:
    return lemmas(word).get("VERB") == word


def _articled(answer: str) -> str:
    return f"{'an' if answer[:1] in ('a', 'e', 'i', 'o', 'u') else 'a'} {answer}"


def _plural(answer: str) -> str:
    several = lemminflect.getInflection(answer, "NNS")
    return str(several[0]) if several else answer


def _bare(thing: Sequence[str]) -> list[str]:
    return list(thing[1:]) if thing[:1] == ["the"] else list(thing)


def _statement(rest: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands before and after the word asked for: "a man is holding" and "in his hand"."""
    helper, words = rest[0], list(rest[1:])
    if helper not in (*_BE, *_DO):
        return list(rest), []
    tags = tag(words)
    verb_tags = "G" if helper in _BE else "VZ"
    verbs = [
        position
        for position, letter in enumerate(tags)
        if position and (letter in verb_tags or words[position] == "being")
    ]
    if not verbs and helper in _DO:  # after a singular subject the bare verb looks like a noun
        verbs = [position for position, word in enumerate(words) if position and _is_base_verb(word)][:1]
    position = verbs[0] if verbs else len(words)
    if helper in _BE:
        words.insert(position, helper)
    elif position < len(words) and helper == "does":
        third = lemminflect.getInflection(words[position], "VBZ")
        words[position] = str(third[0]) if third else words[position]
    end = position + 1 + (helper in _BE)  # after the verb
    tags = tag(words)
    if tags[-1:] in ("P", "F") or not verbs:
        return words, []  # "looking at"
    while end < len(words) and tags[end] == "F":
        end += 1
    if end < len(words) and tags[end] != "P":
        return words, []
    return words[:end], words[end:]
