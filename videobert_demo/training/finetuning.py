"""From somebody's own clips to a checkpoint: another one, trained further on them.

    FOLDER --taking_in--> OUT/data --> OUT/features, by the start's encoder --> OUT/run --> OUT/checkpoint
    checkpoint --new_words--> OUT/start: it can write every word of the captions

Each step is done once: the same command goes on where it stopped. Knows how clips are trained on; knows no figures.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from videobert_demo.data.archive import FrameArchive
from videobert_demo.data.clip_records import ClipRecord
from videobert_demo.data.msrvtt import read_videos
from videobert_demo.errors import DataError
from videobert_demo.model.finding import find_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.model.sources import quiet_loading
from videobert_demo.settings import bundled_folder
from videobert_demo.training.checkpoints import export_average, save_model
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.feature_sets import open_looker
from videobert_demo.training.features import compute_features
from videobert_demo.training.new_words import find_unwritten, write_more
from videobert_demo.training.run import run_stage
from videobert_demo.training.taking_in import FOLDER, MIN_CLIPS, MIN_HELD_OUT, take_in

CONFIG = bundled_folder("configs") / "finetune.yaml"
VIEWS = 4


@dataclass(frozen=True)
class Finetuning:
    """Where everything of one run of the command lies.

    Attributes:
        out: the folder of the run.
        records: what is said of the clips.
        new_words: the tokens that the checkpoint could not write before.
    """

    out: Path
    records: tuple[ClipRecord, ...]
    new_words: tuple[str, ...]

    @property
    def data(self) -> Path:
        """The clips' frames and captions, as training reads them."""
        return self.out / "data"

    @property
    def features(self) -> Path:
        """The features of the start's frame encoder."""
        return self.out / "features"

    @property
    def start(self) -> Path:
        """The checkpoint before training."""
        return self.out / "start"

    @property
    def checkpoint(self) -> Path:
        """The checkpoint after it."""
        return self.out / "checkpoint"


def prepare_finetuning(
    folder: Path, records: Sequence[ClipRecord], out: Path, checkpoint: str, *, revision: str | None = None
) -> Finetuning:
    """Takes the clips in, makes the checkpoint to start from, and computes features.

    Raises:
        CheckpointError: there is no such checkpoint.
        DataError: a record or a clip is wrong, or `out` holds another run.
    """
    source = find_checkpoint(checkpoint, revision)
    with quiet_loading():
        model = VideoBertForConditionalGeneration.from_pretrained(source, dtype="float32", use_safetensors=True)
    model.eval()
    preparation = model.encoder.frame_tower.preparation
    processor = VideoBertProcessor.read(source, preparation)
    take_in(records, folder, out / "data", frames=model.config.max_frames * preparation.frames)
    texts = [text for record in records for text in (*record.captions, *(answer for _, answer in record.questions))]
    found = find_unwritten(model, processor, texts)
    if found:
        processor = write_more(model, processor, found)
    finetuning = Finetuning(out, tuple(records), tuple(found))
    save_model(finetuning.start, model, processor)
    compute_clip_features(finetuning.data, finetuning.features, str(finetuning.start), views=VIEWS)
    return finetuning


def compute_clip_features(data: Path, features: Path, checkpoint: str, *, views: int) -> None:
    """Computes the features of the clips that were taken in, by a checkpoint's frame encoder."""
    looker, grid = open_looker(checkpoint)
    videos = read_videos(data / FOLDER)
    archive = FrameArchive(data / FOLDER / "frames.tar")
    compute_features(videos, archive, looker, features / FOLDER, views=views, grid=grid or 4)
    archive.close()


def train_and_export(finetuning: Finetuning, config: TrainingConfig, *, name: str, cpu: bool) -> dict[str, float]:
    """Trains, and writes the checkpoint; returns the last losses.

    Args:
        name: what the app calls the model.
    """
    config = _without_questions(config, finetuning)
    out, start = finetuning.out / "run", str(finetuning.start)
    losses = run_stage(config, finetuning.data, finetuning.features, out, init=start, resume=True, cpu=cpu)
    export_average([out / "model"], finetuning.checkpoint, name=name)
    return losses


def estimate(
    folder: Path,
    records: Sequence[ClipRecord],
    config: TrainingConfig,
    checkpoint: str,
    *,
    revision: str | None = None,
    cpu: bool = False,
) -> dict[str, float]:
    """What training on the records will cost, told by a few of the clips and two steps; nothing is kept.

    Returns:
        What `StepCost.to_dict` gives, "features_minutes" for all clips in all views, and "clips".

    Raises:
        CheckpointError, DataError: as `prepare`.
    """
    held_out = 2 * MIN_HELD_OUT
    if len(records) < MIN_CLIPS:
        raise DataError(f"there are {len(records)} clips; {MIN_CLIPS} are the fewest to learn from")
    some = [replace(one, split="train") for one in records[: config.videos_per_step + held_out]]
    some[:held_out] = [
        replace(one, split=split) for one, split in zip(some, ("val", "test") * MIN_HELD_OUT, strict=False)
    ]
    with tempfile.TemporaryDirectory() as temporary:
        started = time.perf_counter()
        made = prepare_finetuning(folder, some, Path(temporary), checkpoint, revision=revision)
        seconds = time.perf_counter() - started
        asked = _without_questions(config, made)
        start = str(made.start)
        cost = run_stage(asked, made.data, made.features, Path(temporary) / "run", init=start, cpu=cpu, dry=True)
    minutes = seconds * len(records) / len(some) / 60
    return {"clips": len(records), "features_minutes": round(minutes, 1), **cost}


def _without_questions(config: TrainingConfig, finetuning: Finetuning) -> TrainingConfig:
    """The config, without questions where people asked none."""
    asks = any(record.questions for record in finetuning.records)
    return config if asks else replace(config, questions_per_step=0)
