"""The Two clips tab, in Chinese: by the English sentence."""

from __future__ import annotations

BOTH = {
    "Two clips": "两段视频",
    "The second clip:": "第二段视频：",
    "Choose the second clip": "选择第二段视频",
    "Set the clip on the left aside as the second": "把左侧的视频放到一边，作为第二段",
    "There is no clip on the left yet.": "左侧还没有视频。",
    "What is asked of both": "向两段视频提出的内容",
    "A question": "问题",
    "A word": "单词",
    "A sentence": "句子",
    "Question, word or sentence": "问题、单词或句子",
    "Such as: what is the animal doing?": "例如：动物在做什么？",
    "Ask both": "一起提问",
    "Ask two clips the same": "向两段视频提出同样的问题",
    "The first clip is the one on the left. Choose a second one, or set that one aside and pick another.": (
        "第一段是左侧的视频。再选择第二段，或把左侧的放到一边，另选一段。"
    ),
    "Asking both clips": "正在向两段视频提问",
    "{probability} likely": "可能性 {probability}",
    "{probability} likely to be there": "出现的可能性 {probability}",
    "{probability} likely to belong to it": "属于它的可能性 {probability}",
    "not sure": "不确定",
    "most at {time}": "{time} 处最明显",
    "How much each moment counts": "各时刻的作用",
    "Likeness of the two clips {score}": "两段视频的相似度 {score}",
    "Find what they share": "查找共有的片段",
    "Looking for the same passage in both": "正在两段视频中查找相同的片段",
    "Passages in both clips: {count}": "两段视频共有 {count} 处",
    "The clips share no passage": "两段视频没有相同的片段",
    "of two seconds and more, or nearly all of a shorter clip; the longest first": (
        "两秒以上，或较短视频的绝大部分；最长的在前"
    ),
    "is {start}–{end} of the second": "即第二段的 {start}–{end}",
    "{offset} s · likeness {likeness}": "{offset} 秒 · 相似度 {likeness}",
}
