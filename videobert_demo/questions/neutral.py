"""Words for people that do not say whether someone is a man or a woman: person, child, people.

    two men are talking                 two people are talking
    a man and a woman are dancing       two people are dancing
    an actress is putting on her coat   an actor is putting on their coat
    she plays with the little girl      they play with the little child

A model guesses such words from clothes and hair, and guesses wrong. Pure text: articles, pronouns and their verbs are
kept right; everything else stays as it is. It does not know names ("lady gaga"), nor titles (king, bride).
"""

from __future__ import annotations

import re

from videobert_demo.questions.lexicon import words
from videobert_demo.questions.tagging import lemmas, tag

_ADULTS = words("man woman guy lady gentleman lad dude")
_CHILDREN = words("boy girl")
_OTHERS = {
    **dict.fromkeys(("mother", "father", "mom", "dad", "mum"), ("parent", "parents")),
    **dict.fromkeys(("son", "daughter"), ("child", "children")),
    **dict.fromkeys(("brother", "sister"), ("sibling", "siblings")),
    **dict.fromkeys(("husband", "wife"), ("spouse", "spouses")),
    **dict.fromkeys(("grandmother", "grandfather", "grandma", "grandpa"), ("grandparent", "grandparents")),
    **dict.fromkeys(("boyfriend", "girlfriend"), ("partner", "partners")),
    **dict.fromkeys(("policeman", "policewoman"), ("police officer", "police officers")),
    **dict.fromkeys(("businessman", "businesswoman"), ("business person", "business people")),
    **dict.fromkeys(("salesman", "saleswoman"), ("salesperson", "salespeople")),
    **dict.fromkeys(("sportsman", "sportswoman"), ("athlete", "athletes")),
    "fireman": ("firefighter", "firefighters"),
    "cameraman": ("camera operator", "camera operators"),
    "actress": ("actor", "actors"),
    "waitress": ("waiter", "waiters"),
    "hostess": ("host", "hosts"),
}
_NOUNS = (
    dict.fromkeys(_ADULTS, ("person", "people")) | dict.fromkeys(_CHILDREN, ("child", "children")) | _OTHERS
)  # by lemma: singular and plural
_IRREGULAR = {
    **{f"{start}men": f"{start}man" for start in ("", "police", "business", "sales", "sports", "fire", "camera")},
    **{f"{start}women": f"{start}woman" for start in ("", "police", "business", "sales", "sports")},
    **{"gentlemen": "gentleman", "wives": "wife", "ladies": "lady"},
}
_HEROES = words("spider iron bat super ant x")
_BANDS = words("band bands group groups scout scouts")
_PRONOUNS = {"he": "they", "she": "they", "him": "them", "himself": "themselves", "herself": "themselves"}
_VERBS = {"is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't"}
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w]+|_+")
_TWO = re.compile(
    r"\b(?:(?P<the>the )|an? )(?P<first>person|child) and (?:an? |the )?(?P<second>person|child)\b(?!['’-])"
)
_SAME_MANY = re.compile(r"\b(people|children) and (?:the )?\1\b")


def say_neutrally(text: str) -> str:
    """The same text with person, child and people in place of man, woman, boy, girl and what says the same.

    Args:
        text: a caption or an answer in English; capitals at the beginning of a word are kept.
    """
    tokens = _TOKEN.findall(text)
    positions = [index for index, token in enumerate(tokens) if token[0].isalnum()]
    plain = [tokens[index].lower().replace("’", "'") for index in positions]
    tags = tag(plain)
    found = [_replace(plain, tags, at) for at in range(len(plain))]
    _agree(plain, found)
    _fit_articles(plain, found)
    for index, before, after in zip(positions, plain, found, strict=True):
        if after != before:
            tokens[index] = after[:1].upper() + after[1:] if tokens[index][:1].isupper() else after
            if not after and index + 1 < len(tokens):
                tokens[index + 1] = tokens[index + 1].removeprefix(" ")
    worded = _SAME_MANY.sub(r"\1", _TWO.sub(_count, "".join(tokens)))
    return worded if text.endswith(" ") else worded.rstrip(" ")


def _replace(plain: list[str], tags: str, at: int) -> str:
    """What stands in place of one word; empty for a word that goes."""
    word = plain[at]
    before, after = plain[at - 1] if at else "", plain[at + 1] if at + 1 < len(plain) else ""
    stem, owner = (word[:-2], "'s") if word.endswith("'s") else (word, "")
    if word in _PRONOUNS or stem in ("he", "she"):
        return "they're" if owner else _PRONOUNS[word]
    is_determiner = bool(after) and tags[at + 1] in "NSJUMGK" and _is_thing(after)
    if word in ("his", "her"):
        return "their" if is_determiner else "theirs" if word == "his" else "them"
    if word == "hers":
        return "theirs"
    if stem in ("male", "female", "males", "females"):
        if after and not owner and not stem.endswith("s") and tags[at + 1] in "NSUJ":
            return ""
        return ("people" if stem.endswith("s") else "person") + owner
    if before in _HEROES or after in _BANDS:
        return word
    if before == "baby" and stem in _CHILDREN:
        return owner  # "a baby girl" is a baby
    lemma = _IRREGULAR.get(stem, stem)
    if lemma in _NOUNS:
        return _NOUNS[lemma][stem in _IRREGULAR] + owner
    lemma = stem.removesuffix("es") if stem.endswith("sses") else stem.removesuffix("s")
    return _NOUNS[lemma][1] + owner if lemma in _NOUNS and lemma != stem else word


def _is_thing(word: str) -> bool:
    """Whether a word may follow "her" as what is hers: "dancing" in "watch her dancing" does not."""
    return not word.endswith("ing") or "NOUN" in lemmas(word)


def _agree(plain: list[str], found: list[str]) -> None:
    """The verb after "they", of one who was he or she: "she quickly plays" -> "they quickly play"."""
    for at, word in enumerate(plain):
        if word not in ("he", "she"):
            continue
        for next_one in range(at + 1, min(at + 3, len(plain))):
            verb = plain[next_one]
            if verb in _VERBS:
                found[next_one] = _VERBS[verb]
                break
            known = lemmas(verb)
            if verb.endswith("s") and known.get("VERB", verb) != verb:
                found[next_one] = known["VERB"]
                break
            if "ADV" not in known:
                break


def _fit_articles(plain: list[str], found: list[str]) -> None:
    """Chooses "a" or "an" before a word that was changed, by its first letter."""
    for at in range(len(found) - 1):
        following = next((at_word for at_word in range(at + 1, len(found)) if found[at_word]), None)
        if found[at] not in ("a", "an") or following is None:
            continue
        if found[following] != plain[at + 1]:
            found[at] = "an" if found[following][0] in "aeiou" else "a"


def _count(match: re.Match[str]) -> str:
    """What "a person and a person" are together: two people."""
    both = {match["first"], match["second"]}
    return (match["the"] or "") + "two " + ("children" if both == {"child"} else "people")
