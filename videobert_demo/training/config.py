"""The settings of a training run: a YAML file, checked on reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from videobert_demo.errors import DataError
from videobert_demo.training.pixel_operations import MAX_OPERATIONS
from videobert_demo.training.trackers import read_trackers

FRAME_CAPS, FRAME_CAP_SHARES = (3, 4, 6, 8), (0.2, 0.4, 0.3, 0.1)
"""How many frames of each video a batch reads at most, and how often."""
MINILM_LAYERS = 6
TRAINED = ("all", "heads", "answers", "heads_and_answers")
"""What may learn; see `TrainingConfig`."""

_OF_SENTENCES = ("infilling", "paraphrase")
_OF_OTHERS = ("answer", "grounding", "label_contrast", "everyday_caption")  # these bring batches of their own


@dataclass(frozen=True)
class LossWeights:
    """Weights of the objectives; an objective with weight 0 is not computed."""

    caption: float = 1.0
    contrast: float = 0.0
    masked_words: float = 0.0
    masked_visual_words: float = 0.0
    alignment: float = 0.0
    infilling: float = 0.0
    paraphrase: float = 0.0
    self_critical: float = 0.0
    label_caption: float = 0.0
    answer: float = 0.0
    grounding: float = 0.0
    label_contrast: float = 0.0
    everyday_caption: float = 0.0

    @property
    def of_videos(self) -> bool:
        """Whether any objective needs videos."""
        return any(
            getattr(self, entry.name) > 0 for entry in fields(self) if entry.name not in _OF_SENTENCES + _OF_OTHERS
        )

    @property
    def of_label_clips(self) -> bool:
        """Whether any objective needs clips that consist of labels, apart from questions; none has words to mask."""
        return self.caption > 0 or self.label_caption > 0 or self.contrast > 0

    @property
    def of_sentences(self) -> bool:
        """Whether any objective reads sentences alone."""
        return any(getattr(self, name) > 0 for name in _OF_SENTENCES)

    @property
    def of_everyday(self) -> bool:
        """Whether any objective needs labelled stills, apart from questions."""
        return self.label_contrast > 0 or self.everyday_caption > 0


@dataclass(frozen=True)
class TrainingConfig:
    """One run. Rates are per optimiser step; `init` is "new" or a checkpoint folder to start from.

    `codebook` is a file that the command `codebook` wrote, for a new model; without one, it is fitted to the features.

    `tower_blocks` is how many blocks of the frame encoder learn, from the last one on; -1 for all of them. With 0 it is
    frozen, and its stored features are read; else frames are, and batches are of videos only.

    `trained` is "all"; or "heads", and the encoder, the decoder and the contrastive projections stay as they are; or
    "answers", and all stays but the adapters that answer questions; or "heads_and_answers". A checkpoint without
    adapters is given some of `answer_rank`.

    With `patience` above 0 the held-out loss of captions and contrast is measured every `validate_every` steps; after
    this many times without a better one training ends, and the best weights are kept. A step adds up the gradients of
    `accumulation_steps` times as many batches.

    Augmentation: `frame_dropout` and `layer_dropout` are shares of frames and layers that are left out; `mixup` is the
    parameter of mixing.py. The frames for an encoder that learns (`tower_blocks`) vary as pixels.Variation says.
    `adversarial_steps` of `adversarial_rate` within `adversarial_norm` change what is read (adversarial.py).
    `gradient_checkpointing` computes layers twice instead of keeping what their backward pass needs.

    Every `log_every` steps losses are told to `log_with`: tensorboard, wandb, both with a comma, or none (trackers.py).
    """

    init: str = "new"
    trained: str = "all"
    steps: int = 1000
    seed: int = 0
    mixed_precision: str = "no"
    videos_per_step: int = 32
    stills_per_step: int = 0
    label_clips_per_step: int = 0
    contrasted_per_step: int = 0
    questions_per_step: int = 0
    label_questions_per_step: int = 0
    composites_per_step: int = 0
    everyday_per_step: int = 0
    captions_per_video: int = 5
    sentences_per_step: int = 0
    consensus_temperature: float = 0.0
    learning_rate: float = 5e-4
    encoder_learning_rate: float = 1e-4
    weight_decay: float = 0.05
    warmup_steps: int = 100
    final_rate: float = 0.02
    label_smoothing: float = 0.1
    gradient_norm: float = 1.0
    average_decay: float = 0.998
    samples_per_video: int = 5
    unknown_phrase_cost: float = 0.0
    joint_stride: int = 1
    labels_per_clip: int = 6
    patch_dropout: float = 0.0
    frame_dropout: float = 0.0
    layer_dropout: float = 0.0
    mixup: float = 0.0
    pixel_crop: float = 0.0
    pixel_flip: float = 0.0
    pixel_colour: float = 0.0
    frame_jitter: float = 0.0
    pixel_operations: int = 0
    input_dropout: float = 0.1
    hidden_dropout: float = 0.1
    encoder_layers: int = MINILM_LAYERS
    decoder_layers: int = 3
    patch_grid: int = 4
    max_frames: int = 8
    streams: int = 1
    answer_rank: int = 0
    codebook: str = ""
    tower_blocks: int = 0
    patience: int = 0
    validate_every: int = 50
    accumulation_steps: int = 1
    gradient_checkpointing: bool = False
    adversarial_steps: int = 0
    adversarial_rate: float = 0.1
    adversarial_norm: float = 0.3
    save_every: int = 250
    log_every: int = 20
    log_with: str = "tensorboard"
    weights: LossWeights = field(default_factory=LossWeights)

    def __post_init__(self) -> None:
        for name, minimum in _MINIMA.items():
            value = getattr(self, name)
            if value < minimum:
                raise DataError(f"{name} is {value}; it must be at least {minimum}")
        if self.trained not in TRAINED:
            raise DataError(f"trained is {self.trained!r}; it must be one of {', '.join(TRAINED)}")
        if self.tower_blocks:
            self._check_tower()
        if "answers" in self.trained and not self.answer_rank:
            raise DataError(f"trained is {self.trained!r}, but answer_rank is 0: there is no adapter to train")
        if not 1 <= self.encoder_layers <= MINILM_LAYERS:
            raise DataError(f"encoder_layers is {self.encoder_layers}; it must be 1 to {MINILM_LAYERS}, as MiniLM has")
        self._check_augmentation()
        read_trackers(self.log_with)
        if self.mixed_precision not in ("no", "bf16", "fp16"):
            raise DataError(f"mixed_precision is {self.mixed_precision!r}; it must be no, bf16 or fp16")
        if self.patience and not (self.weights.caption > 0 or self.weights.contrast > 0):
            raise DataError("patience waits for a better loss of captions or contrast, but neither has a weight")
        if self.streams not in (1, 2):
            raise DataError(f"streams is {self.streams}; it must be 1 or 2")

    def _check_augmentation(self) -> None:
        for name in _SHARES:
            if not 0 <= getattr(self, name) < 1:
                raise DataError(f"{name} is {getattr(self, name)}; it must be at least 0 and less than 1")
        for name in _OF_PIXELS:
            if getattr(self, name) and not self.tower_blocks:
                raise DataError(f"{name} varies pixels, but stored features are read: tower_blocks is 0")
        if self.pixel_operations > MAX_OPERATIONS:
            raise DataError(f"pixel_operations is {self.pixel_operations}; there are {MAX_OPERATIONS} to choose from")
        if self.weights.self_critical > 0 and (self.mixup or self.adversarial_steps):
            raise DataError("self_critical samples from clips as they are; set mixup and adversarial_steps to 0")

    def _check_tower(self) -> None:
        if self.trained != "all":
            raise DataError("tower_blocks lets the frame encoder learn, but trained is not 'all'")
        for name in _NEED_STORED:
            if getattr(self, name):
                raise DataError(f"{name} reads stored features, which a frame encoder that learns has not; set it to 0")


_SHARES = ("patch_dropout", "frame_dropout", "layer_dropout", "pixel_crop", "pixel_colour")
_OF_PIXELS = ("pixel_crop", "pixel_flip", "pixel_colour", "frame_jitter", "pixel_operations")
_NEED_STORED = (
    "mixup",
    "stills_per_step",
    "label_clips_per_step",
    "questions_per_step",
    "composites_per_step",
    "everyday_per_step",
)
# a self-critical sample is compared with the video's other ones
_MINIMA = {"steps": 1, "videos_per_step": 1, "captions_per_video": 1, "samples_per_video": 2, "joint_stride": 1}
_MINIMA |= {
    "tower_blocks": -1,
    "stills_per_step": 0,
    "label_clips_per_step": 0,
    "contrasted_per_step": 0,
    "questions_per_step": 0,
    "label_questions_per_step": 0,
    "composites_per_step": 0,
    "everyday_per_step": 0,
    "sentences_per_step": 0,
    "warmup_steps": 0,
    "answer_rank": 0,
    "patience": 0,
    "validate_every": 1,
    "accumulation_steps": 1,
    "adversarial_steps": 0,
    "mixup": 0,
    "pixel_flip": 0,
    "frame_jitter": 0,
    "pixel_operations": 0,
    "save_every": 1,
    "log_every": 1,
}


def build_settings(cls: Any, values: Any, source: Path) -> Any:
    """The dataclass `cls` with these settings, read from `source`; raises DataError for an unknown or wrong one."""
    if not isinstance(values, dict):
        raise DataError(f"{source}: expected settings as `name: value`, found {values!r}")
    known = {entry.name: entry.type for entry in fields(cls)}
    for name, value in values.items():
        if name not in known:
            raise DataError(f"{source}: unknown setting {name!r}; known are {', '.join(sorted(known))}")
        expected: Any = {"int": int, "float": (int, float), "str": str, "bool": bool}.get(str(known[name]), object)
        is_switch = known[name] == "bool"
        if isinstance(value, bool) != is_switch or not isinstance(value, expected):
            # 1e-4 without a point is a text in YAML 1.1
            raise DataError(f"{source}: {name} is {value!r}; it must be of type {known[name]} (a float as 1.0e-4)")
    return cls(**values)


def has_settings(config: Any, kept: Mapping[str, Any]) -> bool:
    """Whether a run that wrote down `kept` had the settings of `config`, a dataclass; newer ones had their defaults.

    Args:
        kept: what `asdict` gave, as JSON keeps it.
    """
    before = json.loads(json.dumps(asdict(type(config)())))
    now = json.loads(json.dumps(asdict(config)))
    weights = {
        name: before[name] | dict(kept.get(name, {})) for name, value in before.items() if isinstance(value, dict)
    }
    known: bool = before | dict(kept) | weights == now
    return known


def read_yaml(path: Path) -> dict[str, Any]:
    """The settings in a YAML file; raises DataError for an unreadable file, or one that holds none."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise DataError(f"{path} cannot be read as a training config: {error}") from error
    if not isinstance(values, dict):
        raise DataError(f"{path}: expected settings as `name: value`, found {values!r}")
    return values


def build_config(values: dict[str, Any], source: Path) -> TrainingConfig:
    """The config with these settings, read from `source`; raises DataError for an unknown or wrong one."""
    weights = build_settings(LossWeights, values.get("weights", {}), source)
    config: TrainingConfig = build_settings(TrainingConfig, {**values, "weights": weights}, source)
    return config


def read_config(path: Path) -> TrainingConfig:
    """Reads a YAML file; raises DataError for an unreadable file, an unknown setting or a value of the wrong type."""
    return build_config(read_yaml(path), path)
