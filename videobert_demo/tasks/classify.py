"""Classifies clips: verb and object by cloze and by trained heads, category, the tower's labels, labels of one's own.

Source of the cloze: VideoBERT arXiv 1904.01766, section 4.3. Its template ("now let me show you how to [MASK] the
[MASK]") suits recipes; these templates suit captions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.words import is_object_form, is_verb_form
from videobert_demo.tasks.align import align
from videobert_demo.tasks.cloze import MASK, whole_words, word_probabilities
from videobert_demo.tasks.embed import embed_clips, embed_sentences, read_sentence
from videobert_demo.tasks.sureness import correct_probability, head_key
from videobert_demo.types.visual_words import Guess, LabelScore

VERB_TEMPLATE = f"a person is {MASK}"
OBJECT_TEMPLATE = f"a person is showing a {MASK}"
MAX_LABELS = 40


@torch.inference_mode()
def verb_probabilities(loaded: LoadedModel, clips: Sequence[ClipTensors] | None) -> Tensor:
    """Probabilities (B, vocabulary) of B clips' verbs, by cloze; without clips (1, vocabulary), by the text alone."""
    return _fill(loaded, VERB_TEMPLATE, clips)


@torch.inference_mode()
def object_probabilities(loaded: LoadedModel, clips: Sequence[ClipTensors] | None) -> Tensor:
    """The same for the object."""
    return _fill(loaded, OBJECT_TEMPLATE, clips)


def guess_verbs(loaded: LoadedModel, clip: ClipTensors, *, count: int = 5) -> tuple[Guess, ...]:
    """The likeliest verbs, as -ing forms."""
    return _likeliest(loaded, verb_probabilities(loaded, [clip])[0], is_verb_form, count)


def guess_objects(loaded: LoadedModel, clip: ClipTensors, *, count: int = 5) -> tuple[Guess, ...]:
    """The likeliest objects."""
    return _likeliest(loaded, object_probabilities(loaded, [clip])[0], is_object_form, count)


@torch.inference_mode()
def head_probabilities(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> dict[str, Tensor]:
    """Probabilities (B, labels) by each of the trained heads (model.head_labels()); (B, 0) without the head.

    The labels are in the order of the config.
    """
    model = loaded.model
    outputs = model.encoder(**stack_clips(clips, loaded.device, model.dtype))
    return {
        head: model.predict_head(outputs, head).float().softmax(-1).cpu() if labels else torch.zeros(len(clips), 0)
        for head, labels in model.head_labels().items()
    }


def guess_by_heads(
    loaded: LoadedModel, clips: Sequence[ClipTensors], *, count: int = 5
) -> dict[str, list[tuple[Guess, ...]]]:
    """The likeliest labels of B clips by each trained head, the likeliest first; none where there is no such head.

    With a calibrated checkpoint their probabilities are those of being right (sureness.py).
    """
    calibration = loaded.model.config.calibration
    found: dict[str, list[tuple[Guess, ...]]] = {}
    for head, probabilities in head_probabilities(loaded, clips).items():
        labels = loaded.model.head_labels()[head]
        best = probabilities.topk(min(count, len(labels)), dim=1)
        found[head] = [
            tuple(
                Guess(labels[index], correct_probability(calibration, head_key(head), value))
                for index, value in zip(indices, values, strict=True)
            )
            for indices, values in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ]
    return found


@torch.inference_mode()
def guess_labels(loaded: LoadedModel, clip: ClipTensors) -> tuple[Guess, ...]:
    """The ImageNet labels that the encoder reads beside the frames, with the probability in their best frame."""
    inputs = stack_clips([clip], loaded.device, loaded.model.dtype)
    ids, probabilities = loaded.model.encoder.find_labels(inputs["frame_features"], inputs["frame_mask"])
    names: Any = loaded.model.config.id2label
    return tuple(
        Guess(str(names[index]), value) for index, value in zip(ids[0].tolist(), probabilities[0].tolist(), strict=True)
    )


@torch.inference_mode()
def rank_labels(loaded: LoadedModel, clip: ClipTensors, labels: Sequence[str]) -> tuple[LabelScore, ...]:
    """Scores labels that a person typed, the best first.

    Raises:
        QuestionError: there are none, too many, or one is too long or in letters that the model does not know.
    """
    texts = list(dict.fromkeys(read_sentence(loaded, label) for label in labels if label.strip()))
    if not texts:
        raise QuestionError("There are no labels yet; type some with commas between them, such as “a dog, a cat”.")
    if len(texts) > MAX_LABELS:
        raise QuestionError("These are too many labels; type at most {most}.", most=MAX_LABELS)
    cosines = embed_sentences(loaded, texts) @ embed_clips(loaded, [clip])[0]
    scale = loaded.model.logit_scale.detach().float().exp().clamp(max=100.0).cpu()
    shares = (cosines * scale).softmax(0).tolist()
    alignments = align(loaded, [clip] * len(texts), texts).tolist()
    scored = [LabelScore(*entry) for entry in zip(texts, shares, alignments, strict=True)]
    return tuple(sorted(scored, key=lambda one: -one.share))


def _fill(loaded: LoadedModel, template: str, clips: Sequence[ClipTensors] | None) -> Tensor:
    count = 1 if clips is None else len(clips)
    return torch.cat(word_probabilities(loaded, [template] * count, clips))


def _likeliest(
    loaded: LoadedModel, probabilities: Tensor, fits: Callable[[str], bool], count: int
) -> tuple[Guess, ...]:
    ids, texts = whole_words(loaded.processor.tokenizer)
    order = probabilities[ids].argsort(descending=True).tolist()
    found: list[Guess] = []
    for index in order:
        if fits(texts[index]):
            found.append(Guess(texts[index], float(probabilities[ids[index]])))
            if len(found) == count:
                break
    return tuple(found)
