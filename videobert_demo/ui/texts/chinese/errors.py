"""The errors that a visitor can meet, in Chinese: by their English templates (`VideoBertDemoError.template`)."""

from __future__ import annotations

ERRORS = {
    # Watch lists
    "A list asks for Open-NSFW; install it with: pip install videobert-demo[nudity]": (
        "列表要求使用 Open-NSFW，请先安装：pip install videobert-demo[nudity]。"
    ),
    "“{name}” can be told by {ways}.": "“{name}” 的 by 只能是：{ways}。",
    # The clip
    "{name} is a folder; choose a video file in it.": "{name} 是文件夹，请选择其中的视频文件。",
    "{name} is a device or a pipe; choose a video file.": "{name} 是设备或管道，请选择视频文件。",
    "{name} may not be read; change its permissions or choose another file.": (
        "没有读取 {name} 的权限，请更改权限或选择其他文件。"
    ),
    "{name} is an address and is not opened; download the clip and give the file.": (
        "{name} 是网址，不会打开。请先下载视频，再选择文件。"
    ),
    "There is no file {name}; check its name and folder.": "找不到文件 {name}，请检查文件名和文件夹。",
    "{name} is empty (0 bytes); save or download it again.": "{name} 是空文件（0 字节），请重新保存或下载。",
    "{name} has {megabytes:.1f} MB, more than the limit of {most:g} MB; "
    "shorten it or save it with a smaller picture.": (
        "{name} 有 {megabytes:.1f} MB，超过 {most:g} MB 的上限。请剪短视频，或以较小的画面保存。"
    ),
    "{name} has pictures of {width} x {height} pixels, more than the limit of {most:,} pixels; "
    "save it with a smaller picture, such as 1920 x 1080.": (
        "{name} 的画面为 {width} x {height}，超过 {most:,} 像素的上限。请以较小的画面保存，例如 1920 x 1080。"
    ),
    "{name} plays for {seconds:,.0f} seconds, more than the limit of {most:,g} seconds; "
    "cut a shorter clip from it.": "{name} 长 {seconds:,.0f} 秒，超过 {most:,g} 秒的上限。请截取较短的一段。",
    "{name} has more than {most:,} frames; cut a shorter clip from it.": (
        "{name} 超过 {most:,} 帧，请截取较短的一段。"
    ),
    "{name} took more than {seconds:g} seconds to read; "
    "shorten it, or convert it to an MP4 of smaller size, and try again.": (
        "读取 {name} 超过了 {seconds:g} 秒。请剪短视频，或转换为较小的 MP4，然后再试。"
    ),
    "{name} is damaged or incomplete; save, download or upload it again.": (
        "{name} 已损坏或不完整，请重新保存、下载或上传。"
    ),
    "{name} is not a video that can be opened here; choose an MP4, MOV, WebM, MKV, AVI, GIF or MPG file.": (
        "{name} 不是这里能打开的视频，请选择 MP4、MOV、WebM、MKV、AVI、GIF 或 MPG 文件。"
    ),
    "{name} holds sound only; choose a clip with a picture.": "{name} 只有声音，请选择有画面的视频。",
    "{name} uses a codec that has no decoder here; convert it to an MP4 with H.264.": (
        "{name} 的编码在这里无法解码，请转换为 H.264 编码的 MP4。"
    ),
    "{name} stores its pictures in a way that cannot be shown here ({layout}); convert it to an MP4 with H.264.": (
        "{name} 的画面格式（{layout}）在这里无法显示，请转换为 H.264 编码的 MP4。"
    ),
    "None of the frames of {name} can be decoded ({codec}): it is damaged or protected; "
    "save or download it again, or convert it to an MP4 with H.264.": (
        "{name} 的画面（{codec}）都无法解码，文件可能已损坏或受保护。请重新保存或下载，或转换为 H.264 编码的 MP4。"
    ),
    "{name} has no frames, or is cut off before the first; save it again.": (
        "{name} 没有画面，或在第一帧之前就中断了，请重新保存。"
    ),
    "{name} does not say when its frames are shown; convert it to an MP4.": (
        "{name} 没有标明画面的时间，请转换为 MP4。"
    ),
    "{name} shows the same few bytes again and again; convert it to an MP4 with H.264.": (
        "{name} 反复使用同一小段数据，请转换为 H.264 编码的 MP4。"
    ),
    # What was typed
    "There is no question yet; ask something about the clip, such as “what is the man doing?”": (
        "还没有问题。请就视频提问，例如“这个人在做什么？”"
    ),
    "There are no words in this question; ask something such as “what is the man doing?”": (
        "这个问题里没有单词。请提问，例如“这个人在做什么？”"
    ),
    "The question is too long; ask it in at most {most} words.": "问题太长，请控制在 {most} 个单词以内。",
    "The model does not know these words; ask it in others, such as “what is the man doing?”": (
        "模型不认识这些词，请换一种问法，例如“这个人在做什么？”"
    ),
    "The model does not know these words; search with others, such as “a dog on the grass”.": (
        "模型不认识这些词，请换一种说法，例如“草地上的狗”。"
    ),
    "There is nothing to search for yet; type a sentence, such as “a dog runs on the grass”.": (
        "还没有搜索内容。请输入一句话，例如“一只狗在草地上奔跑”。"
    ),
    "That is too long to search for; use at most {most} characters.": "搜索内容太长，请控制在 {most} 个字符以内。",
    "There is no word to look for; type one.": "还没有要找的词，请输入一个词。",
    "That is too long to look for; type a word or a short phrase.": "要找的内容太长，请输入一个单词或短语。",
    "The model does not know this word; type another one.": "模型不认识这个词，请换一个词。",
    "“{word}” is no word that the model can look for; choose another one.": "模型无法查找“{word}”，请另选一个词。",
    "There is no sentence yet; type one, such as “a man is playing a ___”.": (
        "还没有句子。请输入一句，例如“一个男人在弹吉他”。"
    ),
    "That is too long to fill in; use at most {most} words.": "句子太长，请控制在 {most} 个单词以内。",
    "The model reads English only; use English words.": "模型只懂英语，请使用英语单词。",
    "The model reads English and Chinese; use words of one of them.": "模型懂中文和英语，请用其中一种输入。",
    "A Chinese sentence is filled in whole; type it without a gap, and hide a word then.": (
        "中文句子请完整输入，不留空白，然后点击单词将其遮住。"
    ),
    "There is no word {position}: the sentence has {count}, counted from 0.": (
        "没有第 {position} 个单词：这句话有 {count} 个单词，从 0 数起。"
    ),
    "There is no segment {position}: the clip has {count}, counted from 0.": (
        "没有第 {position} 个片段：视频有 {count} 个片段，从 0 数起。"
    ),
    "Ask for 1 to {most} segments, a temperature from 0 to 5 and a seed from 0 to {seed}.": (
        "请选择 1 到 {most} 个片段、0 到 5 的温度和 0 到 {seed} 的随机种子。"
    ),
    "There are no labels yet; type some with commas between them, such as “a dog, a cat”.": (
        "还没有标签。请输入几个，以逗号分隔，例如“狗, 猫”。"
    ),
    "These are too many labels; type at most {most}.": "标签太多，最多输入 {most} 个。",
    "There is no sentence yet; type one, such as “a dog runs on the grass”.": (
        "还没有句子。请输入一句，例如“一只狗在草地上奔跑”。"
    ),
    "That is too long; use at most {most} characters.": "内容太长，请控制在 {most} 个字符以内。",
    "{name} cannot be read; check its disk or its connection.": "无法读取 {name}，请检查磁盘或网络连接。",
    "{name} changed while it was read; try it again.": "{name} 在读取时发生了变化，请再试一次。",
    "{name} takes too much space when it is unpacked; save it as an MP4.": (
        "{name} 解开后占用的空间过大，请另存为 MP4。"
    ),
    "{name} stores its picture in tiles, which cannot be joined here; save it as a JPEG.": (
        "{name} 的图像分块存储，这里无法拼合。请另存为 JPEG。"
    ),
    # The library
    "There is no library in {name}; check the name, or make one with the command index.": (
        "{name} 中没有视频库，请检查名称，或用命令 index 创建一个。"
    ),
    "There is no library of this checkpoint on the server; check VIDEOBERT_LIBRARY_URI, or make one "
    "with the command index.": (
        "服务器上没有用此模型创建的视频库，请检查 VIDEOBERT_LIBRARY_URI，或用命令 index 创建一个。"
    ),
    "The library {name} is damaged ({reason}); to rebuild it, index the folders of its clips again: "
    "the damaged file is kept beside the new one.": (
        "视频库 {name} 已损坏（{reason}）。请重新索引其视频所在的文件夹以重建；损坏的文件会保留在新文件旁边。"
    ),
    "The library {name} was made by another version; choose another folder and index the clips anew.": (
        "视频库 {name} 由其他版本创建，请另选文件夹并重新建立索引。"
    ),
    "The library {name} was made with another checkpoint; choose another folder and index the clips anew.": (
        "视频库 {name} 由其他模型创建，请另选文件夹并重新建立索引。"
    ),
    "The library {name} is closed; open it again.": "视频库 {name} 已关闭，请重新打开。",
    "The library {name} cannot be used ({reason}); check that its folder can be written and has space.": (
        "视频库 {name} 无法使用（{reason}），请检查文件夹能否写入、空间是否足够。"
    ),
    "An approximate index needs usearch; install it with pip install 'videobert-demo[approximate]'.": (
        "近似索引需要 usearch，请用 pip install 'videobert-demo[approximate]' 安装。"
    ),
    "The approximate index {name} is damaged.": "近似索引 {name} 已损坏。",
    "The approximate index {name} cannot be read ({reason}).": "无法读取近似索引 {name}（{reason}）。",
    "The approximate index {name} is of another kind.": "近似索引 {name} 的类型不符。",
    "What is noted of the approximate index cannot be read.": "无法读取近似索引的记录。",
    "The library {name} has {count} vectors; an approximate index is worth it from {least} on.": (
        "视频库 {name} 有 {count} 个向量；达到 {least} 个后才值得建立近似索引。"
    ),
    "An approximate index of the library {name} finds only {share} % of the best clips; it is not used.": (
        "视频库 {name} 的近似索引只能找到 {share} % 的最佳视频，因此不予使用。"
    ),
    "Only a library in a folder gets an approximate index; a server has one of its own.": (
        "只有文件夹中的视频库才能建立近似索引；服务器有自己的索引。"
    ),
    "{name} cannot be copied into the library ({reason}); check file and disk space.": (
        "无法把 {name} 复制到视频库（{reason}），请检查文件和磁盘空间。"
    ),
    "The library is closed; open it again.": "视频库已关闭，请重新打开。",
    "The library's server does not do what it should ({reason}); check VIDEOBERT_LIBRARY_URI.": (
        "视频库服务器工作异常（{reason}），请检查 VIDEOBERT_LIBRARY_URI。"
    ),
    "An EDL holds at most {most} scenes, and this clip has {count}; export it as OTIO or FCPXML instead.": (
        "EDL 最多容纳 {most} 个场景，而这段视频有 {count} 个，请改用 OTIO 或 FCPXML 导出。"
    ),
    "{name} cannot be copied into a {suffix} file; name the copy something.mkv.": (
        "{name} 无法复制到 {suffix} 文件中；请把副本命名为 .mkv 文件。"
    ),
    "Name the copy with chapters otherwise than the clip, and let its name end with one of {suffixes}.": (
        "请给带章节的副本取一个与原视频不同的名字，并以下列后缀之一结尾：{suffixes}。"
    ),
    "YouTube needs at least {least} chapters, and this clip has {count}; export it as WebVTT or JSON instead.": (
        "YouTube 至少需要 {least} 个章节，而这段视频有 {count} 个，请改用 WebVTT 或 JSON 导出。"
    ),
    "YouTube needs the first chapter at 0:00, and here it starts at {start}; move it to the beginning.": (
        "YouTube 要求第一个章节从 0:00 开始，而这里从 {start} 开始，请把它移到开头。"
    ),
    (
        "YouTube needs chapters of at least {least} seconds, and “{title}” at {start} has {length:.1f}; "
        "join it with a neighbour."
    ): "YouTube 要求每个章节至少 {least} 秒，而 {start} 处的“{title}”只有 {length:.1f} 秒，请把它与相邻章节合并。",
    # Heatmaps
    "The frame encoder of this checkpoint has no attention of its own, so the heat cannot be finer than its patches.": (
        "这个模型的画面编码器没有自身的注意力，热力图无法比图块更精细。"
    ),
    "Only {methods} can take in the frame encoder’s own attention; choose one of them.": (
        "只有 {methods} 能用到画面编码器自身的注意力，请选择其中之一。"
    ),
    # Labels that are taught
    "A label needs {least} to {most} different clips or moments, and these are {count}.": (
        "标签需要 {least} 到 {most} 段不同的视频或时刻，现在有 {count} 个。"
    ),
    "There are {most} labels already; remove one first.": "已有 {most} 个标签，请先删除一个。",
    "There is nothing to tell the label from; teach another one too, or keep the examples.": (
        "没有可与这个标签区分的内容，请再教一个标签，或保留示例。"
    ),
    "A label in the library cannot be read; remove it and teach it again.": (
        "视频库中的一个标签无法读取，请删除后重新学习。"
    ),
    "The label has no name yet; type one, such as “my dog jumping”.": "标签还没有名称，请输入一个，例如“我家狗在跳”。",
    "The label's name is too long; use at most {most} characters.": "标签名称太长，请控制在 {most} 个字符以内。",
    # What is mended
    "There is nothing to keep yet; type what is right.": "还没有内容，请输入正确的说法。",
    "That is too long; use at most {most} words.": "内容太长，请控制在 {most} 个单词以内。",
    "A correction in the library cannot be read; remove it and mend it again.": (
        "视频库中的一条修改无法读取，请删除后重新修改。"
    ),
    # Two clips side by side
    "Give two clips to see side by side; there are {count}.": "请给出两段视频，现在有 {count} 段。",
    "Choose two clips: one on the left, and a second one here.": "请选择两段视频：左侧一段，这里一段。",
    "{name} cannot be read while it is written; record it as .mkv, .webm or .ts.": (
        "{name} 在写入过程中无法读取，请录制为 .mkv、.webm 或 .ts。"
    ),
    # Subtitles and speech
    "Subtitles are files that end with one of {suffixes}.": "字幕是以 {suffixes} 之一结尾的文件。",
    "{name} is too large for subtitles.": "{name} 作为字幕文件太大。",
    "{name} holds no subtitles that can be read.": "{name} 里没有可以读取的字幕。",
    "{name} has no subtitles in it; bring a file of them.": "{name} 里没有字幕，请另外提供字幕文件。",
    "{name} has no sound in which speech could be recognised.": "{name} 没有可供识别语音的声音。",
    "The checkpoint for speech, {checkpoint}, cannot be used ({reason}); name another one.": (
        "语音检查点 {checkpoint} 无法使用（{reason}），请指定另一个。"
    ),
    "Nothing is said in this part of the clip.": "视频的这一部分没有人说话。",
    # Watch lists
    "An event has no name, or one of over {most} characters; shorten it.": (
        "有一个事件没有名称，或名称超过 {most} 个字符。"
    ),
    "“{name}” needs a sentence of at most {most} characters that says what is seen.": (
        "“{name}”需要一句不超过 {most} 个字符的描述，说明能看到什么。"
    ),
    "The threshold of “{name}” must lie between 0 and 1.": "“{name}”的阈值必须在 0 和 1 之间。",
    "The colour of “{name}” must be written as #rrggbb.": "“{name}”的颜色必须写成 #rrggbb。",
    "A watch list has at most {most} events; take some out.": "监看列表最多有 {most} 个事件，请删去一些。",
    "The watch list is empty; write at least one sentence.": "监看列表是空的，请至少写一句话。",
    "Two events are called “{name}”; rename one of them.": "有两个事件都叫“{name}”，请改掉其中一个。",
    "A watch list is a file that ends with one of {suffixes}, or one of these: {names}.": (
        "监看列表是以 {suffixes} 之一结尾的文件，或下列之一：{names}。"
    ),
    "The watch list “{name}” cannot be read.": "无法读取监看列表“{name}”。",
    "The watch list “{name}” is too large.": "监看列表“{name}”太大。",
    "The watch list “{name}” is damaged; check its form.": "监看列表“{name}”已损坏，请检查格式。",
    "The watch list “{name}” needs a list of events.": "监看列表“{name}”里需要一个事件列表。",
    "A webhook is an address that starts with http:// or https://, without a password.": (
        "Webhook 是以 http:// 或 https:// 开头、不含密码的地址。"
    ),
    "Alarms are sent only to hosts that VIDEOBERT_WEBHOOK_HOSTS names; {host} is not among them.": (
        "警报只发送到 VIDEOBERT_WEBHOOK_HOSTS 中列出的主机，{host} 不在其中。"
    ),
    "The alarm did not reach {host}: {reason}.": "警报未能送达 {host}：{reason}。",
    "{host} answered an alarm with {status}.": "{host} 对警报的回应是 {status}。",
}
