"""The sentences, labels and vectors of scenes, a batch at a time: what timeline.py divides is described here.

Knows pictures of scenes and the model; knows no file.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from videobert_demo.library.entries import make_thumbnail
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.service.scenes_progress import Work
from videobert_demo.service.survey import Held, unpack
from videobert_demo.service.visual_words import VisualWordOperations
from videobert_demo.tasks.caption import caption_clips, sure_caption_from
from videobert_demo.tasks.chinese_caption import captions_in_chinese
from videobert_demo.tasks.classify import guess_by_heads
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.tasks.strangeness import are_strange, tells_strangeness
from videobert_demo.tasks.visual_words import read_visual_words
from videobert_demo.timeline.album import Album
from videobert_demo.timeline.timeline import Scene
from videobert_demo.types import CANNOT_TELL, SURE_PROBABILITY, Caption
from videobert_demo.types.visual_words import Guess

SCENES_PER_BATCH = 4
THUMBNAIL_SIDE = 160


class DescribingOperations(VisualWordOperations):
    """The part of the service that describes scenes."""

    def _wants_chinese(self, language: str | None) -> bool:
        """Whether somebody who asks in this language is told what is seen by the decoder with Chinese words."""
        return (language or "").lower().startswith("zh") and self._loaded.has_chinese_decoder

    def _write_chinese(self, clips: Sequence[ClipTensors], english: Sequence[str]) -> list[str]:
        """The Chinese captions of clips beside their English ones; empty where none holds."""
        return self._call_model(captions_in_chinese, clips, english)

    def _describe(
        self, spans: Sequence[tuple[float, float]], album: Album[Held], work: Work, *, in_chinese: bool
    ) -> tuple[Scene, ...]:
        """The scenes, at least the first, in batches that go through tower and decoder together."""
        scenes: list[Scene] = []
        work.begin_describing(len(spans))
        while len(scenes) < len(spans) and not (scenes and work.must_end()):
            # One at a time for somebody who waits for the end.
            batch = spans[len(scenes) : len(scenes) + (1 if work.was_cancelled else SCENES_PER_BATCH)]
            chosen = [album.choose(*span, self.max_frames) for span in batch]
            scenes += self._describe_batch(batch, chosen, in_chinese)
            work.described(scenes)
        return tuple(scenes)

    def _is_sure(self, caption: Caption) -> bool:
        """Whether a caption counts as sure: by its probability, or by its score where nothing is calibrated."""
        if caption.probability is None:
            return caption.score >= SURE_PROBABILITY
        return caption.probability >= sure_caption_from(self._loaded)

    def _describe_batch(
        self, spans: Sequence[tuple[float, float]], chosen: Sequence[list[tuple[float, Held]]], in_chinese: bool
    ) -> list[Scene]:
        pixels = unpack([picture for pictures in chosen for _, picture in pictures])
        lengths = [len(pictures) for pictures in chosen]
        frames, patches = self._call_model(LoadedModel.encode_clip, self._loaded.prepare(pixels))
        clips = [ClipTensors(*pair) for pair in zip(frames.split(lengths), patches.split(lengths), strict=True)]
        captions = self._call_model(caption_clips, clips)
        is_told = tells_strangeness(self._loaded)
        strange = self._call_model(are_strange, clips) if is_told else [False] * len(clips)
        vectors = self._call_model(embed_clips, clips).numpy()
        heads = self._call_model(guess_by_heads, clips, count=1)
        sentences = [CANNOT_TELL if strange[row] else captions[row][0].text for row in range(len(clips))]
        chinese = self._write_chinese(clips, sentences) if in_chinese else [""] * len(clips)
        ends = np.cumsum(lengths)
        scenes = []
        for row, (start_seconds, end_seconds) in enumerate(spans):
            caption = Caption(CANNOT_TELL, 0.0, 0.0) if strange[row] else captions[row][0]
            words = self._call_model(read_visual_words, clips[row])
            scenes.append(
                Scene(
                    start_seconds,
                    end_seconds,
                    caption.text,
                    caption.score,
                    is_sure=not strange[row] and self._is_sure(caption),
                    category=_label(heads["category"][row]),
                    verb=_label(heads["verb"][row]),
                    object=_label(heads["object"][row]),
                    visual_words=tuple(word.word_id for word in words),
                    vector=vectors[row],
                    thumbnail=make_thumbnail(pixels[ends[row] - (lengths[row] + 1) // 2], max_side=THUMBNAIL_SIDE),
                    chinese=chinese[row],
                )
            )
        return scenes


def _label(guesses: Sequence[Guess]) -> str | None:
    return guesses[0].text if guesses else None
