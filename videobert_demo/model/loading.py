"""Loads a checkpoint, from a folder or the Hugging Face Hub, onto whatever this machine has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers.utils import logging as transformers_logging

from videobert_demo.errors import CheckpointError
from videobert_demo.model.chinese_decoder import ChineseDecoder, load_decoder
from videobert_demo.model.chinese_vectors import ChineseVectors, load_vectors
from videobert_demo.model.eight_bit_linear import EightBitWeight, has_vnni
from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.encoders.contract import FrameEncoder, Preparation, SegmentFeatures
from videobert_demo.model.encoders.efficientnet_lite import FrameTower
from videobert_demo.model.encoders.eight_bit_tower import TowerCalibration
from videobert_demo.model.encoders.exported import ExportedEncoder
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.finding import find_checkpoint
from videobert_demo.model.images import prepare_segments
from videobert_demo.model.linear import compute_in_eight_bits, hasten
from videobert_demo.model.modeling_videobert import INITIALLY_ZERO, VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.model.tokenizers import DECODER_FOLDER, VIDEO_TOKEN
from videobert_demo.model.translator import FOLDER as TRANSLATOR_FOLDER
from videobert_demo.model.translator import Translator, load_translator
from videobert_demo.model.views import view_of


@dataclass(frozen=True)
class LoadedModel:
    """A model in eval mode, its processor, and the tower to use for its frames (onnxruntime on CPUs).

    Attributes:
        folder: where it was read from, and `stored_bytes`: how large its weights are there; None and 0 if unknown.
    """

    model: VideoBertForConditionalGeneration
    processor: VideoBertProcessor
    tower: nn.Module
    name: str
    folder: Path | None = None
    stored_bytes: int = 0

    @property
    def device(self) -> torch.device:
        """Where the model's inputs go."""
        device: torch.device = self.model.device
        return device

    @property
    def is_light(self) -> bool:
        """Whether it computes in 8 bits."""
        return self.model.eight_bit_words is not None

    @cached_property
    def answerer(self) -> VideoBertForConditionalGeneration:
        """The model with the adapters that answer questions active; the model itself where it has none."""
        return view_of(self.model, answers=True) if self.model.config.answer_rank else self.model

    @cached_property
    def translator(self) -> Translator | None:
        """What translates between English and Chinese, read when it is first asked for; None if there is none.

        Raises:
            CheckpointError: its files are damaged.
        """
        return load_translator(self.folder / TRANSLATOR_FOLDER) if self.has_translator and self.folder else None

    @cached_property
    def chinese_vectors(self) -> ChineseVectors | None:
        """What puts Chinese sentences into the space of this model's vectors; None if there is none, or another's."""
        translator = self.translator
        head = load_vectors(self.folder / TRANSLATOR_FOLDER, translator) if self.folder and translator else None
        return head if head and head.fingerprint == fingerprint(self.model) else None

    @cached_property
    def chinese_decoder(self) -> ChineseDecoder | None:
        """The model's decoder with Chinese words, read when it is first asked for; None if there is none that fits.

        Raises:
            CheckpointError: its file, or the translator's, is damaged.
        """
        translator = self.translator
        if self.folder is None or translator is None:
            return None
        return load_decoder(self.folder / TRANSLATOR_FOLDER, self.model, translator)

    @property
    def has_chinese_decoder(self) -> bool:
        """Whether the checkpoint has such a decoder that fits; it is read for this."""
        return self.has_translator and self.chinese_decoder is not None

    @property
    def has_translator(self) -> bool:
        """Whether the checkpoint has a translator; it is not read for this."""
        return self.folder is not None and (self.folder / TRANSLATOR_FOLDER).is_dir()

    @property
    def preparation(self) -> Preparation:
        """How frames become the input of the frame encoder."""
        return self.model.encoder.frame_tower.preparation

    def prepare(self, pixels: NDArray[np.uint8], shape: tuple[int, int] | None = None) -> Tensor:
        """Frames of segments -> prepared segments, for `encode_clip`; arguments as `images.prepare_segments` takes."""
        return prepare_segments(pixels, self.preparation, shape)

    @torch.inference_mode()
    def encode_images(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Prepared segments (T, ...) -> pooled features (T, C) and patches (T, P, C), fp32, on the CPU."""
        return self._pool(self._look(images))

    @torch.inference_mode()
    def encode_clip(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """As `encode_images`, of the mean of the features of the segments and of their mirror images, mirrored back."""
        return self._pool(self._look(images).mean_with(self._look(images.flip(-1)).mirrored()))

    @torch.inference_mode()
    def encode_clips(self, clips: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
        """As `encode_clip`, of each of B clips' segments (T, ...): those of one shape in one batch."""
        found: dict[int, tuple[Tensor, Tensor]] = {}
        for shape in {images.shape[1:] for images in clips}:
            alike = [number for number, images in enumerate(clips) if images.shape[1:] == shape]
            pooled, patches = self.encode_clip(torch.cat([clips[number] for number in alike]))
            lengths = [len(clips[number]) for number in alike]
            found |= zip(alike, zip(pooled.split(lengths), patches.split(lengths), strict=True), strict=True)
        return [found[number] for number in range(len(clips))]

    def _look(self, images: Tensor) -> SegmentFeatures:
        return SegmentFeatures.of(self.tower(images.to(self.device, self.model.dtype)))

    def _pool(self, features: SegmentFeatures) -> tuple[Tensor, Tensor]:
        pooled, patches = self.model.encoder.pool_segments(features)
        return pooled.float().cpu(), patches.float().cpu()


P = ParamSpec("P")
R = TypeVar("R")
OnGpu = Callable[[Callable[..., Any]], Callable[..., Any]]


class ModelCall(Protocol):
    """`call(function, ...)` is `function(loaded, ...)`, wherever the model is."""

    def __call__(self, function: Callable[Concatenate[LoadedModel, P], R], /, *given: P.args, **named: P.kwargs) -> R:
        """Calls it."""


def bind(loaded: LoadedModel, on_gpu: OnGpu | None = None) -> ModelCall:
    """The one way to the model.

    Some machines give a GPU only to a function that asks for it, in a process of its own and while it runs (ZeroGPU).
    There `on_gpu` is the decorator that asks (`spaces.GPU`); arguments and results are pickled and lie on the CPU.
    """

    def compute(function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        return function(loaded, *given, **named)

    return compute if on_gpu is None else on_gpu(compute)


def load_checkpoint(
    checkpoint: str, revision: str | None = None, *, attention: str = "sdpa", int8: bool | None = False
) -> LoadedModel:
    """Loads a folder or a Hub id.

    Args:
        checkpoint: an existing folder, or `user/repo`.
        revision: branch, tag or commit; for Hub ids.
        attention: "sdpa" (fast) or "eager" (attention maps).
        int8: on a CPU: True for 8 bits where no gradients are asked for, False for full precision, None for 8 bits
            where the processor has VNNI, with which they are faster.

    Raises:
        CheckpointError: it is missing, of another model type, or damaged.
    """
    folder = find_checkpoint(checkpoint, revision)
    accelerated = torch.cuda.is_available()
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # it loads in well under a second
    try:
        found: Any = VideoBertForConditionalGeneration.from_pretrained(
            folder,
            dtype=torch.bfloat16 if accelerated else torch.float32,
            device_map="auto" if accelerated else None,
            attn_implementation=attention,
            use_safetensors=True,
            output_loading_info=True,
        )
        model: VideoBertForConditionalGeneration = found[0]  # in eval mode
        missing: set[str] = found[1]["missing_keys"] - INITIALLY_ZERO
        processor = VideoBertProcessor.read(folder, model.encoder.frame_tower.preparation)
    except (OSError, SafetensorError, RuntimeError, ValueError, KeyError, TypeError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        raise CheckpointError(
            f"The checkpoint {checkpoint} is damaged or incomplete ({reason}); fetch it again."
        ) from error
    finally:
        if bars:
            transformers_logging.enable_progress_bar()
    if missing:
        absent = ", ".join(sorted(missing)[:3])
        raise CheckpointError(f"The checkpoint {checkpoint} is damaged or incomplete (no {absent}); fetch it again.")
    broken = [key for key, weights in model.state_dict().items() if not torch.isfinite(weights).all()]
    if broken:
        raise CheckpointError(
            f"The checkpoint {checkpoint} holds weights that are no finite numbers ({broken[0]}); fetch it again."
        )
    _check_words(checkpoint, processor, model.config)
    tower: nn.Module = model.encoder.frame_tower
    if model.device.type == "cpu":
        in_eight_bits = has_vnni() if int8 is None else int8
        tower = speed_up(model.encoder.frame_tower, folder, int8=in_eight_bits)
        hasten(model, without=model.encoder.frame_tower)
        if in_eight_bits:
            compute_in_eight_bits(model.encoder.layers)
            compute_in_eight_bits(model.decoder)
            model.eight_bit_words = EightBitWeight(model.decoder.embed_tokens.weight)
    name = model.config.model_name or (Path(checkpoint).name if Path(checkpoint).is_dir() else checkpoint)
    stored_bytes = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    return LoadedModel(model, processor, tower, name, folder, stored_bytes)


def _check_words(checkpoint: str, processor: VideoBertProcessor, sizes: Any) -> None:
    """Refuses tokenizers that encoder or decoder were not trained with."""
    tokenizer, writer = processor.tokenizer, processor.decoder_tokenizer
    same_words = len(tokenizer) == sizes.encoder.vocab_size
    if not same_words or tokenizer.convert_tokens_to_ids(VIDEO_TOKEN) != sizes.video_token_id:
        raise CheckpointError(f"The tokenizer of {checkpoint} does not belong to its model; save both together.")
    written = sizes.decoder.vocab_size
    fits = written <= len(writer) if processor.shares_words else len(writer) <= written
    if not fits or (writer.cls_token_id, writer.sep_token_id) != (sizes.decoder_start_token_id, sizes.eos_token_id):
        raise CheckpointError(
            f"The decoder of {checkpoint} writes other words than its tokenizer has; fetch {DECODER_FOLDER} with it."
        )


def speed_up(encoder: FrameEncoder, folder: Path, *, int8: bool) -> nn.Module:
    """What computes the same as an encoder on a CPU, with onnxruntime where that gives the same numbers.

    Args:
        folder: the checkpoint's. int8: whether it computes in 8 bits where the folder has what that needs
            (`int8-tower`), which is for EfficientNet-Lite0 alone.

    Raises:
        CheckpointError: what 8 bits need is damaged.
    """
    if not isinstance(encoder, FrameTower):
        return ExportedEncoder(encoder)
    calibration = TowerCalibration.read(folder) if int8 else None
    return OnnxFrameTower(encoder, calibration=calibration if calibration and calibration.fits(encoder) else None)


def fingerprint(model: VideoBertForConditionalGeneration) -> str:
    """16 hexadecimal digits that differ between checkpoints whose vectors cannot be compared.

    How a machine computes does not count: a GPU's bf16 and a tower's 8 bits give vectors that can (docs/encoders.md).
    """
    digest = hashlib.sha256()
    if model.config.vision:  # before there were other encoders, libraries were made without this
        digest.update(encoder_hash(model.config.vision).encode())
    for weight in (model.text_projection.weight, model.video_projection.weight):
        digest.update(weight.detach().float().cpu().numpy().tobytes())
    if model.config.is_untrained:  # all projections begin alike, so that they do not tell such models apart
        for name, weight in model.encoder.named_parameters():
            digest.update(name.encode() + weight.detach().flatten()[:64].float().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]
