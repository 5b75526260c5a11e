"""One function from (model, clip, target, method) to a heatmap, and the passes that the methods need.

Knows the model's passes. The maths is in relevance.py, drawing in render.py.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from videobert_demo.attention import relevance
from videobert_demo.attention.capture import Capture, capture
from videobert_demo.attention.scoring import common_nouns, encoder_inputs, model_for, score_target, target_direction
from videobert_demo.attention.targets import Target
from videobert_demo.attention.tower import TowerPass, rolled_out, weighted
from videobert_demo.errors import MethodError
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertOutput
from videobert_demo.types import Heatmap

METHODS = ("similarity", "relevance", "gradient_input", "rollout", "attention")
DEFAULT_METHOD = "similarity"
FINER_METHODS = ("relevance", "rollout")
"""The methods that can take in the frame encoder's own attention."""


def explain(
    loaded: LoadedModel,
    clip: ClipTensors,
    target: Target,
    method: str = DEFAULT_METHOD,
    *,
    timestamps_seconds: NDArray[np.float64],
    layer: int | None = None,
    head: int | None = None,
    segments: Tensor | None = None,
) -> Heatmap:
    """Where and when the model looked for a word.

    Args:
        clip: T segments of patches on the grid of the config.
        method: one of `METHODS`.
            "similarity": how probable the word is, among common nouns, by each patch's contrastive vector; each
                frame is read by itself, so that none borrows from another. For a word that the model wrote this is
                weighted by relevance: where the word's thing is, as far as the model rested on that when it wrote.
            "relevance": gradient-weighted attention, arXiv 2103.15679.
            "gradient_input": gradient times the patch's difference from the clip's mean patch.
            "rollout": attention rollout, arXiv 2005.00928.
            "attention": attention itself, of one layer and head or averaged.
            The gradient is that of the word's log-probability, or for typed words that of the whole clip's similarity
            to the word. Attention and rollout of typed words start from the word in the encoder's text part.
        timestamps_seconds: float64 (T,), when the frames come on screen.
        layer, head: only for "attention".
        segments: for `FINER_METHODS`: the prepared segments (T, ...) that the clip's features are of. Then the frame
            encoder's own attention is taken in (tower.py), and the map is as fine as its grid.

    Returns:
        A heatmap (T, rows, columns).

    Raises:
        MethodError: segments are given, but the method or the frame encoder cannot use them.
    """
    if segments is None:
        scores = score_patches(loaded, clip, target, method, layer=layer, head=head)
        return _heatmap(_on_grid(loaded, scores), timestamps_seconds)
    if method not in FINER_METHODS:
        raise MethodError(
            "Only {methods} can take in the frame encoder’s own attention; choose one of them.",
            methods=" and ".join(FINER_METHODS),
        )
    finer = _relevance if method == "relevance" else _rollout
    return _heatmap(finer(loaded, clip, target, segments), timestamps_seconds)


def explain_by_head(
    loaded: LoadedModel, clip: ClipTensors, target: Target, *, timestamps_seconds: NDArray[np.float64]
) -> list[list[Heatmap]]:
    """Raw attention of every [layer][head], from one pass.

    For written words it is the decoder's cross-attention, for typed ones the encoder's own.
    """
    maps, rows, encoded = _attention_maps(loaded, clip, target)
    layers, heads = len(maps), maps[0].shape[0]

    def of_head(layer: int, head: int) -> Heatmap:
        scores = _patches_of(relevance.raw_attention(maps, rows, layer, head), encoded)
        return _heatmap(_on_grid(loaded, scores), timestamps_seconds)

    return [[of_head(layer, head) for head in range(heads)] for layer in range(layers)]


def score_patches(
    loaded: LoadedModel,
    clip: ClipTensors,
    target: Target,
    method: str,
    *,
    layer: int | None = None,
    head: int | None = None,
) -> Tensor:
    """The scores behind `explain`, of any sign: (T, P) fp32, on the CPU."""
    if method != "attention" and (layer is not None or head is not None):
        raise ValueError(f"{method} has no single layer or head")
    if method == "similarity":
        return _similarity(loaded, clip, target)
    if method == "relevance":
        return _relevance(loaded, clip, target)
    if method == "gradient_input":
        return _gradient_input(loaded, clip, target)
    if method == "rollout":
        return _rollout(loaded, clip, target)
    if method == "attention":
        maps, rows, encoded = _attention_maps(loaded, clip, target)
        return _patches_of(relevance.raw_attention(maps, rows, layer, head), encoded)
    raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")


def _on_grid(loaded: LoadedModel, scores: Tensor) -> Tensor:
    """Scores of patches (T, P) -> (T, rows, columns)."""
    on_grid: Tensor = scores.unflatten(1, loaded.model.config.grid_shape)
    return on_grid


def _heatmap(scores: Tensor, timestamps_seconds: NDArray[np.float64]) -> Heatmap:
    """Scores (T, rows, columns) of any sign as a heatmap."""
    return Heatmap(relevance.to_unit_range(scores).numpy().astype(np.float32), timestamps_seconds)


def _patches_of(row: Tensor, encoded: VideoBertOutput) -> Tensor:
    """One value for each encoder token (S,) -> those of the patches (T, P)."""
    assert encoded.layout is not None
    return encoded.layout.patches(row[None])[0].detach().float().cpu()


