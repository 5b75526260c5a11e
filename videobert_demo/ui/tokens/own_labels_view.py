"""What the part for labels of one's own shows, as HTML: the clip's moments, the examples so far, the labels.

Pure functions from values to markup, drawn by `own_labels.html`. No Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from videobert_demo.model.features import ClipFeatures
from videobert_demo.service.results import LabelExample, OwnLabel, OwnLabelScore
from videobert_demo.tasks.few_shot import MIN_EXAMPLES
from videobert_demo.ui.templates import render
from videobert_demo.ui.texts.texts import Texts
from videobert_demo.ui.widgets import thumbnail

_TEMPLATE = "tokens/own_labels.html"
_WIDTH = 144


class Pictured(Protocol):
    """An example with its picture."""

    @property
    def example(self) -> LabelExample:
        """The example."""

    @property
    def picture(self) -> str:
        """A data URI."""


def own_labels_view(
    clip: ClipFeatures | None,
    gathered: Sequence[Pictured],
    labels: Sequence[OwnLabel],
    scores: Sequence[OwnLabelScore],
    problems: Sequence[str],
    *,
    is_shared: bool,
    texts: Texts,
) -> str:
    """The part.

    Args:
        clip: Whose moments can be picked; None without one.
        gathered: The examples so far.
        labels: Those that are known.
        scores: How well each fits the clip; none without a clip.
        problems: Sentences about what did not work.
        is_shared: Whether the labels are in a lasting library.
        texts: The language.
    """
    picked = {one.example.identity for one in gathered}
    moments = []
    is_whole_picked = False
    if clip is not None:
        is_whole_picked = (clip.content_hash, None) in picked
        moments = [
            (float(at), thumbnail(pixels, _WIDTH), (clip.content_hash, float(at)) in picked)
            for at, pixels in zip(clip.frames.timestamps_seconds, clip.frames.pixels, strict=True)
        ]
    by_name = {score.name: score for score in scores}
    count = len(gathered)
    progress = texts.own_labels_enough if count >= MIN_EXAMPLES else texts.own_labels_least
    return render(
        _TEMPLATE,
        "part",
        moments=moments,
        is_whole_picked=is_whole_picked,
        gathered=gathered,
        progress=progress.format(count=count, least=MIN_EXAMPLES),
        labels=[(label, by_name.get(label.name)) for label in labels],
        problems=problems,
        note=texts.own_labels_shared if is_shared else texts.own_labels_private,
        texts=texts,
    )
