"""Captions and answers that a person mends, in Chinese: by the English sentence."""

from __future__ import annotations

MENDING = {
    "Not right? Mend the caption": "不对？修改描述",
    "Take it back": "撤回修改",
    "Taken back: nothing of it is kept, and a search no longer goes by these words.": (
        "已撤回：不再保存，搜索也不再使用这些词语。"
    ),
    "Nothing is kept of this clip that could be taken back; ask with the same question and session.": (
        "这段视频没有可撤回的修改，请使用相同的问题和会话。"
    ),
    "Not right? Mend the answer": "不对？修改回答",
    "The right words": "正确的说法",
    "Keep it with the clip": "与视频一起保存",
    "Only take it away": "只下载",
    "Keeping copies the clip into your library: a search finds it by these words. It is deleted when you leave.": (
        "保存会把视频复制到你的视频库，用这些词就能搜到它。离开后即删除。"
    ),
    (
        "Keeping copies the clip into the lasting library, for all who use it: they find it by these words, and a "
        "model may learn from it."
    ): "保存会把视频复制到共享视频库，所有使用者都能用这些词搜到它，模型也可能用它学习。",
    "Kept in your library until you leave. Search finds the clip by these words.": (
        "已保存在你的视频库，离开前有效。用这些词就能搜到这段视频。"
    ),
    "Kept in the lasting library. Search finds the clip by these words.": (
        "已保存在共享视频库。用这些词就能搜到这段视频。"
    ),
    "Kept nowhere: take it away as a row of training data.": "没有保存，可作为一行训练数据下载。",
}
