"""Labels that people teach with a few clips or moments of their own, and where they are used: search, scenes, clips.

    three or more examples --vectors--> fit_label --> direction, threshold --> a note of the library --> a query, a test

A label belongs to the library in which it is noted: a visitor's own, which goes with the visitor, or a lasting one. It
is learned once, when it is taught; a search by its name reads that one note. Knows no page, and not whose library it
is.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import LibraryError, QuestionError
from videobert_demo.library.base import Library
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.libraries import LibraryOperations
from videobert_demo.service.results import LabelExample, OwnLabel, OwnLabelScore
from videobert_demo.tasks.embed import embed_clips, embed_segments
from videobert_demo.tasks.few_shot import MIN_EXAMPLES, LabelFit, fit_label
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.types import Hit

TOPIC = "label"
MAX_NAME_CHARACTERS = 60
MAX_EXAMPLES = 40
MAX_OWN_LABELS = 100
_MAX_OTHERS_OF_A_LABEL = 20


class OwnLabelOperations(LibraryOperations):
    """The part of the service that learns labels. Operations with a library raise LibraryError if it cannot be used."""

    def label_example(self, clip: ClipFeatures, title: str, *, seconds: float | None = None) -> LabelExample:
        """A clip, or one of its moments, as an example of a label.

        Args:
            title: what it is called in lists.
            seconds: the moment; the frame that is nearest to it is taken. None takes the whole clip.
        """
        if seconds is None:
            vector = self._call_model(embed_clips, [clip.tensors])[0].numpy()
            return LabelExample(clip.content_hash, title, None, vector)
        segment = int(np.abs(clip.frames.timestamps_seconds - seconds).argmin())
        moment = float(clip.frames.timestamps_seconds[segment])
        (vectors,) = self._call_model(embed_segments, [clip.tensors])
        return LabelExample(clip.content_hash, title, moment, vectors[segment].numpy())

    def teach_label(self, library: Library, name: str, examples: Sequence[LabelExample]) -> OwnLabel:
        """Learns a label from examples, and notes it in the library in place of one of the same name.

        It is told from the bundled examples, and from what the library's other labels were taught with.

        Raises:
            QuestionError: the name is empty or too long, there are too few or too many examples, or too many labels.
        """
        name = _read_name(name)
        chosen = list({(one.content_hash, one.start_seconds): one for one in examples}.values())
        if not MIN_EXAMPLES <= len(chosen) <= MAX_EXAMPLES:
            raise QuestionError(
                "A label needs {least} to {most} different clips or moments, and these are {count}.",
                least=MIN_EXAMPLES,
                most=MAX_EXAMPLES,
                count=len(chosen),
            )
        known = {label.name.casefold(): label for label in self.own_labels(library)}
        known.pop(name.casefold(), None)
        if len(known) >= MAX_OWN_LABELS:
            raise QuestionError("There are {most} labels already; remove one first.", most=MAX_OWN_LABELS)
        others = self._others(list(known.values()), chosen)
        if len(others) < 2:
            raise LibraryError("There is nothing to tell the label from; teach another one too, or keep the examples.")
        fit = fit_label(np.stack([one.vector for one in chosen]), others)
        label = OwnLabel(name, tuple(chosen), fit)
        library.put_note(TOPIC, name.casefold(), write_label(label))
        return label

    def own_labels(self, library: Library) -> tuple[OwnLabel, ...]:
        """The labels that are noted in the library, the oldest first."""
        return tuple(read_label(text) for text in library.notes(TOPIC).values())

    def drop_label(self, library: Library, name: str) -> bool:
        """Forgets a label; returns whether there was one."""
        return library.drop_note(TOPIC, name.strip().casefold())

    def search(self, library: Library, text: str, *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that fit a label of the library's own, a sentence, or one to three words, best.

        The name of a label finds what fits the label, by its threshold, and nothing else. All other texts are searched
        for as `LibraryOperations.search` does.
        """
        label = self.find_label(library, text)
        if label is None:
            return super().search(library, text, count=count)
        hits = library.search(label.fit.direction, count)
        return tuple(replace(hit, is_sure=True) for hit in hits if hit.score >= label.fit.threshold)

    def score_labels(self, library: Library, clip: ClipFeatures) -> tuple[OwnLabelScore, ...]:
        """How well each label of the library's own fits a clip as a whole or its best moment, the best first."""
        labels = self.own_labels(library)
        if not labels:
            return ()
        (segments,) = self._call_model(embed_segments, [clip.tensors])
        vectors = np.concatenate([self._call_model(embed_clips, [clip.tensors]).numpy(), segments.numpy()])
        scores = []
        for label in labels:
            whole, *moments = (vectors @ label.fit.direction).tolist()
            best = int(np.argmax(moments))
            score = max(whole, moments[best])
            moment = float(clip.frames.timestamps_seconds[best])
            scores.append(OwnLabelScore(label.name, score, label.fit.threshold, moment))
        return tuple(sorted(scores, key=lambda one: one.threshold - one.score))

    def label_scenes(self, library: Library, timeline: Timeline) -> tuple[tuple[str, ...], ...]:
        """For each scene of a timeline the names of the library's own labels that fit it."""
        labels = self.own_labels(library)
        return tuple(
            tuple(one.name for one in labels if scene.vector is not None and one.fits(scene.vector))
            for scene in timeline.scenes
        )

    def find_label(self, library: Library, text: str) -> OwnLabel | None:
        """The label of this name: one note is read, however many labels there are."""
        found = library.note(TOPIC, " ".join(text[: MAX_NAME_CHARACTERS + 1].split()).casefold())
        return None if found is None else read_label(found)

    def _others(self, labels: Sequence[OwnLabel], chosen: Sequence[LabelExample]) -> NDArray[np.float32]:
        """(M, D): vectors that are no examples: those of the bundled clips, and the first examples of other labels."""
        self.bundled_library()
        clips, moments = {one.content_hash for one in chosen}, {one.identity for one in chosen}
        rows = [vectors for name, vectors in self._memory.background.items() if name not in clips]
        for label in labels:
            rows += [one.vector[None] for one in label.examples[:_MAX_OTHERS_OF_A_LABEL] if one.identity not in moments]
        width = int(self._loaded.model.config.projection_size)
        return np.concatenate([np.empty((0, width), np.float32), *rows])


