"""The Compare models tab, in Chinese: by the English sentence."""

from __future__ import annotations

MODELS = {
    "Models": "模型",
    "A question for both models, or nothing": "向两个模型提出的问题，可以留空",
    "A question for both, such as: what is the animal doing?": "例如：动物在做什么？",
    "A word that both look for": "两个模型都要寻找的单词",
    "Compare": "对比",
    "The same clip, two models": "同一段视频，两个模型",
    "What each says and where it looks, how long it takes and how large it is. The second model is another form of "
    "the running one, unless whoever runs this app has named a checkpoint.": (
        "各自说什么、看向哪里、用多长时间、占多大空间。除非运行者另外指定了检查点，第二个模型是当前模型的另一种形式。"
    ),
    "Choose a clip on the left first.": "请先在左侧选择一段视频。",
    "There is no second model to compare with; whoever runs this can name one with --second.": (
        "没有可以对比的第二个模型；运行者可以用 --second 指定一个。"
    ),
    "Asking both models": "正在询问两个模型",
    "the running model": "当前模型",
    "the second model": "第二个模型",
    "the same with weights in 8 bits": "同一模型，权重为 8 位",
    "the same, computing in 8 bits": "同一模型，以 8 位计算",
    "the same, computing in full precision": "同一模型，以全精度计算",
    "“{word}”, warmest at {time}": "“{word}”在 {time} 处最明显",
    "Look at the frames": "观看画面",
    "Write the caption": "写出描述",
    "Answer": "回答问题",
    "Heatmap": "热力图",
    "Weights": "权重",
    "{count} ms": "{count} 毫秒",
    "Time and size": "用时与大小",
}
