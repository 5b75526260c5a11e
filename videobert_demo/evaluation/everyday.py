"""How much of labelled everyday stills is told: actions, sports, instruments and places, kind by kind.

Four ways to tell: by the vectors (the label's sentence against those of all labels of the kind), by the trained head,
by the caption (does it name the class?), and by the answer to the plainest question about it.

A caption names the class if one of its words begins with one of the class's stems. Those come from the data by rules
(`stems_of`), with a few synonyms; the report says which. Knows labels and words; knows no files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tqdm.auto import tqdm

from videobert_demo.data.everyday import KINDS, LabelledClip, label_sentences
from videobert_demo.evaluation.metrics import accuracy_percent, split_words
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions import ask_of_label
from videobert_demo.questions.lexicon import GENERAL, PEOPLE
from videobert_demo.questions.tagging import lemmas, tag
from videobert_demo.questions.words import is_object_form
from videobert_demo.tasks.answer import answer_questions, read_question
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.classify import guess_by_heads
from videobert_demo.tasks.embed import embed_clips, embed_sentences

PER_BATCH = 32
Label = tuple[str, str]
"""Kind and name of a class."""

_UNTELLING = "play do ride throw race jump pull drive shoot fly climb balance lift use talk"
UNTELLING_VERBS = frozenset(_UNTELLING.split())
"""Verbs that many classes share: such a class is named by what is ridden, thrown or played."""
COMMON_SCENERY = frozenset(["air", "ground", "track", "ice", "grass", "water", "race", "sky", "pit", "group"])
SYNONYMS = {
    "bicycl": ("bicycl", "bike", "biking", "cycl"),
    "bike": ("bicycl", "bike", "biking", "cycl"),
    "phon": ("phone", "call"),
    "laugh": ("laugh", "giggl"),
    "fight": ("fight", "punch", "box", "wrestl"),
    "hug": ("hug", "embrac", "cuddl"),
    "run": ("run", "jog"),
    "listen": ("listen", "headphone", "earphone"),
    "text": ("text", "phone"),
    "laptop": ("laptop", "computer"),
    "sit": ("sit", "seat"),
    "sleep": ("sleep", "nap"),
    "clap": ("clap", "applau"),
    "motorcycl": ("motorcycl", "motorbik"),
}
"""Other beginnings of words that mean the same."""


@dataclass(frozen=True)
class EverydayReport:
    """The figures, what was written of each clip, and by which beginnings of words a class counts as named."""

    scores: dict[str, Any]
    captions: dict[str, str]
    stems: dict[Label, tuple[str, ...]]


def evaluate_everyday(
    loaded: LoadedModel,
    clips: Sequence[LabelledClip],
    tensors: Sequence[ClipTensors],
    sentences: Mapping[Label, Sequence[str]] | None = None,
    *,
    progress: bool = True,
) -> EverydayReport:
    """Asks what labelled clips show.

    Args:
        clips: N held-out clips. tensors: their N features.
        sentences: per label of each kind what says it, the most exact first; None for those of the clips themselves.

    Returns:
        In percent, of each kind that the clips are of: "action_top1", "action_top5" by the vectors; "action_head_top1"
        by the trained head, where the checkpoint has one; "action_named" by the caption; "action_answered"; and
        "action_clips", how many.
    """
    sentences = dict(sentences or label_sentences(clips))
    stems = stems_of(clips)
    captions = _write(loaded, tensors, progress=progress)
    scores: dict[str, Any] = {}
    for kind in KINDS:
        asked = [number for number, one in enumerate(clips) if one.kind == kind]
        if not asked:
            continue
        shown, truth = [tensors[number] for number in asked], [clips[number] for number in asked]
        names = [label for label in sentences if label[0] == kind]
        for count, hits in _by_vectors(loaded, shown, truth, names, sentences).items():
            scores[f"{kind}_top{count}"] = accuracy_percent(hits)
        if {label for _, label in names} <= set(loaded.model.config.actions):
            scores[f"{kind}_head_top1"] = accuracy_percent(_by_head(loaded, shown, truth))
        named = [is_named(captions[n], stems[one.kind, one.label]) for n, one in zip(asked, truth, strict=True)]
        scores[f"{kind}_named"] = accuracy_percent(named)
        scores[f"{kind}_answered"] = accuracy_percent(_by_answers(loaded, shown, truth, progress=progress))
        scores[f"{kind}_clips"] = len(asked)
    written = {one.clip.video_id: text for one, text in zip(clips, captions, strict=True)}
    return EverydayReport(scores, written, stems)


def is_named(caption: str, stems: Sequence[str]) -> bool:
    """Whether a word of the caption begins with one of the stems."""
    return any(word.startswith(tuple(stems)) for word in split_words(caption).split())


def stems_of(clips: Sequence[LabelledClip]) -> dict[Label, tuple[str, ...]]:
    """The beginnings of words by which each class counts as named.

    A verb that tells ("skate", "hug") names its class; else the thing that the data gives ("tennis" of table tennis);
    else those nouns of the class's sentences that the fewest classes of the kind share ("axe", "target").
    """
    first: dict[Label, LabelledClip] = {}
    for one in clips:
        first.setdefault((one.kind, one.label), one)
    nouns = {label: _nouns(one.clip.captions) for label, one in first.items()}
    shared = Counter((kind, word) for (kind, _), words in nouns.items() for word in words)
    found = {}
    for (kind, label), one in first.items():
        if one.verb and one.verb not in UNTELLING_VERBS:
            stems = {_stem(one.verb)}
        elif one.object:
            stems = {_stem(one.object.split()[-1])}
        else:
            rarest = min((shared[kind, word] for word in nouns[kind, label]), default=0)
            stems = {_stem(word) for word in nouns[kind, label] if shared[kind, word] == rarest}
            stems = stems or {_stem(label.split()[-1])}
        found[kind, label] = tuple(sorted(other for stem in stems for other in SYNONYMS.get(stem, (stem,))))
    return found


def _nouns(captions: Sequence[str]) -> frozenset[str]:
    """The nouns of the sentences that name things, without people and scenery, and gerunds ("bungee jumping")."""
    words = [word for text in captions for word in split_words(text).split()]
    tags = [mark for text in captions for mark in tag(split_words(text).split())]
    found = {lemmas(word).get("NOUN", word) for word, mark in zip(words, tags, strict=True) if mark in ("N", "S")}
    kept = frozenset(word for word in found - PEOPLE - GENERAL - COMMON_SCENERY if len(word) > 2)
    return frozenset(word for word in kept if is_object_form(word)) or kept


def _stem(word: str) -> str:
    """The word without the ending that its forms change: ride -> rid, bicycle -> bicycl, drums -> drum."""
    if word.endswith("s") and not word.endswith("ss") and len(word) > 4:
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _write(loaded: LoadedModel, tensors: Sequence[ClipTensors], *, progress: bool) -> list[str]:
    written: list[str] = []
    for start in tqdm(range(0, len(tensors), PER_BATCH), desc="captions", unit="batch", disable=not progress):
        written += [found[0].text for found in caption_clips(loaded, tensors[start : start + PER_BATCH])]
    return written


def _by_vectors(
    loaded: LoadedModel,
    tensors: Sequence[ClipTensors],
    truth: Sequence[LabelledClip],
    names: Sequence[Label],
    sentences: Mapping[Label, Sequence[str]],
) -> dict[int, list[bool]]:
    """Whether each clip's label is the likeliest of its kind, or among five."""
    texts = embed_sentences(loaded, [sentences[name][0] for name in names])  # (labels, projection)
    starts = range(0, len(tensors), PER_BATCH)
    videos = torch.cat([embed_clips(loaded, tensors[start : start + PER_BATCH]) for start in starts])
    best = (videos @ texts.T).topk(min(5, len(names)), dim=1).indices.tolist()
    labels = [[names[index][1] for index in row] for row in best]
    return {count: [one.label in row[:count] for one, row in zip(truth, labels, strict=True)] for count in (1, 5)}


