"""Trains the head that puts Chinese sentences into the model's space of vectors (model/chinese_vectors.py).

    what people said of a picture ------+
    its captions, translated -----------+--> translator's encoder + adapters --> head --> nearest of all to its own
    captions of a video, translated ----+                                         +--> near the English vector
    what people said of another video --+

Nothing of the model or of the translator changes. A batch is a pure function of (seed, step). Knows what
chinese_search_examples.py put together; knows no search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from videobert_demo.errors import DataError
from videobert_demo.model.chinese_vectors import ChineseVectors, save_vectors
from videobert_demo.model.loading import LoadedModel, fingerprint
from videobert_demo.training.chinese_search_examples import SOURCES, Taught
from videobert_demo.training.config import build_settings, read_yaml
from videobert_demo.training.seeds import SeedStream, open_stream
from videobert_demo.training.short_runs import RunSettings, run_steps

TAUGHT_FILE = "taught.pt"
BATCHES_OF_A_LENGTH = 8


@dataclass(frozen=True)
class ChineseSearchConfig(RunSettings):
    """The settings of a run.

    Attributes:
        means, rank, share: as `ChineseVectors` takes them.
        sentences: how many of a step come from what people said of the pictures ("own"), their machine-made and human
            pairs ("pairs"), captions of videos that the translator put into Chinese ("translated") and what people
            said in Chinese of videos that are not there ("videos"). Sources without a sentence are left out.
        translated: how many captions of each video are translated.
        soft: the share of a picture's probability that goes to all pictures as the English vector finds them.
        english: the weight of the distance to the English vector.
        scale, soft_scale: by which similarities are multiplied before the softmax over all pictures.
    """

    means: int = 2
    rank: int = 24
    share: float = 0.8
    dropout: float = 0.1
    sentences: Mapping[str, int] = field(
        default_factory=lambda: {"own": 120, "pairs": 64, "translated": 48, "videos": 24}
    )
    translated: int = 6
    soft: float = 0.3
    english: float = 2.0
    scale: float = 20.0
    soft_scale: float = 40.0
    steps: int = 1100
    learning_rate: float = 2e-3
    warmup_steps: int = 60
    weight_decay: float = 0.05

    def __post_init__(self) -> None:
        if set(self.sentences) - set(SOURCES) or sum(self.sentences.values()) < 1:
            raise DataError(f"sentences must be counts of some of {', '.join(SOURCES)}, got {dict(self.sentences)}")


def read_chinese_search_config(path: Path) -> ChineseSearchConfig:
    """Reads a YAML file; raises DataError for an unreadable file, an unknown setting or a value of the wrong type."""
    config: ChineseSearchConfig = build_settings(ChineseSearchConfig, read_yaml(path), path)
    return config


def train_chinese_search(
    loaded: LoadedModel,
    taught: Taught,
    out: Path,
    config: ChineseSearchConfig,
    *,
    stop_after: int | None = None,
    progress: bool = True,
) -> Path:
    """Trains the head, or goes on training what is in `out`; it is written there after every `save_every` steps.

    Args:
        stop_after: leave after this many steps of this call.

    Returns:
        The folder with the head, which belongs into the translator's folder of the checkpoint.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    assert loaded.translator is not None
    loaded.translator.model.requires_grad_(False)
    head = ChineseVectors(
        loaded.translator,
        dimension=taught.vectors.shape[1],
        means=config.means,
        rank=config.rank,
        dropout=config.dropout,
        share=config.share,
        fingerprint=fingerprint(loaded.model),
    ).train()
    own = head.own()
    optimizer = torch.optim.AdamW(own.values(), lr=config.learning_rate, weight_decay=config.weight_decay)
    run_steps(
        own,
        optimizer,
        lambda step: head_loss(head, taught, rows_of_step(taught, step, config), config),
        lambda: save_vectors(head, out),
        out,
        config,
        final_rate=0.02,
        label="head",
        stop_after=stop_after,
        progress=progress,
    )
    return out


def rows_of_step(taught: Taught, step: int, config: ChineseSearchConfig) -> list[int]:
    """The sentences of one step, of about one length: of a few batches' sentences, sorted, one batch."""
    block, number = divmod(step, BATCHES_OF_A_LENGTH)
    random = open_stream(config.seed, SeedStream.CHINESE_SEARCH, block)
    drawn: list[int] = []
    for name, count in config.sentences.items():
        of_source = (taught.sources == SOURCES.index(name)).nonzero()[:, 0]
        if len(of_source):
            chosen = random.integers(len(of_source), size=count * BATCHES_OF_A_LENGTH)
            drawn += of_source[torch.from_numpy(chosen)].tolist()
    drawn.sort(key=lambda row: len(taught.texts[row]))
    size = len(drawn) // BATCHES_OF_A_LENGTH
    place = int(random.permutation(BATCHES_OF_A_LENGTH)[number])
    return drawn[place * size : (place + 1) * size]


def head_loss(head: ChineseVectors, taught: Taught, rows: Sequence[int], config: ChineseSearchConfig) -> Tensor:
    """Cross-entropy of each sentence's clip among all of its kind, and the distance to what is said in English.

    What people said of a picture is no translation of its English captions: for it the distance counts half.
    """
    chosen = torch.tensor(list(rows))
    with torch.autocast("cpu", torch.bfloat16):
        vectors = head([taught.texts[row] for row in rows])
    english, about = taught.english[chosen], taught.clips[chosen]
    weights = torch.where(taught.sources[chosen] == SOURCES.index("own"), 0.5, 1.0)
    loss: Tensor = config.english * ((1 - (vectors * english).sum(1)) * weights).mean()
    is_there = about >= 0
    for is_video in (False, True):
        of_kind = taught.is_video == is_video
        here = is_there & (taught.is_video[about.clamp(min=0)] == is_video)
        if not bool(here.any()):
            continue
        keys = taught.vectors[of_kind]
        target = (of_kind.cumsum(0) - 1)[about[here]]
        likely = (config.scale * vectors[here] @ keys.T).log_softmax(1)  # (n, M')
        own = -likely.gather(1, target[:, None])[:, 0]
        if is_video:
            loss = loss + 0.5 * own.sum() / len(rows)
            continue
        wanted = (config.soft_scale * english[here] @ keys.T).softmax(1)
        loss = loss + ((1 - config.soft) * own - config.soft * (wanted * likely).sum(1)).sum() / len(rows)
    return loss
