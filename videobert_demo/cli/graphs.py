"""`index --approximate`: the approximate index of a library. Parses nothing; says what came of it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videobert_demo.library.base import Library


def change_graph(library: Library, parsed: argparse.Namespace) -> None:
    """What --approximate and --no-approximate ask for; says on stderr what came of it."""
    if parsed.approximate is None:
        return
    if not parsed.approximate:
        print("removed" if library.drop_graph() else "there was no approximate index", file=sys.stderr)
        return
    from tqdm import tqdm

    with tqdm(desc="approximate index", unit="clip", disable=parsed.json) as bar:
        quality = library.build_graph(len(os.sched_getaffinity(0)), bar.update)
    print(
        f"the approximate index finds {100 * quality.recall:.1f} % of the best clips, "
        f"{quality.faster:.1f} times as fast as an exact search",
        file=sys.stderr,
    )
