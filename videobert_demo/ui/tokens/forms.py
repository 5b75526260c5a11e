"""What JSON the endpoints of the tab Tokens take and return. It is made in service/reports.py, and only told here."""

from __future__ import annotations

from videobert_demo.ui.page.endpoints import CLIP, SECONDS, TIMESTAMP, Argument
from videobert_demo.ui.page.schemas import listed, number, or_none, record, text, truth, whole

_PROBABILITY = number("How likely it is, in [0, 1].")
_WORD = whole("The number of a visual word.")
_NAME = text("What it shows: words that captions of its training segments use most; empty where it has no name.")
_EXPECTED = listed(
    record(visual_word=_WORD, name=_NAME, probability=_PROBABILITY), "The likeliest visual words, best first."
)
_GUESS = record(text=text("A word or a few."), probability=_PROBABILITY)
_NEIGHBOUR = record(
    "A segment of a clip of the library.",
    title=text("The clip's title."),
    start_seconds=number("Where the segment starts."),
    timestamp_seconds=TIMESTAMP,
    visual_word=_WORD,
    name=_NAME,
    shared_levels=whole("On how many levels of the tree of visual words the two are in one branch."),
    same_word=truth("Whether both have one visual word."),
    content_hash=text("Names the file by its content."),
)

TOKENS = record(
    levels=whole("How many levels the tree of visual words has."),
    segments=listed(
        record(
            start_seconds=number("Where the segment starts."),
            timestamp_seconds=TIMESTAMP,
            visual_word=_WORD,
            name=_NAME,
            distance=number("How far the segment is from the centre of its visual word; 0 is the centre."),
            neighbours=listed(_NEIGHBOUR, "Segments of the library that are most like it."),
        ),
        "The clip's segments, in order.",
    ),
    forecast=record(
        "What was expected of the clip's second half, knowing the first.",
        seen=whole("How many segments were shown."),
        segments=listed(
            record(visual_word=_WORD, name=_NAME, expected=_EXPECTED), "The others, and what was expected there."
        ),
    ),
    seconds=SECONDS,
)
CLOZE = record(
    words=listed(text("A word."), "The sentence's words, as they were read."),
    blanks=listed(
        record(
            place=whole("The word's position, from 0."),
            with_clip=listed(_GUESS, "What fits, knowing the clip."),
            without_clip=listed(_GUESS, "What fits, knowing only the sentence."),
        ),
        "The hidden words.",
    ),
    segments=listed(record(place=whole("The segment's position, from 0."), expected=_EXPECTED), "The hidden segments."),
    seconds=SECONDS,
)
ALIGNED = record(
    sentence=text("The sentence as it was read."),
    score=number("How likely it belongs to the clip, in [0, 1]."),
    peak_seconds=number("The moment that it fits best."),
    moments=listed(
        record(timestamp_seconds=TIMESTAMP, score=number("How likely it belongs to this moment, in [0, 1].")),
        "The clip's moments, in order.",
    ),
    seconds=SECONDS,
)
REEL = record(
    sentence=text("The sentence as it was read."),
    temperature=number("As asked for."),
    seed=whole("As asked for."),
    segments=listed(
        record(visual_word=_WORD, name=_NAME, probability=_PROBABILITY, shown_by=or_none(_NEIGHBOUR)),
        "The row of visual words, each with a segment that shows it; null where the library is empty.",
    ),
    seconds=SECONDS,
)
OWN_SCORE = record(
    name=text("The label's name."),
    fits=truth("Whether it fits the clip."),
    score=number("Of the whole clip or its best moment: a cosine similarity in [-1, 1]."),
    threshold=number("From this score on it fits."),
    peak_seconds=number("The moment that it fits best."),
)
OWN_LABEL = record(
    name=text("The label's name."),
    accuracy=number("How often it is right with each example, and each other moment, left out, in [0, 1]."),
    found=whole("Of the examples those that the others of them find."),
    examples=whole("By how many it was taught."),
    taken=whole("Of the other moments those that are taken for it."),
    others=whole("From how many other moments it was told."),
)
CLASSIFIED = record(
    verbs=listed(_GUESS, "Actions, asked of the model as a blank in a sentence."),
    objects=listed(_GUESS, "Things, asked in the same way."),
    trained_verbs=listed(_GUESS, "Actions, told by a head that was trained for them."),
    trained_objects=listed(_GUESS, "Things, told by a head that was trained for them."),
    categories=listed(_GUESS, "Kinds of clips."),
    frame_labels=listed(_GUESS, "ImageNet's labels."),
    labels=listed(
        record(
            text=text("One of your labels."),
            share=number("How well it fits beside the others; they sum to 1."),
            alignment=number("How likely it belongs to the clip, in [0, 1]."),
        ),
        "Your own labels, best first.",
    ),
    own_labels=listed(OWN_SCORE, "The labels that were taught to the library, those that fit first."),
    seconds=SECONDS,
)

_SENTENCE = Argument(text("A sentence."), "a dog lies on the floor")
TOKENS_TAKES = {"clip": CLIP}
CLOZE_TAKES = {
    "clip": CLIP,
    "sentence": Argument(text("A sentence; ___ stands for a hidden word, in English."), "a ___ lies on the floor"),
    "hidden_words": Argument(listed(whole(), "Positions of more words to hide, from 0."), [4], default=[]),
    "hidden_segments": Argument(listed(whole(), "Positions of segments of the clip to hide, from 0."), [0], default=[]),
}
ALIGN_TAKES = {"clip": CLIP, "sentence": _SENTENCE}
CLASSIFY_TAKES = {
    "clip": CLIP,
    "labels": Argument(text("Labels of your own, with commas between them."), "a dog, a cat", default=""),
}


def reel_takes(segments: int) -> dict[str, Argument]:
    """What `/reel` takes.

    Args:
        segments: How many segments a reel has where nobody says otherwise.
    """
    return {
        "sentence": Argument(text("What the reel tells, a sentence."), "a man rides a horse"),
        "segments": Argument(whole("How many segments it has."), segments, default=segments),
        "temperature": Argument(
            number("0 takes the likeliest visual words, more takes less likely ones, up to 5."), 1, default=1
        ),
        "seed": Argument(whole("Another one draws other visual words."), 0, default=0),
    }
