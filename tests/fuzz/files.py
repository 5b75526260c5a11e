"""A fuzz run over clips: damaged files are opened, sampled and drawn over, each in a process of its own.

`python -m tests.fuzz.files --minutes 20` makes the seeds, damages one after another, and reports what crashed, hung or
grew. Every case follows from `--seed` and its number, so that `--only NUMBER` does it again. The file of a finding is
kept in `--out`.

A process is forked for each case, from one that has imported everything and has run no thread: that takes milliseconds.
What the case may do: give frames and an overlay, or raise one of this package's errors for clips.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.fuzz.mutations import mutate
from tests.fuzz.seeds import HOSTILE, make_seeds
from videobert_demo.attention.render import write_overlay
from videobert_demo.errors import ClipError
from videobert_demo.types import ClipLimits, Heatmap
from videobert_demo.video import read_clip

HANG_SECONDS = 20
"""On the processor, or without it: a machine that has other things to do may take longer over a file."""
GROWTH_MEGABYTES = 1500
_ADDRESS_SPACE_MEGABYTES = 6000  # more than before the work, and far more than may be used: threads reserve stacks
_FRAMES, _REFUSED, _SURPRISED, _GREW = 0, 1, 70, 71


@dataclass(frozen=True)
class Case:
    """What became of one file.

    Attributes:
        outcome: "frames" or "refused", or what is wrong: "crash", "hang", "growth", "exception".
        detail: The signal, the seconds, the megabytes or the traceback.
    """

    outcome: str
    detail: str = ""

    @property
    def is_finding(self) -> bool:
        """Whether it must not happen."""
        return self.outcome not in ("frames", "refused")


def open_sample_overlay(path: Path, out: Path) -> None:
    """What the app does with a clip, without the model.

    Raises:
        ClipError: The clip cannot be used.
    """
    limits = ClipLimits()
    _, frames = read_clip(path, 8, limits=limits)
    heat = np.linspace(0, 1, len(frames) * 16, dtype=np.float32).reshape(len(frames), 4, 4)
    write_overlay(path, Heatmap(heat, frames.timestamps_seconds), out, limits=limits)


def run_apart(work: Callable[[], None]) -> Case:
    """Does something in a forked process with limits, and says how it ended.

    Args:
        work: May raise ClipError.
    """
    with tempfile.TemporaryFile() as log:
        child = os.fork()
        if child == 0:
            _work_and_exit(work, log.fileno())
        watch = os.pidfd_open(child)
        try:
            is_stuck = _gets_stuck(child, watch)
            if is_stuck:
                os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
        finally:
            os.close(watch)
        log.seek(0)
        said = log.read().decode(errors="replace")
    seconds = usage.ru_utime + usage.ru_stime
    if is_stuck or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return Case("hang", f"{seconds:.1f} s on the processor")
    if os.WIFSIGNALED(status):
        return Case("crash", signal.Signals(os.WTERMSIG(status)).name + "\n" + said[-3000:])
    code = os.WEXITSTATUS(status)
    if code == _GREW:
        return Case("growth", said)
    if code not in (_FRAMES, _REFUSED):
        return Case("exception", said[-3000:])
    return Case("frames" if code == _FRAMES else "refused")


def _gets_stuck(child: int, watch: int) -> bool:
    """Waits for a process to end; true if it does nothing any more. Its limit ends one that works for too long.

    Args:
        child: Its number.
        watch: Its file descriptor.
    """
    before = -1
    while not select.select([watch], [], [], HANG_SECONDS)[0]:
        ticks = sum(map(int, Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13]))
        if ticks == before:
            return True
        before = ticks
    return False


def _work_and_exit(work: Callable[[], None], log: int) -> None:
    """Does the work in the forked process, which ends here."""
    code = _SURPRISED
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in kB, of what the process was forked with
    try:
        os.dup2(log, 1)
        os.dup2(log, 2)
        faulthandler.enable(file=log)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (HANG_SECONDS, HANG_SECONDS + 5))
        most = _address_space() + _ADDRESS_SPACE_MEGABYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        work()
        code = _FRAMES
    except ClipError:
        code = _REFUSED
    except BaseException:  # noqa: BLE001 - whatever it is, it is the finding
        os.write(log, traceback.format_exc().encode())
    finally:
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident) / 1024
        if code != _SURPRISED and grown > GROWTH_MEGABYTES:
            os.write(log, f"{grown:.0f} MB".encode())
            code = _GREW
        os._exit(code)


def _address_space() -> int:
    """The bytes that this process has reserved so far, with all that it was forked with."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def damaged_file(seeds: dict[str, bytes], seed: int, number: int) -> bytes:
    """The file of a case; three of four were sound, because most damage to what is hostile already is refused early."""
    rng = np.random.default_rng([seed, number])
    hostile = [name for name in seeds if name.startswith(HOSTILE)]
    sound = [name for name in seeds if not name.startswith(HOSTILE)]
    names = hostile if rng.integers(4) == 0 else sound
    return mutate(seeds[names[int(rng.integers(len(names)))]], list(seeds.values()), rng)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; the exit status is 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.files", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20, help="how long (default: 20)")
    parser.add_argument("--seed", type=int, default=0, help="of the damage (default: 0)")
    parser.add_argument("--first", type=int, default=0, help="the first case's number (default: 0)")
    parser.add_argument("--only", type=int, help="runs this case alone")
    parser.add_argument("--out", type=Path, default=Path("fuzz_findings"), help="where findings are kept")
    parsed = parser.parse_args(arguments)
    seeds = make_seeds()
    print(f"{len(seeds)} seeds", flush=True)
    counts: Counter[str] = Counter()
    number, end = (parsed.first if parsed.only is None else parsed.only), time.monotonic() + 60 * parsed.minutes
    with tempfile.TemporaryDirectory() as place:
        path, out = Path(place) / "clip", Path(place) / "overlay.webm"
        while time.monotonic() < end:
            path.write_bytes(damaged_file(seeds, parsed.seed, number))
            case = run_apart(lambda: open_sample_overlay(path, out))
            counts[case.outcome] += 1
            if case.is_finding:
                parsed.out.mkdir(parents=True, exist_ok=True)
                kept = parsed.out / f"{case.outcome}_{parsed.seed}_{number}"
                kept.write_bytes(path.read_bytes())
                print(f"{case.outcome} in case {number}, kept as {kept}\n{case.detail}", flush=True)
            number += 1
            if parsed.only is not None:
                break
    print(f"{sum(counts.values())} files: {dict(counts)}")
    return int(any(Case(outcome).is_finding for outcome in counts))


if __name__ == "__main__":
    sys.exit(main())