def write_label(label: OwnLabel) -> str:
    """The label as a note: JSON, with vectors in base64."""
    fit = label.fit
    return json.dumps(
        {
            "name": label.name,
            "direction": _packed(fit.direction, "<f4"),
            "threshold": fit.threshold,
            "counts": [fit.found, fit.examples, fit.taken, fit.others],
            "examples": [
                [one.content_hash, one.title, one.start_seconds, _packed(one.vector, "<f2")] for one in label.examples
            ],
        }
    )


def read_label(text: str) -> OwnLabel:
    """The label of a note.

    Raises:
        LibraryError: it is none.
    """
    try:
        value = json.loads(text)
        examples = tuple(
            LabelExample(digest, title, seconds, _unpacked(vector, "<f2"))
            for digest, title, seconds, vector in value["examples"]
        )
        fit = LabelFit(_unpacked(value["direction"], "<f4"), float(value["threshold"]), *map(int, value["counts"]))
        return OwnLabel(str(value["name"]), examples, fit)
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryError("A label in the library cannot be read; remove it and teach it again.") from error


def _read_name(name: str) -> str:
    """The name on one line."""
    line = " ".join(name[: MAX_NAME_CHARACTERS + 1].split())
    if not line or not line.isprintable():
        raise QuestionError("The label has no name yet; type one, such as “my dog jumping”.")
    if len(name) > MAX_NAME_CHARACTERS:
        raise QuestionError("The label's name is too long; use at most {most} characters.", most=MAX_NAME_CHARACTERS)
    return line


def _packed(vector: NDArray[np.float32], dtype: str) -> str:
    return base64.b64encode(vector.astype(dtype).tobytes()).decode("ascii")


def _unpacked(text: str, dtype: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), dtype).astype(np.float32)
