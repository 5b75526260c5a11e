"""How well labels are learned that a person teaches with 5 or 20 stills each, told on held-out stills.

Every class of a kind is taught as a label, told from the others' examples, as if one person had taught them all. Knows
labelled stills and `fit_label`; knows no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videobert_demo.data.everyday import KINDS, LabelledClip
from videobert_demo.evaluation.metrics import accuracy_percent
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.embed import embed_clips
from videobert_demo.tasks.few_shot import MIN_EXAMPLES, LabelFit, fit_label

EXAMPLES = (5, 20)
_PER_BATCH = 32


def choose_examples(clips: Sequence[LabelledClip], count: int = max(EXAMPLES)) -> list[LabelledClip]:
    """Up to `count` stills of each class that are not held out, evenly taken, class by class."""
    classes: dict[tuple[str, str], list[LabelledClip]] = {}
    for one in clips:
        if one.clip.split == "train":
            classes.setdefault((one.kind, one.label), []).append(one)
    return [
        stills[index]
        for stills in classes.values()
        for index in np.unique(np.linspace(0, len(stills) - 1, min(count, len(stills))).round().astype(int)).tolist()
    ]


def evaluate_own_labels(
    loaded: LoadedModel,
    shown: Sequence[tuple[LabelledClip, ClipTensors]],
    held_out: Sequence[tuple[LabelledClip, ClipTensors]],
) -> dict[str, Any]:
    """Teaches each class with the first 5 and 20 of the stills that are shown, and asks about those that are held out.

    Returns:
        In percent, of each kind and number of examples: "action_5_top1", how often the label with the largest score
        among all of the kind is right; "action_5_found", of the stills of a label those that it fits, and
        "action_5_taken", of all others those that it fits; "action_5_accuracy", the mean of found and not taken; and
        "action_5_told", the same as it is told to who has taught the label, with each example left out.
    """
    taught, asked = _embed(loaded, [one for _, one in shown]), _embed(loaded, [one for _, one in held_out])
    scores: dict[str, Any] = {}
    for kind in KINDS:
        names = list(dict.fromkeys(one.label for one, _ in shown if one.kind == kind))
        truth = np.array([one.label for one, _ in held_out if one.kind == kind])
        vectors = asked[[one.kind == kind for one, _ in held_out]]
        for count in EXAMPLES:
            rows = [
                [index for index, (one, _) in enumerate(shown) if (one.kind, one.label) == (kind, name)][:count]
                for name in names
            ]
            if len(names) < 2 or not len(truth) or min(map(len, rows)) < MIN_EXAMPLES:
                continue
            fits = _fit_all([taught[index] for index in rows])
            figures = _compare(fits, np.array(names), vectors, truth)
            scores |= {f"{kind}_{count}_{name}": value for name, value in figures.items()}
        if len(truth):
            scores[f"{kind}_stills"] = len(truth)
    return scores


def _fit_all(examples: Sequence[NDArray[np.float32]]) -> list[LabelFit]:
    """A fit of each label, told from the examples of all others."""
    return [fit_label(own, np.concatenate([other for other in examples if other is not own])) for own in examples]


def _compare(
    fits: Sequence[LabelFit], names: NDArray[np.str_], vectors: NDArray[np.float32], truth: NDArray[np.str_]
) -> dict[str, float]:
    scores = vectors @ np.stack([fit.direction for fit in fits]).T  # (stills, labels)
    fitting = scores >= np.array([fit.threshold for fit in fits])
    right = truth[:, None] == names
    found = 100 * np.mean([fitting[right[:, at], at].mean() for at in range(len(names)) if right[:, at].any()])
    taken = 100 * np.mean([fitting[~right[:, at], at].mean() for at in range(len(names)) if not right[:, at].all()])
    return {
        "top1": accuracy_percent((names[scores.argmax(1)] == truth).tolist()),
        "found": round(float(found), 1),
        "taken": round(float(taken), 1),
        "accuracy": round(float(found + 100 - taken) / 2, 1),
        "told": round(100 * float(np.mean([fit.accuracy for fit in fits])), 1),
    }


def _embed(loaded: LoadedModel, tensors: Sequence[ClipTensors]) -> NDArray[np.float32]:
    starts = range(0, len(tensors), _PER_BATCH)
    return np.concatenate([embed_clips(loaded, tensors[start : start + _PER_BATCH]).numpy() for start in starts])