def _segments_of(row: Tensor, encoded: VideoBertOutput) -> Tensor:
    """One value for each encoder token (S,) -> those of the visual words (T,)."""
    assert encoded.layout is not None
    return encoded.layout.segments(row[None])[0].detach().float().cpu()


def _similarity(loaded: LoadedModel, clip: ClipTensors, target: Target) -> Tensor:
    model = loaded.model
    frames, patches = clip.frame_features, clip.patch_features
    with torch.inference_mode():
        prepared = loaded.processor(text=[target.word, *common_nouns(loaded, target.word)]).to(loaded.device)
        words = model.embed_text(model.encoder(**prepared)).float()
        inputs = {"frame_features": frames[:, None], "patch_features": patches[:, None]}  # T clips of one frame
        encoded = model.encoder(**{name: value.to(loaded.device, model.dtype) for name, value in inputs.items()})
        vectors = model.project_patches(encoded)[:, 0].float()  # (T, P, projection)
        found = relevance.word_probability(vectors, words[0], words[1:], float(model.logit_scale.exp())).cpu()
    return found * _relevance(loaded, clip, target) if target.is_written else found


def _relevance(loaded: LoadedModel, clip: ClipTensors, target: Target, segments: Tensor | None = None) -> Tensor:
    """(T, P); with segments (T, rows, columns) of the frame encoder's grid."""
    direction = target_direction(loaded, target)
    with capture(model_for(loaded, target), gradients=True) as seen:
        tower = None if segments is None else TowerPass(loaded, segments, gradients=True)
        inputs = encoder_inputs(loaded, clip, target.question) | ({} if tower is None else tower.inputs)
        encoded = seen.model.encoder(**inputs)
        score = score_target(seen.model, encoded, target, direction)[0]
        encoder = _first(seen.encoder), _first(seen.gradients(score, seen.encoder))
        if target.is_written:
            decoder = _first(seen.decoder), _first(seen.gradients(score, seen.decoder))
            cross = _first(seen.cross), _first(seen.gradients(score, seen.cross))
            across = relevance.encoder_decoder_relevance(*encoder, *decoder, *cross)
            row = across[list(target.positions)].sum(0)
        else:
            # the score is a mean over the video part's tokens, so its relevance is the mean of their rows
            matrix = relevance.self_attention_relevance(*encoder)
            row = encoded.layout.video(matrix[None]).mean(1)[0]
        patches = _patches_of(row, encoded)
        if tower is None:
            return patches
        own = weighted(tower.maps, seen.gradients(score, tower.maps))
        return tower.spread(_segments_of(row, encoded), patches, own)


def _gradient_input(loaded: LoadedModel, clip: ClipTensors, target: Target) -> Tensor:
    direction = target_direction(loaded, target)
    with capture(model_for(loaded, target), gradients=True) as seen:
        inputs = encoder_inputs(loaded, clip, target.question)
        patches = inputs["patch_features"].requires_grad_()
        mean = patches.mean(2)
        # the frame's own feature is its patches' mean, so that what the visual word adds comes back to the patches
        inputs["frame_features"] = inputs["frame_features"] + mean - mean.detach()
        score = score_target(seen.model, seen.model.encoder(**inputs), target, direction)[0]
        (gradient,) = seen.gradients(score, [patches])
        features = patches.detach()
        difference = features - features.mean((1, 2), keepdim=True)
        return relevance.gradient_times_input(difference, gradient)[0].float().cpu()


def _rollout(loaded: LoadedModel, clip: ClipTensors, target: Target, segments: Tensor | None = None) -> Tensor:
    """As `_relevance`."""
    with capture(model_for(loaded, target)) as seen:
        rows, encoded = _pass(seen, loaded, clip, target)
        if target.is_written:
            matrix = relevance.rollout_across(_first(seen.encoder), _first(seen.cross))
        else:
            matrix = relevance.rollout(_first(seen.encoder))
        row = matrix[rows].mean(0)
        patches = _patches_of(row, encoded)
        if segments is None:
            return patches
        tower = TowerPass(loaded, segments)
        return tower.spread(_segments_of(row, encoded), patches, rolled_out(tower.maps))


def _attention_maps(
    loaded: LoadedModel, clip: ClipTensors, target: Target
) -> tuple[list[Tensor], Tensor, VideoBertOutput]:
    with capture(model_for(loaded, target)) as seen:
        rows, encoded = _pass(seen, loaded, clip, target)
        return _first(seen.cross if target.is_written else seen.encoder), rows, encoded


def _pass(seen: Capture, loaded: LoadedModel, clip: ClipTensors, target: Target) -> tuple[Tensor, VideoBertOutput]:
    """A pass without gradients; the word's rows: of the decoder if it is written, else its tokens in the text part."""
    if target.is_written:
        encoded = seen.model.encoder(**encoder_inputs(loaded, clip, target.question))
        score_target(seen.model, encoded, target, None)
        return torch.tensor(target.positions), encoded
    encoded = seen.model.encoder(**encoder_inputs(loaded, clip, target.word))
    return torch.arange(1, encoded.layout.text_length - 1), encoded  # between [CLS] and [>]


def _first(maps: list[Tensor]) -> list[Tensor]:
    """Maps of the batch's one clip, fp32, on the CPU: (1, heads, q, k) -> (heads, q, k)."""
    return [weights[0].detach().float().cpu() for weights in maps]
