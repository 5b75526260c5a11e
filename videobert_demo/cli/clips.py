"""The commands `caption` and `ask`: one clip, a sentence or an answer."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from videobert_demo.cli.options import add_json_option, checkpoint_options, load_service


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    caption = commands.add_parser("caption", parents=[checkpoint_options()], help="caption one clip")
    caption.add_argument("file", help="a video file")
    add_json_option(caption)
    caption.set_defaults(run=run_caption)

    ask = commands.add_parser("ask", parents=[checkpoint_options()], help="ask a question about one clip")
    ask.add_argument("file", help="a video file")
    ask.add_argument("question", help="in English, such as 'what is the man doing?'")
    add_json_option(ask)
    ask.set_defaults(run=run_ask)


def run_caption(parsed: argparse.Namespace) -> int:
    """`caption FILE`."""
    from videobert_demo.service.reports import caption_report

    service = load_service(parsed)
    started = time.perf_counter()
    clip = service.open(parsed.file)
    result = service.caption(clip)
    if parsed.json:
        print(json.dumps(caption_report(clip.info, clip.frames, result, time.perf_counter() - started)))
    else:
        print(result.text)
    return 0


def run_ask(parsed: argparse.Namespace) -> int:
    """`ask FILE QUESTION`."""
    from videobert_demo.service.reports import answer_report

    service = load_service(parsed)
    started = time.perf_counter()
    clip = service.open(parsed.file)
    result = service.answer(clip, parsed.question)
    if parsed.json:
        shares = service.answer_frames(clip, result)
        print(json.dumps(answer_report(clip.frames, result, shares, time.perf_counter() - started)))
    else:
        print(f"{result.text} ({result.probability:.0%}{'' if result.is_sure else ', not sure'})")
    return 0
