"""What both makers of questions share: which clauses can be asked about, and how their parts are put into words."""

from __future__ import annotations

from functools import lru_cache

from videobert_demo.questions.grammar import Clause, ParsedCaption
from videobert_demo.questions.lexicon import PEOPLE, words

NO_ANSWERS = words(
    """
    something thing video clip scene one other way type kind lot group bunch people someone stuff item object time
    part side top middle front back end bit couple number s t style form background variety different video's footage
    step use place area view image it self
    """
)
# Beside people these can be seen to do something; "a shirt is playing" was read wrongly.
MOVERS = PEOPLE | words(
    """
    dog cat horse monkey puppy kitten lion tiger bird fish bear elephant mouse rat rabbit bunny turtle spider duck owl
    parrot chicken cow bull goat sheep pig deer fox wolf leopard cheetah panda squirrel hamster raccoon ferret frog
    snake lizard iguana crocodile alligator shark whale dolphin penguin eagle hawk crow kangaroo zebra giraffe llama
    alpaca chimpanzee gorilla ape camel donkey pony kitty pup cub duckling chick bee butterfly insect ant crab octopus
    jellyfish antelope mongoose skunk rhino hippo seal walrus animal creature dinosaur dragon monster robot puppet
    doll character mascot alien beast car truck bus train motorcycle bike bicycle boat ship plane airplane helicopter
    rocket vehicle tank tractor machine van jeep ambulance firetruck excavator band team group family crowd audience
    choir couple orchestra army crew class panel staff police ball tornado waterfall river flag toy drone hand cartoon
    racer pair herd
    """
)
NO_DOINGS = words(
    """
    be have wear do contain include involve need want like get go start begin try seem continue feature happen let see
    know hear love trick attempt
    """
)
# Without saying what or where, these say too little: "who is showing?".
NEEDS_MORE = NO_DOINGS | words(
    "show make put take give hold use apply add look place bring set keep say come watch demonstrate help handle"
)


@lru_cache(maxsize=2048)
def read_caption(text: str) -> ParsedCaption:
    """The parsed caption; the most recent ones are cached."""
    return ParsedCaption(text)


def is_seen(clause: Clause) -> bool:
    """Whether the subjects can be seen to do something, and are named by words of the lexicon."""
    if clause.form == "passive" and not clause.partner:
        return clause.subject.head not in NO_ANSWERS and not clause.subject.is_named
    subjects = [clause.subject, *([clause.partner] if clause.partner else [])]
    return all(subject.head in MOVERS and not subject.is_named for subject in subjects)


def as_question(*parts: str) -> str:
    """The parts that are not empty, with a question mark."""
    return " ".join(part for part in parts if part) + "?"


def form_of_be(plural: bool) -> str:
    """The word "are" or "is"."""
    return "are" if plural else "is"


def tail(clause: Clause, *, target: bool = True, places: int = 2) -> str:
    """What follows the verb, in the caption's words."""
    parts = [clause.particle, clause.target.text if clause.target and target else ""]
    parts += [f"{word} {phrase.text}" for word, phrase in clause.places[:places]]
    return " ".join(part for part in parts if part)


def verb_group(clause: Clause, plural: bool) -> str:
    """The verb in a question: "is playing", "plays", "is being played"."""
    if clause.form == "ing":
        return f"{form_of_be(plural)} {clause.verb_text}"
    if clause.form == "passive":
        return f"{form_of_be(plural)} being {clause.verb_text}"
    return form_of_be(plural) if clause.verb == "be" else clause.verb_text
