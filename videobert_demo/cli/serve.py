"""The command `serve`: runs the app. The only command that knows the page."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from videobert_demo.cli.options import checkpoint_options, neutral_option
from videobert_demo.cli.ports import usable_port
from videobert_demo.errors import SettingsError


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    serve = commands.add_parser("serve", parents=[checkpoint_options(), neutral_option()], help="run the app")
    serve.add_argument("--library", help="a folder or a Milvus address: clips that are added stay, for all visitors")
    serve.add_argument("--host", default=None, help="address to listen on (default: this machine only)")
    serve.add_argument(
        "--port",
        type=int,
        default=None,
        help="port to listen on; 0: any free one (default: the first free one from 7860)",
    )
    serve.add_argument(
        "--root-path", help="where a proxy serves the app: a path such as /demo, or a whole address (default: none)"
    )
    serve.add_argument("--share", action="store_true", help="also make a public link (default: no); needs --auth")
    serve.add_argument("--public", action="store_true", help="with --share: everyone who has the link may come in")
    who = "a file with one USER:PASSWORD a line, or one USER:PASSWORD, which others on this machine can see"
    serve.add_argument(
        "--no-mcp", action="store_true", help="offer no tools to assistants (default: at /gradio_api/mcp/)"
    )
    serve.add_argument("--auth", help=f"who may come in: {who} (default: VIDEOBERT_AUTH, else everyone)")
    serve.add_argument(
        "--second",
        help="a folder or a Hub id to compare models with (default: VIDEOBERT_SECOND_CHECKPOINT, else another form of "
        "the first)",
    )
    serve.add_argument(
        "--workers",
        type=int,
        help="processes that have the model, where memory allows (default: VIDEOBERT_WORKERS, else 1, the page's own)",
    )
    serve.add_argument("--max-upload-mb", help="largest clip in megabytes (default: VIDEOBERT_MAX_UPLOAD_MB, else 200)")
    serve.add_argument("--max-seconds", help="longest clip in seconds (default: VIDEOBERT_MAX_SECONDS, else 7200)")
    serve.set_defaults(run=run_serve)


def run_serve(parsed: argparse.Namespace) -> int:
    """`serve`; the exit status is 2 if it cannot listen where it is told."""
    port = parsed.port
    if port is not None:
        try:
            port = usable_port(port, parsed.host)
        except SettingsError as error:
            print(f"serve: {error.message}", file=sys.stderr)
            return 2
    if parsed.port == 0:
        print(f"port {port}", flush=True)

    from videobert_demo.ui.process import end_in_order, leave_requests_behind, prepare_process

    prepare_process()  # before torch and Gradio are imported
    end_in_order()

    from videobert_demo import load
    from videobert_demo.settings import Settings
    from videobert_demo.ui.app import build_app
    from videobert_demo.ui.launching import launch_options
    from videobert_demo.ui.space import on_gpu

    names = ("library", "auth", "max_upload_mb", "max_seconds", "neutral_words", "second", "workers")
    settings = Settings.from_environment().with_options(**{name: getattr(parsed, name) for name in names})
    # May refuse, so before the model is loaded.
    options = launch_options(
        settings, share=parsed.share, public=parsed.public, root_path=parsed.root_path, mcp=not parsed.no_mcp
    )
    service = load(parsed.checkpoint, revision=parsed.revision, settings=settings, on_gpu=on_gpu)
    build_app(service, warm_up=True).launch(server_name=parsed.host, server_port=port, **options)
    leave_requests_behind()
    return 0
