"""Libraries of clips as the service offers them: the lasting one, the examples, what goes in, and what is found.

It does not know whose library it is; `visitors.py` does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from videobert_demo.errors import SettingsError
from videobert_demo.library.base import Library
from videobert_demo.library.entries import make_thumbnail, segment_spans, title_of
from videobert_demo.library.indexing import IndexReport, Workers, index_folder
from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.library.opening import open_library, open_temporary_library
from videobert_demo.model.features import ClipFeatures
from videobert_demo.questions.short_queries import phrase_query
from videobert_demo.service.clips import ClipOperations
from videobert_demo.service.examples import read_examples
from videobert_demo.service.results import SeenClip
from videobert_demo.tasks.embed import embed_clips, embed_queries, embed_segments, read_query
from videobert_demo.tasks.languages import Sought
from videobert_demo.types import EncodedClip, Hit, LibraryEntry
from videobert_demo.video.sampled import hash_file

FITTING_SCORE = 0.3
"""From this score on a hit counts as one that fits. With the bundled checkpoint and examples, 12 of 14 sentences about
what is there find a hit above it, and 9 of 15 about what is not there find none."""


class LibraryOperations(ClipOperations):
    """The part of the service that works with libraries."""

    def open_library(self, *, create: bool = True) -> Library:
        """The lasting library that the settings name; whoever opens it closes it.

        Args:
            create: whether it is made if it is not there; otherwise that is a LibraryError.

        Raises:
            SettingsError: they name none.
            LibraryError: it cannot be opened, or belongs to another checkpoint.
        """
        if self.settings.library is None:
            raise SettingsError("No library is named; give one with --library, or set VIDEOBERT_LIBRARY_URI.")
        return open_library(
            self.settings.library,
            model=self.model_fingerprint,
            dimension=int(self._loaded.model.config.projection_size),
            token=self.settings.library_token,
            create=create,
        )

    def temporary_library(self) -> Library:
        """An empty library in memory; whoever opens it closes it."""
        return open_temporary_library(dimension=int(self._loaded.model.config.projection_size))

    def bundled_library(self) -> Library:
        """The bundled examples, which are encoded once, at the first use. It is only read, and stays open."""
        with self._memory.library_lock:
            if self._memory.bundled is None:
                bundled = self.temporary_library()
                for example in read_examples() if self._examples is None else self._examples:
                    encoded = self.encode_for_library(example.path, title=example.title)
                    bundled.add(encoded)
                    vectors = np.concatenate([encoded.vector[None], encoded.segment_vectors])
                    self._memory.background[encoded.entry.content_hash] = vectors
                self._memory.bundled = bundled
            return self._memory.bundled

    def shared_library(self) -> LayeredLibrary:
        """What everyone can search: the examples, and the lasting library where the settings name one. It stays open.

        Raises:
            LibraryError: the lasting library cannot be opened.
        """
        with self._memory.library_lock:
            if self._memory.shared is None:
                bundled = self.bundled_library()
                is_lasting = self.settings.library is not None
                own = self.open_library() if is_lasting else self.temporary_library()
                self._memory.shared = LayeredLibrary(own, bundled)
            return self._memory.shared

    def encode_for_library(self, path: str | os.PathLike[str], *, title: str | None = None) -> EncodedClip:
        """A clip as it goes into a library: its vectors, and what is shown of it.

        Args:
            title: by default the file's name.

        Raises:
            ClipError: the file is no clip that can be read within the limits.
        """
        return self.library_clip(self.open(path), title or title_of(Path(path).name), str(Path(path).absolute()))

    def library_clip(self, clip: ClipFeatures, title: str, source: str) -> EncodedClip:
        """An opened clip as it goes into a library; its segments are those of its frames.

        Args:
            source: path or address of its file.
        """
        entry = LibraryEntry(
            clip.content_hash,
            title,
            clip.info.duration_seconds,
            make_thumbnail(clip.frames.pixels[len(clip.frames) // 2]),
            source,
        )
        whole = self._call_together(embed_clips, clip.tensors)
        segments = self._call_together(embed_segments, clip.tensors)
        spans = segment_spans(clip.frames.timestamps_seconds, clip.info.duration_seconds)
        return EncodedClip(entry, whole.numpy(), segments.numpy(), spans)

    def index(self, folder: Path, library: Library, *, progress: bool = True) -> IndexReport:
        """Adds a folder of clips to a library; under `accelerate launch` the processes share the work.

        Raises:
            LibraryError: the folder is missing, or the library cannot be written.
        """
        return index_folder(
            folder,
            library,
            self.encode_for_library,
            lambda path: hash_file(path, self.settings.max_bytes),
            workers=Workers.from_accelerate(),
            progress=progress,
        )

    def search(self, library: Library, text: str, *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that fit a sentence, or one to three words, best.

        For one to three words a calibrated checkpoint knows the score from which on a clip fits; clips below it are
        left out, perhaps all of them. Clips that a sentence may not fit are returned, but marked as not sure.

        Raises:
            QuestionError: the sentence is empty, too long, or in letters that the model does not know.
        """
        query = read_query(self._loaded, text)
        hits = self._nearest(library, query, count)
        (limit,) = self._loaded.model.config.calibration.get("search_word", ()) or (None,)
        if limit is None or query.translated or not phrase_query(query.english):
            return _told_sure(hits)
        return tuple(hit for hit in hits if hit.score >= limit)

    def nearest(self, library: Library, text: str, *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that are nearest to a sentence, whether they fit it or not; raises as `search` does."""
        return self._nearest(library, read_query(self._loaded, text), count)

    def _nearest(self, library: Library, query: Sought, count: int) -> tuple[Hit, ...]:
        return library.search(self._call_together(embed_queries, query).numpy(), count)

    def search_like(self, library: Library, clip: ClipFeatures, *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that are most like one, without itself."""
        vector = self._call_together(embed_clips, clip.tensors).numpy()
        return _told_sure(library.search(vector, count, without={clip.content_hash}))

    def see(self, clip: ClipFeatures) -> SeenClip:
        """What `recommend` needs to know of a clip that somebody looks at."""
        return SeenClip(clip.content_hash, self._call_together(embed_clips, clip.tensors).numpy())

    def recommend(self, library: Library, seen: Sequence[SeenClip], *, count: int = 12) -> tuple[Hit, ...]:
        """Clips like those that somebody has looked at, without those themselves.

        Args:
            seen: the latest first; each counts half as much as the one before it in this order.
        """
        if not seen:
            return ()
        mixed = sum(clip.vector * np.float32(0.5**age) for age, clip in enumerate(seen))
        vector = np.asarray(mixed / np.linalg.norm(mixed), np.float32)
        return library.search(vector, count, without={clip.content_hash for clip in seen})

    def search_picture(self, library: Library, picture: str | os.PathLike[str], *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that are most like a picture: a file of any format that a still may have.

        Raises:
            ClipError: the file is nothing that can be read within the limits.
        """
        vector = self._call_together(embed_clips, self.open(picture).tensors)
        return _told_sure(library.search(vector.numpy(), count))


def _told_sure(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits of a sentence or a picture, each with whether it fits."""
    return tuple(replace(hit, is_sure=hit.score >= FITTING_SCORE) for hit in hits)
