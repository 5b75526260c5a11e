"""Fits the heads that predict a clip's category, verb and object, on a frozen encoder.

Each is one linear layer over the mean state of the video part. The states are computed once, for every view that the
features hold; then all three heads are fitted in seconds.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm.auto import tqdm

from videobert_demo.data.everyday import LabelledClip
from videobert_demo.errors import DataError
from videobert_demo.model.features import stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.words import agreed_words
from videobert_demo.training.store import FeatureStore

MIN_VIDEOS = 15
"""The least number of videos that a verb or an object needs to be learned."""
TOLD_KINDS = ("action", "sport")
PER_BATCH = 32
STEPS, ROWS_PER_STEP = 500, 128
RATE, DECAY, DROPOUT, SMOOTHING = 5e-4, 0.05, 0.5, 0.1


def fit_heads(
    loaded: LoadedModel,
    store: FeatureStore,
    categories: Sequence[str],
    *,
    min_videos: int = MIN_VIDEOS,
    seed: int = 0,
    progress: bool = True,
) -> dict[str, int]:
    """Fits the three heads to the videos of the split train, and puts them and their names into the model.

    Args:
        categories: their names, in the order of their numbers.

    Returns:
        "categories", "verbs", "objects": how many labels each head has.

    Raises:
        DataError: no video is there to learn from.
    """
    rows = [row for row, video in enumerate(store.videos) if video.split == "train"]
    if not rows:
        raise DataError("the features hold no video of the split 'train'")
    videos = [store.videos[row] for row in rows]
    found = {name: [agreed_words(video.captions, name) for video in videos] for name in ("verb", "object")}
    names = {
        head_name: sorted(word for word, count in Counter(itertools.chain(*words)).items() if count >= min_videos)
        for head_name, words in found.items()
    }
    found["category"] = [
        frozenset(categories[n] for n in range(len(categories)) if n == one.category) for one in videos
    ]
    names["category"] = list(categories) if any(found["category"]) else []
    states = torch.stack([_states(loaded, store, rows, view, progress=progress) for view in range(store.views)])
    config = loaded.model.config
    config.categories, config.verbs, config.objects = (names[head_name] for head_name in ("category", "verb", "object"))
    for head_name in names:
        targets = torch.tensor([[float(name in words) for name in names[head_name]] for words in found[head_name]])
        told = targets.sum(1) > 0
        head = fit_head(states[:, told], targets[told], seed=seed) if names[head_name] else None
        loaded.model.register_module(f"{head_name}_head", head)
    return {"categories": len(config.categories), "verbs": len(config.verbs), "objects": len(config.objects)}


def fit_action_head(
    loaded: LoadedModel,
    store: FeatureStore,
    labelled: Sequence[LabelledClip],
    *,
    seed: int = 0,
    progress: bool = True,
) -> int:
    """Fits the head for actions and sports to labelled stills of the split train, and puts it and its labels in.

    Args:
        store: features of the stills. labelled: the same stills, found by their names.

    Returns:
        How many actions and sports it tells apart.

    Raises:
        DataError: no such still is there to learn from.
    """
    known = {one.clip.video_id: one.label for one in labelled if one.kind in TOLD_KINDS and one.clip.split == "train"}
    rows = [row for row, video in enumerate(store.videos) if video.video_id in known]
    if not rows:
        raise DataError("the features hold no action or sport of the split 'train'")
    labels = [known[store.videos[row].video_id] for row in rows]
    names = sorted(set(labels))
    targets = torch.tensor([[float(name == label) for name in names] for label in labels])
    states = torch.stack([_states(loaded, store, rows, view, progress=progress) for view in range(store.views)])
    loaded.model.config.actions = names
    loaded.model.register_module("action_head", fit_head(states, targets, seed=seed))
    return len(names)


def fit_head(states: Tensor, targets: Tensor, *, seed: int = 0) -> nn.Linear:
    """A linear layer by cross-entropy; a video with several right names has each of them in equal parts.

    Args:
        states: (views, N, D); every step draws one view of each row.
        targets: (N, names), 1 where a name is right; every row has at least one.
    """
    torch.manual_seed(seed)
    views, count, width = states.shape
    mean, spread = states.mean((0, 1)), states.std((0, 1), unbiased=False).clamp(min=1e-4)
    inputs, shares = (states - mean) / spread, targets / targets.sum(1, keepdim=True)
    head = nn.Linear(width, targets.shape[1])
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        rows = torch.randint(count, (ROWS_PER_STEP,))
        drawn = functional.dropout(inputs[torch.randint(views, (ROWS_PER_STEP,)), rows], DROPOUT)
        loss = functional.cross_entropy(head(drawn), shares[rows], label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():  # so that the head reads states that are not normalised
        head.weight.div_(spread)
        head.bias.sub_(head.weight @ mean)
    return head


@torch.inference_mode()
def _states(loaded: LoadedModel, store: FeatureStore, rows: list[int], view: int, *, progress: bool) -> Tensor:
    model, found = loaded.model, []
    for start in tqdm(range(0, len(rows), PER_BATCH), desc=f"view {view}", unit="batch", disable=not progress):
        clips = [store.load(row, view).to_tensors() for row in rows[start : start + PER_BATCH]]
        outputs = model.encoder(**stack_clips(clips, loaded.device, model.dtype))
        found.append(model.mean_video_state(outputs).float().cpu())
    return torch.cat(found).clone()
