"""What is watched for, in a clip and live, in Chinese: by the English sentence."""

from __future__ import annotations

WATCH = {
    "Watch": "监看",
    "for events that you describe, in this clip or in front of your camera": "在这段视频里或摄像头前，留意您描述的事件",
    "What is seen": "能看到什么",
    "a dog jumps over a fence": "如“一只狗跳过栅栏”",
    "Name": "名称",
    "Colour": "颜色",
    "Threshold": "阈值",
    "An alarm needs at least this probability.": "可能性达到这个值才会报警。",
    "Add a row": "添加一行",
    "Remove row {number}": "删除第 {number} 行",
    "Moderation demo": "内容审核演示",
    "A demonstration with a small model: it misses most and is often wrong. Never let it decide about people.": (
        "这是小模型的演示：大多会漏掉，也常常出错。切勿让它对人作出决定。"
    ),
    "Check the clip": "检查视频",
    "Choose a clip first, on the left.": "请先在左侧选择一段视频。",
    "Checking the clip, moment by moment": "正在逐段检查视频",
    "No alarm": "没有警报",
    "One alarm": "一次警报",
    "{count} alarms": "{count} 次警报",
    "with the probability of the likeliest moment": "附最可能一刻的可能性",
    "Watch the camera": "监看摄像头",
    "Stop": "停止",
    "Your camera": "您的摄像头",
    "Your browser asks whether the camera may be used.": "浏览器正在询问是否允许使用摄像头。",
    "A small picture a second goes to this server, and is kept nowhere.": "每秒有一张小图发送到本服务器，不会保存。",
    "Stopped, because the page was not seen.": "页面不可见，已停止。",
    "The camera cannot be used; allow it in your browser and try again.": "无法使用摄像头；请在浏览器中允许后重试。",
    "This browser shows cameras only to pages that were opened over https or on this computer.": (
        "浏览器只允许通过 https 或在本机打开的页面使用摄像头。"
    ),
    "{seconds} s behind the camera": "比摄像头晚 {seconds} 秒",
    "over": "已结束",
    "Checked by Open-NSFW, a classifier of nudity, not by these words": "由裸露分类器 Open-NSFW 判断，不看这里的文字",
    "Bring subtitles": "提供字幕",
    "Read those in the clip": "读取视频自带的字幕",
    "Reading what is said": "正在读取字幕",
    "What is said, from your file": "字幕，来自您的文件",
    "What is said, from the clip's own track": "字幕，来自视频自带的字幕轨",
    "What is said, recognised from the sound": "字幕，由声音识别而来",
    "a click leads to the moment": "点击可跳到该时刻",
    "Search in what is said": "在字幕中搜索",
    "{count} more are not shown.": "还有 {count} 条未显示。",
    "From the pictures alone": "仅根据画面",
    "Beside the words": "结合字幕",
    "The model learned to describe pictures without words. Words that say what is seen help it, others do not.": (
        "模型学的是不带文字的画面描述；说到画面内容的文字会有帮助，其他文字则没有。"
    ),
}
