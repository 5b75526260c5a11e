"""Video files in and out: `probe` describes a clip, `read_clip` takes evenly spaced frames, `write_webm` makes a clip.

Knows files, pixels and timestamps; knows nothing about models.
"""

from videobert_demo.video.decode import read_clip
from videobert_demo.video.probe import probe
from videobert_demo.video.write import write_webm

__all__ = ("probe", "read_clip", "write_webm")
