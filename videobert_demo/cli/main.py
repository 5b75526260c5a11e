"""The command line: `python -m videobert_demo COMMAND`. Parses, calls, prints; everything else is done below it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo import __version__
from videobert_demo.cli import visual_words as token_commands
from videobert_demo.errors import VideoBertDemoError

if TYPE_CHECKING:
    from videobert_demo.settings import Settings

PAIR_FRAMES = 2
TASKS = (
    "captioning", "retrieval", "answering", "attention", "cloze", "visual-words", "alignment", "classification",
)  # fmt: skip


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(prog="python -m videobert_demo", description="VideoBERT with a BART decoder.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)

    checkpoint = argparse.ArgumentParser(add_help=False)
    checkpoint.add_argument(
        "--checkpoint", help="a folder or a Hub id (default: VIDEOBERT_CHECKPOINT, else the bundled one)"
    )
    checkpoint.add_argument("--revision", help="branch, tag or commit of a Hub checkpoint")

    serve = commands.add_parser("serve", parents=[checkpoint], help="run the app")
    serve.add_argument("--library", help="a folder or a Milvus address: clips that are added last, for all visitors")
    serve.add_argument("--host", default=None, help="address to listen on (default: this machine only)")
    serve.add_argument(
        "--port", type=int, default=None, help="port to listen on (default: the first free one from 7860)"
    )
    serve.add_argument("--share", action="store_true", help="also make a public link (default: no); needs --auth")
    serve.add_argument("--public", action="store_true", help="with --share: everyone who has the link may come in")
    who = "a file with one USER:PASSWORD a line, or one USER:PASSWORD, which others on this machine can see"
    serve.add_argument("--auth", help=f"who may come in: {who} (default: VIDEOBERT_AUTH, else everyone)")
    serve.add_argument("--max-upload-mb", help="largest clip in megabytes (default: VIDEOBERT_MAX_UPLOAD_MB, else 200)")
    serve.add_argument("--max-seconds", help="longest clip in seconds (default: VIDEOBERT_MAX_SECONDS, else 7200)")

    library = argparse.ArgumentParser(add_help=False)
    library.add_argument(
        "--library", help="a folder, or the address of a Milvus server (default: VIDEOBERT_LIBRARY_URI)"
    )

    index = commands.add_parser("index", parents=[checkpoint, library], help="add a folder of clips to a library")
    index.add_argument("folder", type=Path, help="searched with the folders in it; what is known is not read again")
    index.add_argument("--json", action="store_true", help="print one JSON object")

    search = commands.add_parser("search", parents=[checkpoint, library], help="find clips of a library by a sentence")
    search.add_argument("text", help="in English, such as 'a dog runs on the grass'")
    search.add_argument("--count", type=int, default=12, help="how many hits at most (default: 12)")
    search.add_argument("--json", action="store_true", help="print one JSON list")

    caption = commands.add_parser("caption", parents=[checkpoint], help="caption one clip")
    caption.add_argument("file", help="a video file")
    caption.add_argument("--json", action="store_true", help="print one JSON object")

    ask = commands.add_parser("ask", parents=[checkpoint], help="ask a question about one clip")
    ask.add_argument("file", help="a video file")
    ask.add_argument("question", help="in English, such as 'what is the man doing?'")
    ask.add_argument("--json", action="store_true", help="print one JSON object")

    token_commands.add_commands(commands, [checkpoint], library)

    features = commands.add_parser("features", help="compute the frame tower's features of the training data, once")
    features.add_argument("--data", type=Path, required=True, help="folder with msrvtt/ and, if wanted, flickr8k/")
    features.add_argument("--out", type=Path, required=True, help="where the features go; an interrupted run goes on")
    features.add_argument(
        "--views", type=int, default=4, help="the plain frame and views - 1 augmentations (default: 4)"
    )
    features.add_argument(
        "--pairs", type=int, default=5000, help="so many pairs of videos side by side (default: 5000)"
    )
    features.add_argument("--grid", type=int, default=4, help="patches a side (default: 4)")

    codebook = commands.add_parser("codebook", help="make visual words of features, and measure them")
    codebook.add_argument("features", type=Path, nargs="+", help="folders that `features` wrote, or .npy files (N, C)")
    codebook.add_argument("--out", type=Path, required=True, help="a .safetensors file, for `codebook:` in a config")
    codebook.add_argument("--branching", type=int, default=8, help="children of a node (default: 8)")
    codebook.add_argument("--levels", type=int, default=3, help="depth of the tree (default: 3)")
    codebook.add_argument("--at-once", type=int, default=50_000, help="most vectors in memory (default: 50000)")
    codebook.add_argument(
        "--checkpoint", help="also measure how well hidden words can be told by its encoder, in the first folder"
    )

    train = commands.add_parser("train", help="train, or go on training (also under `accelerate launch`)")
    train.add_argument("config", type=Path, help="a YAML file, see configs/")
    train.add_argument("--data", type=Path, required=True, help="folder with msrvtt/, flickr8k/, coco_text/")
    train.add_argument("--features", type=Path, required=True, help="what `features` wrote")
    train.add_argument("--out", type=Path, required=True, help="checkpoints and losses go here")
    train.add_argument("--init", help="checkpoint folder to start from, in place of the config's")
    train.add_argument("--stop-after", type=int, help="leave after this many steps in all; --resume goes on")
    train.add_argument("--resume", action="store_true", help="go on from the state in --out")
    train.add_argument("--cpu", action="store_true", help="do not use a GPU")

    export = commands.add_parser(
        "export", help="write trained models as one checkpoint: their average, in half precision"
    )
    export.add_argument(
        "models", type=Path, nargs="+", help="model folders of one architecture, such as runs/stage3/model"
    )
    export.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    export.add_argument("--name", default="", help="what the app calls the model (default: the folder's name)")

    heads = commands.add_parser(
        "heads", help="fit the heads for hidden words, category, verb, object into a checkpoint folder"
    )
    heads.add_argument("checkpoint", type=Path, help="a folder; its weights and its config.json are changed")
    heads.add_argument("--data", type=Path, required=True, help="folder with msrvtt/")
    heads.add_argument("--features", type=Path, required=True, help="what `features` wrote")

    calibrate = commands.add_parser(
        "calibrate", help="fit how captions and vectors count in answers, and write it into a checkpoint folder"
    )
    calibrate.add_argument("checkpoint", type=Path, help="a folder; its config.json is changed")
    calibrate.add_argument("--data", type=Path, required=True, help="folder with videos.jsonl and frames.tar")
    calibrate.add_argument("--split", default="val", choices=("train", "val"), help="default: val")

    evaluate = commands.add_parser("evaluate", parents=[checkpoint], help="figures on held-out data")
    evaluate.add_argument("task", choices=TASKS)
    evaluate.add_argument(
        "--data", type=Path, required=True, help="folder with videos.jsonl and frames.tar, or clips and a .jsonl"
    )
    evaluate.add_argument("--split", default="test", choices=("train", "val", "test"), help="default: test")
    evaluate.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    evaluate.add_argument("--videos", type=int, default=200, help="of attention: so many videos (default: 200)")
    evaluate.add_argument("--captions", type=Path, help="also write what was said of each video, as JSON")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status: 0 done, 1 refused with a sentence on stderr."""
    parsed = build_parser().parse_args(arguments)
    try:
        return _COMMANDS[parsed.command](parsed)
    except VideoBertDemoError as error:
        print(f"{parsed.command}: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{parsed.command}: interrupted", file=sys.stderr)
        return 130


