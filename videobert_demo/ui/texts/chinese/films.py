"""What is asked of a whole film, in Chinese: by the English sentence."""

from __future__ import annotations

FILMS = {
    "Nothing is left of the clip; keep at least one part of it.": "视频没有留下任何部分；请至少保留一段。",
    "Name the film otherwise than the clip, and let its name end with one of {suffixes}.": (
        "请给影片取一个与原视频不同的名字，并以 {suffixes} 之一结尾。"
    ),
}
