"""The command line: `python -m videobert_demo COMMAND`. Parses, calls, prints; everything else is done below it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from videobert_demo import __version__
from videobert_demo.errors import VideoBertDemoError


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
    serve.add_argument("--host", default=None, help="address to listen on (default: this machine only)")
    serve.add_argument(
        "--port", type=int, default=None, help="port to listen on (default: the first free one from 7860)"
    )

    caption = commands.add_parser("caption", parents=[checkpoint], help="caption one clip")
    caption.add_argument("file", help="a video file")
    caption.add_argument("--json", action="store_true", help="print one JSON object")

    features = commands.add_parser("features", help="compute the frame tower's features of the training data, once")
    features.add_argument("--data", type=Path, required=True, help="folder with msrvtt/ and, if wanted, flickr8k/")
    features.add_argument("--out", type=Path, required=True, help="where the features go; an interrupted run goes on")
    features.add_argument(
        "--views", type=int, default=4, help="the plain frame and views - 1 augmentations (default: 4)"
    )
    features.add_argument("--grid", type=int, default=4, help="patches a side (default: 4)")

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

    evaluate = commands.add_parser("evaluate", parents=[checkpoint], help="figures on held-out data")
    evaluate.add_argument("task", choices=("captioning", "retrieval"))
    evaluate.add_argument(
        "--data", type=Path, required=True, help="folder with videos.jsonl and frames.tar, or clips and a .jsonl"
    )
    evaluate.add_argument("--split", default="test", choices=("train", "val", "test"), help="default: test")
    evaluate.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
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


def _serve(parsed: argparse.Namespace) -> int:
    from videobert_demo import load
    from videobert_demo.ui.app import build_app, launch_options

    service = load(parsed.checkpoint, revision=parsed.revision)
    build_app(service).launch(server_name=parsed.host, server_port=parsed.port, **launch_options(service.settings))
    return 0


def _caption(parsed: argparse.Namespace) -> int:
    from videobert_demo import load

    service = load(parsed.checkpoint, revision=parsed.revision)
    clip = service.open(parsed.file)
    result = service.caption(clip)
    if not parsed.json:
        print(result.text)
        return 0
    report = {
        "caption": result.text,
        "score": round(result.score, 4),
        "candidates": [{"text": caption.text, "score": round(caption.score, 4)} for caption in result.candidates],
        "frames": [{"timestamp_seconds": round(float(time), 3)} for time in clip.frames.timestamps_seconds],
        "duration_seconds": round(clip.info.duration_seconds, 3),
        "seconds": round(result.seconds, 3),
    }
    print(json.dumps(report))
    return 0


def _features(parsed: argparse.Namespace) -> int:
    from videobert_demo.datasets import FrameArchive, read_stills, read_videos
    from videobert_demo.model.onnx_tower import OnnxFrameTower
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


def _evaluate(parsed: argparse.Namespace) -> int:
    from videobert_demo.evaluation.captioning import evaluate_captioning
    from videobert_demo.evaluation.retrieval import evaluate_retrieval
    from videobert_demo.model.loading import load_checkpoint
    from videobert_demo.settings import Settings

    settings = Settings.from_environment()
    loaded = load_checkpoint(parsed.checkpoint or settings.checkpoint, parsed.revision or settings.revision)
    progress = not parsed.json
    if parsed.task == "captioning":
        report = evaluate_captioning(loaded, parsed.data, split=parsed.split, progress=progress)
        scores = report.scores
        if parsed.captions:
            parsed.captions.write_text(json.dumps(report.captions, indent=1), encoding="utf-8")
    else:
        scores = evaluate_retrieval(loaded, parsed.data, split=parsed.split, progress=progress)
    print(json.dumps(scores) if parsed.json else "\n".join(f"{name:8} {value:g}" for name, value in scores.items()))
    return 0


_COMMANDS = {
    "serve": _serve,
    "caption": _caption,
    "features": _features,
    "train": _train,
    "export": _export,
    "evaluate": _evaluate,
}
