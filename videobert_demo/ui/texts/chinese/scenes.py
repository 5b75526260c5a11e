"""The Scenes tab, in Chinese: by the English sentence."""

from __future__ import annotations

SCENES = {
    "Scenes": "场景",
    "What happens when?": "何时发生了什么？",
    (
        "Drop a clip, record one, or pick an example. Its scenes are listed here, to rename, search and take away."
    ): "拖入一段视频、现场录制，或选一段示例。它的场景会列在这里，可以改名、搜索和导出。",
    "No scenes were found in this clip": "没能在这段视频里找到场景",
    "One scene": "一个场景",
    "the clip has no cuts; click its sentence to change it": "视频中没有镜头切换；点击句子可以修改",
    "{scenes} scenes, {chapters} chapters": "{scenes} 个场景，{chapters} 个章节",
    "with their scores; click a picture to jump there, a title or a sentence to change it": (
        "附得分；点击画面可跳到该处，点击标题或句子可以修改"
    ),
    "Title of the chapter at {time}": "{time} 处章节的标题",
    "Sentence of the scene from {start} to {end}": "{start} 至 {end} 场景的句子",
    "Jump to {time}": "跳到 {time}",
    "What the sentence is ranked by, from 0 to 100 %": "句子按它排序，从 0 到 100 %",
    "best first; click one to jump there": "最相符的在前；点击可跳到该处",
    "Take it away": "导出",
    "with the titles and sentences as they stand above": "使用上面的标题和句子",
    "Chapters": "章节",
    "For editors": "用于剪辑软件",
    "To read, and for programs": "用于阅读和程序",
}
