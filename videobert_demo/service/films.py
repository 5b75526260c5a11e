"""Films made of a film: its summary, and what is left when it is cut by words.

It keeps no state of a visitor. Scenes come from `timeline.py`, what a clip shows from `content.py`; here parts are
chosen, and written as one film with its sound.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from videobert_demo.errors import TimelineExportError
from videobert_demo.service.moments import FoundMoment, MomentOperations
from videobert_demo.timeline.coverage import cover
from videobert_demo.timeline.cutlist import CutList, cut_list
from videobert_demo.timeline.moments import find_fitting, find_moments
from videobert_demo.timeline.spans import Span
from videobert_demo.timeline.timeline import Scene, Timeline
from videobert_demo.timeline.wishes import read_wish
from videobert_demo.video.montage import MAX_SIDE, SUFFIXES, FilmPart, write_montage

SUMMARY_SCENES = 5
"""How many scenes a summary has, if nobody says otherwise."""
SUMMARY_SCENE_SECONDS = 4.0
"""How much of each scene a summary's reel shows at most: its middle."""
MIN_CUT_SECONDS = 1.0
"""A shorter part between two others goes with them."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The few scenes that together cover a clip best.

    Attributes:
        timeline: That of the clip.
        indices: Those of the chosen scenes, in order of time.
        coverage: How well they cover the clip, in [0, 1]: how like each second is to the nearest chosen scene.
    """

    timeline: Timeline
    indices: tuple[int, ...]
    coverage: float

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """The chosen scenes, in order of time."""
        return tuple(self.timeline.scenes[index] for index in self.indices)

    @property
    def text(self) -> str:
        """A paragraph: the scenes' sentences, each once; unsure ones only where there are no others."""
        told = [scene.caption for scene in self.scenes if scene.is_sure] or [scene.caption for scene in self.scenes]
        if any("\u4e00" <= letter <= "\u9fff" for one in told for letter in one):  # Chinese
            return "".join(f"{one.rstrip('.。')}。" for one in dict.fromkeys(told))
        return " ".join(f"{one[:1].upper()}{one[1:].rstrip('.')}." for one in dict.fromkeys(told))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The middle of each chosen scene, as its reel shows it."""
        spans = []
        for scene in self.scenes:
            skipped = max(0.0, scene.duration_seconds - SUMMARY_SCENE_SECONDS) / 2
            spans.append((scene.start_seconds + skipped, scene.end_seconds - skipped))
        return tuple(spans)


class FilmOperations(MomentOperations):
    """The part of the service that makes films of a film."""

    def summary(
        self,
        path: str | os.PathLike[str],
        *,
        count: int = SUMMARY_SCENES,
        neutral_words: bool | None = None,
        language: str | None = None,
    ) -> Summary:
        """The scenes that together cover a clip best, by facility location over their vectors.

        Args:
            path: A video file, however long.
            count: How many scenes are wanted at most; fewer come back where the rest adds nothing.
            neutral_words, language: As for `scenes`.

        Raises:
            ClipError: The file is no clip that can be read within the limits.
        """
        return self.summary_of(self.scenes(path, neutral_words=neutral_words, language=language), count=count)

    def summary_of(self, timeline: Timeline, *, count: int = SUMMARY_SCENES) -> Summary:
        """The same for a timeline that is known already."""
        known = [(index, scene) for index, scene in enumerate(timeline.scenes) if scene.vector is not None]
        if not known:
            return Summary(timeline, tuple(range(min(count, len(timeline.scenes)))), 0.0)
        vectors = np.stack([scene.vector for _, scene in known if scene.vector is not None])
        covering = cover(vectors, np.array([scene.duration_seconds for _, scene in known]), count)
        indices = sorted(known[row][0] for row in covering.indices)
        return Summary(timeline, tuple(indices), covering.coverage[-1])

    def cut(self, path: str | os.PathLike[str], wish: str) -> CutList:
        """How a clip is cut so that a wish comes true: a list to look at, to change and to export.

        Args:
            path: A video file, however long.
            wish: In English, such as "keep the parts where someone plays guitar", "remove the parts without people",
                or a bare sentence: what fits it is kept.

        Returns:
            Parts that stay and parts that go. Where nothing is sure to fit, the list is not sure: a wish to keep
            something then keeps the part that fits best, and a wish to remove something removes nothing.

        Raises:
            QuestionError: The wish names nothing, is too long, or in letters that the model does not know.
            ClipError: The file is no clip that can be read within the limits.
        """
        read = read_wish(wish)
        vector, limit = self._read_query(read.subject)
        content = self.content(path)
        fitting = [one for one in find_fitting(content, vector) if one.score >= limit]
        is_sure = bool(fitting)
        if not fitting and read.keeps_subject:
            fitting = list(find_moments(content, vector, 1))
        media, frame_rate = self._facts(path)
        return cut_list(
            media,
            content.duration_seconds,
            frame_rate,
            [((one.start_seconds, one.end_seconds), one.score) for one in fitting],
            keeps=read.keeps_subject,
            min_seconds=MIN_CUT_SECONDS,
            is_sure=is_sure,
        )

    def cut_of(self, path: str | os.PathLike[str], found: Sequence[FoundMoment]) -> CutList:
        """Moments of a clip as a cut list, for editors: they stay, and all that is between them goes.

        Args:
            path: The clip.
            found: As `moments` gives them.

        Raises:
            ClipError: The clip cannot be read.
        """
        media, frame_rate = self._facts(path)
        marked = [((one.moment.start_seconds, one.moment.end_seconds), one.moment.score) for one in found]
        is_sure = any(one.is_sure for one in found)
        return cut_list(media, self.content(path).duration_seconds, frame_rate, marked, keeps=True, is_sure=is_sure)

    def write_moments(
        self, found: Sequence[FoundMoment], out: str | os.PathLike[str], *, path: str | os.PathLike[str] | None = None
    ) -> float:
        """Writes moments one after another, the best first, as one film, with sound where there is any.

        Args:
            found: As `moments` or `library_moments` gives them.
            out: As for `write_cut`.
            path: The clip that they are of; None for those of a library, whose clips are known.

        Raises:
            ClipError: A clip cannot be read.
            TimelineExportError: As for `write_cut`.
            OSError: The film cannot be written.
        """
        parts = []
        for one in found:
            source = one.entry.source if one.entry is not None else path
            if source is None:
                raise ValueError("path must be given for moments that are of no library")
            parts.append(FilmPart(os.fspath(source), one.moment.start_seconds, one.moment.end_seconds))
        return self._write(parts, Path(out), MAX_SIDE)

    def write_cut(
        self,
        path: str | os.PathLike[str],
        spans: Sequence[Span],
        out: str | os.PathLike[str],
        *,
        max_side: int = MAX_SIDE,
    ) -> float:
        """Writes stretches of a clip one after another, with sound in step; all is encoded again.

        Args:
            path: The clip.
            spans: Starts and ends in seconds, in the order of showing, at least one.
            out: Where to write, another file: .mp4, .m4v, .mov, .mkv (H.264 and AAC) or .webm (VP9 and Opus).
            max_side: The longer side of the picture, in pixels, at most.

        Returns:
            How long the film plays, in seconds.

        Raises:
            ClipError: The clip cannot be read.
            TimelineExportError: Nothing is left, or the name ends otherwise, or is the clip's own.
            OSError: The film cannot be written.
        """
        return self._write([FilmPart(os.fspath(path), start, end) for start, end in spans], Path(out), max_side)

    def _write(self, parts: Sequence[FilmPart], target: Path, max_side: int) -> float:
        if not parts:
            raise TimelineExportError("Nothing is left of the clip; keep at least one part of it.")
        is_same = target.exists() and any(target.samefile(part.path) for part in parts)
        if target.suffix.lower() not in SUFFIXES or is_same:
            raise TimelineExportError(
                "Name the film otherwise than the clip, and let its name end with one of {suffixes}.",
                suffixes=", ".join(SUFFIXES),
            )
        return write_montage(parts, target, limits=self.settings.limits, max_side=max_side)


def summary_report(summary: Summary) -> dict[str, Any]:
    """A summary as plain JSON values, for the command line and HTTP alike."""
    return {
        "text": summary.text,
        "coverage": round(summary.coverage, 4),
        "duration_seconds": round(summary.timeline.duration_seconds, 3),
        "scenes": [
            {
                "index": index,
                "start_seconds": round(scene.start_seconds, 3),
                "end_seconds": round(scene.end_seconds, 3),
                "caption": scene.caption,
                "probability": round(scene.probability, 4),
                "sure": scene.is_sure,
            }
            for index, scene in zip(summary.indices, summary.scenes, strict=True)
        ],
    }
