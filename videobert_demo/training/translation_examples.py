"""The examples that the translator learns from: pairs, and what it translated itself.

In back-translation (Sennrich et al., arXiv 1511.06709) a sentence that a person wrote is the target, and the model's
own translation of it the source. Of the captions of one clip in two languages, which are no translations of each other,
those make a pair that the model finds likeliest to be one.

A batch is a pure function of (seed, round, step). Knows pairs and batches; knows no optimiser.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from videobert_demo.data.chinese import ChineseImage, ChineseVideo, Pair
from videobert_demo.errors import DataError
from videobert_demo.model.translator import END, PAD, Translator
from videobert_demo.tasks.translate import translate
from videobert_demo.training.seeds import SeedStream, open_stream

BATCHES_PER_BLOCK = 32
BATCHES_OF_A_LENGTH = 4
IGNORED = -100
MOST_TARGETS = 12
ASKED_AT_ONCE = 256

Example = tuple[str, str, str]
"""The source, its translation, and the translation's language."""
Sources = Mapping[str, Sequence[Example]]
"""The examples of each source, by its name."""


class Examples:
    """Draws batches that need little padding.

    A block of them is sorted by the translations' length, and every few batches of it by the sources' length.

    Args:
        sources: what is drawn from. shares: how much of each.
        number: the round's. per_step: examples in a batch.
        into_chinese: the share of examples whose target is Chinese.
        length: of a sentence; of two that it calls equal the model needs equally many tokens.
    """

    def __init__(
        self,
        sources: Sources,
        shares: Mapping[str, float],
        *,
        number: int,
        seed: int,
        per_step: int,
        into_chinese: float,
        length: Callable[[str], float] = len,
    ) -> None:
        missing = [name for name, share in shares.items() if share > 0 and not sources.get(name)]
        if missing:
            raise DataError(f"there are no examples of {missing[0]!r} to train on")
        self._number, self._seed, self._per_step, self._into_chinese = number, seed, per_step, into_chinese
        self._length = length
        self._by_language = {
            language: {
                name: [one for one in sources[name] if one[2] == language] for name, share in shares.items() if share
            }
            for language in ("zh", "en")
        }
        self._shares = {name: share for name, share in shares.items() if share}

    def of_step(self, step: int) -> list[Example]:
        """The examples of one step."""
        size = self._per_step
        block, number = divmod(step, BATCHES_PER_BLOCK)
        random = open_stream(self._seed, SeedStream.TRANSLATIONS, self._number, block)
        drawn: list[Example] = []
        for language, share in (("zh", self._into_chinese), ("en", 1 - self._into_chinese)):
            sources = {name: found for name, found in self._by_language[language].items() if found}
            total = sum(self._shares[name] for name in sources)
            for name, found in sources.items():
                count = round(size * BATCHES_PER_BLOCK * share * self._shares[name] / total)
                drawn += [found[index] for index in random.integers(len(found), size=count)]
        drawn.sort(key=lambda one: self._length(one[1]))
        alike = size * BATCHES_OF_A_LENGTH
        for start in range(0, len(drawn), alike):
            drawn[start : start + alike] = sorted(drawn[start : start + alike], key=lambda one: self._length(one[0]))
        batches = [drawn[start : start + size] for start in range(0, len(drawn) - size + 1, size)] or [drawn]
        return batches[int(random.permutation(len(batches))[number % len(batches)])]


def pair_sources(images: Sequence[ChineseImage]) -> dict[str, list[Example]]:
    """The pairs that may be trained on, in both directions; none of an image that is held out."""
    known = [image for image in images if not image.is_held_out]
    return {
        "machine": both_ways(pair for image in known for pair in image.machine),
        "human": both_ways(pair for image in known for pair in image.human),
    }


def both_ways(pairs: Iterable[Pair]) -> list[Example]:
    """Every pair as two examples."""
    return [one for english, chinese in pairs for one in ((english, chinese, "zh"), (chinese, english, "en"))]


