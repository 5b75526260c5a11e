"""The Ask tab, in Chinese: by the English sentence."""

from __future__ import annotations

ASK = {
    "Ask": "提问",
    "Ask about a clip": "就一段视频提问",
    "Drop a clip, record one, or pick an example. Then ask what you like: the answer is one word.": (
        "拖入一段视频、现场录制，或选一段示例，然后提问。答案是一个词。"
    ),
    "Nothing can be asked about this clip": "无法就这段视频提问",
    "Question": "问题",
    "What is the man doing?": "这个人在做什么？",
    "Try one of these": "试试这些问题",
    "based on how the model describes the clip": "根据模型对视频的描述给出",
    "Looking for the answer to “{question}”": "正在寻找“{question}”的答案",
    "Looking for the answer": "正在寻找答案",
    "There is no {thing}, I think": "我想，画面里没有{thing}",
    "Not sure, perhaps {answer}": "不太确定，也许是{answer}",
    "Probability {probability}": "概率 {probability}",
    "The likeliest answers": "最可能的答案",
    "with their probabilities": "及其概率",
    "What the answer rests on": "答案的依据",
    "each frame's share of the answer's relevance; click one to jump there": (
        "每帧画面对答案的贡献占比；点击可跳到该时刻"
    ),
    "Earlier questions about this clip": "关于这段视频的其他提问",
}