def _settings(parsed: argparse.Namespace) -> Settings:
    from videobert_demo.settings import Settings

    settings = Settings.from_environment()
    return settings if parsed.library is None else replace(settings, library=parsed.library)


def _index(parsed: argparse.Namespace) -> int:
    from videobert_demo import load

    service = load(parsed.checkpoint, revision=parsed.revision, settings=_settings(parsed))
    with service.open_library() as library:
        report = service.index(parsed.folder, library, progress=not parsed.json)
    if int(os.environ.get("RANK", "0")):  # of several processes the first one tells
        return 0
    if parsed.json:
        print(json.dumps(report.to_json()))
        return 0
    for path, reason in report.unreadable:
        print(f"{path}: {reason}")
    counts = report.to_json() | {"unreadable": len(report.unreadable)}
    print(", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0


def _search(parsed: argparse.Namespace) -> int:
    from videobert_demo import load
    from videobert_demo.errors import SettingsError
    from videobert_demo.service.reports import search_report

    if parsed.count < 1:
        raise SettingsError(f"--count is {parsed.count}; it must be at least 1.")
    service = load(parsed.checkpoint, revision=parsed.revision, settings=_settings(parsed))
    with service.open_library() as library:
        hits = service.search(library, parsed.text, count=parsed.count)
    if parsed.json:
        print(json.dumps(search_report(hits)))
        return 0
    for hit in hits:
        print(f"{hit.score:6.3f}  {hit.start_seconds:7.1f} s  {hit.entry.title}")
    return 0


def _serve(parsed: argparse.Namespace) -> int:
    from videobert_demo import load
    from videobert_demo.settings import Settings
    from videobert_demo.ui.app import build_app, launch_options
    from videobert_demo.ui.space import on_gpu

    names = ("library", "auth", "max_upload_mb", "max_seconds")
    settings = Settings.from_environment().with_options(**{name: getattr(parsed, name) for name in names})
    options = launch_options(settings, share=parsed.share, public=parsed.public)  # refused before the model is loaded
    service = load(parsed.checkpoint, revision=parsed.revision, settings=settings, on_gpu=on_gpu)
    build_app(service).launch(server_name=parsed.host, server_port=parsed.port, **options)
    return 0


def _caption(parsed: argparse.Namespace) -> int:
    from videobert_demo import load
    from videobert_demo.service.reports import caption_report

    service = load(parsed.checkpoint, revision=parsed.revision)
    started = time.perf_counter()
    clip = service.open(parsed.file)
    result = service.caption(clip)
    if not parsed.json:
        print(result.text)
        return 0
    print(json.dumps(caption_report(clip.info, clip.frames, result, time.perf_counter() - started)))
    return 0


def _ask(parsed: argparse.Namespace) -> int:
    from videobert_demo import load
    from videobert_demo.service.reports import answer_report

    service = load(parsed.checkpoint, revision=parsed.revision)
    started = time.perf_counter()
    clip = service.open(parsed.file)
    result = service.answer(clip, parsed.question)
    if not parsed.json:
        print(f"{result.text} ({result.probability:.0%}{'' if result.is_sure else ', not sure'})")
        return 0
    shares = service.answer_frames(clip, result)
    print(json.dumps(answer_report(clip.frames, result, shares, time.perf_counter() - started)))
    return 0


def _features(parsed: argparse.Namespace) -> int:
    from videobert_demo.data.archive import FrameArchive
    from videobert_demo.data.msrvtt import read_videos
    from videobert_demo.data.pairs import PairArchive, draw_pairs
    from videobert_demo.data.stills import read_stills
    from videobert_demo.model.encoders.onnx import OnnxFrameTower
    from videobert_demo.training.features import compute_features
    from videobert_demo.training.initialise import load_published_tower

    tower = OnnxFrameTower(load_published_tower())
    sources = [("msrvtt", read_videos, "frames.tar"), ("flickr8k", read_stills, "images.tar")]
    for name, read, archive in sources:
        folder = parsed.data / name
        if name == "flickr8k" and not folder.is_dir():
            continue
        compute_features(
            read(folder), FrameArchive(folder / archive), tower, parsed.out / name, views=parsed.views, grid=parsed.grid
        )
    folder = parsed.data / "msrvtt"
    pairs = draw_pairs(read_videos(folder, "train"), parsed.pairs, PAIR_FRAMES, seed=0)
    if pairs:
        joined = PairArchive(FrameArchive(folder / "frames.tar"))
        compute_features(pairs, joined, tower, parsed.out / "pairs", grid=parsed.grid)
    return 0


def _codebook(parsed: argparse.Namespace) -> int:
    from videobert_demo.training.codebooks import build_codebook

    report = build_codebook(
        parsed.features,
        parsed.out,
        branching=parsed.branching,
        levels=parsed.levels,
        at_once=parsed.at_once,
        checkpoint=parsed.checkpoint,
    )
    print(json.dumps(report))
    return 0


def _train(parsed: argparse.Namespace) -> int:
    from videobert_demo.training.run import run_training

    losses = run_training(
        parsed.config,
        parsed.data,
        parsed.features,
        parsed.out,
        init=parsed.init,
        resume=parsed.resume,
        stop_after=parsed.stop_after,
        cpu=parsed.cpu,
    )
    if losses:  # of several processes the main one has them
        print(json.dumps({name: round(value, 4) for name, value in losses.items()}))
    return 0


def _export(parsed: argparse.Namespace) -> int:
    from videobert_demo.training.checkpoints import export_average

    export_average(parsed.models, parsed.out, name=parsed.name)
    size = sum(path.stat().st_size for path in parsed.out.glob("*.safetensors"))
    print(f"{parsed.out}: the average of {len(parsed.models)} model(s), {size / 1e6:.1f} MB of weights")
    return 0


def _heads(parsed: argparse.Namespace) -> int:
    from videobert_demo.data.msrvtt import read_categories
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.training.checkpoints import save_model
    from videobert_demo.training.heads import fit_heads
    from videobert_demo.training.store import FeatureStore
    from videobert_demo.training.word_head import fit_word_head

    loaded = load_checkpoint(str(parsed.checkpoint))
    names = read_categories(parsed.data / "msrvtt")
    store = FeatureStore(parsed.features / "msrvtt")
    found = {**fit_heads(loaded, store, names), "hidden_words": fit_word_head(loaded, store)}
    save_model(parsed.checkpoint, loaded.model, loaded.processor.tokenizer, half=True)
    print(json.dumps(found))
    return 0


def _calibrate(parsed: argparse.Namespace) -> int:
    from videobert_demo.evaluation.calibration import calibrate_answers
    from videobert_demo.model.configuration_videobert import VideoBertConfig
    from videobert_demo.model.loading import load_checkpoint

    loaded = load_checkpoint(str(parsed.checkpoint))
    found = calibrate_answers(loaded, parsed.data, split=parsed.split)
    config = VideoBertConfig.from_pretrained(parsed.checkpoint)
    for name, value in found.items():
        setattr(config, name, value)
    config.save_pretrained(parsed.checkpoint)
    print(json.dumps(found))
    return 0


def _evaluate(parsed: argparse.Namespace) -> int:
    from videobert_demo.evaluation.alignment import evaluate_alignment
    from videobert_demo.evaluation.answering import evaluate_answering
    from videobert_demo.evaluation.attention import evaluate_attention
    from videobert_demo.evaluation.captioning import evaluate_captioning
    from videobert_demo.evaluation.classification import evaluate_classification
    from videobert_demo.evaluation.cloze import evaluate_cloze
    from videobert_demo.evaluation.retrieval import evaluate_retrieval
    from videobert_demo.evaluation.visual_words import evaluate_visual_words
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.settings import Settings

    settings = Settings.from_environment()
    loaded = load_checkpoint(parsed.checkpoint or settings.checkpoint, parsed.revision or settings.revision)
    progress = not parsed.json
    scores: dict[str, Any]
    if parsed.task == "captioning":
        report = evaluate_captioning(loaded, parsed.data, split=parsed.split, progress=progress)
        scores = report.scores
        if parsed.captions:
            parsed.captions.write_text(json.dumps(report.captions, indent=1), encoding="utf-8")
    elif parsed.task == "attention":
        scores = evaluate_attention(loaded, parsed.data, split=parsed.split, videos=parsed.videos, progress=progress)
    else:
        evaluations = {
            "retrieval": evaluate_retrieval,
            "answering": evaluate_answering,
            "cloze": evaluate_cloze,
            "visual-words": evaluate_visual_words,
            "alignment": evaluate_alignment,
            "classification": evaluate_classification,
        }
        scores = evaluations[parsed.task](loaded, parsed.data, split=parsed.split, progress=progress)
    print(json.dumps(scores) if parsed.json else "\n".join(f"{name:15} {value}" for name, value in scores.items()))
    return 0


_COMMANDS = {
    "serve": _serve,
    "caption": _caption,
    "ask": _ask,
    "index": _index,
    "search": _search,
    "features": _features,
    "codebook": _codebook,
    "train": _train,
    "export": _export,
    "heads": _heads,
    "calibrate": _calibrate,
    "evaluate": _evaluate,
    **token_commands.COMMANDS,
}
