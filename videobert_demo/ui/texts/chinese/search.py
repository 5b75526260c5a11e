"""The Search tab, in Chinese: by the English sentence."""

from __future__ import annotations

SEARCH = {
    "Search": "搜索",
    "Find a clip by what happens in it": "按内容查找视频",
    (
        "Type a sentence, or look for clips like the one on the left or like a picture. The examples are there "
        "already; add your own."
    ): ("输入一句话，或查找与左侧视频、与某张图片相似的视频。示例已在库中，也可以添加你自己的视频。"),
    "What happens in the clip": "视频里发生了什么",
    "a dog lies on the floor": "一只狗躺在地板上",
    "More like this clip": "查找相似视频",
    "By picture": "以图搜索",
    "Add clips": "添加视频",
    "The clip": "视频",
    "Use this clip": "用这段视频",
    "Nothing in the library fits well. These are the nearest:": "库中没有很合适的视频。最接近的是：",
    "For you": "为你推荐",
    "like the clips that you opened in this visit; only you see this": "与你这次打开过的视频相似，只有你能看到",
    "The library": "视频库",
    "Searching": "正在搜索",
    "Nothing in the library fits; search for something else, or add clips.": (
        "库中没有合适的视频。请搜索别的内容，或添加视频。"
    ),
    "not sure that it fits": "不确定是否合适",
    "from {time}": "从 {time} 起",
    "and {count} that look the same": "另有 {count} 段看起来相同",
    "best first; click one to play it from its moment": "最匹配的在前；点击可从相应时刻播放",
    "Clips like this one": "与这段视频相似",
    "Like the picture": "与这张图片相似",
    "There is no clip on the left to compare with; choose one first.": "左侧还没有可以比较的视频，请先选一段。",
    "The file of this clip is no longer there; add it again.": "这段视频的文件已经不在了，请重新添加。",
    "Reading clip {number} of {count}": "正在读取第 {number} 段，共 {count} 段",
    "{added} added": "已添加 {added} 段",
    ", {known} already there": "，{known} 段已在库中",
    ", {failed} that cannot be used:": "，{failed} 段无法使用：",
    "Remove {title}": "移除“{title}”",
    "Only you can see what you add, and it is deleted when you close the page.": (
        "你添加的视频只有你能看到，关闭页面后就会删除。"
    ),
    "What you add is kept, and everyone who opens this page can see it.": (
        "你添加的视频会一直保留，打开此页面的人都能看到。"
    ),
}
