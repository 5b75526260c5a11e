"""What the decoder's Chinese is learned from: sentences, and the clips that they are about as the decoder reads them.

    what people said of a picture ("pictures"), what people said of a video, put into Chinese ("videos"), and what the
    model itself says of it, put into Chinese ("said")

Sentences of videos are put into Chinese by the rules of questions/chinese/, which say what the English says, and else
by the translator, where it is sure. The encoder does not change in training, so its states are computed once. Knows
pictures and videos; knows no adapters and no optimiser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from tqdm.auto import tqdm

from videobert_demo.data.chinese import ChineseImage
from videobert_demo.errors import DataError
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.chinese.composing import composed
from videobert_demo.questions.chinese.patterns import sentence_in_chinese
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.translate import translate_scored

SOURCES = ("pictures", "videos", "said")
PER_BATCH = 32
PAIRS = 12_000
LIKELY = -0.5
"""From this mean log-probability of a token on a translated caption is learned from."""


@dataclass(frozen=True, eq=False)
class ChineseCaptions:
    """What a run learns from: N sentences about M clips.

    Attributes:
        texts: the sentences. sources: of each its source, a number of SOURCES.
        clips: (N,) int64, which clip each is about.
        states: of each clip the encoder's states, fp16 (S, D), as the decoder reads them.
        pairs: sentences in English and in Chinese that say the same, which tell where a Chinese word has its place.
    """

    texts: Sequence[str]
    sources: Tensor
    clips: Tensor
    states: Sequence[Tensor]
    pairs: Sequence[tuple[str, str]]


def gather_captions(
    loaded: LoadedModel,
    images: Sequence[ChineseImage],
    pictures: Sequence[ClipTensors],
    captioned: Sequence[tuple[ClipTensors, Sequence[str]]] = (),
    *,
    translated: int = 4,
    progress: bool = True,
) -> ChineseCaptions:
    """Computes what the decoder learns from.

    Args:
        images: none that is held out; `pictures`: their features.
        captioned: features of videos and their English captions.
        translated: so many captions of a video that no rule fits go through the translator, at most.

    Raises:
        DataError: there are no pictures, or the checkpoint has no translator.
    """
    if loaded.translator is None or not images:
        raise DataError("the decoder's Chinese needs a checkpoint with a translator, and pictures to learn from")
    rows = [(text, 0, number) for number, image in enumerate(images) for text in image.captions]
    english = [
        (list(dict.fromkeys(captions)), 1, number) for number, (_, captions) in enumerate(captioned, len(images))
    ]
    videos = [clip for clip, _ in captioned]
    for start in tqdm(range(0, len(videos), PER_BATCH), desc="own captions", disable=not progress):
        written = caption_clips(loaded, videos[start : start + PER_BATCH], candidates=3, beams=4)
        english += [
            ([one.text for one in captions], 2, number) for number, captions in enumerate(written, len(images) + start)
        ]
    rows += _in_chinese(loaded, english, translated, progress=progress)
    return ChineseCaptions(
        [text for text, _, _ in rows],
        torch.tensor([source for _, source, _ in rows]),
        torch.tensor([clip for _, _, clip in rows]),
        _states_of(loaded, [*pictures, *videos], progress=progress),
        [pair for image in images for pair in image.machine][:PAIRS],
    )


def _in_chinese(
    loaded: LoadedModel, english: Sequence[tuple[Sequence[str], int, int]], translated: int, *, progress: bool
) -> list[tuple[str, int, int]]:
    """English sentences of clips -> Chinese ones, each with its source and its clip."""
    assert loaded.translator is not None
    rows, left = [], []
    for sentences, source, clip in english:
        put = [(sentence, sentence_in_chinese(sentence) or composed(sentence)) for sentence in sentences]
        rows += [(chinese, source, clip) for _, chinese in put if chinese]
        if source == 1:
            left += [(sentence, source, clip) for sentence, chinese in put if not chinese][:translated]
    for start in tqdm(range(0, len(left), 8 * PER_BATCH), desc="translations", disable=not progress):
        part = left[start : start + 8 * PER_BATCH]
        written = translate_scored(loaded.translator, [sentence for sentence, _, _ in part], "zh", beams=1)
        rows += [
            (one.text, source, clip)
            for one, (_, source, clip) in zip(written, part, strict=True)
            if one.text and one.log_probability > LIKELY
        ]
    return rows


@torch.inference_mode()
def _states_of(loaded: LoadedModel, clips: Sequence[ClipTensors], *, progress: bool) -> list[Tensor]:
    """What the decoder reads of each clip, without padding."""
    found: list[Tensor | None] = [None] * len(clips)
    order = sorted(range(len(clips)), key=lambda number: len(clips[number].frame_features))
    for start in tqdm(range(0, len(clips), PER_BATCH), desc="states", disable=not progress):
        rows = order[start : start + PER_BATCH]
        encoded = loaded.model.encoder(**stack_clips([clips[row] for row in rows], loaded.device, loaded.model.dtype))
        states, mask = loaded.model.as_decoder_reads(encoded), encoded.parts()[1]
        for place, row in enumerate(rows):
            found[row] = states[place][mask[place].bool()].half().cpu().clone()
    return [states for states in found if states is not None]


def save_captions(captions: ChineseCaptions, path: Path) -> None:
    """Keeps it on disk, for a run that is interrupted."""
    torch.save(
        {
            **vars(captions),
            "texts": list(captions.texts),
            "states": list(captions.states),
            "pairs": list(captions.pairs),
        },
        path,
    )


def load_captions(path: Path) -> ChineseCaptions:
    """What `save_captions` kept."""
    return ChineseCaptions(**torch.load(path, weights_only=True, mmap=True))
