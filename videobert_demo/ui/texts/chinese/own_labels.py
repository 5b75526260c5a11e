"""Labels that a person teaches, in Chinese: by the English sentence."""

from __future__ import annotations

OWN_LABELS = {
    "My labels": "我的标签",
    "Name of the label": "标签名称",
    "A name, such as my dog jumping": "名称，例如：我家狗在跳",
    "Teach": "学习",
    "Add clips": "添加视频",
    "Give a name and three or more clips or moments: search, scenes and What is it then know it.": (
        "给出名称和至少三段视频或三个时刻，之后搜索、场景和“这是什么”都能识别它。"
    ),
    "Looking at the examples": "正在查看示例",
    "From this clip": "来自这段视频",
    "click what shows it; examples stay when you open another clip": "点击能体现它的画面；打开其他视频时，示例会保留",
    "whole clip": "整段视频",
    "Examples so far": "已选示例",
    "{count} of at least {least}": "{count} 个，至少需要 {least} 个",
    "{count}, enough to teach": "{count} 个，可以学习了",
    "Take out {title}": "移除 {title}",
    "how often each is right with one example, or another moment, left out": "逐一留出示例或其他时刻时，判断正确的比例",
    "You have taught none yet.": "还没有标签。",
    "{found} of {examples} examples found, {taken} of {others} other moments taken for it": (
        "{examples} 个示例中认出 {found} 个，{others} 个其他时刻中误认 {taken} 个"
    ),
    "fits this clip, most at {time}": "符合这段视频，{time} 处最明显",
    "does not fit this clip": "不符合这段视频",
    "Forget {name}": "删除 {name}",
    "Your labels are yours alone, and are deleted when you leave.": "标签只属于你，离开后即删除。",
    "Labels are kept in the lasting library, for all who use it.": "标签保存在共享视频库中，所有使用者都能用。",
    "by a label of your own": "按你自己的标签",
}
