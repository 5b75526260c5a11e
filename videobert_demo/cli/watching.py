"""Commands that watch: `watch` checks clips for a list of events, `live` tells what a growing file shows right now."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videobert_demo.cli.options import add_json_option, checkpoint_options, load_service
from videobert_demo.cli.own_films import look_at
from videobert_demo.errors import SettingsError, VideoBertDemoError

if TYPE_CHECKING:
    from videobert_demo.service.live import LiveUpdate
    from videobert_demo.service.webhook import Webhook
    from videobert_demo.timeline.exports.alarms import SeenAlarm


def add_commands(commands: Any) -> None:
    """Adds the commands to what `add_subparsers` gave."""
    watch = commands.add_parser(
        "watch", parents=[checkpoint_options()], help="check clips for a list of described events"
    )
    watch.add_argument("list", help="a .json, .csv or .yaml file of events; or moderation, a demonstration")
    watch.add_argument("files", nargs="+", type=Path, metavar="FILE", help="video files, and folders of them")
    _add_teller_options(watch)
    watch.set_defaults(run=run_watch)

    live = commands.add_parser(
        "live", parents=[checkpoint_options()], help="tell what a file that is still being written shows, as it grows"
    )
    live.add_argument("file", type=Path, help="a recording: .mkv, .webm, .ts, .flv or a fragmented .mp4")
    live.add_argument("--watch", metavar="LIST", help="also watch for the events of this list, as `watch` takes it")
    live.add_argument(
        "--idle",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="how long nothing may be added before it counts as ended (default: 10)",
    )
    _add_teller_options(live)
    live.set_defaults(run=run_live)


def _add_teller_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="also write each alarm's picture there, as JPEG"
    )
    command.add_argument(
        "--webhook",
        metavar="ADDRESS",
        help="also send each alarm there, as JSON; only to hosts that VIDEOBERT_WEBHOOK_HOSTS names",
    )
    add_json_option(command, "one JSON object a line, alarms with their picture")


def run_watch(parsed: argparse.Namespace) -> int:
    """`watch LIST FILE...`: the exit status is 1 if a file could not be read, or an alarm could not be sent."""
    from videobert_demo.data.fetching import reason_of
    from videobert_demo.service.files import FILE_ERRORS, list_files
    from videobert_demo.service.watch_lists import read_watch_list

    events, files = read_watch_list(parsed.list), list_files(parsed.files)
    service = load_service(parsed, own_films=True)
    teller = Teller(parsed, service.settings.webhook_hosts)
    status = 0
    for path in files:
        try:
            look_at(service, str(path))
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


def run_live(parsed: argparse.Namespace) -> int:
    """`live FILE`: until nothing is added to the file any more, or Ctrl-C."""
    from videobert_demo.service.watch_lists import read_watch_list

    if not 0 < parsed.idle < float("inf"):
        raise SettingsError(f"--idle is {parsed.idle}; it must be a positive number of seconds.")
    events = read_watch_list(parsed.watch) if parsed.watch else ()
    service = load_service(parsed)
    teller = Teller(parsed, service.settings.webhook_hosts)
    for update in service.follow(parsed.file, events, idle_seconds=parsed.idle):
        for seen in update.told:
            teller.tell(seen, str(parsed.file))
        if update.caption is not None:
            print(_sentence(update, as_json=parsed.json), flush=True)
    return 1 if teller.has_failed else 0


def _sentence(update: LiveUpdate, *, as_json: bool) -> str:
    """What a growing file shows now, and how far behind it is said."""
    caption = update.caption
    assert caption is not None
    if not as_json:
        doubt = "" if update.is_sure else "  (not sure)"
        return f"{update.seconds:8.1f} s  {caption.text}{doubt}  [{update.behind_seconds:.1f} s behind]"
    return json.dumps(
        {
            "seconds": round(update.seconds, 3),
            "caption": caption.text,
            "probability": caption.probability,
            "sure": update.is_sure,
            "behind_seconds": round(update.behind_seconds, 3),
            "spent_seconds": round(update.spent_seconds, 3),
        }
    )


class Teller:
    """Prints alarms, writes their pictures, and sends them, as the command's options say.

    Args:
        parsed: The options: `json`, `pictures`, `webhook`.
        hosts: Those to which alarms may be sent.

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
        from videobert_demo.timeline.exports.alarms import alarm_values

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
