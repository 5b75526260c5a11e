"""What is said in a clip: read, searched, and given to the model as the text part beside the frames.

    .srt, .vtt beside it --+
    text track in it ------+--> cues --> search, timeline
    speech: CHECKPOINT ----+        +--> words of the clip --+
                                    clip --------------------+--> caption

It keeps no state of a visitor. Speech is recognised only where a checkpoint for it is set (speech.py).
"""

from __future__ import annotations

import os
import time
from typing import Any

from videobert_demo.errors import SubtitleError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.live import LiveOperations
from videobert_demo.service.speech import Recogniser
from videobert_demo.tasks.caption import CAPTIONS, caption_clips, sure_caption_from
from videobert_demo.types import CaptionResult, Cue, Subtitles
from videobert_demo.video.container import shown_name
from videobert_demo.video.film import read_film
from videobert_demo.video.subtitles import parse_subtitles, read_subtitle_file, read_text_track

MAX_WORDS = 60
"""How many words of what is said the model is given: it learned from sentences, and reads 128 pieces."""


class SubtitleOperations(LiveOperations):
    """The part of the service that reads what is said."""

    def subtitles(self, path: str | os.PathLike[str], file: str | os.PathLike[str] | None = None) -> Subtitles:
        """What is said in a clip, with its times.

        Args:
            path: The clip.
            file: An .srt, .vtt or .ass file; without one the clip's own text track is read, and if it has none, speech
                is recognised where `Settings.speech` names a checkpoint.

        Raises:
            SubtitleError: There are none, or they cannot be read.
            ClipError: The clip cannot be read.
        """
        if file is not None:
            return read_subtitle_file(file)
        film = read_film(path, self.settings.limits)
        found = read_text_track(path, zero_seconds=film.table.zero_seconds)
        if found is not None:
            return found
        if self.settings.speech is None:
            raise SubtitleError("{name} has no subtitles in it; bring a file of them.", name=shown_name(path))
        return self._recogniser().recognise(path, film)

    def subtitles_of_text(self, content: str, form: str) -> Subtitles:
        """What the text of a subtitle file says.

        Args:
            content: The text.
            form: "srt" or "vtt".

        Raises:
            SubtitleError: It cannot be read.
        """
        return parse_subtitles(content, shown_name(f"subtitles.{form}"), form)

    def caption_with_words(self, clip: ClipFeatures, words: str, *, candidates: int = CAPTIONS) -> CaptionResult:
        """Captions of a clip beside what is said in it, the best first.

        The bundled model learned captions from frames alone, and words beside frames only as questions: words that say
        what is seen help it, others do not (docs/films.md). These captions therefore stand beside the usual ones, never
        in their place.

        Args:
            clip: The clip.
            words: What is said in it; the first `MAX_WORDS` words count.
            candidates: How many sentences are wanted, at most.

        Raises:
            SubtitleError: Nothing is said.
        """
        started = time.perf_counter()
        said = " ".join(words.split()[:MAX_WORDS])
        if not said:
            raise SubtitleError("Nothing is said in this part of the clip.")
        captions = self._call_model(caption_clips, [clip.tensors], candidates=candidates, words=[said])[0]
        return CaptionResult(captions, time.perf_counter() - started, sure_caption_from(self._loaded))

    def _recogniser(self) -> Recogniser:
        """Loaded when it is first needed, and kept."""
        assert self.settings.speech is not None
        with self._memory.speech_lock:
            if self._memory.speech is None:
                self._memory.speech = Recogniser(self.settings.speech)
            return self._memory.speech


def subtitles_report(subtitles: Subtitles, found: tuple[Cue, ...] | None = None) -> dict[str, Any]:
    """Subtitles as plain JSON values.

    Args:
        subtitles: All cues.
        found: Those that a search found; by default all.
    """
    cues = subtitles.cues if found is None else found
    return {
        "source": subtitles.source,
        "count": len(subtitles.cues),
        "cues": [
            {"start_seconds": cue.start_seconds, "end_seconds": cue.end_seconds, "text": cue.text} for cue in cues
        ],
    }
