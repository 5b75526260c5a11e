"""Captions and answers that a person has mended: kept with the clip in a library, found by search, written as data.

    clip, what was said, what is right --> note of the library
                                       --> the sentence's vector beside those of the clip's segments: a search finds it
    all notes --> a folder of clips with captions.jsonl, which `finetune` reads

Keeping copies the clip into the library, so it is done only when a person asks for it. Knows no page, and not whose
library it is.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from videobert_demo.errors import DataError, LibraryError, QuestionError
from videobert_demo.library.base import Library
from videobert_demo.questions.statements import statement_of_person
from videobert_demo.service.own_labels import OwnLabelOperations
from videobert_demo.tasks.embed import MAX_CHARACTERS, embed_sentences, knows_letters
from videobert_demo.tasks.languages import search_in_english, unread
from videobert_demo.types import EncodedClip
from videobert_demo.video.sampled import hash_file

TOPIC = "correction"
MAX_WORDS = 40
ANNOTATIONS = "captions.jsonl"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says is right about a clip, or about a part of it.

    Attributes:
        content_hash: of the clip's file.
        file: the file's name.
        text: the right caption, or the right answer.
        said: what the model had said.
        question: which the answer is about; empty for a caption.
        start_seconds, end_seconds: the part that it is about; None for the whole clip.
        brings_clip: whether the library has the clip only because of it, or of others like it.
    """

    content_hash: str
    file: str
    text: str
    said: str = ""
    question: str = ""
    start_seconds: float | None = None
    end_seconds: float | None = None
    brings_clip: bool = False

    @property
    def name(self) -> str:
        """The name under which it is noted: a later correction of the same thing takes its place."""
        span = "" if self.start_seconds is None else f"{self.start_seconds:.3f}-{self.end_seconds:.3f}"
        return f"{self.content_hash} {span} {self.question}"

    @property
    def sentence(self) -> str:
        """What is right, as a sentence: the caption, or question and answer as one statement."""
        return statement_of_person(self.question, self.text) if self.question else self.text

    def row(self) -> dict[str, Any]:
        """The correction as a row of training data."""
        row: dict[str, Any] = {"file": self.file, "captions": [self.sentence]}
        if self.question:
            row["questions"] = [{"question": self.question, "answer": self.text}]
        if self.start_seconds is not None:
            row |= {"start_seconds": self.start_seconds, "end_seconds": self.end_seconds}
        return row


