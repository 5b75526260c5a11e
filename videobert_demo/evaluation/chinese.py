"""How well it speaks Chinese: translations against people's, Chinese captions of pictures, and Chinese searches.

BLEU is sacreBLEU's with its `zh` tokenizer (Post, arXiv 1804.08771), chrF that of Popovic (W15-3049). CIDEr is counted
on characters. Knows pairs and pictures; knows no page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from tqdm.auto import tqdm

from videobert_demo.data.chinese import ChineseImage, Pair, held_out_pairs
from videobert_demo.data.stills import read_stills
from videobert_demo.errors import DataError, QuestionError
from videobert_demo.evaluation.caption_metrics import SentencesByVideo, compute_metric
from videobert_demo.evaluation.inputs import encode_videos
from videobert_demo.evaluation.metrics import score_retrieval
from videobert_demo.evaluation.retrieval import compare_with_clips
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.translator import Translator, is_chinese
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.chinese_caption import captions_in_chinese
from videobert_demo.tasks.embed import embed_queries, read_query
from videobert_demo.tasks.languages import Sought, say_in_chinese
from videobert_demo.tasks.translate import translate

PER_BATCH = 16


def evaluate_translation(
    translator: Translator, images: Sequence[ChineseImage], split: str = "val"
) -> dict[str, float]:
    """Translates the English sentences of human pairs.

    Args:
        split: "val" takes the held-out pairs; "test" all pairs of images of the split test. Of the file in the
            training data most of the latter were trained on: it is meant for pairs that were kept apart.

    Returns:
        `bleu` and `chrf` of our translations, `machine_bleu` of the machine translation that came with the data, and
        `pairs`, how many there were.

    Raises:
        DataError: there are no such pairs.
    """
    human, machine = held_out_pairs(images) if split == "val" else _pairs_of(images, split)
    references = [chinese for _, chinese in human]
    translated = translate(translator, [english for english, _ in human], "zh")
    by_machine = dict(machine)
    return {
        "bleu": bleu(translated, references),
        "chrf": round(CHRF().corpus_score(translated, [references]).score, 2),
        "machine_bleu": bleu([by_machine.get(english, "") for english, _ in human], references),
        "pairs": float(len(human)),
    }


def _pairs_of(images: Sequence[ChineseImage], split: str) -> tuple[list[Pair], list[Pair]]:
    chosen = [image for image in images if image.split == split and image.human]
    if not chosen:
        raise DataError(f"there are no human pairs of the split {split!r}")
    return [pair for image in chosen for pair in image.human], [pair for image in chosen for pair in image.machine]


def evaluate_pictures(
    loaded: LoadedModel, images: Sequence[ChineseImage], pictures: Path, split: str = "val", *, progress: bool = True
) -> dict[str, float]:
    """Captions and searches of Flickr8k's pictures in Chinese.

    Args:
        pictures: a folder with captions.jsonl and images.tar.

    Returns:
        `cider` of the Chinese captions as the app shows them, `cider_translated` of translated English ones and
        `cider_human` of what people translated of English captions (0 where there is none), all against the pictures'
        own Chinese captions, in percent points; `R@10` of searches by each picture's first Chinese caption and
        `R@10_english` by its first English one, among all pictures of the split.

    Raises:
        DataError: none of the pictures is there.
    """
    by_file = {image.file: image for image in images if image.split == split and image.captions}
    stills = [still for still in read_stills(pictures) if still.video_id in by_file]
    if not stills:
        raise DataError(f"{pictures} has no pictures of the split {split!r}")
    clips = list(encode_videos(loaded, pictures, stills, whole=False, archive_name="images.tar", progress=progress))
    written: list[str] = []
    for start in tqdm(range(0, len(clips), PER_BATCH), desc="captions", disable=not progress):
        written += [captions[0].text for captions in caption_clips(loaded, clips[start : start + PER_BATCH])]
    said = _as_the_app_says(loaded, clips, written)
    translated = say_in_chinese(loaded, [(text, "") for text in written])
    references = {still.video_id: by_file[still.video_id].captions for still in stills}
    by_people = {image.file: image.human[0][1] for image in by_file.values() if image.human}
    chinese = [by_file[still.video_id].captions[0] for still in stills]
    english = [still.captions[0] for still in stills]
    return {
        "cider": cider(dict(zip(references, said, strict=True)), references),
        "cider_translated": cider(dict(zip(references, translated, strict=True)), references),
        "cider_human": cider({file: by_people[file] for file in by_people if file in references}, references),
        "R@10": recall(loaded, chinese, clips),
        "R@10_english": recall(loaded, english, clips),
        "pictures": float(len(stills)),
    }


def _as_the_app_says(loaded: LoadedModel, clips: Sequence[ClipTensors], english: Sequence[str]) -> list[str]:
    """Captions in Chinese: what the decoder with Chinese words writes, and translations where none of it holds."""
    written: list[str] = []
    for start in range(0, len(clips), PER_BATCH):
        part = slice(start, start + PER_BATCH)
        written += captions_in_chinese(loaded, clips[part], english[part])
    left = [text for text, chinese in zip(english, written, strict=True) if not chinese]
    translated = iter(say_in_chinese(loaded, [(text, "") for text in left]))
    return [chinese or next(translated) for chinese in written]


def recall(loaded: LoadedModel, texts: Sequence[str], clips: Sequence[ClipTensors]) -> float:
    """R@10 of searches, in percent, as the app searches: by what text N clip N is to be found, among all clips.

    A text that the app refuses finds nothing.
    """
    queries: list[Sought | None] = []
    for text in texts:
        try:
            queries.append(read_query(loaded, text))
        except QuestionError:
            queries.append(None)
    read = [query for query in queries if query is not None]
    vectors = torch.zeros(len(texts), int(loaded.model.config.projection_size))
    is_read = torch.tensor([query is not None for query in queries])
    if read:
        starts = range(0, len(read), PER_BATCH)
        vectors[is_read] = torch.cat([embed_queries(loaded, read[start : start + PER_BATCH]) for start in starts])
    return score_retrieval(compare_with_clips(loaded, vectors, clips))["R@10"]


def cider(written: dict[str, str], references: SentencesByVideo) -> float:
    """CIDEr-D on characters, in percent points; document frequencies are those of the references of what is written."""
    if not written:
        return 0.0
    candidates = {name: [_spaced(text)] for name, text in written.items()}
    targets = {name: [_spaced(text) for text in references[name]] for name in written}
    return round(100 * compute_metric("CIDEr", targets, candidates), 2)


def _spaced(text: str) -> str:
    """A Chinese sentence as a row of characters, without marks."""
    return " ".join(letter for letter in text if is_chinese(letter) or letter.isalnum())


def bleu(translated: Sequence[str], references: Sequence[str]) -> float:
    """BLEU of N translations against one reference each, in percent."""
    score: float = BLEU(tokenize="zh").corpus_score(list(translated), [list(references)]).score
    return round(score, 2)
