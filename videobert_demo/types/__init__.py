"""Value types that the layers hand to each other. They are frozen and check themselves when they are made.

This package knows numpy and nothing else: no torch, no video library. A wrong value is a programmer's error and raises
ValueError or TypeError with the value in it.
"""

from videobert_demo.types.clips import ClipInfo, ClipLimits, Frames
from videobert_demo.types.heatmaps import Heatmap
from videobert_demo.types.library import EncodedClip, Hit, LibraryEntry
from videobert_demo.types.subtitles import Cue, Subtitles
from videobert_demo.types.texts import CANNOT_TELL, SURE_PROBABILITY, Answer, AnswerResult, Caption, CaptionResult
from videobert_demo.types.visual_words import Blank, Guess, LabelScore, VisualWord

__all__ = (
    "CANNOT_TELL",
    "SURE_PROBABILITY",
    "Answer",
    "AnswerResult",
    "Blank",
    "Caption",
    "CaptionResult",
    "ClipInfo",
    "ClipLimits",
    "Cue",
    "EncodedClip",
    "Frames",
    "Guess",
    "Heatmap",
    "Hit",
    "LabelScore",
    "LibraryEntry",
    "Subtitles",
    "VisualWord",
)
