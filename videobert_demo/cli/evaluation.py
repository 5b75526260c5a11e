"""The command `evaluate`: figures on held-out data."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import add_json_option, checkpoint_options

if TYPE_CHECKING:
    from videobert_demo.model.loading import LoadedModel
    from videobert_demo.settings import Settings

TASKS = (
    "captioning", "retrieval", "answering", "attention", "cloze", "visual-words", "alignment", "classification",
    "everyday", "labels", "chinese", "scenes", "moments", "strangeness", "presence", "watch",
    "subtitles",
)  # fmt: skip


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    evaluate = commands.add_parser("evaluate", parents=[checkpoint_options()], help="figures on held-out data")
    evaluate.add_argument("task", choices=TASKS)
    evaluate.add_argument(
        "--data", type=Path, required=True, help="folder with videos.jsonl and frames.tar, or clips and a .jsonl"
    )
    evaluate.add_argument(
        "--split",
        choices=("train", "val", "test"),
        help="default: test; with everyday and chinese val, their held-out part; with scenes and moments films are "
        "made of the frames of this split's videos (default: of whole clips)",
    )
    add_json_option(evaluate, "one JSON object and nothing else")
    evaluate.add_argument(
        "--videos",
        type=int,
        default=200,
        help="with attention, subtitles, and with scenes and moments and a split: how many videos (default: 200)",
    )
    evaluate.add_argument(
        "--captions", type=Path, help="with captioning, everyday: also write each video's caption, as JSON"
    )
    evaluate.add_argument(
        "--metrics",
        default="CIDEr,BLEU-4,ROUGE-L",
        help="with captioning: which ones, of these and METEOR, SPICE, which need Java (default: CIDEr,BLEU-4,ROUGE-L)",
    )
    evaluate.add_argument(
        "--features", type=Path, help="what `features` wrote of this data, in place of its frames (not with attention)"
    )
    evaluate.add_argument(
        "--queries",
        choices=("captions", "all", "nouns"),
        default="captions",
        help="with retrieval: each video's first caption, all its captions, or the commonest nouns and verbs "
        "(default: captions)",
    )
    evaluate.set_defaults(run=run_evaluate)


def run_evaluate(parsed: argparse.Namespace) -> int:
    """`evaluate TASK`."""
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.settings import Settings

    settings = Settings.from_environment()
    if parsed.task == "chinese":
        return _print(_evaluate_chinese(parsed, settings), as_json=parsed.json)
    loaded = load_checkpoint(
        parsed.checkpoint or settings.checkpoint,
        parsed.revision or settings.revision,
        int8=settings.int8,
    )
    if parsed.task == "labels":
        return _print(_evaluate_own_labels(loaded, parsed), as_json=parsed.json)
    if parsed.task in ("scenes", "moments"):
        return _print(_evaluate_films(loaded, parsed), as_json=parsed.json)
    parsed.split = parsed.split or ("val" if parsed.task == "everyday" else "test")
    scores = _evaluate_everyday(loaded, parsed) if parsed.task == "everyday" else _evaluate(loaded, parsed)
    return _print(scores, as_json=parsed.json)


def _print(scores: Mapping[str, Any], *, as_json: bool) -> int:
    print(json.dumps(scores) if as_json else "\n".join(f"{name:18} {value}" for name, value in scores.items()))
    return 0


def _evaluate_chinese(parsed: argparse.Namespace, settings: Settings) -> dict[str, float]:
    from videobert_demo.data.chinese import read_chinese_images
    from videobert_demo.errors import SettingsError

    try:
        from videobert_demo.evaluation.chinese import evaluate_pictures, evaluate_translation
    except ModuleNotFoundError as error:
        raise SettingsError(f"evaluate chinese needs {error.name}; pip install -r requirements-dev.txt.") from error
    from videobert_demo.model.finding import find_checkpoint
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.model.translator import FOLDER, load_translator

    checkpoint, split = parsed.checkpoint or settings.checkpoint, parsed.split or "val"
    if split == "train":
        raise SettingsError("evaluate chinese measures val or test.")
    images = read_chinese_images(parsed.data / "chinese")
    folder = find_checkpoint(checkpoint, parsed.revision or settings.revision)
    scores = evaluate_translation(load_translator(folder / FOLDER), images, split)
    pictures = parsed.data / "flickr8k"
    if not pictures.is_dir():
        return scores
    loaded = load_checkpoint(checkpoint, parsed.revision or settings.revision, int8=settings.int8)
    return scores | evaluate_pictures(loaded, images, pictures, split)


def _evaluate_films(loaded: LoadedModel, parsed: argparse.Namespace) -> dict[str, float]:
    from videobert_demo.evaluation.moments import evaluate_moments
    from videobert_demo.evaluation.timelines import evaluate_scenes

    evaluate = evaluate_moments if parsed.task == "moments" else evaluate_scenes
    return evaluate(loaded, parsed.data, split=parsed.split, videos=parsed.videos, progress=not parsed.json)


def _evaluate(loaded: LoadedModel, parsed: argparse.Namespace) -> dict[str, Any]:
    from videobert_demo.evaluation.alignment import evaluate_alignment
    from videobert_demo.evaluation.answering import evaluate_answering
    from videobert_demo.evaluation.attention import evaluate_attention
    from videobert_demo.evaluation.caption_metrics import read_metrics
    from videobert_demo.evaluation.captioning import evaluate_captioning
    from videobert_demo.evaluation.classification import evaluate_classification
    from videobert_demo.evaluation.cloze import evaluate_cloze
    from videobert_demo.evaluation.presence import evaluate_presence
    from videobert_demo.evaluation.retrieval import evaluate_retrieval, evaluate_word_retrieval
    from videobert_demo.evaluation.strangeness import evaluate_strangeness
    from videobert_demo.evaluation.subtitles import evaluate_subtitles
    from videobert_demo.evaluation.visual_words import evaluate_visual_words
    from videobert_demo.evaluation.watching import evaluate_watching
    from videobert_demo.training.store import FeatureStore

    progress = not parsed.json
    if parsed.task == "attention":
        return evaluate_attention(loaded, parsed.data, split=parsed.split, videos=parsed.videos, progress=progress)
    stored = FeatureStore(parsed.features) if parsed.features else None
    if parsed.task == "captioning":
        metrics = read_metrics(parsed.metrics)
        report = evaluate_captioning(
            loaded, parsed.data, split=parsed.split, stored=stored, metrics=metrics, progress=progress
        )
        if parsed.captions:
            parsed.captions.write_text(json.dumps(report.captions, indent=1), encoding="utf-8")
        return report.scores
    if parsed.task == "subtitles":
        return evaluate_subtitles(
            loaded, parsed.data, split=parsed.split, videos=parsed.videos, stored=stored, progress=progress
        )
    searches: dict[str, Callable[..., dict[str, float]]] = {
        "captions": evaluate_retrieval,
        "all": partial(evaluate_retrieval, all_captions=True),
        "nouns": evaluate_word_retrieval,
    }
    evaluations: dict[str, Callable[..., dict[str, Any]]] = {
        "retrieval": searches[parsed.queries],
        "answering": evaluate_answering,
        "cloze": evaluate_cloze,
        "visual-words": evaluate_visual_words,
        "alignment": evaluate_alignment,
        "classification": evaluate_classification,
        "strangeness": evaluate_strangeness,
        "presence": evaluate_presence,
        "watch": evaluate_watching,
    }
    evaluate = evaluations[parsed.task]
    scores: dict[str, Any] = evaluate(loaded, parsed.data, split=parsed.split, stored=stored, progress=progress)
    return scores


def _evaluate_everyday(loaded: LoadedModel, parsed: argparse.Namespace) -> dict[str, Any]:
    from videobert_demo.data.everyday import archive_of, label_sentences, read_labelled
    from videobert_demo.errors import DataError
    from videobert_demo.evaluation.everyday import evaluate_everyday
    from videobert_demo.evaluation.inputs import encode_videos
    from videobert_demo.training.store import FeatureStore

    labelled = read_labelled(parsed.data)
    asked = [one for one in labelled if one.clip.split == parsed.split]
    if not asked:
        raise DataError(f"{parsed.data} has no stills of the split {parsed.split!r}")
    progress, videos = not parsed.json, [one.clip for one in asked]
    if parsed.features:
        tensors = FeatureStore(parsed.features).load_named([video.video_id for video in videos])
    else:
        archive = archive_of(parsed.data).name
        found = encode_videos(loaded, parsed.data, videos, whole=False, archive_name=archive, progress=progress)
        tensors = list(found)
    report = evaluate_everyday(loaded, asked, tensors, label_sentences(labelled), progress=progress)
    if parsed.captions:
        parsed.captions.write_text(json.dumps(report.captions, indent=1), encoding="utf-8")
    if progress:
        for (kind, label), stems in report.stems.items():
            print(f"{kind} {label}: named by {', '.join(f'{stem}-' for stem in stems)}")
    return report.scores


def _evaluate_own_labels(loaded: LoadedModel, parsed: argparse.Namespace) -> dict[str, Any]:
    from videobert_demo.data.everyday import archive_of, read_labelled
    from videobert_demo.errors import DataError
    from videobert_demo.evaluation.inputs import encode_videos
    from videobert_demo.evaluation.own_labels import choose_examples, evaluate_own_labels
    from videobert_demo.training.store import FeatureStore

    labelled = read_labelled(parsed.data)
    shown, held_out = choose_examples(labelled), [one for one in labelled if one.clip.split == "val"]
    if not shown or not held_out:
        raise DataError(f"{parsed.data} needs stills to teach labels with, and held-out ones to ask about")
    found = encode_videos(
        loaded,
        parsed.data,
        [one.clip for one in (*shown, *held_out)],
        whole=False,
        archive_name=archive_of(parsed.data).name,
        stored=FeatureStore(parsed.features) if parsed.features else None,
        progress=not parsed.json,
    )
    pairs = list(zip((*shown, *held_out), found, strict=True))
    return evaluate_own_labels(loaded, pairs[: len(shown)], pairs[len(shown) :])
