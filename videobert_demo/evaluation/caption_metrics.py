"""The metrics of captions by their names; which of them can be computed on this machine. Knows plain strings.

All are pycocoevalcap's. METEOR and SPICE are Java programs, SPICE with models that it fetches when it first runs.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge

from videobert_demo.errors import SettingsError

SentencesByVideo = Mapping[str, Sequence[str]]
Metric = Callable[[SentencesByVideo, SentencesByVideo], float]
"""Takes the people's captions and the model's (one a video) by the videos' names, tidied; gives a share."""
_JAVA_FAILED = (OSError, ValueError, subprocess.SubprocessError)


def _cider(targets: SentencesByVideo, candidates: SentencesByVideo) -> float:
    return float(Cider().compute_score(targets, candidates)[0])


def _bleu(targets: SentencesByVideo, candidates: SentencesByVideo) -> float:
    return float(Bleu(4).compute_score(targets, candidates, verbose=0)[0][3])


def _rouge(targets: SentencesByVideo, candidates: SentencesByVideo) -> float:
    return float(Rouge().compute_score(targets, candidates)[0])


def _meteor(targets: SentencesByVideo, candidates: SentencesByVideo) -> float:
    from pycocoevalcap.meteor.meteor import Meteor

    return float(Meteor().compute_score(targets, candidates)[0])


def _spice(targets: SentencesByVideo, candidates: SentencesByVideo) -> float:
    from pycocoevalcap.spice.spice import Spice

    return float(Spice().compute_score(targets, candidates)[0])


METRICS: dict[str, Metric] = {"CIDEr": _cider, "BLEU-4": _bleu, "ROUGE-L": _rouge, "METEOR": _meteor, "SPICE": _spice}
DEFAULT = ("CIDEr", "BLEU-4", "ROUGE-L")
OF_JAVA = ("METEOR", "SPICE")


def read_metrics(text: str) -> tuple[str, ...]:
    """The metrics that a list such as "CIDEr,METEOR" names.

    Raises:
        SettingsError: there is none of that name, or it cannot be computed here.
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    known = {name.lower(): name for name in METRICS}
    unknown = [name for name in names if name.lower() not in known]
    if unknown or not names:
        raise SettingsError(f"There is no metric {', '.join(unknown) or text!r}; known are {', '.join(METRICS)}.")
    found = tuple(known[name.lower()] for name in names)
    check_metrics(found)
    return found


def check_metrics(names: Sequence[str]) -> None:
    """Refuses what cannot be computed on this machine, before anything long starts.

    Raises:
        SettingsError: Java is missing, or the models that SPICE reads.
    """
    for name in names:
        if name in OF_JAVA and shutil.which("java") is None:
            raise SettingsError(f"{name} needs Java, but there is no program java; install it, or leave {name} out.")
    if "SPICE" in names and not _has_spice_models():
        raise SettingsError(
            "SPICE needs the models of Stanford CoreNLP, 400 MB, which are not there; fetch them once with "
            "`python -m pycocoevalcap.spice.get_stanford_models`, or leave SPICE out."
        )


def compute_metric(name: str, targets: SentencesByVideo, candidates: SentencesByVideo) -> float:
    """One metric, as a share.

    Raises:
        SettingsError: it is a Java program that does not run here.
    """
    if name not in OF_JAVA:
        return METRICS[name](targets, candidates)
    try:
        return METRICS[name](targets, candidates)
    except _JAVA_FAILED as error:
        raise SettingsError(f"{name} does not run: its Java program ended early; leave it out.") from error


def _has_spice_models() -> bool:
    import pycocoevalcap

    return any(Path(pycocoevalcap.__path__[0], "spice", "lib").glob("stanford-corenlp-*-models.jar"))
