"""What VideoBERT itself sees: visual words and their like, cloze, alignment, text to video, what kind of clip it is.

Keeps no state of a visitor; the only memory is a bounded cache of segments, keyed by the file's content.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import ClipError, QuestionError
from videobert_demo.library.entries import make_thumbnail, segment_spans
from videobert_demo.model.features import ClipFeatures
from videobert_demo.model.loading import LoadedModel, Run
from videobert_demo.tasks import classify
from videobert_demo.tasks.align import align, align_moments
from videobert_demo.tasks.classify import LabelScore
from videobert_demo.tasks.cloze import Blank, Guess, fill_blanks, read_words
from videobert_demo.tasks.visual_words import (
    REEL_SEGMENTS,
    VisualWord,
    all_centroids,
    forecast,
    predict_segments,
    read_visual_words,
    write_reel,
)
from videobert_demo.video.reel import ReelShot

THUMBNAIL_SIDE = 160
MOST_CLIPS_KEPT = 500
MOST_CHARACTERS = 300


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """One segment of a clip, as it is compared with others.

    Attributes:
        content_hash, title, source: of its clip; `source` is the path of the file.
        place: which of the clip's segments it is, from 0.
        start_seconds, end_seconds, moment_seconds: where it starts and ends, and when its frame comes on screen.
        word: its visual word; the value is the distance to the centroid.
        feature: (C,) float32, pooled.
        thumbnail: a small JPEG of the frame.
    """

    content_hash: str
    title: str
    source: str
    place: int
    start_seconds: float
    end_seconds: float
    moment_seconds: float
    word: VisualWord
    feature: NDArray[np.float32] = field(repr=False)
    thumbnail: bytes = field(repr=False)

    @property
    def shot(self) -> ReelShot:
        """The part of the clip that a reel shows of it."""
        return ReelShot(self.source, self.start_seconds, self.end_seconds, self.moment_seconds)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A segment that is like another one, or that a visual word stands for.

    Attributes:
        shared_levels: how many levels of the codebook's tree the two words share; all of them: it is the same word.
        is_same_word: whether it is.
    """

    segment: Segment
    shared_levels: int
    is_same_word: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What stood at the hidden places of a sentence and of a clip.

    Attributes:
        words: the sentence as it was read.
        blanks: one for each hidden word.
        segments: place of each hidden segment, and its likeliest visual words.
    """

    words: tuple[str, ...]
    blanks: tuple[Blank, ...]
    segments: tuple[tuple[int, tuple[VisualWord, ...]], ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The first `seen` segments were shown; `expected` are the likeliest words of the others, `truth` what came."""

    seen: int
    expected: tuple[tuple[VisualWord, ...], ...]
    truth: tuple[VisualWord, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    """What kind of clip it is: each the likeliest first, with probabilities."""

    verbs: tuple[Guess, ...]
    objects: tuple[Guess, ...]
    trained_verbs: tuple[Guess, ...]
    trained_objects: tuple[Guess, ...]
    categories: tuple[Guess, ...]
    labels: tuple[Guess, ...]
    typed: tuple[LabelScore, ...]


class Tokens:
    """Everything that the Tokens tab, its endpoints and its commands ask. Use it from as many threads as you like.

    Args:
        open_clip: opens a file, as `VideoBertService.open` does.
        run: as `model.loading.bind` gives it.
    """

    def __init__(self, loaded: LoadedModel, open_clip: Callable[[str], ClipFeatures], run: Run) -> None:
        self._loaded, self._open, self._run = loaded, open_clip, run
        self._segments: OrderedDict[tuple[str, str], tuple[Segment, ...]] = OrderedDict()
        self._lock = threading.Lock()
        self._known_centroids: NDArray[np.float32] | None = None

    @property
    def levels(self) -> int:
        """Levels of the codebook's tree."""
        return int(self._loaded.model.encoder.codebook.levels)

    # segments and their neighbours -------------------------------------------------------------------------------

    def segments(self, clip: ClipFeatures, *, title: str, source: str) -> tuple[Segment, ...]:
        """The clip's segments with their visual words."""
        words = self._run(read_visual_words, clip.tensors)
        times = clip.frames.timestamps_seconds
        spans = segment_spans(times, clip.info.duration_seconds)
        return tuple(
            Segment(
                clip.content_hash,
                title,
                source,
                place,
                float(spans[place, 0]),
                float(spans[place, 1]),
                float(times[place]),
                word,
                clip.tensors.frame_features[place].numpy(),
                make_thumbnail(clip.frames.pixels[place], max_side=THUMBNAIL_SIDE),
            )
            for place, word in enumerate(words)
        )

    def collect(self, clips: Iterable[tuple[str, str, str]]) -> tuple[Segment, ...]:
        """The segments of many clips; those that were met before come from the cache, unreadable ones are left out.

        Args:
            clips: of each its content hash, title and the path of its file.
        """
        found: list[Segment] = []
        for content_hash, title, source in clips:
            with self._lock:
                known = self._segments.get((content_hash, source))
            if known is None:
                try:
                    known = self.segments(self._open(source), title=title, source=source)
                except ClipError:
                    continue
                with self._lock:
                    self._segments[content_hash, source] = known
                    while len(self._segments) > MOST_CLIPS_KEPT:
                        self._segments.popitem(last=False)
            found += known
        return tuple(found)

    def neighbours(self, segment: Segment, among: Sequence[Segment], *, count: int = 6) -> tuple[Neighbour, ...]:
        """The segments of other clips with the same or the nearest visual word, one of each clip.

        Those of its own clip stand beside it already, and would fill the row where a clip hardly moves.
        """
        others = [one for one in among if one.content_hash != segment.content_hash]
        return self._nearest(segment.word.word_id, segment.feature, others, count, is_one_a_clip=True)

    def stand_ins(self, word_id: int, among: Sequence[Segment], *, count: int = 1) -> tuple[Neighbour, ...]:
        """The segments that a visual word stands for best."""
        centroid = self._centroids()[word_id]
        return self._nearest(word_id, centroid, among, count)

    def _centroids(self) -> NDArray[np.float32]:
        """All of them, asked for once: on ZeroGPU each question costs the wait for a GPU."""
        if self._known_centroids is None:
            self._known_centroids = self._run(all_centroids)
        return self._known_centroids

    def _nearest(
        self,
        word_id: int,
        feature: NDArray[np.float32],
        among: Sequence[Segment],
        count: int,
        *,
        is_one_a_clip: bool = False,
    ) -> tuple[Neighbour, ...]:
        codebook = self._loaded.model.encoder.codebook
        levels = [codebook.shared_levels(word_id, one.word.word_id) for one in among]
        distances = [float(np.linalg.norm(one.feature - feature)) for one in among]
        order = sorted(range(len(among)), key=lambda index: (-levels[index], distances[index]))
        if is_one_a_clip:
            first: dict[str, int] = {}
            for index in order:
                first.setdefault(among[index].content_hash, index)
            order = list(first.values())
        return tuple(
            Neighbour(among[index], levels[index], levels[index] == codebook.levels) for index in order[:count]
        )

    # sentences, cloze, alignment ---------------------------------------------------------------------------------

    def read_sentence(self, sentence: str) -> str:
        """A sentence on one line, in lower case.

        Raises:
            QuestionError: it is empty, too long, or in letters that the model does not know.
        """
        text = " ".join(sentence[: MOST_CHARACTERS + 1].split()).lower()
        if not text:
            raise QuestionError("There is no sentence yet; type one, such as “a dog runs on the grass”.")
        if len(sentence) > MOST_CHARACTERS:
            raise QuestionError("That is too long; use at most {most} characters.", most=MOST_CHARACTERS)
        tokenizer = self._loaded.processor.tokenizer
        pieces = tokenizer(text, add_special_tokens=False).input_ids
        if not pieces or all(piece == tokenizer.unk_token_id for piece in pieces):
            raise QuestionError("The model reads English only; use English words.")
        return text

    def read_words(self, sentence: str) -> tuple[str, ...]:
        """The words of a sentence, as cloze reads them; "[MASK]" or "___" is a hidden one.

        Raises:
            QuestionError: it is empty, too long, or in letters that the model does not know.
        """
        return tuple(read_words(self._loaded, sentence))

    def fill(
        self,
        clip: ClipFeatures,
        sentence: str,
        hidden_words: Collection[int] = (),
        hidden_segments: Collection[int] = (),
        *,
        count: int = 5,
    ) -> Filled:
        """What stood at the hidden places: words with and without the clip, and segments.

        Args:
            hidden_words: places of words to hide, beside those that the sentence hides itself; others are ignored.
            hidden_segments: places of segments to hide.

        Raises:
            QuestionError: the sentence is empty, too long, or in letters that the model does not know.
        """
        words = self.read_words(sentence)
        hidden = {place for place, word in enumerate(words) if word == "[MASK]"}
        hidden |= {place for place in hidden_words if 0 <= place < len(words)}
        gone = sorted({place for place in hidden_segments if 0 <= place < len(clip.frames)})
        blanks = self._run(fill_blanks, clip.tensors, words, hidden, hidden_segments=gone, count=count)
        text = " ".join("[MASK]" if place in hidden else word for place, word in enumerate(words))
        guesses = self._run(predict_segments, clip.tensors, gone, text, count=count) if gone else []
        return Filled(words, blanks, tuple(zip(gone, guesses, strict=True)))

    def align(self, clip: ClipFeatures, sentence: str) -> tuple[float, NDArray[np.float64]]:
        """The probability that a sentence belongs to the whole clip, and to each of its T frames alone, (T,).

        Raises:
            QuestionError: the sentence is empty, too long, or in letters that the model does not know.
        """
        text = self.read_sentence(sentence)
        whole = float(self._run(align, [clip.tensors], [text])[0])
        return whole, self._run(align_moments, clip.tensors, text).double().numpy()

    # text to video, forecast -------------------------------------------------------------------------------------

    def write_reel(
        self, sentence: str, *, segments: int = REEL_SEGMENTS, temperature: float = 1.0, seed: int = 0
    ) -> tuple[VisualWord, ...]:
        """A row of visual words for a sentence, with their probabilities.

        Raises:
            QuestionError: the sentence is empty, too long, or in letters that the model does not know.
            ValueError: a number is outside its range.
        """
        text = self.read_sentence(sentence)
        return self._run(write_reel, text, segments=segments, temperature=temperature, seed=seed)

    def forecast(self, clip: ClipFeatures, *, count: int = 5) -> Forecast:
        """What the model expects after the clip's first half, beside what comes; nothing for a clip of one segment."""
        seen, expected = self._run(forecast, clip.tensors, count=count)
        truth = self._run(read_visual_words, clip.tensors)[seen:]
        return Forecast(seen, tuple(expected), truth)

    # what kind of clip -------------------------------------------------------------------------------------------

    def classify(self, clip: ClipFeatures, labels: Sequence[str] = (), *, count: int = 5) -> Kinds:
        """Verbs and objects by cloze and by the trained heads, categories, ImageNet labels, and any typed labels.

        Raises:
            QuestionError: a label is too long or in letters that the model does not know, or there are too many.
        """
        trained = self._run(classify.guess_kinds, [clip.tensors], count=count)
        return Kinds(
            self._run(classify.guess_verbs, clip.tensors, count=count),
            self._run(classify.guess_objects, clip.tensors, count=count),
            trained["verb"][0],
            trained["object"][0],
            trained["category"][0],
            self._run(classify.guess_labels, clip.tensors),
            self.rank_labels(clip, labels) if any(label.strip() for label in labels) else (),
        )

    def rank_labels(self, clip: ClipFeatures, labels: Sequence[str]) -> tuple[LabelScore, ...]:
        """Any labels that a person types, the best first.

        Raises:
            QuestionError: there are none, too many, or one is too long or in letters that the model does not know.
        """
        read = [self.read_sentence(label) for label in labels if label.strip()]
        return self._run(classify.rank_labels, clip.tensors, read)
