"""Turns speech into cues with any Whisper-like transformers checkpoint; none comes with the package.

    sound --16 kHz, one channel--> windows of half a minute at most --> words, and times where the model tells them

Knows sound and such models; knows no pictures.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from videobert_demo.errors import SubtitleError
from videobert_demo.model.sources import OWN_CODE
from videobert_demo.types.subtitles import Cue, Subtitles, in_order
from videobert_demo.video.container import shown_name
from videobert_demo.video.film import Film
from videobert_demo.video.sound import SOUND_RATE, sound_of

MAX_WINDOW_SECONDS = 30.0
SILENCE = 1e-4
"""A window whose loudest sample is below this has no speech."""
_MAX_TOKENS = 224


class Recogniser:
    """A checkpoint that turns speech into text.

    Args:
        checkpoint: A folder or a Hub id with a model of the class `AutoModelForSpeechSeq2Seq`.

    Raises:
        SubtitleError: It cannot be loaded.
    """

    def __init__(self, checkpoint: str) -> None:
        from transformers import AutoModelForSpeechSeq2Seq, AutoProcessor

        try:
            self._processor: Any = AutoProcessor.from_pretrained(checkpoint, **OWN_CODE)
            self._model: Any = AutoModelForSpeechSeq2Seq.from_pretrained(checkpoint, **OWN_CODE).eval()
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise SubtitleError(
                "The checkpoint for speech, {checkpoint}, cannot be used ({reason}); name another one.",
                checkpoint=Path(checkpoint).name,
                reason=str(error).split("\n")[0],
            ) from error
        self._rate = int(self._processor.feature_extractor.sampling_rate)
        self._lock = threading.Lock()

    def recognise(self, path: str | os.PathLike[str], film: Film) -> Subtitles:
        """What is said in a film.

        Raises:
            SubtitleError: It has no sound, or nothing is said in it.
            ClipError: The file cannot be read.
        """
        name = shown_name(path)
        if not film.has_sound:
            raise SubtitleError("{name} has no sound in which speech could be recognised.", name=name)
        cues = [
            cue
            for start_seconds, samples in _windows(path, film, self._rate)
            if np.abs(samples).max(initial=0.0) >= SILENCE
            for cue in self._hear(samples, start_seconds)
        ]
        if not cues:
            raise SubtitleError("{name} has no sound in which speech could be recognised.", name=name)
        return Subtitles(in_order(cues), "speech")

    @torch.inference_mode()
    def _hear(self, samples: NDArray[np.float32], start_seconds: float) -> Iterator[Cue]:
        """The cues of a window (samples,)."""
        length = len(samples) / self._rate
        prepared = self._processor(samples, sampling_rate=self._rate, return_tensors="pt")
        told = {"return_timestamps": True} if self._tells_times else {}
        with self._lock:
            ids = self._model.generate(**prepared, max_new_tokens=self._max_tokens, **told)
        read = self._processor.batch_decode(ids, skip_special_tokens=True, **({"output_offsets": True} if told else {}))
        found = read[0]
        offsets = found["offsets"] if isinstance(found, dict) else []
        whole = found["text"] if isinstance(found, dict) else found
        timed = [(one["timestamp"], one["text"]) for one in offsets]
        for (first, last), text in timed or [((0.0, length), whole)]:
            words = " ".join(text.split())
            end = min(length, length if last is None else last)
            if words and 0 <= first < end:
                yield Cue(round(start_seconds + first, 3), round(start_seconds + end, 3), words)

    @property
    def _tells_times(self) -> bool:
        return getattr(self._model.generation_config, "no_timestamps_token_id", None) is not None

    @property
    def _max_tokens(self) -> int:
        most = getattr(self._model.config, "max_target_positions", None) or 2 * _MAX_TOKENS
        return max(1, min(_MAX_TOKENS, int(most) // 2))


def _windows(path: str | os.PathLike[str], film: Film, rate: int) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """The sound in windows: their start in seconds, and float32 (samples,) at the rate that is wanted."""
    start = 0.0
    while start < film.end_seconds:
        end = min(start + MAX_WINDOW_SECONDS, film.end_seconds)
        parts = list(sound_of(path, film, start, end))
        if parts:
            yield start, resampled(np.concatenate(parts, axis=1).mean(axis=0), rate)
        start = end


def resampled(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Sound at `SOUND_RATE`, (n,), at another rate: each sample is a mean, so that nothing aliases."""
    count = round(len(samples) * rate / SOUND_RATE)
    if not count:
        return np.zeros(0, np.float32)
    sums = np.concatenate([[0.0], np.cumsum(samples, dtype=np.float64)])
    edges = np.linspace(0, len(samples), count + 1)
    at = np.interp(edges, np.arange(len(sums)), sums)
    return np.asarray(np.diff(at) / np.diff(edges), np.float32)
