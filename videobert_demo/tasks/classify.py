"""What kind of clip is it? Verb and object by cloze and by trained heads, category, the tower's labels, any labels.

Source of the cloze: VideoBERT arXiv 1904.01766, section 4.3. Its template ("now let me show you how to [MASK] the
[MASK]") suits recipes; these suit captions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipTensors, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.words import is_object_form, is_verb_form
from videobert_demo.tasks.align import align
from videobert_demo.tasks.cloze import MASK, Guess, whole_words, word_chances
from videobert_demo.tasks.embed import embed_clips, embed_sentences, read_sentence

VERB_TEMPLATE = f"a person is {MASK}"
OBJECT_TEMPLATE = f"a person is showing a {MASK}"
MOST_LABELS = 40


@dataclass(frozen=True, slots=True)
class LabelScore:
    """A label that a person typed.

    Attributes:
        text: As it was read.
        share: Its probability among the typed labels, by the contrastive vectors, in [0, 1].
        alignment: The probability that it belongs to the clip, by the alignment head, in [0, 1].
    """

    text: str
    share: float
    alignment: float


@torch.inference_mode()
def verb_chances(loaded: LoadedModel, clips: Sequence[ClipTensors] | None) -> Tensor:
    """Probabilities (B, vocabulary) of the verb by cloze, beside B clips; (1, vocabulary) of the language alone."""
    return _fill(loaded, VERB_TEMPLATE, clips)


@torch.inference_mode()
def object_chances(loaded: LoadedModel, clips: Sequence[ClipTensors] | None) -> Tensor:
    """The same of the object."""
    return _fill(loaded, OBJECT_TEMPLATE, clips)


def guess_verbs(loaded: LoadedModel, clip: ClipTensors, *, count: int = 5) -> tuple[Guess, ...]:
    """The likeliest verbs, as -ing forms."""
    return _likeliest(loaded, verb_chances(loaded, [clip])[0], is_verb_form, count)


def guess_objects(loaded: LoadedModel, clip: ClipTensors, *, count: int = 5) -> tuple[Guess, ...]:
    """The likeliest objects."""
    return _likeliest(loaded, object_chances(loaded, [clip])[0], is_object_form, count)


@torch.inference_mode()
def kind_chances(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> dict[str, Tensor]:
    """By each of the trained heads "category", "verb" and "object": probabilities (B, names) in the config's order.

    Without such a head (B, 0).
    """
    model = loaded.model
    outputs = model.encoder(**stack_clips(clips, loaded.device, model.dtype))
    return {
        kind: model.predict_kind(outputs, kind).float().softmax(-1).cpu() if names else torch.zeros(len(clips), 0)
        for kind, names in model.kinds().items()
    }


def guess_kinds(
    loaded: LoadedModel, clips: Sequence[ClipTensors], *, count: int = 5
) -> dict[str, list[tuple[Guess, ...]]]:
    """Of B clips the likeliest by each of the trained heads "category", "verb" and "object"; none without a head."""
    found: dict[str, list[tuple[Guess, ...]]] = {}
    for kind, chances in kind_chances(loaded, clips).items():
        names = loaded.model.kinds()[kind]
        best = chances.topk(min(count, len(names)), dim=1)
        found[kind] = [
            tuple(Guess(names[index], value) for index, value in zip(indices, values, strict=True))
            for indices, values in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ]
    return found


@torch.inference_mode()
def guess_labels(loaded: LoadedModel, clip: ClipTensors) -> tuple[Guess, ...]:
    """The ImageNet labels that the encoder reads beside the frames, each as likely as in its best frame."""
    inputs = stack_clips([clip], loaded.device, loaded.model.dtype)
    ids, chances = loaded.model.encoder.find_labels(inputs["frame_features"], inputs["frame_mask"])
    names: Any = loaded.model.config.id2label
    return tuple(
        Guess(str(names[index]), chance) for index, chance in zip(ids[0].tolist(), chances[0].tolist(), strict=True)
    )


@torch.inference_mode()
def rank_labels(loaded: LoadedModel, clip: ClipTensors, labels: Sequence[str]) -> tuple[LabelScore, ...]:
    """Any labels that a person types, the best first.

    Raises:
        QuestionError: there are none, too many, or one is too long or in letters that the model does not know.
    """
    texts = list(dict.fromkeys(read_sentence(loaded, label) for label in labels if label.strip()))
    if not texts:
        raise QuestionError("There are no labels yet; type some with commas between them, such as “a dog, a cat”.")
    if len(texts) > MOST_LABELS:
        raise QuestionError("These are too many labels; type at most {most}.", most=MOST_LABELS)
    cosines = embed_sentences(loaded, texts) @ embed_clips(loaded, [clip])[0]
    scale = loaded.model.logit_scale.detach().float().exp().clamp(max=100.0).cpu()
    shares = (cosines * scale).softmax(0).tolist()
    alignments = align(loaded, [clip] * len(texts), texts).tolist()
    scored = [LabelScore(*entry) for entry in zip(texts, shares, alignments, strict=True)]
    return tuple(sorted(scored, key=lambda one: -one.share))


def _fill(loaded: LoadedModel, template: str, clips: Sequence[ClipTensors] | None) -> Tensor:
    count = 1 if clips is None else len(clips)
    return torch.cat(word_chances(loaded, [template] * count, clips))


def _likeliest(loaded: LoadedModel, chances: Tensor, fits: Callable[[str], bool], count: int) -> tuple[Guess, ...]:
    ids, texts = whole_words(loaded.processor.tokenizer)
    order = chances[ids].argsort(descending=True).tolist()
    found: list[Guess] = []
    for place in order:
        if fits(texts[place]):
            found.append(Guess(texts[place], float(chances[ids[place]])))
            if len(found) == count:
                break
    return tuple(found)
