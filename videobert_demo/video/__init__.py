"""Video files in and out; knows files, pixels and timestamps, and nothing about models.

`probe` describes a clip, `read_clip` and `stream_clip` take evenly spaced frames, `write_webm` and `stream_webm` make a
clip.
"""

from videobert_demo.video.decode import read_clip, stream_clip
from videobert_demo.video.probe import probe
from videobert_demo.video.write import stream_webm, write_webm

__all__ = ("probe", "read_clip", "stream_clip", "stream_webm", "write_webm")
