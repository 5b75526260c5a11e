"""What the panel "Use via API" tells of each endpoint and of what it takes, in Chinese: by the English sentences."""

from __future__ import annotations

ENDPOINTS = {
    # What they do
    "Describes a clip: the caption, its score, the runner-ups, the moments looked at, the time taken.": (
        "描述一段视频：描述及其得分、其他候选、看过的时刻、所用时间。"
    ),
    "Captions a list of files, one after another: a row for each, with its caption, or with why it has none.": (
        "依次描述一组文件：每个文件一行，给出描述，或没有描述的原因。"
    ),
    "Answers a question about a clip: the likeliest answers, their probabilities, the frames.": (
        "回答关于一段视频的问题：最可能的答案、概率和所依据的画面。"
    ),
    "Finds the scenes and chapters of a clip: when each starts, and a sentence about it.": (
        "找出一段视频的场景和章节：各自从何时开始，以及一句描述。"
    ),
    "The time ranges of a clip that fit a sentence, the best first.": "视频中与一句话相符的时间段，最相符的在前。",
    "The time ranges of the library's clips that fit a sentence, the best first.": (
        "视频库中与一句话相符的时间段，最相符的在前。"
    ),
    "The few scenes that together cover a clip best, and a paragraph about them.": (
        "合起来最能代表一段视频的几个场景，以及一段概述。"
    ),
    "A clip cut by words, such as “remove the parts without people”: what stays and what goes.": (
        "按文字剪辑视频，例如“去掉没有人的部分”：哪些保留，哪些删去。"
    ),
    "When something happens in a clip, how often and for how long, and how sure that is.": (
        "某件事在视频中何时发生、几次、多久，以及把握有多大。"
    ),
    "The borders of a clip's scenes where an interruption hurts least, the best first.": (
        "视频中最适合插播的场景边界，最合适的在前。"
    ),
    "The passages that are the same, or nearly the same, in two clips, the longest first.": (
        "两段视频中相同或几乎相同的片段，最长的在前。"
    ),
    "Checks a clip for a list of described events: when each is seen, how likely, a picture.": (
        "按一份事件列表检查视频：各在何时看到、可能性多大，并附一帧画面。"
    ),
    "What is said in a clip, searched, and captions without and beside the words.": (
        "视频里说了什么，可以查找；以及只看画面和参考话语的两种描述。"
    ),
    "Finds clips of the library by a sentence: title, score and the moment that fits best.": (
        "用一句话在视频库中查找：标题、得分和最相符的时刻。"
    ),
    "Where and when the model looks for a word: a heatmap (frames, rows, columns) in [0, 1] with the frames' "
    "moments. Methods: similarity, relevance, gradient_input, rollout, attention.": (
        "模型在何处、何时寻找一个词：取值在 [0, 1] 的热图（帧、行、列）及各帧的时刻。"
        "方法：similarity、relevance、gradient_input、rollout、attention。"
    ),
    "The visual word of each segment of a clip, its distance, similar segments in the library, and a forecast of the "
    "second half.": "视频每个片段的视觉词及其距离、视频库中的相似片段，以及对后半段的预测。",
    "Fills in hidden words (“[MASK]” or “___” in the sentence, or their positions) and hidden segments of a clip.": (
        "填出被遮住的词（句中的“[MASK]”或“___”，或按位置给出）和被遮住的视频片段。"
    ),
    "How likely a sentence fits a clip, and each of its moments.": "一句话与视频及其每个时刻相符的可能性。",
    "Writes a sequence of visual words for a sentence, and names the nearest segments of the library.": (
        "为一句话写出一串视觉词，并指出视频库中最接近的片段。"
    ),
    "What kind of clip it is: verbs, objects, categories, ImageNet labels, and your own labels separated by commas.": (
        "这是什么视频：动词、物体、类别、ImageNet 标签，以及用逗号分隔的自定义标签。"
    ),
    "Asks two clips the same question, word or sentence, and tells how alike they are.": (
        "向两段视频提出同一个问题、词或句子，并给出它们有多相似。"
    ),
    "Compares the running model with a second one on a clip: captions, answers, heatmaps, milliseconds, megabytes.": (
        "在一段视频上比较当前模型与另一个模型：描述、回答、热图、毫秒、兆字节。"
    ),
    "Mends a caption or an answer: a row of training data, kept with the clip only if the caller wants so. `back` "
    "takes back what was kept.": (
        "修改描述或回答：得到一行训练数据，只有调用者要求时才与视频一起保存。`back` 收回已保存的内容。"
    ),
    "Teaches a label with three or more clips or moments; search and classify of the same session then know it.": (
        "用至少三段视频或三个时刻教会一个标签；之后同一会话的搜索和分类都认识它。"
    ),
    "The labels that this session has taught, or those of the lasting library.": (
        "本次会话教会的标签，或长期视频库中的标签。"
    ),
    # What they take
    "The video file: .mp4, .mov, .mkv, .avi, .webm and others, or an animated picture.": (
        "视频文件：.mp4、.mov、.mkv、.avi、.webm 等，或动态图片。"
    ),
    "The video files, in a list.": "视频文件的列表。",
    "Say person, child and people in place of man, woman, boy and girl.": (
        "只说“人”“孩子”，不说“男人”“女人”“男孩”“女孩”。"
    ),
    "Of what the model says; zh is Chinese.": "模型所说的语言；zh 为中文。",
    "A question in English or Chinese, as one asks a person.": "用英文或中文提出的问题，就像问人一样。",
    "json, or the form of a file for a player or an editor, sent as one text.": (
        "json，或播放器、剪辑软件所用的文件格式，以一段文字返回。"
    ),
    "What to look for: a sentence, or one to three words.": "要找的内容：一句话，或一到三个词。",
    "How many time ranges to return at most, 1 to 50.": "最多返回多少个时间段，1 到 50。",
    "json, or a cut list in the form of a file for an editor, sent as one text.": (
        "json，或剪辑软件所用的剪辑表，以一段文字返回。"
    ),
    "How many scenes to return at most, 1 to 60.": "最多返回多少个场景，1 到 60。",
    "What to keep or to remove; what fits a bare sentence is kept.": (
        "要保留或去掉的内容；只写一句话，则保留与它相符的部分。"
    ),
    "What happens: a sentence, or one to three words.": "发生的事：一句话，或一到三个词。",
    "How many places to return at most, 1 to 60.": "最多返回多少处，1 到 60。",
    "How far apart they are at least.": "彼此至少相隔多久。",
    "What is to be shown there, such as “a new car”; else empty.": "要在那里播放的内容，例如“一辆新车”；没有则留空。",
    "In place of the sentence, a clip of what is to be shown.": "不用句子时，给出要播放的视频。",
    "Up to 40 events; only `sentence` has to be there.": "最多 40 个事件；只有 `sentence` 必须给出。",
    "What alarms are called by.": "提醒所用的名称。",
    "What is seen: a sentence, or one to three words.": "看到的内容：一句话，或一到三个词。",
    "The probability from which on it counts as seen; 0.2 if none was given.": (
        "概率达到多少才算看到；未给出时为 0.2。"
    ),
    "How it is marked, as #rrggbb.": "标记的颜色，写作 #rrggbb。",
    "What tells it: its sentence, or Open-NSFW, an optional extra for nudity.": (
        "由什么判断：它的句子，或用于裸露内容的可选组件 Open-NSFW。"
    ),
    "What a file of subtitles holds; empty for those in the clip.": "字幕文件的内容；留空则用视频自带的字幕。",
    "Its form.": "它的格式。",
    "Words that the cues must have; empty for all cues.": "字幕中必须出现的词；留空则为全部字幕。",
    "What to look for: a sentence or a word.": "要找的内容：一句话或一个词。",
    "How many clips to return at most, 1 to 100.": "最多返回多少段视频，1 到 100。",
    "An English word for what to look for.": "要找的内容，用一个英文词表示。",
    "How the heatmap is worked out.": "热图的计算方法。",
    "Take in the frame encoder's own attention, so that the map is as fine as its grid; with relevance and rollout, "
    "where that encoder is a transformer.": (
        "也用上画面编码器自身的注意力，使热图与它的网格一样细；用于相关性和逐层回溯，且该编码器须为 transformer。"
    ),
    "A sentence; ___ stands for a hidden word, in English.": "一句英文；___ 代表被遮住的词。",
    "Positions of more words to hide, from 0.": "另外要遮住的词的位置，从 0 数起。",
    "Positions of segments of the clip to hide, from 0.": "要遮住的视频片段的位置，从 0 数起。",
    "A sentence.": "一句话。",
    "What the reel tells, a sentence.": "影片要讲的内容，一句话。",
    "How many segments it has.": "它有多少个片段。",
    "0 takes the likeliest visual words, more takes less likely ones, up to 5.": (
        "0 取最可能的视觉词，越大越会取可能性较小的词，最大为 5。"
    ),
    "Another one draws other visual words.": "换一个种子，就抽出别的视觉词。",
    "Labels of your own, with commas between them.": "自定义标签，用逗号分隔。",
    "A question, a word or a sentence.": "问题、词或句子。",
    "What it is.": "它属于哪一种。",
    "A question that both answer; empty for none.": "两个模型都要回答的问题；没有则留空。",
    "A word that both look for; if it is empty, the main noun of the running model's caption.": (
        "两个模型都要寻找的词；留空则用当前模型描述中的主要名词。"
    ),
    "The right caption, or the right answer.": "正确的描述，或正确的回答。",
    "The question that it answers; empty for a caption.": "它所回答的问题；描述则留空。",
    "Keep it, and the clip, in the library of this session or the lasting one.": (
        "把它和视频保存在本次会话的视频库或长期视频库中。"
    ),
    "Take back what was kept of this clip, or of this question; `text` counts not.": (
        "收回为这段视频或这个问题保存的内容；此时不看 `text`。"
    ),
    "The label's name; one of this name is taught anew.": "标签的名称；同名的标签会重新学习。",
    "For each clip the moment that is an example, in seconds, or null for all of it.": (
        "每段视频中作为例子的时刻，以秒计；null 表示整段。"
    ),
    "The name of a label to forget first.": "要先忘记的标签的名称。",
}