class CorrectionOperations(OwnLabelOperations):
    """The part of the service that keeps corrections. Operations raise LibraryError if the library cannot be used."""

    def make_correction(
        self,
        path: str | os.PathLike[str],
        text: str,
        *,
        said: str = "",
        question: str = "",
        span_seconds: tuple[float, float] | None = None,
    ) -> Correction:
        """A correction that is kept nowhere yet.

        Args:
            path: the clip.
            text: the right caption, or the right answer; a Chinese one is kept in English.
            said: what the model had said.
            question: which the answer is about; empty for a caption.
            span_seconds: the part of the clip that it is about; None for all of it.

        Raises:
            QuestionError: the text is empty, too long, or in letters that the model does not know.
            ClipError: the clip cannot be read.
        """
        line = " ".join(text.split())
        if not line:
            raise QuestionError("There is nothing to keep yet; type what is right.")
        if len(line) > MAX_CHARACTERS or len(line.split()) > MAX_WORDS:
            raise QuestionError("That is too long; use at most {most} words.", most=MAX_WORDS)
        line = search_in_english(self._loaded, line)
        if not knows_letters(self._loaded, line):
            raise unread(self._loaded)
        clip = self.open(path)
        start, end = span_seconds or (None, None)
        return Correction(clip.content_hash, Path(path).name, line.lower(), said, _asked(question), start, end)

    def keep_correction(
        self, library: Library, path: str | os.PathLike[str], correction: Correction, *, title: str | None = None
    ) -> None:
        """Keeps a correction, and the clip itself, in a library; from then on a search for its words finds the clip.

        Args:
            library: where it is kept.
            path: the clip that it is about.
            correction: what is right about it.
            title: of the clip in the library; by default the one it has there, or else the file's name.
        """
        known = self._of_clip(library, correction.content_hash)
        entry = library.entry(correction.content_hash)
        is_new = entry is None or any(one.brings_clip for one in known)
        correction = replace(correction, brings_clip=is_new)
        mended = {one.name: one for one in (*known, correction)}
        encoded = self.encode_for_library(path, title=title or (entry.title if entry else None))
        found = self._with_sentences(encoded, list(mended.values()))
        earlier = library.note(TOPIC, correction.name)
        library.put_note(TOPIC, correction.name, json.dumps(asdict(correction)))
        try:
            library.add(found, keep_file=True, replace=True)
        except (LibraryError, OSError):  # the disk is full: what was noted before still holds
            if earlier is None:
                library.drop_note(TOPIC, correction.name)
            else:
                library.put_note(TOPIC, correction.name, earlier)
            raise

    def corrections(self, library: Library) -> tuple[Correction, ...]:
        """What was mended and kept in the library, the oldest first."""
        return tuple(_read(text) for text in library.notes(TOPIC).values())

    def find_correction(
        self, library: Library, path: str | os.PathLike[str], *, question: str = ""
    ) -> Correction | None:
        """What is kept as right about a whole clip: its caption, or the answer to a question. None if nothing is."""
        name = Correction(hash_file(path, self.settings.max_bytes), "", "", question=_asked(question)).name
        text = library.note(TOPIC, name)
        return None if text is None else _read(text)

    def drop_correction(self, library: Library, correction: Correction) -> bool:
        """Takes a correction back: a search for its words no longer finds the clip because of it.

        A clip that came into the library with it goes, too, unless others are kept with it. Where the library's own
        file of the clip is gone, its vectors stay as they are.

        Returns:
            Whether there was one.
        """
        if not library.drop_note(TOPIC, correction.name):
            return False
        entry = library.entry(correction.content_hash)
        rest = self._of_clip(library, correction.content_hash)
        if entry is None:
            return True
        if correction.brings_clip and not rest:
            library.remove([entry.content_hash])
        elif Path(entry.source).is_file():
            encoded = self.encode_for_library(entry.source, title=entry.title)
            library.add(self._with_sentences(encoded, rest) if rest else encoded, keep_file=True, replace=True)
        return True

    def _of_clip(self, library: Library, content_hash: str) -> list[Correction]:
        return [one for one in self.corrections(library) if one.content_hash == content_hash]

    def export_corrections(self, library: Library, folder: Path) -> tuple[int, tuple[str, ...]]:
        """Writes the corrections of a library as training data: the clips, and captions.jsonl with a row each.

        Args:
            library: the library.
            folder: where to write. It is made; one with other captions in it is refused.

        Returns:
            How many rows were written, and the names of clips that are no longer there.

        Raises:
            DataError: the folder holds data already, or cannot be written.
        """
        rows, gone = [], []
        kept = self.corrections(library)
        entries = library.fetch(sorted({one.content_hash for one in kept}))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if (folder / ANNOTATIONS).exists():
                raise DataError(f"{folder} has a {ANNOTATIONS} already; choose another --out.")
            for one in kept:
                entry = entries.get(one.content_hash)
                if entry is None or not Path(entry.source).is_file():
                    gone.append(one.file)
                    continue
                copy = folder / f"{one.content_hash[:16]}{Path(entry.source).suffix}"
                if not copy.exists():
                    shutil.copyfile(entry.source, copy)
                rows.append({**one.row(), "file": copy.name})
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (folder / ANNOTATIONS).write_text(lines, encoding="utf-8")
        except OSError as error:
            raise DataError(f"{folder} cannot be written: {error.strerror}.") from error
        return len(rows), tuple(gone)

    def _with_sentences(self, clip: EncodedClip, mended: Sequence[Correction]) -> EncodedClip:
        """The clip, found by what is right about it as well: each sentence is one more of its segments."""
        vectors = self._call_model(embed_sentences, [one.sentence for one in mended]).numpy()
        whole = (0.0, max(clip.entry.duration_seconds, float(clip.segment_seconds[-1, 1])))
        spans = [
            whole if one.start_seconds is None or one.end_seconds is None else (one.start_seconds, one.end_seconds)
            for one in mended
        ]
        seconds = np.concatenate([clip.segment_seconds, np.array(spans, dtype=np.float64)])
        order = np.argsort(seconds[:, 0], kind="stable")
        together = np.concatenate([clip.segment_vectors, vectors])
        return replace(clip, segment_vectors=together[order], segment_seconds=seconds[order])


def _asked(question: str) -> str:
    """A question as it is noted."""
    return " ".join(question.split()).lower()


def _read(text: str) -> Correction:
    """The correction of a note."""
    try:
        return Correction(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise LibraryError("A correction in the library cannot be read; remove it and mend it again.") from error