def synthetic_sources(
    translator: Translator,
    images: Sequence[ChineseImage],
    videos: Sequence[ChineseVideo],
    english: Sequence[str],
    count: int,
    seed: int,
    wanted: Collection[str] = ("back_translated", "same_clip"),
) -> dict[str, list[Example]]:
    """What the model makes of sentences in one language, and pairs of what people said in both of one video or picture.

    Args:
        english: captions in English alone. count: how many of each language are translated, at most.
        wanted: which of the two are made.
    """
    random = open_stream(seed, SeedStream.TRANSLATIONS)
    known = [image for image in images if image.split == "train" and not image.is_held_out]
    chinese = sorted({text for image in known for text in image.captions})
    made_of = ((chinese, "zh", "en"), (sorted(set(english)), "en", "zh")) if "back_translated" in wanted else ()
    found: list[Example] = []
    for texts, language, other in made_of:
        chosen = [texts[index] for index in sorted(random.permutation(len(texts))[:count])]
        made = translate(translator, chosen, other, beams=1)
        found += [(source, text, language) for source, text in zip(made, chosen, strict=True) if source]
    said = [
        *((video.english, video.chinese) for video in videos),
        *((tuple(one for one, _ in image.machine), image.captions) for image in known),
    ]
    pairs = likeliest_pairs(translator, said) if "same_clip" in wanted else []
    return {"back_translated": found, "same_clip": both_ways(pairs)}


@torch.inference_mode()
def likeliest_pairs(translator: Translator, said: Iterable[tuple[Sequence[str], Sequence[str]]]) -> list[Pair]:
    """Of captions that are no translations of each other, those that come near to it.

    Each Chinese one gets the English one of the same clip that is its likeliest translation, per token; of these pairs
    the likelier half is given, in the order of `said`.

    Args:
        said: the English and the Chinese captions of each clip; of its English ones the first MOST_TARGETS different
            ones are looked at.
    """
    asked = [
        (chinese, english)
        for every_english, every_chinese in said
        for chinese in every_chinese
        for english in list(dict.fromkeys(every_english))[:MOST_TARGETS]
    ]
    order = sorted(range(len(asked)), key=lambda row: (len(asked[row][1]), len(asked[row][0])))
    means = torch.empty(len(asked))
    for start in range(0, len(order), ASKED_AT_ONCE):
        rows = order[start : start + ASKED_AT_ONCE]
        batch = make_batch(translator, [(*asked[row], "en") for row in rows])
        with torch.autocast("cpu", torch.bfloat16):
            losses = token_losses(translator, batch)  # (N, L)
        means[rows] = losses.sum(1) / (batch["labels"] != IGNORED).sum(1)
    best: dict[str, tuple[float, Pair]] = {}
    for (chinese, english), loss in zip(asked, means.tolist(), strict=True):
        if chinese not in best or loss < best[chinese][0]:
            best[chinese] = (loss, (english, chinese))
    middle = sorted(loss for loss, _ in best.values())[: (len(best) + 1) // 2]
    return [pair for loss, pair in best.values() if loss <= middle[-1]]


def make_batch(translator: Translator, examples: Sequence[Example]) -> dict[str, Tensor]:
    """Examples -> input_ids, attention_mask (B, S) and labels (B, L), IGNORED after their end."""
    pad = translator.id_of(PAD)
    sources = [translator.source_ids(source, language) for source, _, language in examples]
    targets = [translator.target_ids(target) for _, target, _ in examples]
    input_ids = _padded(sources, pad)
    return {
        "input_ids": input_ids,
        "attention_mask": input_ids.ne(pad).long(),
        "labels": _padded(targets, IGNORED),
    }


def _padded(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])


def token_losses(translator: Translator, batch: Mapping[str, Tensor], *, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy of each label (B, L), 0 where there is none. Logits are made for labels alone, not for padding."""
    model, labels = translator.model, batch["labels"]
    start, pad = translator.id_of(END), translator.id_of(PAD)
    before = labels[:, :-1].masked_fill(labels[:, :-1] == IGNORED, pad)
    shifted = torch.cat([labels.new_full((len(labels), 1), start), before], dim=1)  # the decoder reads what came before
    hidden = model.model(
        input_ids=batch["input_ids"],
        attention_mask=batch["attention_mask"],
        decoder_input_ids=shifted,
        use_cache=False,
    ).last_hidden_state  # (B, L, H)
    is_label = labels != IGNORED
    logits = model.lm_head(hidden[is_label])  # (N, V) of the N labels
    losses = functional.cross_entropy(logits.float(), labels[is_label], reduction="none", label_smoothing=smoothing)
    return torch.zeros(labels.shape).masked_scatter(is_label, losses)
