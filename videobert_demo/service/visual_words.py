"""What VideoBERT itself sees: visual words and their neighbours, cloze, alignment, reels, forecast, classification.

Each operation is written once, for page, command line and HTTP. It keeps no state of a visitor.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import ClipError, QuestionError
from videobert_demo.library.base import Library
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.codebook_map import CodebookMap, draw_map
from videobert_demo.service.corrections import CorrectionOperations
from videobert_demo.service.results import Alignment, Classification, Filled, Forecast, Inspection, Reel
from videobert_demo.service.segments import Neighbour, Segment, SegmentIndex, make_segments
from videobert_demo.tasks import classify
from videobert_demo.tasks.align import align, align_moments
from videobert_demo.tasks.cloze import MASK, fill_blanks, read_words
from videobert_demo.tasks.embed import knows_letters
from videobert_demo.tasks.languages import search_in_english, unread
from videobert_demo.tasks.sureness import sure_label_from
from videobert_demo.tasks.visual_words import (
    MAX_SEED,
    REEL_SEGMENTS,
    all_centroids,
    are_reel_numbers,
    forecast,
    predict_segments,
    read_visual_words,
    words_in_use,
    write_reel,
)
from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.types.visual_words import LabelScore, VisualWord
from videobert_demo.video.reel import film_reel

MAX_COMPARED_CLIPS = 40
MAX_CHARACTERS = 300


class VisualWordOperations(CorrectionOperations):
    """The part of the service that works with visual words. Use it from as many threads as you like.

    A `library` is where neighbours are looked for: a visitor's, or `shared_library` if it is None. Of a large one only
    the `MAX_COMPARED_CLIPS` clips that fit best are read. Operations that take one raise LibraryError if it cannot be
    read; those that take a sentence raise QuestionError if it is empty, too long, or in letters that the model does
    not know.
    """

    # segments and their neighbours -------------------------------------------------------------------------------

    def segments(self, clip: ClipFeatures) -> tuple[Segment, ...]:
        """The clip's segments with their visual words; they have no title and no source."""
        return make_segments(clip, self._call_model(read_visual_words, clip.tensors))

    def inspect(self, clip: ClipFeatures, *, library: Library | None = None, count: int = 6) -> Inspection:
        """The clip's segments, and for each of them up to `count` neighbours in the library."""
        segments = self.segments(clip)
        index = self._index_like(clip, library)
        near = tuple(index.neighbours(segment, count) for segment in segments)
        return Inspection(segments, near, self._loaded.model.encoder.codebook.levels)

    def stand_ins(
        self, rows: Sequence[Sequence[VisualWord]], clip: ClipFeatures, *, library: Library | None = None
    ) -> tuple[tuple[Neighbour, ...], ...]:
        """For each visual word the segment that shows it best, from clips that are like this one.

        Args:
            rows: visual words; their values do not matter.
        """
        if not any(rows):
            return tuple(() for _ in rows)
        index = self._index_like(clip, library)
        return tuple(index.stand_ins(row, self._centroids()) for row in rows)

    def codebook_map(self) -> CodebookMap:
        """Where all visual words lie beside each other."""
        if self._memory.codebook_map is None:
            codebook = self._loaded.model.encoder.codebook
            words = self._call_model(words_in_use)
            branch_size = codebook.branching ** (codebook.levels - 1)
            self._memory.codebook_map = draw_map(words, self._centroids(), branch_size)
        return self._memory.codebook_map

    def segments_of(self, entries: Sequence[LibraryEntry]) -> tuple[Segment, ...]:
        """The segments of a library's clips. Clips that cannot be read any more are left out."""
        found: list[Segment] = []
        for entry in entries:
            try:
                key = (entry.content_hash, entry.source)
                found += self._memory.segments.get_or_make(key, partial(self._read_segments, entry))
            except ClipError:
                continue
        return tuple(found)

    def _read_segments(self, entry: LibraryEntry) -> tuple[Segment, ...]:
        clip = self.open(entry.source)
        words = self._call_model(read_visual_words, clip.tensors)
        return make_segments(clip, words, title=entry.title, source=entry.source)

    def _index_like(self, clip: ClipFeatures, library: Library | None) -> SegmentIndex:
        return self._index(library, lambda found: self.search_like(found, clip, count=MAX_COMPARED_CLIPS))

    def _index(self, library: Library | None, search: Callable[[Library], Sequence[Hit]]) -> SegmentIndex:
        """The segments among which to look."""
        found = self.shared_library() if library is None else library
        entries: Sequence[LibraryEntry] = found.entries()
        if len(entries) > MAX_COMPARED_CLIPS:
            entries = [hit.entry for hit in search(found)]
        return SegmentIndex(self.segments_of(entries), self._loaded.model.encoder.codebook)

    def _centroids(self) -> NDArray[np.float32]:
        """The centroids of all visual words."""
        if self._memory.centroids is None:  # all at once: on ZeroGPU every call of the model waits for a GPU
            self._memory.centroids = self._call_model(all_centroids)
        return self._memory.centroids

    # sentences: cloze, alignment, reel ---------------------------------------------------------------------------

    def read_words(self, sentence: str) -> tuple[str, ...]:
        """The words of a sentence, as `fill` reads them; "[MASK]" or "___" is a hidden one."""
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
        """What stood at the hidden positions: words with and without the clip, and visual words of segments.

        Args:
            hidden_words: positions of words to hide, beside those that the sentence hides itself.
            hidden_segments: indices of segments to hide.
            count: how many guesses are wanted for each.

        Raises:
            QuestionError: there is no such word or segment, or the sentence cannot be read.
        """
        words = self.read_words(sentence)
        for position in hidden_words:
            if not 0 <= position < len(words):
                raise QuestionError(
                    "There is no word {position}: the sentence has {count}, counted from 0.",
                    position=position,
                    count=len(words),
                )
        for position in hidden_segments:
            if not 0 <= position < len(clip.frames):
                raise QuestionError(
                    "There is no segment {position}: the clip has {count}, counted from 0.",
                    position=position,
                    count=len(clip.frames),
                )
        masked = {position for position, word in enumerate(words) if word == MASK} | set(hidden_words)
        gone = sorted(set(hidden_segments))
        blanks = self._call_model(fill_blanks, clip.tensors, words, masked, hidden_segments=gone, count=count)
        text = " ".join(MASK if position in masked else word for position, word in enumerate(words))
        guesses = self._call_model(predict_segments, clip.tensors, gone, text, count=count) if gone else []
        return Filled(words, blanks, tuple(zip(gone, guesses, strict=True)))

    def align(self, clip: ClipFeatures, sentence: str) -> Alignment:
        """How likely a sentence belongs to the whole clip, and to each of its frames alone."""
        text = self._read_sentence(sentence)
        whole = float(self._call_model(align, [clip.tensors], [text])[0])
        moments = self._call_model(align_moments, clip.tensors, text).double().numpy()
        return Alignment(_one_line(sentence), whole, moments, clip.frames.timestamps_seconds)

    def reel(
        self,
        sentence: str,
        *,
        library: Library | None = None,
        segments: float = REEL_SEGMENTS,
        temperature: float = 1.0,
        seed: float = 0,
    ) -> Reel:
        """A row of visual words for a sentence, and the segments that show it.

        Args:
            segments: length of the row, 1 to the model's most frames.
            temperature: 0 to 5; 0 takes the likeliest word each time, 1 draws as the model says.
            seed: the same seed draws the same words.

        Raises:
            QuestionError: a number is outside its range, or the sentence cannot be read.
        """
        most = int(self._loaded.model.config.max_frames)
        if not are_reel_numbers(segments, temperature, seed, max_segments=most):
            raise QuestionError(
                "Ask for 1 to {most} segments, a temperature from 0 to 5 and a seed from 0 to {seed}.",
                most=most,
                seed=MAX_SEED,
            )
        text = self._read_sentence(sentence)
        words = self._call_model(
            write_reel, text, segments=int(segments), temperature=float(temperature), seed=int(seed)
        )
        index = self._index(library, lambda found: self.nearest(found, sentence, count=MAX_COMPARED_CLIPS))
        shown = index.stand_ins(words, self._centroids(), one_a_clip=True)
        return Reel(_one_line(sentence), words, shown, temperature, int(seed))

    def film_reel(self, shown: Sequence[Segment], out: str | os.PathLike[str]) -> int:
        """Writes segments, such as those that show a reel, one after another as a VP9 .webm.

        Args:
            shown: At least one.
            out: Where to write; the name should end in .webm.

        Returns:
            How many frames were written.

        Raises:
            ClipError: A clip has gone or cannot be read.
            OSError: The film cannot be written.
        """
        return film_reel([segment.shot for segment in shown], out, limits=self.settings.limits)

    def _read_sentence(self, sentence: str) -> str:
        """The sentence in English, on one line, in lower case."""
        text = _one_line(sentence[: MAX_CHARACTERS + 1]).lower()
        if not text:
            raise QuestionError("There is no sentence yet; type one, such as “a dog runs on the grass”.")
        if len(sentence) > MAX_CHARACTERS:
            raise QuestionError("That is too long; use at most {most} characters.", most=MAX_CHARACTERS)
        text = search_in_english(self._loaded, text)
        if not knows_letters(self._loaded, text):
            raise unread(self._loaded)
        return text

    # forecast, what kind of clip ---------------------------------------------------------------------------------

    def forecast(self, clip: ClipFeatures, *, library: Library | None = None, count: int = 5) -> Forecast:
        """What the model expects after the clip's first half, beside what comes; nothing for a clip of one segment."""
        seen, expected = self._call_model(forecast, clip.tensors, count=count)
        truth = self._call_model(read_visual_words, clip.tensors)[seen:]
        return Forecast(seen, tuple(expected), truth, self.stand_ins(expected, clip, library=library))

    def classify(
        self, clip: ClipFeatures, labels: Sequence[str] = (), *, count: int = 5, library: Library | None = None
    ) -> Classification:
        """Verbs and objects by cloze and by the trained heads, categories, ImageNet labels, and any typed labels.

        Args:
            labels: any that a person typed.
            count: how many guesses of each kind.
            library: one whose own labels are scored as well; None for none.

        Raises:
            QuestionError: a label is too long or in letters that the model does not know, or there are too many.
        """
        trained = self._call_model(classify.guess_by_heads, [clip.tensors], count=count)
        return Classification(
            self._call_model(classify.guess_verbs, clip.tensors, count=count),
            self._call_model(classify.guess_objects, clip.tensors, count=count),
            trained["verb"][0],
            trained["object"][0],
            trained["category"][0],
            self._call_model(classify.guess_labels, clip.tensors),
            self.rank_labels(clip, labels) if any(label.strip() for label in labels) else (),
            sure_label_from(self._loaded.model.config.calibration),
            () if library is None else self.score_labels(library, clip),
        )

    def rank_labels(self, clip: ClipFeatures, labels: Sequence[str]) -> tuple[LabelScore, ...]:
        """Any labels that a person types, the best first; blank ones are left out.

        Raises:
            QuestionError: there are none, too many, or one is too long or in letters that the model does not know.
        """
        typed = dict.fromkeys(label for label in labels if label.strip())
        if len(typed) > classify.MAX_LABELS:  # before they are read, which takes a while for a hundred thousand
            raise QuestionError("These are too many labels; type at most {most}.", most=classify.MAX_LABELS)
        read = [self._read_sentence(label) for label in typed]
        return self._call_model(classify.rank_labels, clip.tensors, read)


def _one_line(text: str) -> str:
    return " ".join(text.split())
