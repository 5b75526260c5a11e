"""How well sentences are translated into Chinese, against people's translations. Knows pairs; knows no clip.

BLEU is sacreBLEU's with its `zh` tokenizer (Post, arXiv 1804.08771), chrF that of Popovic (W15-3049).
"""

from __future__ import annotations

from collections.abc import Sequence

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from videobert_demo.data.chinese import ChineseImage, held_out_pairs
from videobert_demo.model.translator import Translator
from videobert_demo.tasks.translate import translate


def evaluate_translation(translator: Translator, images: Sequence[ChineseImage]) -> dict[str, float]:
    """Translates the English sentences of the held-out human pairs.

    Returns:
        `bleu` and `chrf` of our translations, `machine_bleu` of the machine translation that came with the data, and
        `pairs`, how many there were.
    """
    human, machine = held_out_pairs(images)
    references = [chinese for _, chinese in human]
    translated = translate(translator, [english for english, _ in human], "zh")
    by_machine = dict(machine)
    return {
        "bleu": bleu(translated, references),
        "chrf": round(CHRF().corpus_score(translated, [references]).score, 2),
        "machine_bleu": bleu([by_machine.get(english, "") for english, _ in human], references),
        "pairs": float(len(human)),
    }


def bleu(translated: Sequence[str], references: Sequence[str]) -> float:
    """BLEU of N translations against one reference each, in percent."""
    score: float = BLEU(tokenize="zh").corpus_score(list(translated), [list(references)]).score
    return round(score, 2)
