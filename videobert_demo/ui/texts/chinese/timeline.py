"""The timeline under the player, in Chinese: by the English sentence."""

from __future__ import annotations

TIMELINE = {
    "Timeline of the clip": "视频时间轴",
    "{count} scenes": "{count} 个场景",
    "Scenes; the left and right arrow keys step from one to the next": "场景，可用左右方向键逐个切换",
    "Scene {number} of {count}, {start} to {end}: {caption}": (
        "第 {number} 个场景，共 {count} 个，{start} 至 {end}：{caption}"
    ),
    "not sure": "不确定",
    "Subtitles": "字幕",
    "Scenes as subtitles": "场景字幕",
    "What is said": "对白",
    "Zoom in": "放大",
    "Zoom out": "缩小",
    "Looking for scenes": "正在寻找场景",
    "Stop": "停止",
    "about {seconds} s left": "大约还需 {seconds} 秒",
    "about {minutes} min left": "大约还需 {minutes} 分钟",
    "Stopped at {time}: these are the scenes up to there.": "已在 {time} 处停止，以下是此前的场景。",
    "The clip has {count} more scenes; the strongest cuts are shown.": (
        "另有 {count} 个场景未列出，这里显示的是变化最明显的。"
    ),
    "About": "范围",
    "The whole clip": "整段视频",
    "Scene {number}, {start}–{end}": "场景 {number}，{start}–{end}",
}
