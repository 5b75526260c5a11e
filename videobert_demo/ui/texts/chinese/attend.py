"""The Attend tab, in Chinese: by the English sentence."""

from __future__ import annotations

ATTEND = {
    "Attend": "注意力",
    "Where did it look?": "模型看了哪里？",
    "Drop a clip or pick an example. You can ask about every word of its caption.": (
        "拖入一段视频，或选一段示例。描述中的每个词都可以查看。"
    ),
    "Choose a word": "选一个词",
    "to see where and when the model looked for it": "看模型在何时、何处找到它",
    "or type any word": "或输入任意一个词",
    "Any word": "任意一个词",
    "Look": "查看",
    "Method": "方法",
    "Similarity": "相似度",
    (
        "How likely the word is at each place, compared with common nouns, frame by frame; "
        "for a word that the model wrote, weighted by relevance."
    ): "逐帧比较常见名词，得出每个位置是这个词的概率；模型自己写出的词再按相关性加权。",
    "Relevance": "相关性",
    "Attention, weighted by how much it raised the word’s probability.": "注意力，按其对该词概率的提升加权。",
    "Rollout": "逐层回溯",
    "Attention followed back through all layers to the picture.": "把注意力逐层回溯到画面。",
    "Raw attention": "原始注意力",
    "Attention as it stands, averaged over layers and heads.": "未经处理的注意力，对各层、各注意力头取平均。",
    "Gradient × input": "梯度 × 输入",
    "How much a small change at each place would change the word’s probability.": (
        "每个位置稍有变化时，该词的概率会改变多少。"
    ),
    "Finer: through the frame encoder’s own attention": "更精细：穿过画面编码器自身的注意力",
    "Choose a word above, or type one.": "请在上方选一个词，或输入一个词。",
    "Looking for “{word}”": "正在寻找“{word}”",
    "Looking again": "正在重新查看",
    "This word could not be looked for": "无法查找这个词",
    "This clip could not be read": "无法读取这段视频",
    "{probability} likely to be there": "有 {probability} 的可能在画面中",
    "Not likely here: the model gives it {probability}. The heat is as faint as that.": (
        "画面中多半没有：模型认为可能性是 {probability}。热度也相应地淡。"
    ),
    "Strongest at {time}": "{time} 处最强",
    "least": "最弱",
    "most": "最强",
    "When": "何时",
    "mean heat of each frame; click to jump": "每帧的平均热度；点击可跳转",
    "Heat over time": "热度随时间的变化",
    "Where": "何处",
    "the frames that the model saw; click one to jump": "模型看到的画面；点击可跳转",
    "The scene with its heatmap": "叠加热力图的场景",
    "The whole clip with its heatmap": "带热图的完整视频",
    "Drawing it over the whole clip": "正在把它画到整段视频上",
    "Asking the model again and again": "正在反复询问模型",
    "Opacity": "不透明度",
    "Colours": "配色",
    "Video (.webm)": "视频（.webm）",
    "Frames (.png)": "画面（.png）",
    "Numbers (.npz)": "数据（.npz）",
    "The playable overlay could not be made for this clip; the frames above are complete.": (
        "无法为这段视频生成可播放的热图；上方的画面是完整的。"
    ),
    "By layer and head": "按层和注意力头",
    ("Each picture is the frame that a head looked at most. Rows are layers, columns heads; click one to jump."): (
        "每张图是该注意力头最关注的一帧。每行一层，每列一个头；点击可跳转。"
    ),
    "Layer {layer}, head {head}, {time}": "第 {layer} 层，第 {head} 个头，{time}",
    "Does the word depend on it?": "这个词真的以此为依据吗？",
    (
        "Places are hidden, or shown again, the hottest first, and each time the model is asked how likely the "
        "word is. With a heatmap that tells the truth the word’s probability falls sooner, and rises sooner, "
        "than in random order."
    ): (
        "从最热的位置开始，逐步遮住或恢复画面，每次都问模型这个词有多可能。热图如果可信，与随机顺序相比，这个词"
        "的概率会更早下降，也更早回升。"
    ),
    "These places move the word’s probability more than a random order does.": (
        "这些位置对该词概率的影响大于随机顺序。"
    ),
    ("These places move the word’s probability no more than a random order does: do not rely on this heatmap."): (
        "这些位置对该词概率的影响不比随机顺序大：不要依赖这张热图。"
    ),
    "Hiding the hottest first": "先遮住最热处",
    "Showing the hottest first": "先显示最热处",
    "by the heatmap": "按热图",
    "random order": "随机顺序",
    "share of places hidden": "遮住的比例",
    "share of places shown": "显示的比例",
    "area {gain}": "面积 {gain}",
}
