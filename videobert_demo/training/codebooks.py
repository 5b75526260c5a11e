"""Builds a codebook of visual words from any features and measures it.

Knows arrays on disk, k-means and, for the masked words, a checkpoint's encoder; no training run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from videobert_demo.errors import DataError
from videobert_demo.model.encoders.building import encoder_hash
from videobert_demo.model.loading import LoadedModel, load_checkpoint
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.training.heads import fit_head
from videobert_demo.training.kmeans import MAX_VECTORS_AT_ONCE, fit_codebook
from videobert_demo.training.store import FeatureStore, VideoFeatures, stack_features

VIDEOS_PER_BATCH = 32
ENCODER = "encoder"


class FeatureRows:
    """Vectors of several sources as one array that is read by rows: `rows[indices]` gives (n, C).

    Args:
        sources: folders that `features` wrote, of which the frames of `split` count, or .npy files (N, C).
        split: of folders.

    Raises:
        DataError: a source is neither, holds nothing, or its vectors are of another width.
    """

    def __init__(self, sources: Sequence[Path], split: str) -> None:
        self.encoder = ""
        """Hash of the frame encoder of the folders; empty if there are none."""
        self._arrays: list[NDArray[np.floating]] = []
        self._rows: list[NDArray[np.int64]] = []
        for source in sources:
            array, rows = _open(source, split)
            if self._arrays and array.shape[1] != self._arrays[0].shape[1]:
                raise DataError(f"{source} has {array.shape[1]} channels, the sources before it others")
            encoder = _encoder_of(source)
            if encoder and self.encoder not in ("", encoder):
                raise DataError(f"{source} holds features of another frame encoder than the sources before it")
            self.encoder = encoder or self.encoder
            self._arrays.append(array)
            self._rows.append(rows)
        self._starts = np.cumsum([0, *map(len, self._rows)])
        if not len(self):
            raise DataError("there are no vectors to make visual words of")

    def __len__(self) -> int:
        return int(self._starts[-1])

    @property
    def shape(self) -> tuple[int, int]:
        """(N, C)."""
        return len(self), int(self._arrays[0].shape[1])

    def __getitem__(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        found = np.empty((len(indices), self.shape[1]), dtype=np.float32)
        for array, rows, start, end in zip(self._arrays, self._rows, self._starts[:-1], self._starts[1:], strict=True):
            here = (indices >= start) & (indices < end)
            found[here] = array[rows[indices[here] - start]]
        return found


def _open(source: Path, split: str) -> tuple[NDArray[np.floating], NDArray[np.int64]]:
    try:
        if source.is_dir():
            array = np.load(source / "pooled.npy", mmap_mode="r")[0]  # the plain view
            index = json.loads((source / "index.json").read_text(encoding="utf-8"))
            rows = [
                np.arange(video["first_row"], video["first_row"] + video.get("rows", len(video["frame_files"])))
                for video in index["videos"]
                if video["split"] == split
            ]
            return array, np.concatenate([np.zeros(0, dtype=np.int64), *rows])
        array = np.load(source, mmap_mode="r")
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{source} holds no features; give what `features` wrote, or a .npy file") from error
    if array.ndim != 2 or not np.issubdtype(array.dtype, np.floating):
        raise DataError(f"{source} holds {array.dtype} {array.shape}; visual words need floating (N, C)")
    return array, np.arange(len(array))


def _encoder_of(source: Path) -> str:
    """The hash of the frame encoder of a folder of features; blank for an array, which does not tell."""
    if not source.is_dir():
        return ""
    index = json.loads((source / "index.json").read_text(encoding="utf-8"))
    return str(index.get(ENCODER, encoder_hash({})))


def build_codebook(
    sources: Sequence[Path],
    out: Path,
    *,
    branching: int = 8,
    levels: int = 3,
    seed: int = 0,
    at_once: int = MAX_VECTORS_AT_ONCE,
    checkpoint: str | None = None,
) -> dict[str, float]:
    """Fits a codebook of at most branching ** levels words, writes it to `out`, and measures it.

    Args:
        sources: what `FeatureRows` takes; from folders the frames of the split train.
        at_once: how many vectors are in memory at a time.
        checkpoint: a folder or Hub id; `measure_masked_words` with it, on the first source.

    Returns:
        "size": how many words there could be; "words": how many there are; what `measure_codebook` tells of the vectors
        and, as "held_out_...", of the split val of the first source if it has one; what `measure_masked_words` tells.

    Raises:
        DataError: a source or a number cannot be used.
    """
    if branching < 2 or levels < 1 or at_once < 1:
        raise DataError("a codebook needs a branching of at least 2, at least 1 level and at least 1 vector at once")
    vectors = FeatureRows(sources, "train")
    codebook = VisualCodebook(branching, levels, vectors.shape[1])
    report: dict[str, float] = {
        "size": codebook.size,
        "words": fit_codebook(codebook, vectors, seed=seed, at_once=at_once),
    }
    save_codebook(codebook, out, vectors.encoder)
    report |= measure_codebook(codebook, vectors)
    if sources[0].is_dir() and len(_open(sources[0], "val")[1]):
        held_out = measure_codebook(codebook, FeatureRows(sources[:1], "val"))
        report |= {f"held_out_{name}": value for name, value in held_out.items()}
    if checkpoint is not None:
        report |= measure_masked_words(load_checkpoint(checkpoint), FeatureStore(sources[0]), codebook, seed=seed)
    return report


def measure_codebook(codebook: VisualCodebook, vectors: FeatureRows) -> dict[str, float]:
    """How evenly `vectors` use the words, and how far they lie from them.

    Returns:
        "vectors"; "used": how many words they fall on; "perplexity": how many equally common words would be used as
        evenly; "error": mean squared distance to the word's centroid, as a share of that to the mean of all.
    """
    counts = np.zeros(codebook.size)
    total = np.zeros(vectors.shape[1])
    square = distance = 0.0
    centroids = codebook.centroids(codebook.levels - 1).numpy()
    for part in _chunks(len(vectors)):
        batch = vectors[part]
        words = codebook(torch.from_numpy(batch)).numpy()
        counts += np.bincount(words, minlength=codebook.size)
        distance += float(((batch - centroids[words]) ** 2).sum())
        total += batch.sum(0)
        square += float((batch**2).sum())
    shares = counts[counts > 0] / counts.sum()
    spread = square - float((total**2).sum()) / len(vectors)
    return {
        "vectors": len(vectors),
        "used": int((counts > 0).sum()),
        "perplexity": round(float(np.exp(-(shares * np.log(shares)).sum())), 1),
        "error": round(distance / spread, 4) if spread > 0 else 0.0,
    }


def _chunks(count: int, size: int = 8192) -> Iterator[NDArray[np.int64]]:
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count), dtype=np.int64)


def save_codebook(codebook: VisualCodebook, path: Path, encoder: str = "") -> None:
    """Writes it as safetensors; branching, levels and the hash of the frame encoder are in the file's metadata."""
    sizes = {"branching": str(codebook.branching), "levels": str(codebook.levels)}
    save_file(codebook.state_dict(), path, metadata={**sizes, ENCODER: encoder} if encoder else sizes)


