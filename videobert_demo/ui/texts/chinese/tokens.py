"""The Tokens tab, in Chinese: by the English sentence."""

from __future__ import annotations

TOKENS = {
    "Tokens": "视觉词",
    "What to look at": "查看内容",
    "Visual words": "视觉词",
    "What is it": "这是什么",
    "Cloze": "填空",
    "Alignment": "匹配",
    "Text to video": "文字变视频",
    "Forecast": "预测",
    "What does the model itself see?": "模型自己看到了什么？",
    (
        "Drop a clip or pick an example. The model reads each of its segments as one visual word, just as it "
        "reads text."
    ): ("拖入一段视频，或选一段示例。模型把每个片段读作一个视觉词，就像读文字一样。"),
    "visual word {id}": "视觉词 {id}",
    "What captions say most often of training clips that look like this": "描述相似训练视频时最常用的词",
    "Where they lie": "它们的位置",
    "every visual word is a dot; those that look alike lie together, the clip’s own are marked": (
        "每个点是一个视觉词；相似的词靠在一起，本视频的词已标出"
    ),
    "A map of {count} visual words. The clip’s own: {words}": "{count} 个视觉词的地图。本视频的词：{words}",
    "Unsure: none of these is likely.": "没有把握：这些都不太可能。",
    "The segment in its clip": "片段所在的视频",
    "the same word": "同一个词",
    "{shared} of {levels} levels": "{levels} 层同 {shared} 层",
    "another branch": "不同分支",
    "Reading the visual words": "正在读取视觉词",
    "Each segment as one visual word": "每个片段对应一个视觉词",
    "point at one, or tap it, to see segments like it": "指向或点按一个，查看与它相似的片段",
    "distance {distance}": "距离 {distance}",
    "From the segment to the centre of its visual word, as a share of the segment’s own length": (
        "片段到其视觉词中心的距离，与片段向量长度之比"
    ),
    "also at {times}": "也在 {times}",
    "show it in the clip": "在视频中查看",
    "Similar segments in the library": "视频库中的相似片段",
    "with the same or the nearest visual word in the tree; click one to play it": (
        "视觉词树中相同或最近的词；点击可播放"
    ),
    "There is no other clip in the library.": "视频库中没有其他视频。",
    "Guessing what it is": "正在猜测这是什么",
    "Verb": "动词",
    "“a person is ___”": "“一个人在___”",
    "“a person is showing a ___”": "“一个人在展示___”",
    "a man is playing a ___": "一个男人在弹吉他",
    "a dog runs on the grass": "一只狗在草地上奔跑",
    "Object": "物体",
    "trained on MSR-VTT’s captions": "在 MSR-VTT 的描述上训练",
    "Category": "类别",
    "trained on MSR-VTT’s 20 categories": "在 MSR-VTT 的 20 个类别上训练",
    "In the frames": "画面中的物体",
    "ImageNet labels of the frame tower": "图像网络的 ImageNet 标签",
    "Your own labels": "自定义标签",
    "your own labels: a dog, a cat, a car": "自定义标签：狗, 猫, 汽车",
    "Compare": "比较",
    "Comparing the labels": "正在比较标签",
    "Your labels": "你的标签",
    "each label’s share; after it, how likely the label fits the clip at all": (
        "每个标签所占的份额；其后是它与视频匹配的概率"
    ),
    "fits {score}": "匹配 {score}",
    "Perhaps none of them: the model thinks that no label fits the clip.": (
        "也许都不是：模型认为没有一个标签与视频匹配。"
    ),
    "A sentence to fill in": "要填空的句子",
    "Use": "使用",
    "The sentence": "句子",
    "click words to hide them": "点击单词可将其遮住",
    "click segments to hide them": "点击片段可将其遮住",
    "Hide a word or a segment, and the model guesses what was there.": (
        "遮住一个单词或片段，模型会说出那里可能是什么。"
    ),
    "Filling in": "正在填空",
    "In place of “{word}”": "代替“{word}”",
    "In the blank": "空白处",
    "with the clip": "有视频",
    "without the clip": "没有视频",
    "The hidden segment at {time}": "{time} 处被遮住的片段",
    "it was visual word {id}; click a picture to play it": "原为视觉词 {id}；点击画面可播放",
    "this was there": "原来就是它",
    "A sentence to compare": "要比较的句子",
    "Type a sentence, and see at which moments it fits the clip.": "输入一句话，看它在哪些时刻与视频相符。",
    "Comparing it with every moment": "正在与每个时刻比较",
    "The model thinks that this sentence fits the clip.": "模型认为这句话与视频相符。",
    "The model thinks that this sentence does not fit the clip.": "模型认为这句话与视频不符。",
    "The model is unsure whether this sentence fits the clip.": "模型没有把握这句话是否与视频相符。",
    "Whole clip {score}": "整段视频 {score}",
    "highest at {time}: {score}": "{time} 处最高：{score}",
    "no moment stands out": "没有突出的时刻",
    "Moment by moment": "逐个时刻",
    "how likely the sentence fits each moment; click one to play from there": (
        "句子与每个时刻相符的概率；点击可从该处播放"
    ),
    "Score over time": "得分随时间的变化",
    "A sentence to show": "要展示的句子",
    "Write": "生成",
    "Segments": "片段数",
    "Temperature": "温度",
    "Seed": "随机种子",
    (
        "Type a sentence: the model writes a sequence of visual words for it, and the nearest segments of the "
        "library show them. The same seed gives the same sequence."
    ): ("输入一句话：模型为它写出一串视觉词，再用视频库中最近的片段展示。种子相同，结果相同。"),
    "Writing visual words": "正在写视觉词",
    "the visual words that the model wrote, each shown by its nearest segment; click one to play it": (
        "模型写出的视觉词，各由最近的片段展示；点击可播放"
    ),
    "One picture throughout: every segment has the same visual word.": "自始至终是同一个画面：每个片段的视觉词都相同。",
    "(always naming the first half’s commonest word: {hits} of {count})": (
        "（若一直猜前半段最常见的视觉词：{count} 个中猜对 {hits} 个）"
    ),
    "Joining the segments to a film": "正在把片段连成短片",
    "The reel": "影片",
    "Reel (.webm)": "影片（.webm）",
    "The reel could not be made; the segments above are complete.": "无法制作影片；上方的片段是完整的。",
    "Looking ahead": "正在预测",
    "The first half": "前半段",
    "what the model was shown": "模型看到的部分",
    "The second half": "后半段",
    "what came next, and what the model expected; click a picture to play it": ("实际内容与模型的预测；点击画面可播放"),
    "{hits} of {count} segments were among the five visual words that were expected": (
        "{count} 个片段中，有 {hits} 个在预测的五个视觉词之内"
    ),
    "came": "实际",
    "expected": "预测",
    "This clip has only one segment, so there is no second half to forecast.": (
        "这段视频只有一个片段，没有后半段可以预测。"
    ),
}
