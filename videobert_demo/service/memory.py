"""What a service keeps from one call to the next. It holds no visitor's choice and knows no task.

Every cache is bounded, and its keys come from the content of files: who brings the same bytes finds the same result.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from videobert_demo.library.base import Library
from videobert_demo.library.layers import LayeredLibrary
from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.cache import BoundedCache
from videobert_demo.service.codebook_map import CodebookMap
from videobert_demo.service.nudity import NudityScorer
from videobert_demo.service.segments import Segment
from videobert_demo.service.speech import Recogniser
from videobert_demo.timeline.content import Content
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.types import Caption

MAX_SEGMENTED_CLIPS = 500
MAX_SAID = 5000


class Memory:
    """Empty when it is made; the operations fill it.

    Args:
        cache_clips: of how many clips the features, the captions and the timeline are kept.

    Attributes:
        clips: features, by the content and the part of it that was opened.
        captions: those that are shown, by content.
        timelines: complete ones, by content and whether their sentences were written in Chinese as well.
        chinese: captions as the decoder with Chinese words writes them, by content and the English caption.
        contents: what clips show from moment to moment, by content.
        said: texts in Chinese, by the English ones and what they answer, at most `MAX_SAID`.
        segments: of clips in libraries, by content and path, at most `MAX_SEGMENTED_CLIPS` clips.
        centroids: float32 (words, channels) of all visual words, once they are asked for.
        codebook_map: where they lie beside each other, once it is asked for.
        library_lock: held by whoever reads or sets the two libraries.
        bundled: the examples, once they are encoded.
        background: float32 (vectors, D) of each example, by content: what a taught label is told from.
        shared: what everyone can search, once it is open.
        speech_lock: held by whoever loads the recogniser.
        speech: the recogniser of speech, once it is needed.
        nudity: the optional classifier; it loads when it is first asked.
    """

    def __init__(self, cache_clips: int) -> None:
        self.clips: BoundedCache[str, ClipFeatures] = BoundedCache(cache_clips)
        self.captions: BoundedCache[str, tuple[Caption, ...]] = BoundedCache(cache_clips)
        self.timelines: BoundedCache[tuple[str, bool], Timeline] = BoundedCache(cache_clips)
        self.chinese: BoundedCache[tuple[str, str], str] = BoundedCache(cache_clips)
        self.contents: BoundedCache[str, Content] = BoundedCache(cache_clips)
        self.said: BoundedCache[tuple[str, str], str] = BoundedCache(MAX_SAID)
        self.segments: BoundedCache[tuple[str, str], tuple[Segment, ...]] = BoundedCache(MAX_SEGMENTED_CLIPS)
        self.centroids: NDArray[np.float32] | None = None
        self.codebook_map: CodebookMap | None = None
        self.library_lock = threading.RLock()
        self.bundled: Library | None = None
        self.background: dict[str, NDArray[np.float32]] = {}
        self.shared: LayeredLibrary | None = None
        self.speech_lock = threading.Lock()
        self.speech: Recogniser | None = None
        self.nudity = NudityScorer()
