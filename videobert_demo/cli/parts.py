"""The commands about what a checkpoint is made of: `init` builds one from published parts, `info` tells its parts.

`push` puts it where others find it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from videobert_demo.cli.options import add_json_option, check_new_folder

SEEDS = 2**32


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    init = commands.add_parser("init", help="build a checkpoint to train from out of published parts")
    init.add_argument(
        "--vision",
        required=True,
        help="folder or Hub id of an image model, a clip model or a pair of towers; or efficientnet-lite0",
    )
    init.add_argument("--text", required=True, help="folder or Hub id of the BERT family")
    init.add_argument("--decoder", required=True, help="folder or Hub id of a BART")
    init.add_argument("--out", type=Path, required=True, help="folder of the checkpoint")
    init.add_argument("--streams", type=int, default=1, choices=(1, 2), help="of text and video (default: 1)")
    init.add_argument(
        "--patch-grid",
        type=parse_grid,
        default=4,
        help="patches a side that the model reads, or rows x columns such as 3x5 (default: 4)",
    )
    init.add_argument("--max-frames", type=int, default=8, help="most segments of a clip (default: 8)")
    init.add_argument("--codebook", type=Path, help="what `codebook` wrote (default: random until training fits it)")
    init.add_argument("--seed", type=int, default=0, help="of what no part brings (default: 0)")
    add_json_option(init)
    init.set_defaults(run=run_init)
    info = commands.add_parser("info", help="tell what a checkpoint is made of")
    info.add_argument("checkpoint", help="a folder or a Hub id")
    info.add_argument("--revision", help="branch, tag or commit of a Hub checkpoint")
    add_json_option(info)
    info.set_defaults(run=run_info)
    push = commands.add_parser("push", help="put a checkpoint on the Hugging Face Hub, with its model card")
    push.add_argument("checkpoint", type=Path, help="a folder")
    push.add_argument("repository", help="user/repo")
    push.add_argument("--private", action="store_true", help="of a new repository: others cannot see it")
    push.set_defaults(run=run_push)


def parse_grid(text: str) -> int | tuple[int, int]:
    """Patches a side ("4"), or rows and columns ("3x5"); an error of the command line for anything else."""
    sides = text.lower().split("x")
    if len(sides) > 2 or not all(side.isdecimal() and int(side) > 0 for side in sides):
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number such as 4 nor rows x columns such as 3x5")
    numbers = [int(side) for side in sides]
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def run_init(parsed: argparse.Namespace) -> int:
    """`init`."""
    from videobert_demo.errors import SettingsError
    from videobert_demo.model.encoders.building import encoder_hash
    from videobert_demo.training.checkpoints import save_model
    from videobert_demo.training.codebooks import check_encoder, load_codebook
    from videobert_demo.training.parts import build_from_parts

    check_new_folder(parsed.out)
    if parsed.max_frames < 1:
        raise SettingsError("--max-frames must be at least 1.")
    if not 0 <= parsed.seed < SEEDS:
        raise SettingsError(f"--seed is {parsed.seed}; it must be at least 0 and less than 2 ** 32.")
    model, processor = build_from_parts(
        parsed.vision,
        parsed.text,
        parsed.decoder,
        streams=parsed.streams,
        patch_grid=parsed.patch_grid,
        max_frames=parsed.max_frames,
        codebook=load_codebook(parsed.codebook) if parsed.codebook else None,
        seed=parsed.seed,
    )
    if parsed.codebook:
        check_encoder(parsed.codebook, encoder_hash(model.config.vision))
    save_model(parsed.out, model, processor)
    return _print(parsed, str(parsed.out), model)


def run_info(parsed: argparse.Namespace) -> int:
    """`info`."""
    from videobert_demo.model.loading import load_checkpoint

    loaded = load_checkpoint(parsed.checkpoint, parsed.revision)
    return _print(parsed, loaded.name, loaded.model)


def run_push(parsed: argparse.Namespace) -> int:
    """`push`."""
    from videobert_demo.model.publishing import push_checkpoint

    print(push_checkpoint(parsed.checkpoint, parsed.repository, is_private=parsed.private))
    return 0


def _print(parsed: argparse.Namespace, name: str, model: Any) -> int:
    from videobert_demo.model.description import describe_model
    from videobert_demo.training.parts import count_untrained

    report = {"checkpoint": name, **describe_model(model)}
    if report["is_untrained"]:
        report["untrained"] = count_untrained(model)
    print(json.dumps(report) if parsed.json else "\n".join(_lines(report)))
    return 0


def _lines(report: Mapping[str, Any]) -> Iterable[str]:
    """The report for a person."""
    parameters = report["parameters"]
    yield f"{report['checkpoint']}: {parameters['all'] / 1e6:.1f} M parameters, {report['bytes'] / 1e6:.1f} MB"
    for part in ("vision", "text", "decoder"):
        yield f"  {part:8} {report[part]}, {parameters[part] / 1e6:.1f} M"
    shapes = ", ".join(f"{height} x {width}" for height, width in report["input_shapes"])
    rows, columns = report["grid"]
    yield f"  reads    at most {report['max_segments']} segments of {report['frames_per_segment']} frame(s), {shapes}"
    yield f"  sees     {rows} x {columns} patches of {report['channels']} channels, {report['labels']} labels"
    state = "random until they are fitted" if report["visual_words_are_random"] else "fitted"
    yield f"  words    {report['visual_words']} visual words, {state}; encoder {report['encoder']}"
    if "untrained" in report:
        for name, count in report["untrained"].items():
            yield f"  new and untrained: {name}, {count / 1e6:.2f} M"
