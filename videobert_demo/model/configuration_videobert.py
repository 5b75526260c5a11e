"""The configuration of the VideoBERT/BART model: sizes only, no weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any, ClassVar

from transformers import BartConfig, BertConfig
from transformers.configuration_utils import PreTrainedConfig

MAX_TEXT_TOKENS = 128


class VideoBertConfig(PreTrainedConfig):
    """Sizes of the encoder, the decoder and the video input.

    `id2label` names the classes that the frame encoder can tell; there are none for an encoder without a classifier.

    Args:
        encoder: BertConfig (or its dict) of the encoder.
        decoder: BartConfig (or its dict) of the decoder. Where one tokenizer serves both, its vocabulary is the first
            `decoder.vocab_size` ids of the encoder's; else the checkpoint holds a tokenizer for it.
        vision: what frames and tubelets are read with (model/encoders/building.py); empty for EfficientNet-Lite0.
        frame_channels: channels of the tower's feature map.
        patch_grid: g; every frame gives g * g patch tokens. Rows and columns where they differ.
        max_frames: the most segments of a clip, and the number of equal bins into which the model sorts their times.
        codebook_branching: children of a node in the hierarchical k-means.
        codebook_levels: the depth of the tree; there are at most branching ** levels visual words.
        is_untrained: whether it was put together from parts and never trained, so that what it says means nothing.
        codebook_is_random: whether the visual words are still to be fitted to features.
        projection_size: width of the vectors that are compared for retrieval.
        video_token_id: id of the token `[>]`, behind which the video part begins.
        text_start_id, text_end_id: ids of the encoder's [CLS] and [SEP]; by default the decoder's start and end.
        labels_per_clip: K, how many ImageNet labels of a clip the encoder reads as words.
        patch_dropout: share of each frame's patch tokens that are left out, drawn anew at every training step.
        layer_dropout: the probability with which a layer of encoder or decoder is left out in training.
        answer_statement_weight, answer_yes_slope, answer_yes_middle: how statements and vectors count in answers
            (tasks/evidence.py); 0 leaves answers to the decoder.
        label_words: for each of the first labels the words that it is known by, separated by spaces; the remaining
            labels have none, and are not said of a clip (tasks/parts.py).
        categories, verbs, objects, actions: the labels of the heads for a clip's category, verb, object, and action or
            sport; a head without labels does not exist. Verbs and objects are lemmas.
        mentioned_words: lemmas of which the mention head tells whether people would use them (tasks/support.py);
            without any there is no such head.
        caption_mention_weight: how much a caption's support counts beside its score in the ranking of captions.
        tells_strangeness: whether there is a head for clips of which nothing can be told (tasks/strangeness.py).
        calibration: numbers that turn scores into probabilities of being right, by what they are of, as `calibrate`
            fits them (tasks/sureness.py); without them scores stand for themselves.
        visual_word_names: the names of visual words, by their ids as text (training/word_names.py).
        model_name: the name that the app shows for the model.
        streams: 1 for text and video in one stream, 2 for a stream each (model/two_streams.py).
        answer_rank: rank of the adapters that are active while a question is answered (model/adapters.py); 0 for none.
    """

    model_type = "videobert-bart"
    sub_configs: ClassVar[dict[str, type[PreTrainedConfig]]] = {"encoder": BertConfig, "decoder": BartConfig}
    is_composition = True

    encoder: BertConfig = field(default_factory=lambda: default_encoder_config())
    decoder: BartConfig = field(default_factory=lambda: default_decoder_config())
    is_encoder_decoder: bool = True
    vision: dict[str, Any] = field(default_factory=dict)
    frame_channels: int = 1280
    patch_grid: int | Sequence[int] = 4
    max_frames: int = 8
    codebook_branching: int = 8
    codebook_levels: int = 3
    projection_size: int = 384
    is_untrained: bool = False
    codebook_is_random: bool = False
    video_token_id: int = 5
    text_start_id: int | None = None
    text_end_id: int | None = None
    labels_per_clip: int = 6
    patch_dropout: float = 0.0
    layer_dropout: float = 0.0
    answer_statement_weight: float = 0.0
    answer_yes_slope: float = 0.0
    answer_yes_middle: float = 0.0
    label_words: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    mentioned_words: list[str] = field(default_factory=list)
    caption_mention_weight: float = 0.0
    tells_strangeness: bool = False
    calibration: dict[str, list[float]] = field(default_factory=dict)
    visual_word_names: dict[str, list[str]] = field(default_factory=dict)
    model_name: str = ""
    streams: int = 1
    answer_rank: int = 0

    def __post_init__(self, **kwargs: Any) -> None:
        """Checks the sizes, and takes special tokens that are not given from the decoder.

        Args:
            kwargs: what the base class knows, such as `id2label`.
        """
        if self.streams not in (1, 2):
            raise ValueError(f"streams is {self.streams!r}; it must be 1 or 2")
        for name, part in self.sub_configs.items():
            given: Any = getattr(self, name)  # a dict when it comes from a file
            setattr(self, name, part(**given) if isinstance(given, dict) else given)
        if not isinstance(self.patch_grid, int):
            self.patch_grid = [int(side) for side in self.patch_grid]
        if self.id2label is None:
            kwargs.setdefault("num_labels", 1000)
        for name in ("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id"):
            kwargs.setdefault(name, getattr(self.decoder, name))
        super().__post_init__(**kwargs)  # type: ignore[no-untyped-call]
        self.text_start_id = self.bos_token_id if self.text_start_id is None else self.text_start_id
        self.text_end_id = self.eos_token_id if self.text_end_id is None else self.text_end_id
        if len(self.label_words) > self.label_count:
            raise ValueError(f"label_words are for {len(self.label_words)} labels, but there are {self.label_count}")

    @property
    def patches_per_frame(self) -> int:
        """P: patch tokens of one frame."""
        rows, columns = self.grid_shape
        return rows * columns

    @property
    def grid_shape(self) -> tuple[int, int]:
        """Rows and columns of the patches of one frame."""
        if isinstance(self.patch_grid, int):
            return self.patch_grid, self.patch_grid
        rows, columns = self.patch_grid
        return rows, columns

    @property
    def label_count(self) -> int:
        """Classes of the frame tower."""
        return len(self.id2label or ())

    @property
    def codebook_size(self) -> int:
        """The number of visual words, in use or not."""
        return int(self.codebook_branching**self.codebook_levels)


def default_encoder_config(vocab_size: int = 30522) -> BertConfig:
    """all-MiniLM-L6-v2's sizes: 6 layers, 384 wide, 12 heads."""
    return BertConfig(
        vocab_size=vocab_size,
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
        max_position_embeddings=MAX_TEXT_TOKENS,
        hidden_dropout_prob=0.1,
        attention_probs_dropout_prob=0.0,
    )


def default_decoder_config(vocab_size: int = 6000) -> BartConfig:
    """Three BART decoder layers, 384 wide; starts with [CLS], ends with [SEP] (ids of the project's tokenizer)."""
    return BartConfig(
        vocab_size=vocab_size,
        d_model=384,
        decoder_layers=3,
        encoder_layers=0,
        decoder_attention_heads=6,
        decoder_ffn_dim=1536,
        max_position_embeddings=64,
        dropout=0.1,
        attention_dropout=0.0,
        activation_dropout=0.0,
        scale_embedding=False,
        is_decoder=True,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        decoder_start_token_id=2,
        forced_eos_token_id=None,
    )
