"""What stands around the tabs, and what is refused, in Chinese: by the English sentence."""

from __future__ import annotations

PAGE = {
    "A clip goes in, a sentence comes out.": "给一段视频，得一句描述。",
    "Others are ahead of you: number {position} of {size} in the queue": (
        "前面还有人在等，你排在第 {position} 位，共 {size} 位"
    ),
    "Progress": "进度",
    "Done": "已完成",
    "Clip": "视频",
    "Drop a clip here, or click to choose one": "把视频拖到这里，或点击选择",
    "mp4, mov, webm, mkv, avi or mpg, up to {megabytes} MB": (
        "支持 mp4、mov、webm、mkv、avi 和 mpg，不超过 {megabytes} MB"
    ),
    "Or pick one": "或者选一段示例",
    "Sources and licences of these clips": "示例视频的来源与许可",
    ("This browser cannot play this kind of file. It was read all the same: its frames are shown with the caption."): (
        "浏览器无法播放这种文件，但内容已照常读取，描述下方可以看到其中的画面。"
    ),
    (
        "Answered by {model}, on the machine that serves this page. Your clips are deleted a few minutes after "
        "you leave."
    ): ("由 {model} 作答，在提供此页面的机器上运行。你离开几分钟后，你的视频就会删除。"),
    "That example does not exist; pick another one.": "没有这段示例，请另选一段。",
}