def _by_head(loaded: LoadedModel, tensors: Sequence[ClipTensors], truth: Sequence[LabelledClip]) -> list[bool]:
    found: list[str] = []
    for start in range(0, len(tensors), PER_BATCH):
        guesses = guess_by_heads(loaded, tensors[start : start + PER_BATCH], count=1)["action"]
        found += [row[0].text for row in guesses]
    return [text == one.label for text, one in zip(found, truth, strict=True)]


def _by_answers(
    loaded: LoadedModel, tensors: Sequence[ClipTensors], truth: Sequence[LabelledClip], *, progress: bool
) -> list[bool]:
    """Whether the plainest question about each clip is answered correctly; a clip without any is not asked."""
    asked = []
    for number, one in enumerate(truth):
        questions = ask_of_label(one.kind, one.label, one.clip.captions, one.verb, one.object)
        asked += [(number, question) for question in questions[:1]]
    hits = []
    for start in tqdm(range(0, len(asked), PER_BATCH), desc="answers", unit="batch", disable=not progress):
        part = asked[start : start + PER_BATCH]
        texts = [read_question(loaded, question.text) for _, question in part]
        answers = answer_questions(loaded, [tensors[number] for number, _ in part], texts, candidates=1)
        hits += [best[0].text == question.answer for best, (_, question) in zip(answers, part, strict=True)]
    return hits
