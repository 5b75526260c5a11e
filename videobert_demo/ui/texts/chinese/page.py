"""What stands around the tabs, and what is refused, in Chinese: by the English sentence."""

from __future__ import annotations

PAGE = {
    "zh-CN": "en",
    "中文": "English",
    "A clip goes in, a sentence comes out.": "给一段视频，得一句描述。",
    "This model is put together from parts and not trained yet: what it says means nothing until it is.": (
        "这个模型刚由各部分拼成，还没有训练：训练之前，它说的话没有意义。"
    ),
    "Others are ahead of you: number {position} of {size} in the queue": (
        "前面还有人在等，你排在第 {position} 位，共 {size} 位"
    ),
    "Progress": "进度",
    "Done": "已完成",
    "Play or pause": "播放或暂停",
    "Volume": "音量",
    "Whole screen": "全屏",
    "Choose a file": "选择文件",
    "Use the camera": "使用摄像头",
    "Start recording": "开始录制",
    "Stop recording": "停止录制",
    "Which camera": "选择摄像头",
    "Undo": "撤销",
    "Back to the whole clip": "恢复整段视频",
    "Keep only what is chosen": "只保留选中的部分",
    "Back to the value at the start": "恢复初始值",
    "For programs": "供程序使用",
    "Take this file out": "移除这个文件",
    "Nothing yet": "还没有内容",
    "More tabs": "更多标签页",
    "{label}, as a number": "{label}（数字）",
    "{label}, as a slider": "{label}（滑块）",
    "about {seconds} s left": "大约还需 {seconds} 秒",
    "this takes longer than usual": "这次比平时慢",
    "Cancel": "取消",
    "Stopped, as you wanted.": "已按你的要求停止。",
    "Try again": "再试一次",
    "Copy": "复制",
    "Copied": "已复制",
    "Text": "文本",
    "Page (.html)": "网页 (.html)",
    "Save a report": "保存报告",
    "What the model saw and said": "模型看到了什么、说了什么",
    "Clip": "视频",
    "Drop a clip here, or click to choose one": "把视频拖到这里，或点击选择",
    "mp4, mov, webm, mkv, avi, mpg or gif, up to {megabytes} MB": (
        "支持 mp4、mov、webm、mkv、avi、mpg 和 gif，不超过 {megabytes} MB"
    ),
    "Choose a clip": "选择视频",
    "Replace": "换一段",
    "Drop it to look at this clip": "松手即可换成这段视频",
    "Sending {name}": "正在上传 {name}",
    "{name} did not arrive. Try once more.": "{name} 没有传到，请再试一次。",
    "{name} is too large: choose a file of at most {megabytes} MB.": (
        "{name} 太大，请选择不超过 {megabytes} MB 的文件。"
    ),
    "This link leads to a clip that only its owner could see, and it is gone. Choose another one.": (
        "这个链接指向的视频只有上传者能看，现在已经删除，请另选一段。"
    ),
    "Say person and child, not man, woman, boy or girl": "只说“人”“孩子”，不说“男人”“女人”“男孩”“女孩”",
    "Or pick one": "或者选一段示例",
    "Sources and licences of these clips": "示例视频的来源与许可",
    ("This browser cannot play this kind of file. It was read all the same: its frames are shown with the caption."): (
        "浏览器无法播放这种文件，但内容已照常读取，描述下方可以看到其中的画面。"
    ),
    "This browser cannot play this kind of file. A small preview is being made.": (
        "浏览器无法播放这种文件，正在制作一段小预览。"
    ),
    "This browser cannot play this kind of file: you see a small preview, without sound.": (
        "浏览器无法播放这种文件，这里播放的是一段无声的小预览。"
    ),
    "Hide the small player": "收起小播放器",
    (
        "Answered by {model} ({parts}), on the machine that serves this page. Your clips are deleted a few "
        "minutes after you leave."
    ): ("由 {model}（{parts}）作答，在提供此页面的机器上运行。你离开几分钟后，你的视频就会删除。"),
    "That example does not exist; pick another one.": "没有这段示例，请另选一段。",
    "There is no space left on the server for your file; try again later, or tell who runs it.": (
        "服务器没有空间存放你的文件，请稍后再试，或告知运行者。"
    ),
}
