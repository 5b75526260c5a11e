"""What changes a checkpoint folder in place: heads fitted into it, numbers calibrated. Shared by several commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def fit_checkpoint_heads(checkpoint: Path, data: Path, features: Path) -> dict[str, int]:
    """Fits the heads for hidden words, category, verb, object, mentions and, with everyday stills, actions.

    Names the visual words as well. Says how many words or labels each has.

    Args:
        data: holds msrvtt/ and, if wanted, everyday/. features: what `features` wrote of them.
    """
    from videobert_demo.data.everyday import read_labelled
    from videobert_demo.data.msrvtt import read_categories
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.training.checkpoints import save_model
    from videobert_demo.training.heads import fit_action_head, fit_heads
    from videobert_demo.training.mentions import fit_mention_head
    from videobert_demo.training.store import FeatureStore
    from videobert_demo.training.strangeness import fit_strangeness_head
    from videobert_demo.training.word_head import fit_word_head
    from videobert_demo.training.word_names import name_words

    loaded = load_checkpoint(str(checkpoint))
    names = read_categories(data / "msrvtt")
    store = FeatureStore(features / "msrvtt")
    found = {**fit_heads(loaded, store, names), "hidden_words": fit_word_head(loaded, store)}
    if (data / "everyday").is_dir():
        stills, labelled = FeatureStore(features / "everyday"), read_labelled(data / "everyday")
        found["actions"] = fit_action_head(loaded, stills, labelled)
        found["mentions"] = fit_mention_head(loaded, store, stills, labelled)
    else:
        found["mentions"] = fit_mention_head(loaded, store)
    found["strangeness"] = fit_strangeness_head(loaded, store)
    found["visual_words"] = name_words(loaded, store)
    save_model(checkpoint, loaded.model, loaded.processor, half=True)
    return found


def name_visual_words(checkpoint: Path, features: Path) -> int:
    """Gives the visual words names, out of captions, and writes them into the config. Says how many have one.

    Args:
        checkpoint: a folder; only its config.json is changed. features: what `features` wrote of captioned videos.
    """
    from videobert_demo.model.configuration_videobert import VideoBertConfig
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.training.store import FeatureStore
    from videobert_demo.training.word_names import name_words

    loaded = load_checkpoint(str(checkpoint))
    count = name_words(loaded, FeatureStore(features))
    config = VideoBertConfig.from_pretrained(checkpoint)
    config.visual_word_names = loaded.model.config.visual_word_names
    config.save_pretrained(checkpoint)
    return count


def calibrate_checkpoint(
    checkpoint: Path, data: Path, *, split: str = "val", features: Path | None = None
) -> dict[str, Any]:
    """Fits how statements and vectors count in answers, and how likely captions are right; writes it into the config.

    Args:
        features: what `features` wrote of `data`; None to read its frames.
    """
    from videobert_demo.evaluation.absence import calibrate_absence
    from videobert_demo.evaluation.calibration import calibrate_answers
    from videobert_demo.evaluation.caption_calibration import calibrate_captions
    from videobert_demo.evaluation.parts import calibrate_parts
    from videobert_demo.evaluation.presence import calibrate_presence
    from videobert_demo.evaluation.search_limit import calibrate_search
    from videobert_demo.evaluation.strangeness import calibrate_strangeness
    from videobert_demo.evaluation.watching import calibrate_watching
    from videobert_demo.model.configuration_videobert import VideoBertConfig
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.training.store import FeatureStore

    loaded = load_checkpoint(str(checkpoint))
    loaded.model.config.calibration = {}
    stored = FeatureStore(features) if features else None
    answers = calibrate_answers(loaded, data, split=split, stored=stored)
    captions = calibrate_captions(loaded, data, split=split, stored=stored)
    limits = [
        calibrate(loaded, data, split=split, stored=stored)
        for calibrate in (
            calibrate_strangeness,
            calibrate_search,
            calibrate_parts,
            calibrate_absence,
            calibrate_presence,
            calibrate_watching,
        )
    ]
    calibration: dict[str, Any] = {}
    for numbers in (answers.pop("calibration"), captions.pop("calibration", {}), *limits):
        calibration |= numbers
    found = {**answers, **captions, "calibration": calibration}
    config = VideoBertConfig.from_pretrained(checkpoint)
    for name, value in found.items():
        setattr(config, name, value)
    config.save_pretrained(checkpoint)
    return found
