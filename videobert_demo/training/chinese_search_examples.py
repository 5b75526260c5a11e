"""What the head for Chinese searches learns from: sentences, the clips that they are about, and the same in English.

    what people said of a picture ("own"), its pairs ("pairs"), a video's captions put into Chinese ("translated"), and
    what people said of a video that is not there ("videos")

What stays the same in training, vectors of clips and of English sentences, is computed once. Knows pictures, videos and
pairs; knows no head and no optimiser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from tqdm.auto import tqdm

from videobert_demo.data.chinese import ChineseImage, ChineseVideo
from videobert_demo.errors import DataError
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.translator import as_read
from videobert_demo.tasks.embed import embed_clips, embed_sentences
from videobert_demo.tasks.translate import translate_scored
from videobert_demo.training.seeds import SeedStream, open_stream

SOURCES = ("own", "pairs", "translated", "videos")
PER_BATCH = 128
LIKELY = -0.7
"""From this mean log-probability of a token on a translated caption is learned from."""
MOST_ENGLISH = 4
"""So many English captions of a video whose Chinese ones are learned from are put into one vector."""


@dataclass(frozen=True, eq=False)
class Taught:
    """What a run learns from: N sentences about M clips.

    Attributes:
        texts: the sentences. sources: of each its source, a number of SOURCES.
        clips: (N,) int64, which clip each is about; -1 for one that is not there.
        vectors: (M, D), the clips' unit vectors.
        is_video: (M,) bool; pictures are told from pictures, videos from videos.
        english: (N, D), the unit vector of what is said in English.
    """

    texts: Sequence[str]
    sources: Tensor
    clips: Tensor
    vectors: Tensor
    is_video: Tensor
    english: Tensor


@dataclass(frozen=True)
class _Row:
    text: str
    source: str
    clip: int
    english: tuple[str, ...]


def teach(
    loaded: LoadedModel,
    images: Sequence[ChineseImage],
    clips: Sequence[ClipTensors],
    *,
    captioned: Sequence[tuple[ClipTensors, Sequence[str]]] = (),
    described: Sequence[ChineseVideo] = (),
    translated: int = 4,
    seed: int = 1,
    progress: bool = True,
) -> Taught:
    """Computes what the head learns from.

    Args:
        images: none that is held out; `clips`: their features.
        captioned: features of videos and their English captions, of which `translated` are put into Chinese.
        described: videos that are not there, by what people said of them in both languages.

    Raises:
        DataError: there are no pictures, or the checkpoint has no translator.
    """
    translator = loaded.translator
    if translator is None or not images:
        raise DataError("a head for Chinese searches needs a checkpoint with a translator, and pictures to learn from")
    rows: list[_Row] = []
    for number, image in enumerate(images):
        said = tuple(english for english, _ in image.machine)
        rows += [_Row(text, "own", number, said) for text in image.captions if said]
        rows += [_Row(text, "pairs", number, (english,)) for english, text in (*image.machine, *image.human)]
    random = open_stream(seed, SeedStream.CHINESE_SEARCH)
    for number, (_, captions) in enumerate(captioned, len(images)):
        known = sorted(set(captions))
        chosen = [known[index] for index in sorted(random.permutation(len(known))[:translated].tolist())]
        rows += [_Row("", "translated", number, (caption,)) for caption in chosen]
    rows = _translated(loaded, rows, progress=progress)
    rows += [
        _Row(text, "videos", -1, tuple(dict.fromkeys(video.english))[:MOST_ENGLISH])
        for video in described
        for text in video.chinese
    ]
    every = [*clips, *(clip for clip, _ in captioned)]
    starts = range(0, len(every), PER_BATCH)
    vectors = torch.cat([embed_clips(loaded, every[start : start + PER_BATCH]) for start in starts])
    return Taught(
        [row.text for row in rows],
        torch.tensor([SOURCES.index(row.source) for row in rows]),
        torch.tensor([row.clip for row in rows]),
        vectors,
        torch.arange(len(every)) >= len(images),
        _english_vectors(loaded, rows, progress=progress),
    )


def _translated(loaded: LoadedModel, rows: Sequence[_Row], *, progress: bool) -> list[_Row]:
    """The rows, those without a text with the translation of their caption; without those that are unlikely."""
    assert loaded.translator is not None
    blank = [row for row in rows if not row.text]
    made: list[_Row] = []
    for start in tqdm(range(0, len(blank), PER_BATCH), desc="translations", disable=not progress):
        part = blank[start : start + PER_BATCH]
        written = translate_scored(loaded.translator, [row.english[0] for row in part], "zh", beams=1)
        made += [
            _Row(one.text, row.source, row.clip, row.english)
            for row, one in zip(part, written, strict=True)
            if one.text and one.log_probability > LIKELY
        ]
    return [row for row in rows if row.text] + made


def _english_vectors(loaded: LoadedModel, rows: Sequence[_Row], *, progress: bool) -> Tensor:
    """The unit mean of the vectors of what each row says in English, (N, D)."""
    texts = sorted({as_read(text) for row in rows for text in row.english}, key=len)
    vectors: dict[str, Tensor] = {}
    for start in tqdm(range(0, len(texts), PER_BATCH), desc="English captions", disable=not progress):
        part = texts[start : start + PER_BATCH]
        vectors |= zip(part, embed_sentences(loaded, part), strict=True)
    means = [torch.stack([vectors[as_read(text)] for text in row.english]).mean(0) for row in rows]
    return functional.normalize(torch.stack(means), dim=1)


def save_taught(taught: Taught, path: Path) -> None:
    """Keeps it on disk, for a run that is interrupted."""
    torch.save({**vars(taught), "texts": list(taught.texts)}, path)


def load_taught(path: Path) -> Taught:
    """What `save_taught` kept."""
    return Taught(**torch.load(path, weights_only=True))