def check_encoder(path: Path, encoder: str) -> None:
    """Refuses a codebook of another frame encoder's features; one that does not say whose they are is taken.

    Args:
        path: what `load_codebook` reads. encoder: the hash of the model's.

    Raises:
        DataError: it is of another encoder.
    """
    with safe_open(path, framework="pt") as file:
        made_of = (file.metadata() or {}).get(ENCODER, encoder)
    if made_of != encoder:
        raise DataError(f"{path} holds visual words of another frame encoder; make them of this model's features")


def load_codebook(path: Path) -> VisualCodebook:
    """Reads what `save_codebook` wrote.

    Raises:
        DataError: the file is missing or something else.
    """
    try:
        with safe_open(path, framework="pt") as file:
            sizes = file.metadata() or {}
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (no mapping)
        codebook = VisualCodebook(int(sizes["branching"]), int(sizes["levels"]), weights["centroids_0"].shape[1])
        codebook.load_state_dict(weights)
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise DataError(f"{path} is no codebook; make one with `python -m videobert_demo codebook`") from error
    return codebook


def measure_masked_words(
    loaded: LoadedModel, store: FeatureStore, codebook: VisualCodebook, *, seed: int = 0
) -> dict[str, float]:
    """How well the words of hidden segments can be told from the encoder's states there, by a linear head.

    The encoder stays as it is and reads the other segments by its own codebook, so that codebooks of different
    sizes are asked the same. The head learns from the videos of the split train and is asked about those of val.

    Returns:
        In percent: "masked_top1", "masked_top5", and "masked_prior_top5" of the five commonest words of train.

    Raises:
        DataError: one of the splits has no video of two segments.
    """
    states, words = zip(
        *(_hidden_states(loaded, store, codebook, split, seed) for split in ("train", "val")), strict=True
    )
    head = fit_head(states[0][None], functional.one_hot(words[0], codebook.size).float(), seed=seed)
    with torch.no_grad():
        best = head(states[1]).topk(min(5, codebook.size), dim=1).indices == words[1][:, None]
    common = words[0].bincount().topk(min(5, len(words[0].unique()))).indices
    return {
        "masked_top1": _accuracy_percent(best[:, 0]),
        "masked_top5": _accuracy_percent(best.any(1)),
        "masked_prior_top5": _accuracy_percent(torch.isin(words[1], common)),
    }


def _accuracy_percent(hits: Tensor) -> float:
    return round(100 * float(hits.float().mean()), 2)


@torch.inference_mode()
def _hidden_states(
    loaded: LoadedModel, store: FeatureStore, codebook: VisualCodebook, split: str, seed: int
) -> tuple[Tensor, Tensor]:
    """States (N, D) of one hidden segment a video and view, and the words (N,) that are hidden there."""
    random = np.random.default_rng(seed)
    videos = [n for n, video in enumerate(store.videos) if video.split == split and len(video.frame_files) > 1]
    if not videos:
        raise DataError(f"the features hold no video of the split {split!r} with two segments")
    drawn: list[tuple[VideoFeatures, int]] = []
    for video in videos:
        for view in range(store.views if split == "train" else 1):
            features = store.load(video, view)
            drawn.append((features, int(random.integers(len(features.pooled)))))
    states, words = [], []
    for start in range(0, len(drawn), VIDEOS_PER_BATCH):
        clips, positions = zip(*drawn[start : start + VIDEOS_PER_BATCH], strict=True)
        inputs = stack_features(clips)
        rows = torch.arange(len(clips)), torch.tensor(positions)
        hidden = torch.zeros_like(inputs["frame_mask"])
        hidden[rows] = True
        outputs = loaded.model.encoder(
            **{name: value.to(loaded.device) for name, value in inputs.items()}, segment_mask=hidden.to(loaded.device)
        )
        states.append(outputs.segment_states()[rows].float().cpu())
        words.append(codebook(inputs["frame_features"][rows]))
    return torch.cat(states).clone(), torch.cat(words).clone()
