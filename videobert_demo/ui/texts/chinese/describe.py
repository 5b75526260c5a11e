"""The Describe tab, in Chinese: by the English sentence."""

from __future__ import annotations

DESCRIBE = {
    "Describe": "描述",
    "What happens in the clip?": "视频里发生了什么？",
    "Drop a clip, record one, or pick an example. The answer appears here by itself.": (
        "拖入一段视频、现场录制，或选一段示例，描述会自动出现在这里。"
    ),
    "Watching the clip": "正在观看视频",
    "Reading the clip": "正在读取视频",
    "Looking at the frames": "正在查看画面",
    "Writing the caption": "正在撰写描述",
    "This clip could not be described": "无法描述这段视频",
    "Something went wrong here, not with your clip. Try once more, or choose another clip.": (
        "这里出了点问题，与你的视频无关。请再试一次，或换一段视频。"
    ),
    "Caption": "描述",
    "Score {score}": "得分 {score}",
    "Answered in {time}": "用时 {time}",
    (
        "What captions are ranked by, from 0 to 100 %: the geometric mean of the words’ probabilities, higher where a "
        "word names an animal that is plainly visible, lower where the clip does not support the words"
    ): (
        "描述按它排序，从 0 到 100 %：各词概率的几何平均；若有词说出画面中明显的动物，得分更高；"
        "若画面不支持这些词，得分更低"
    ),
    "I cannot tell": "我看不出来",
    "It looks like noise, a plain colour, a pattern, text or a drawing: the model knows none of these": (
        "看起来像噪点、纯色、图案、文字或图画：这些模型都不认识"
    ),
    "Not sure what happens": "不确定发生了什么",
    "Not sure of a whole sentence: only this part holds": "没有把握说完整的一句，只有这部分成立",
    "Perhaps, but not sure": "也许是，但不确定",
    "{probability} likely to be right": "正确的可能性 {probability}",
    "How often such captions are right: people who described held-out clips used the same verb and main noun": (
        "这类描述有多常正确：描述留出视频的人也用了其中的动词和主要名词"
    ),
    "A still: one picture": "静态图像，仅一帧",
    "What happens when": "何时发生什么",
    "{count} more": "还有 {count} 条",
    "It also considered": "其他候选",
    "with their scores": "及其得分",
    "What it looked at": "模型看到的画面",
    "click one to jump there": "点击可跳到该时刻",
    "The clip has fewer frames than this model reads at once. It read some again, to make up for {count}.": (
        "这段视频的帧数少于模型一次要读的数量，模型重复读取了其中一些，补足了 {count} 帧。"
    ),
    "Frame at {time}": "{time} 处的画面",
    "About the clip": "视频信息",
    "Length": "时长",
    "Picture": "画面尺寸",
    "Frame rate": "帧率",
    "Format": "格式",
    "{rate} per second": "每秒 {rate} 帧",
    "{seconds} s": "{seconds} 秒",
    "Many files at once": "一次处理多个文件",
    "drop several, or a folder, anywhere on the page: each gets a row": (
        "把多个文件或一个文件夹拖到页面任意位置，每个文件一行"
    ),
    "Choose files": "选择文件",
    "Choose a folder": "选择文件夹",
    "Sending {number} of {count}: {name}": "正在上传第 {number} 个，共 {count} 个：{name}",
    "That is too much at once: choose at most {most} files.": "一次太多了，最多选择 {most} 个文件。",
    "There is no file in it.": "其中没有文件。",
    "Captioning file {number} of {count}": "正在描述第 {number} 个文件，共 {count} 个",
    "{done} of {count} captioned": "{count} 个文件中已描述 {done} 个",
    ", {count} failed": "，{count} 个失败",
    "Go on": "继续",
    "Clear the table": "清空表格",
    "File": "文件",
    "Likely right": "正确可能性",
    "Score": "得分",
    "Time": "用时",
    "Open this clip": "打开这段视频",
    "the same as {name}": "与 {name} 相同",
    "only this holds": "只有这部分成立",
    "waiting": "等待中",
    "reading it now": "正在读取",
}
