"""Reads the grammar of short captions: who does what to which thing, where. Rules over a lexicon, no model.

It knows the grammar in which people write captions ("two men in suits are playing a guitar on a stage") and no other.
A caption that does not fit gives fewer clauses or none: the callers want few sure readings, not one of every sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from videobert_demo.questions.lexicon import COLOURS, MANY, NUMBERS, PART, PEOPLE, words
from videobert_demo.questions.tagging import lemmas, tag


@dataclass(frozen=True)
class Phrase:
    """A noun phrase: "two small white dogs" has the head "dog", the number "two" and the colour "white"."""

    words: tuple[str, ...]
    tags: str
    head: str
    plural: bool
    number: str = ""
    colour: str = ""

    @property
    def text(self) -> str:
        """The phrase as it stands in a question, with an article if one person is named without."""
        text = " ".join(self.words)
        if self.tags[0] in "DM" and self.words[0].split()[0] in MANY | PART:
            return "a " + text
        if self.plural or self.head not in PEOPLE or self.tags[0] in "DM":
            return text
        return ("an " if text[0] in "aeiou" else "a ") + text

    @property
    def without_number(self) -> str:
        """What is counted: "small white dogs" of "two small white dogs"."""
        return " ".join(word for word, tag in zip(self.words, self.tags, strict=True) if tag not in "DM")

    @property
    def without_colour(self) -> str:
        """What the colour stands before, without an article: "dogs"."""
        return " ".join(self.words[self.words.index(self.colour) + 1 :]) if self.colour else ""

    @property
    def is_named(self) -> bool:
        """Whether a word of it is in no lexicon: a name, or misspelt."""
        return "U" in self.tags


@dataclass(frozen=True)
class Clause:
    """A subject, what it does (a verb's lemma), and with what and where.

    Attributes:
        subject: "a man"; with `partner` "a man and a woman".
        partner: The second of two subjects, if any.
        verb: The verb's lemma; "be" when the subject only is somewhere.
        form: "ing" (is playing), "present" (plays) or "passive" (is being played; `verb_text` is "played").
        verb_text: The verb as it was written.
        particle: "up" of "picks up", or empty.
        target: The direct object, if any.
        places: Prepositional phrases that follow, at most two.
        whole: False if words follow that were not understood: "is holding something", "is trying to sing".
        opening: A prepositional phrase before the subject: "in a kitchen a woman cooks".
    """

    subject: Phrase
    partner: Phrase | None
    verb: str
    form: str
    verb_text: str
    particle: str = ""
    target: Phrase | None = None
    places: tuple[tuple[str, Phrase], ...] = ()
    whole: bool = True
    opening: tuple[str, Phrase] | None = None

    @property
    def plural(self) -> bool:
        """Whether the subject takes "are"."""
        return self.partner is not None or self.subject.plural

    @property
    def subject_text(self) -> str:
        """The subject as it stands in a question: "a man and a woman"."""
        subject = self.subject
        is_bare = not subject.plural and subject.head not in PEOPLE and subject.tags[0] not in "DM"
        return ("the " if is_bare else "") + subject.text + (f" and {self.partner.text}" if self.partner else "")


_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[^\w\s]")
_MAKEUP = re.compile(r"\bmake[ -]up\b")
_OWNER = re.compile(r"\b([a-z]{2,}) s (?=[a-z])")  # MSR-VTT's captions have lost their apostrophes
_PHRASE = re.compile(r"D{0,2}M?(?:RJ|J|[NSU])*[NSU]")
_VERBS = re.compile(r"W?(BR?I[EV]|B?R*G|R*Z|R*V|B(?=P))")
_QUANTITY = re.compile(r"D?M?J*[NS]P(?=[DMJNSU])")
_FILMS = words("video clip scene footage picture shot view montage pictures film movie scenes clips")
_WRONG_QUANTITIES = (["a", "groups"], ["a", "lots"], ["a", "pieces"])
_NO_SINGULAR = words("a an one another this that")


class ParsedCaption:
    """One caption's words and what they say.

    Attributes:
        clauses: The clauses that were understood, in order.
        phrases: All noun phrases, each with the word before it.
        lemmas: The lemmas of all words in all their readings.
    """

    def __init__(self, text: str) -> None:
        tokens = _WORD.findall(_OWNER.sub(r"\1's ", _MAKEUP.sub("makeup", text.lower().replace("’", "'"))))
        self.lemmas = frozenset(lemma for token in tokens for lemma in (*lemmas(token).values(), token))
        self._words, self._tags = _merge_quantities(tokens, tag(tokens))
        self.phrases: list[tuple[str, Phrase]] = []
        self.clauses: list[Clause] = []
        self._find_phrases()
        self._find_clauses()

    def _phrase(self, start: int) -> tuple[Phrase, int] | None:
        match = _PHRASE.match(self._tags, start)
        if not match:
            return None
        found, tags = self._words[start : match.end()], match.group()
        last = found[-1]
        plural = tags[-1] == "S" or found[0] in ("many", "several")
        head = lemmas(last).get("NOUN", last)
        numbers = [NUMBERS[word] for word, letter in zip(found, tags, strict=True) if letter == "M"]
        if (found[0] in _NO_SINGULAR and plural and "few" not in found) or (numbers and not plural):
            return None
        found = [NUMBERS.get(word, word) for word in found]
        colours = [word for word in found if word in COLOURS]
        colour = colours[0] if len(colours) == 1 and last not in COLOURS else ""
        if colour and "J" in tags[found.index(colour) + 1 :]:
            colour = ""
        return Phrase(tuple(found), tags, head, plural, numbers[0] if numbers else "", colour), match.end()

    def _find_phrases(self) -> None:
        start = 0
        while start < len(self._tags):
            found = self._phrase(start)
            if found:
                self.phrases.append((self._words[start - 1] if start else "", found[0]))
            start = found[1] if found else start + 1

    def _starts_clause(self, start: int) -> bool:
        if start == 0 or self._tags[start - 1] in "C.":
            return True
        before = self._words[start - 1]
        earlier = self._words[start - 2] if start > 1 else ""
        return (self._tags[start - 1] == "B" and earlier == "there") or (before == "of" and earlier in _FILMS)

    def _find_clauses(self) -> None:
        start = 0
        opening: tuple[str, Phrase] | None = None
        while start < len(self._tags):
            if self._starts_clause(start) or opening:
                if self._tags[start] == "P" and not opening:
                    place = self._phrase(start + 1)
                    if place:
                        opening, start = (self._words[start], place[0]), place[1]
                        continue
                start = max(self._clause(start, opening), start + 1)
                opening = None
            else:
                start += 1

    def _clause(self, start: int, opening: tuple[str, Phrase] | None) -> int:
        found = self._phrase(start)
        if not found:
            return start
        subject, at = found
        if start and self._tags[start - 1] == "C" and subject.tags[0] not in "DM" and not subject.plural:
            return at
        partner = None
        if self._at(at) == "and" and (second := self._phrase(at + 1)) and second[1] < len(self._tags):
            if self._tags[second[1]] not in "BGVR":
                return at
            partner, at = second
        if self._tags[at : at + 1] == "P" and (inner := self._phrase(at + 1)):
            at = inner[1]
        if self._tags[at : at + 1] == "E":
            at += 1
            if self._tags[at : at + 1] == "P" and (inner := self._phrase(at + 1)):
                at = inner[1]
        end = at
        for _ in range(3):
            clause, end = self._predicate(subject, partner, opening, at)
            if clause is None:
                break
            self.clauses.append(clause)
            at = end
            if self._at(at) in ("and", "while") and self._tags[at + 1 : at + 2] == "G" and clause.form == "ing":
                at += 1
            elif self._tags[at : at + 1] != "B":
                break
        return end

    def _at(self, index: int) -> str:
        return self._words[index] if index < len(self._words) else ""

    def _predicate(
        self, subject: Phrase, partner: Phrase | None, opening: tuple[str, Phrase] | None, at: int
    ) -> tuple[Clause | None, int]:
        match = _VERBS.match(self._tags, at)
        if not match:
            return None, at
        letter, at = match.group()[-1], match.end()
        written = self._words[at - 1]
        plural = subject.plural or partner is not None
        if (letter == "Z" and plural) or (
            letter == "V" and not plural and "NOUN" in lemmas(written) and "I" not in match.group()
        ):
            return None, at
        form = "passive" if "I" in match.group() else "ing" if letter == "G" else "present"
        verb = lemmas(written).get("VERB", "be" if letter == "B" else written)
        particle, target = "", None
        places: list[tuple[str, Phrase]] = []
        if self._tags[at : at + 1] == "F" and self._tags[at + 1 : at + 2] != "P":
            particle, at = self._at(at), at + 1
        if letter != "B" and (found := self._phrase(at)):
            target, at = found
            if self._at(at) == "of" and (inner := self._phrase(at + 1)):
                of = (*target.words, "of", *inner[0].words)
                target = Phrase(of, target.tags + "P" + inner[0].tags, target.head, target.plural)
                at = inner[1]
        if target and self._tags[at : at + 1] in list("DMJO"):
            # "gives a woman a massage": which of the two is the object would be guessing.
            return Clause(subject, partner, verb, form, written, particle, whole=False, opening=opening), at
        while len(places) < 2:
            skip = 1 if self._tags[at : at + 1] == "F" else 0
            if self._tags[at + skip : at + skip + 1] not in ("P", "T") or not (found := self._phrase(at + skip + 1)):
                break
            places.append((" ".join(self._words[at : at + skip + 1]), found[0]))
            at = found[1]
        whole = self._tags[at : at + 1] not in list("TOWDJEKGM" if not target and not places else "T")
        return Clause(subject, partner, verb, form, written, particle, target, tuple(places), whole, opening), at


def _merge_quantities(tokens: list[str], tags: str) -> tuple[list[str], str]:
    """Makes one determiner of "a group of" and "two pieces of"."""
    merged_words: list[str] = []
    merged_tags = ""
    at = 0
    while at < len(tokens):
        match = None if tokens[at : at + 2] in _WRONG_QUANTITIES else _QUANTITY.match(tags, at)
        if match and tokens[match.end() - 1] == "of" and tokens[match.end() - 2] in MANY | PART:
            merged_words.append(" ".join(tokens[at : match.end()]))
            merged_tags += "D"
            at = match.end()
        else:
            merged_words.append(tokens[at])
            merged_tags += tags[at]
            at += 1
    return merged_words, merged_tags
