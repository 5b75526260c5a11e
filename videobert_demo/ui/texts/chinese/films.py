"""What is asked of a whole film, in Chinese: by the English sentence."""

from __future__ import annotations

FILMS = {
    "Find": "查找",
    "What to look for in this clip, or how to cut it": "要在这段视频里找什么，或如何剪辑",
    "a dog runs, or: remove the parts without people": "如“一只狗在奔跑”，或“去掉没有人的部分”",
    "Cut by these words": "按文字剪辑",
    "How often?": "出现几次？",
    "Places for a break": "适合插播之处",
    "“{text}”: {count} ×": "“{text}”：{count} 次",
    "between {least} and {most} times; {total} s in all, give or take {deviation}": (
        "{least} 到 {most} 次；共约 {total} 秒，误差 {deviation} 秒"
    ),
    "How likely each moment shows it": "每一刻出现它的可能性",
    "Places for a break, those that suit “{text}” first": "适合插播之处，与“{text}”相合的在前",
    "Looking for places for a break": "正在寻找适合插播之处",
    "where little moves and something else begins, best first": "画面平静且内容将变之处，最合适的在前",
    "the clip is one scene, and has none": "这段视频只有一个场景，没有这样的位置",
    "Sum it up": "概括",
    "Looking for it, moment by moment": "正在逐段查找",
    "Looking for what stays and what goes": "正在判断哪些保留、哪些去掉",
    "Choosing the scenes": "正在挑选场景",
    "Where “{text}” fits": "与“{text}”相符之处",
    "The clip in {count} scenes": "用 {count} 个场景概括这段视频",
    "The clip in one scene": "用一个场景概括这段视频",
    "those that together cover it best": "合起来最能代表全片的场景",
    "{kept} of {whole} stay": "保留 {kept}，全长 {whole}",
    "switch a part, or change when it starts": "可切换某一段，或修改它的开始时间",
    "Nothing in the clip is sure to fit; look at the parts before you use them.": (
        "视频中没有确定相符的内容；使用前请先查看各段。"
    ),
    "Start of part {number}, in seconds": "第 {number} 段的开始时间（秒）",
    "stays": "保留",
    "goes": "去掉",
    "Make the film": "生成影片",
    "Writing the film": "正在生成影片",
    "The film is {length} long; its sound is that of the clip, where there is any.": (
        "影片长 {length}；如果原视频有声音，影片也有。"
    ),
    "Film": "影片",
    "The page writes films of up to 20 minutes; take the list into an editor, or use the command line.": (
        "网页最多生成 20 分钟的影片；请把剪辑表导入剪辑软件，或使用命令行。"
    ),
    "Nothing is left of the clip; keep at least one part of it.": "视频没有留下任何部分；请至少保留一段。",
    "Name the film otherwise than the clip, and let its name end with one of {suffixes}.": (
        "请给影片取一个与原视频不同的名字，并以 {suffixes} 之一结尾。"
    ),
}
