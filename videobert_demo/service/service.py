"""What the UI, the command line and Python callers use: one object that opens clips and answers about them.

Keeps no state of a visitor: `open` returns the clip's features, every task takes them. The only memory is a bounded
cache keyed by the file's content.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from videobert_demo.attention import targets
from videobert_demo.attention.explain import DEFAULT_METHOD, explain, explain_by_head
from videobert_demo.attention.faithfulness import Faithfulness, measure_faithfulness
from videobert_demo.attention.targets import Target, answer_word
from videobert_demo.errors import SettingsError, UnreadableClipError
from videobert_demo.library.base import Library
from videobert_demo.library.entries import make_thumbnail, segment_spans, title_of
from videobert_demo.library.indexing import IndexReport, Workers, index_folder
from videobert_demo.library.opening import open_library, open_temporary_library
from videobert_demo.model.features import ClipFeatures, ClipTensors
from videobert_demo.model.images import prepare_images
from videobert_demo.model.loading import LoadedModel, OnGpu, bind, fingerprint, load_checkpoint
from videobert_demo.questions import as_statement, kind_of, suggest_questions
from videobert_demo.service.visual_words import Tokens
from videobert_demo.settings import Settings
from videobert_demo.tasks.answer import answer_questions, read_question
from videobert_demo.tasks.caption import CAPTIONS, caption_clips
from videobert_demo.tasks.embed import embed_clips, embed_segments, embed_sentences, read_sentence
from videobert_demo.types import (
    AnswerResult,
    Caption,
    CaptionResult,
    EncodedClip,
    Heatmap,
    Hit,
    LibraryEntry,
)
from videobert_demo.video.decode import read_clip

DISPLAY_SIDE = 480
Progress = Callable[[float, str], None]


class VideoBertService:
    """A loaded model and everything that can be asked of it. Use it from as many threads as you like."""

    def __init__(self, loaded: LoadedModel, settings: Settings, on_gpu: OnGpu | None = None) -> None:
        self.settings = settings
        self._loaded = loaded
        self._run = bind(loaded, on_gpu)
        self._cache: OrderedDict[str, ClipFeatures] = OrderedDict()
        self._captions: OrderedDict[str, tuple[Caption, ...]] = OrderedDict()
        self._lock = threading.Lock()
        self.tokens = Tokens(loaded, self.open, self._run)

    @property
    def model_name(self) -> str:
        """The checkpoint's name."""
        return self._loaded.name

    @property
    def max_frames(self) -> int:
        """How many frames of a clip the model reads at most."""
        return int(self._loaded.model.config.max_frames)

    def open(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> ClipFeatures:
        """Reads a clip and runs the frame tower over its sampled frames; the same content again comes from the cache.

        Args:
            progress: called with a share in [0, 1] and a word for the person.

        Raises:
            ClipError: the file is no clip that can be read within the limits.
        """
        report = progress or (lambda _share, _word: None)
        report(0.0, "reading")
        digest = _hash_file(Path(path), self.settings.max_bytes)
        with self._lock:
            known = self._cache.get(digest)
            if known is not None:
                self._cache.move_to_end(digest)
                return known
        info, frames = read_clip(path, self.max_frames, limits=self.settings.limits, max_side=DISPLAY_SIDE)
        report(0.5, "looking")
        tensors = ClipTensors(*self._run(LoadedModel.encode_clip, prepare_images(frames.pixels)))
        clip = ClipFeatures(digest, info, frames, tensors)
        with self._lock:
            self._cache[digest] = clip
            while len(self._cache) > self.settings.cache_clips:
                self._cache.popitem(last=False)
        return clip

    def caption(self, clip: ClipFeatures, *, candidates: int = 5) -> CaptionResult:
        """Captions of the clip, the best first.

        Args:
            candidates: how many sentences are wanted; fewer come back when the search finds fewer different ones.
        """
        start = time.perf_counter()
        if candidates == CAPTIONS:
            return CaptionResult(self._usual_captions(clip), time.perf_counter() - start)
        (captions,) = self._run(caption_clips, [clip.tensors], candidates=candidates)
        return CaptionResult(captions, time.perf_counter() - start)

    def _usual_captions(self, clip: ClipFeatures) -> tuple[Caption, ...]:
        """The captions that are shown, and that suggestions are made with; from the cache if known."""
        with self._lock:
            known = self._captions.get(clip.content_hash)
        if known is not None:
            return known
        (captions,) = self._run(caption_clips, [clip.tensors], candidates=CAPTIONS)
        with self._lock:
            self._captions[clip.content_hash] = captions
            while len(self._captions) > self.settings.cache_clips:
                self._captions.popitem(last=False)
        return captions

    def caption_target(self, caption: str, index: int) -> Target:
        """The caption's word number `index`, of `caption.split()`, to hand to `attend`.

        Raises:
            IndexError: there is no such word.
            WordError: the decoder has no pieces for the word.
        """
        return targets.caption_word(self._loaded.processor, caption, index)

    def answer_target(self, question: str, answer: str, index: int = 0) -> Target:
        """The answer's word number `index`, given its question; raises as `caption_target` does."""
        return targets.answer_word(self._loaded.processor, question, answer, index)

    def word_target(self, text: str) -> Target:
        """Any word or short phrase.

        Raises:
            WordError: it is empty, too long, or written in letters that the model does not know.
        """
        return targets.typed_word(self._loaded.processor, text)

    def attend(
        self,
        clip: ClipFeatures,
        target: Target,
        method: str = DEFAULT_METHOD,
        layer: int | None = None,
        head: int | None = None,
    ) -> Heatmap:
        """Where and when the model looked for a word: a heatmap (T, g, g), one map for each of the clip's frames.

        Args:
            method: one of `attention.explain.METHODS`.
            layer, head: only for "attention"; None averages.
        """
        times = clip.frames.timestamps_seconds
        return self._run(explain, clip.tensors, target, method, timestamps_seconds=times, layer=layer, head=head)

    def attend_by_head(self, clip: ClipFeatures, target: Target) -> list[list[Heatmap]]:
        """Raw attention of every [layer][head]."""
        times = clip.frames.timestamps_seconds
        return self._run(explain_by_head, clip.tensors, target, timestamps_seconds=times)

    def faithfulness(self, clip: ClipFeatures, target: Target, heatmap: Heatmap) -> Faithfulness:
        """How the word's log-probability goes with the patches, in the heatmap's order and in random order."""
        return self._run(measure_faithfulness, clip.tensors, target, heatmap)

    def answer(self, clip: ClipFeatures, question: str, *, candidates: int = 5) -> AnswerResult:
        """The likeliest answers to a question about the clip.

        Raises:
            QuestionError: the question is empty, too long, or in letters that the model does not know.
        """
        start = time.perf_counter()
        text = read_question(self._loaded, question)
        (answers,) = self._run(answer_questions, [clip.tensors], [text], candidates=candidates)
        return AnswerResult(text, answers, time.perf_counter() - start)

    # a library of clips ------------------------------------------------------------------------------------------

    def open_library(self) -> Library:
        """The lasting library that the settings name; closed by whoever opened it.

        Raises:
            SettingsError: they name none.
            LibraryError: it cannot be opened, or belongs to another checkpoint.
        """
        if self.settings.library is None:
            raise SettingsError("No library is named; give one with --library, or set VIDEOBERT_LIBRARY_URI.")
        model = self._loaded.model
        return open_library(
            self.settings.library,
            model=fingerprint(model),
            dimension=int(model.config.projection_size),
            token=self.settings.library_token,
        )

    def temporary_library(self) -> Library:
        """An empty library in memory, closed by whoever opened it."""
        return open_temporary_library(dimension=int(self._loaded.model.config.projection_size))

    def encode_for_library(self, path: str | os.PathLike[str], *, title: str | None = None) -> EncodedClip:
        """A clip as it goes into a library: its vectors, and what is shown of it.

        Args:
            title: by default the file's name.

        Raises:
            ClipError: the file is no clip that can be read within the limits.
        """
        clip = self.open(path)
        entry = LibraryEntry(
            clip.content_hash,
            title or title_of(Path(path).name),
            clip.info.duration_seconds,
            make_thumbnail(clip.frames.pixels[len(clip.frames) // 2]),
            str(Path(path).absolute()),
        )
        (whole,), (segments,) = self._run(embed_clips, [clip.tensors]), self._run(embed_segments, [clip.tensors])
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
            lambda path: _hash_file(path, self.settings.max_bytes),
            workers=Workers.from_accelerate(),
            progress=progress,
        )

    def search(self, library: Library, text: str, *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that fit a sentence best.

        Raises:
            QuestionError: the sentence is empty, too long, or in letters that the model does not know.
        """
        sentence = read_sentence(self._loaded, text)
        return library.search(self._run(embed_sentences, [sentence])[0].numpy(), count)

    def search_like(self, library: Library, clip: ClipFeatures, *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that are most like one, without itself."""
        vector = self._run(embed_clips, [clip.tensors])[0].numpy()
        return library.search(vector, count, without={clip.content_hash})

    def search_picture(self, library: Library, picture: NDArray[np.uint8], *, count: int = 12) -> tuple[Hit, ...]:
        """The clips that are most like a picture, (H, W, 3) uint8 RGB."""
        tensors = ClipTensors(*self._run(LoadedModel.encode_clip, prepare_images(picture[None])))
        return library.search(self._run(embed_clips, [tensors])[0].numpy(), count)

    def answer_frames(self, clip: ClipFeatures, result: AnswerResult) -> NDArray[np.float64]:
        """How much the likeliest answer rests on each frame, (T,), summing to 1.

        A word by its relevance (arXiv 2103.15679); yes or no, which come from the clip's likeness to what is asked, by
        how likely each frame alone would make them.
        """
        slope = self._loaded.model.config.answer_yes_slope
        if slope > 0 and kind_of(result.question) == "yes/no":
            (frames,) = self._run(embed_segments, [clip.tensors])
            statement = self._run(embed_sentences, [as_statement(result.question)])[0]
            sign = 1.0 if result.text == "yes" else -1.0
            found: NDArray[np.float64] = (sign * slope * (frames @ statement)).double().softmax(0).numpy()
            return found
        target = answer_word(self._loaded.processor, result.question, result.text)
        times = clip.frames.timestamps_seconds
        heat = self._run(explain, clip.tensors, target, "relevance", timestamps_seconds=times)
        shares = heat.values.sum((1, 2), dtype=np.float64)
        return shares / shares.sum() if shares.sum() > 0 else np.full(len(shares), 1 / len(shares))

    def suggest_questions(self, clip: ClipFeatures) -> tuple[str, ...]:
        """Four questions that suit the clip, made from what the model would say of it."""
        return suggest_questions([caption.text for caption in self._usual_captions(clip)])


def _hash_file(path: Path, max_bytes: int) -> str:
    """SHA-256 of a file's first `max_bytes` + 1 bytes: a larger file is refused later, by its size."""
    digest = hashlib.sha256()
    remaining = max_bytes + 1
    try:
        if not path.is_file():
            raise UnreadableClipError("{name} is not a file; choose a video file.", name=path.name)
        with path.open("rb") as file:
            while remaining > 0 and (block := file.read(min(1 << 20, remaining))):
                digest.update(block)
                remaining -= len(block)
    except OSError as error:
        raise UnreadableClipError(
            "{name} cannot be read; check that it exists and may be opened.", name=path.name
        ) from error
    return digest.hexdigest()


def load(
    checkpoint: str | None = None,
    *,
    revision: str | None = None,
    settings: Settings | None = None,
    on_gpu: OnGpu | None = None,
) -> VideoBertService:
    """Loads a checkpoint: the one named, else the settings' (by default the bundled one).

    Args:
        checkpoint: a folder or a Hub id.
        revision: branch, tag or commit of a Hub id.
        settings: limits and cache size; by default from the environment.
        on_gpu: a decorator for the one function that runs the model, such as `spaces.GPU`.

    Raises:
        CheckpointError: the checkpoint is missing, foreign or damaged.
        SettingsError: an environment variable has a value that cannot be used.
    """
    chosen = settings or Settings.from_environment()
    name = checkpoint or chosen.checkpoint
    loaded = load_checkpoint(name, revision if checkpoint else revision or chosen.revision)
    return VideoBertService(loaded, chosen, on_gpu)
