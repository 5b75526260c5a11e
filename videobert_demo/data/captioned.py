"""The record that all readers of captioned data give, whatever its format on disk. Knows no files."""

from __future__ import annotations

from dataclasses import dataclass

from videobert_demo.errors import DataError


@dataclass(frozen=True)
class CaptionedVideo:
    """One captioned video: its frames' names in the archive (in order of time), or the name of a whole clip."""

    video_id: str
    split: str
    category: int | None
    frame_files: tuple[str, ...]
    captions: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.video_id:
            raise DataError("a video without video_id")
        if not self.captions:
            raise DataError(f"video {self.video_id} has no captions")
        if not self.frame_files:
            raise DataError(f"video {self.video_id} has no frames")
