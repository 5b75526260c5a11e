"""The command `watch`: a list of described events is checked against clips and folders, one JSON line an alarm."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import add_json_option, checkpoint_options, load_service
from videobert_demo.errors import VideoBertDemoError

if TYPE_CHECKING:
    from videobert_demo.service.watching import SeenAlarm
    from videobert_demo.service.webhook import Webhook


def add_commands(commands: Any) -> None:
    """Adds the command to what `add_subparsers` gave."""
    watch = commands.add_parser(
        "watch", parents=[checkpoint_options()], help="check clips for a list of described events"
    )
    watch.add_argument("list", help="a .json, .csv or .yaml file of events; or moderation, a demonstration")
    watch.add_argument("files", nargs="+", type=Path, metavar="FILE", help="video files, and folders of them")
    watch.add_argument("--pictures", type=Path, metavar="FOLDER", help="also write each alarm's picture there, as JPEG")
    watch.add_argument(
        "--webhook",
        metavar="ADDRESS",
        help="also send each alarm there, as JSON; only to hosts that VIDEOBERT_WEBHOOK_HOSTS names",
    )
    add_json_option(watch, "one JSON object a line for each alarm, with its picture")
    watch.set_defaults(run=run_watch)


def run_watch(parsed: argparse.Namespace) -> int:
    """`watch LIST FILE...`: the exit status is 1 if a file could not be read, or an alarm not be sent."""
    from videobert_demo.library.indexing import reason_of
    from videobert_demo.service.files import FILE_ERRORS, list_files
    from videobert_demo.service.watch_lists import read_watch_list

    events, files = read_watch_list(parsed.list), list_files(parsed.files)
    service = load_service(parsed)
    teller = Teller(parsed, service.settings.webhook_hosts)
    status = 0
    for path in files:
        try:
            found = service.watch(path, events)
        except FILE_ERRORS as error:
            print(f"watch: {reason_of(str(path), error)}", file=sys.stderr)
            status = 1
            continue
        for seen in found:
            teller.tell(seen, str(path))
        if not (found or parsed.json):
            print(f"{path}: nothing on the list was seen")
    return 1 if teller.has_failed else status


class Teller:
    """Prints alarms, writes their pictures, and sends them, as the command's options say.

    Args:
        parsed: The options: `json`, `pictures`, `webhook`.
        hosts: To which alarms may be sent.

    Raises:
        WatchListError: The webhook's address cannot be used.
    """

    def __init__(self, parsed: argparse.Namespace, hosts: tuple[str, ...]) -> None:
        from videobert_demo.service.webhook import Webhook

        self._as_json, self._folder, self._count = parsed.json, parsed.pictures, 0
        self._webhook: Webhook | None = Webhook(parsed.webhook, hosts) if parsed.webhook else None
        self.has_failed = False
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)

    def tell(self, seen: SeenAlarm, file: str, **more: Any) -> None:
        """Tells of one alarm.

        Args:
            seen: The alarm.
            file: Where it was seen.
            more: Further values for programs.
        """
        from videobert_demo.service.watching import alarm_values

        values = alarm_values(seen, file=file) | more
        if self._folder is not None and seen.picture:
            self._count += 1
            path = self._folder / f"{self._count:05d}-{Path(file).stem}-{seen.alarm.peak_seconds:.1f}s.jpg"
            path.write_bytes(seen.picture)
            values["picture_file"] = str(path)
        print(json.dumps(values) if self._as_json else "\n".join(_lines(seen, file)), flush=True)
        if self._webhook is not None:
            try:
                self._webhook.send(values)
            except VideoBertDemoError as error:
                self.has_failed = True
                print(f"watch: {error.message}", file=sys.stderr)


def _lines(seen: SeenAlarm, file: str) -> Iterator[str]:
    alarm = seen.alarm
    yield (
        f"{file}: {alarm.start_seconds:8.1f} to {alarm.end_seconds:8.1f} s  {alarm.score:4.0%}  "
        f"{seen.event.name}{'' if alarm.is_over else ' (goes on)'}"
    )
