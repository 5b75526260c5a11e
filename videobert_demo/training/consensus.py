"""Scores sentences for training: CIDEr-D against references, and the number of phrases that nobody wrote.

CIDEr-D is fast enough here to be the reward of self-critical training and to weigh references.

The formula is that of CIDEr (arXiv 1411.5726, equations 1-4) in its D variant, as in pycocoevalcap; n-grams are cooked
once. An end mark counts as a word, so a sentence that stops in the middle earns less (arXiv 1612.00563, section 4).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_NGRAM_WORDS = 4
LENGTH_SIGMA = 6.0
PHRASE_WORDS = 4
END = "</s>"
_NOT_A_WORD = re.compile(r"[^a-z0-9']+")

# "there is a man is talking", as some annotators write; not "there is a man who is talking"
_TWO_VERBS = re.compile(r"\bthere (is|are|s) (?:(?!who |that |which |where |when |while |and |as ).)*? (is|are) ")

NGram = tuple[str, ...]


def normalise(sentence: str) -> str:
    """Lower case, words of letters, digits and apostrophes, single spaces."""
    return _NOT_A_WORD.sub(" ", sentence.lower()).strip()


def has_two_verbs(sentence: str) -> bool:
    """Whether a normalised sentence has two verbs, as in "there is a man is talking"."""
    return _TWO_VERBS.search(f"{sentence} ") is not None


def _count(sentence: str, end_mark: bool) -> list[Counter[NGram]]:
    words = normalise(sentence).split() + ([END] if end_mark else [])
    return [
        Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))
        for n in range(1, MAX_NGRAM_WORDS + 1)
    ]


@dataclass(frozen=True)
class CookedSentence:
    """Per n: the tf-idf weights of the n-grams and their norm; and the number of words."""

    weights: tuple[dict[NGram, float], ...]
    norms: tuple[float, ...]
    length: int


class Consensus:
    """Document frequencies over the references of a training set, and similarities with them."""

    def __init__(self, references: Iterable[Sequence[str]], *, end_mark: bool = True) -> None:
        self._end_mark = end_mark
        self._frequency: Counter[NGram] = Counter()
        documents = 0
        for sentences in references:
            documents += 1
            seen: set[NGram] = set()
            for sentence in sentences:
                for counts in _count(sentence, end_mark):
                    seen.update(counts)
            self._frequency.update(seen)
        self._log_documents = math.log(max(documents, 2))

    def cook(self, sentence: str) -> CookedSentence:
        """Counts and weighs a sentence's n-grams, once for many comparisons."""
        weights = []
        norms = []
        counted = _count(sentence, self._end_mark)
        for counts in counted:
            vector = {
                ngram: count * (self._log_documents - math.log(max(1.0, self._frequency[ngram])))
                for ngram, count in counts.items()
            }
            weights.append(vector)
            norms.append(math.sqrt(sum(weight * weight for weight in vector.values())))
        return CookedSentence(tuple(weights), tuple(norms), sum(counted[0].values()))

    def score(self, candidate: CookedSentence, references: Sequence[CookedSentence]) -> float:
        """CIDEr-D of one candidate, in [0, 10]."""
        total = 0.0
        for reference in references:
            length_penalty = math.exp(-((candidate.length - reference.length) ** 2) / (2 * LENGTH_SIGMA**2))
            for n in range(MAX_NGRAM_WORDS):
                norms = candidate.norms[n] * reference.norms[n]
                if norms == 0.0:
                    continue
                theirs = reference.weights[n]
                product = 0.0
                for ngram, weight in candidate.weights[n].items():
                    other = theirs.get(ngram)
                    if other is not None:
                        product += min(weight, other) * other
                total += length_penalty * product / norms
        return 10.0 * total / (MAX_NGRAM_WORDS * max(1, len(references)))

    def agreement(self, references: Sequence[CookedSentence]) -> list[float]:
        """The CIDEr-D of each reference against the others: how much of a consensus it is (arXiv 1712.09532)."""
        return [
            self.score(reference, [*references[:index], *references[index + 1 :]])
            for index, reference in enumerate(references)
        ]


class KnownPhrases:
    """The phrases of four words in a corpus, its sentences' beginnings and ends among them.

    Self-critical training tends towards sentences that n-gram scores hardly penalise ("there is a man is playing"), so
    every phrase that no person wrote can be counted against them.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self._known = {phrase for sentence in sentences for phrase in self._phrases(sentence)}

    @staticmethod
    def _phrases(sentence: str) -> list[int]:
        words = ("<s>", *sentence.split(), END)
        return [hash(words[start : start + PHRASE_WORDS]) for start in range(max(1, len(words) - PHRASE_WORDS + 1))]

    def unknown(self, sentence: str) -> int:
        """How many phrases of the (normalised) sentence are not in the corpus."""
        return sum(phrase not in self._known for phrase in self._phrases(sentence))
