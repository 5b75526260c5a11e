"""Pairs of sentences, images and a video to train a tiny translator on."""

from __future__ import annotations

from videobert_demo.data.chinese import ChineseImage, ChineseVideo

THINGS = {"dog": "狗", "cat": "猫", "man": "男人", "boy": "男孩"}
DEEDS = {"runs": "奔跑", "sleeps": "睡觉", "sings": "唱歌"}
PAIRS = tuple(
    (f"a {thing} {deed}", f"一只{chinese}在{done}。")
    for thing, chinese in THINGS.items()
    for deed, done in DEEDS.items()
)
IMAGES = [
    ChineseImage("held.avif", "test", ("狗。",), (("a held dog", "被举"),), (("a held dog", "举着的狗。"),), True),
    *(
        ChineseImage(f"{number}.avif", "train", (pair[1],), (pair,), (pair,) if number % 3 == 0 else ())
        for number, pair in enumerate(PAIRS)
    ),
]
VIDEOS = [ChineseVideo("v", ("a cat sleeps", "a dog runs"), ("一只狗在奔跑",))]
