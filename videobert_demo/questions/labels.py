"""Makes questions about pictures whose label is known: what is done, which sport, which instrument, where.

"a person is riding a bicycle", verb ride, gives "what is the person doing?" -> ride; the sport "table tennis" gives
"what sport is this?" -> tennis. Knows words only: which words a label's captions, verb and object are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from videobert_demo.questions.make import make_questions
from videobert_demo.questions.phrasing import NO_DOINGS
from videobert_demo.questions.question import Question, best_supported

_SUBJECT = re.compile(r"(\w+) (is|are) \w+ing\b")


def ask_of_label(kind: str, label: str, captions: Sequence[str], verb: str | None, thing: str | None) -> list[Question]:
    """All questions about a labelled picture, the plainest first; one answer each.

    Args:
        kind: "action", "sport", "instrument" or "place".
        label: the name of its class.
        captions: sentences that say it.
        verb: the lemma of what is done, if anything is.
        thing: what it is done with, or the thing that is seen, if known.
    """
    count = len(captions)
    asked = []
    for text in captions if verb and verb not in NO_DOINGS else ():
        found = _SUBJECT.search(text)
        if found and verb:
            be = "are" if found[1].endswith("s") else found[2]  # "a group of girls is"
            asked.append(Question(f"what {be} the {found[1]} doing?", verb, "doing", count))
    if kind == "sport":
        asked.append(Question("what sport is this?", name_of_sport(label, thing), "what", count))
    if kind == "instrument" and thing:
        asked.append(Question("what instrument is this?", thing.split()[-1], "what", count))
        asked.append(Question("what is this?", thing.split()[-1], "what", count))
    if kind == "place" and thing:
        asked.append(Question("where is this?", thing, "where", count))
    return best_supported([*asked, *(make_questions(captions) if verb else ())])


def name_of_sport(label: str, thing: str | None) -> str:
    """One word for a sport: what is played, else a word of the label that ends in -ing, else its last word.

    archery -> archery, table tennis (object "table tennis") -> tennis, figure skating men -> skating
    """
    if thing:
        return thing.split()[-1]
    words = label.replace("_", " ").split()
    return next((word for word in words if word.endswith("ing")), words[-1])
