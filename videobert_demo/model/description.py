"""What a checkpoint is made of, in names and numbers, for people and for `info`. Knows the model; changes nothing."""

from __future__ import annotations

from typing import Any

from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration

BUNDLED_TOWER = "efficientnet-lite0"
_PREFIXES = {
    "vision": ("encoder.frame_tower.",),
    "text": ("encoder.text_embeddings.", "encoder.layers."),
    "decoder": ("decoder.",),
}


def describe_model(model: VideoBertForConditionalGeneration) -> dict[str, Any]:
    """The parts of a model.

    Returns:
        "vision", "text", "decoder": what they are; "parameters": of each and of "all"; "bytes" of all weights; what
        the frame encoder reads and gives ("encoder" is its hash); the sizes of the video part.
    """
    config, weights = model.config, dict(model.named_parameters())
    preparation = model.encoder.frame_tower.preparation
    counts = {
        name: sum(value.numel() for key, value in weights.items() if key.startswith(prefixes))
        for name, prefixes in _PREFIXES.items()
    }
    return {
        **name_parts(model),
        "parameters": {**counts, "all": sum(value.numel() for value in weights.values())},
        "bytes": sum(value.numel() * value.element_size() for value in model.state_dict().values()),
        "encoder": encoder_hash(config.vision),
        "input_shapes": [list(shape) for shape in preparation.shapes],
        "frames_per_segment": preparation.frames,
        "channels": config.frame_channels,
        "labels": config.label_count,
        "grid": list(config.grid_shape),
        "max_segments": config.max_frames,
        "visual_words": config.codebook_size,
        "visual_words_are_random": config.codebook_is_random,
        "is_untrained": config.is_untrained,
        "streams": config.streams,
    }


def name_parts(model: VideoBertForConditionalGeneration) -> dict[str, str]:
    """Short names of the frame encoder ("vision"), the text encoder ("text") and the decoder: kind, layers, width."""
    config = model.config
    described = config.vision.get("model", {})
    text, decoder = config.encoder, config.decoder
    return {
        "vision": str(described.get("architecture") or described.get("model_type") or BUNDLED_TOWER),
        "text": f"bert {text.num_hidden_layers}x{text.hidden_size}",
        "decoder": f"bart {decoder.decoder_layers}x{decoder.d_model}",
    }
