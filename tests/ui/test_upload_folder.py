"""Each server's own folder: what a killed one leaves is deleted, what a living one has is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from videobert_demo.ui.upload_folder import UploadFolder, sweep

ROOT = Path(__file__).resolve().parents[2]
SERVER = """
import sys
from pathlib import Path
from videobert_demo.ui.upload_folder import UploadFolder
folder = UploadFolder.claim(Path(sys.argv[1]))
(folder.path / "abc").mkdir()
(folder.path / "abc" / "clip.mp4").write_bytes(b"clip")
print(folder.path, flush=True)
sys.stdin.read()
"""


@contextmanager
def server(base: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process that has claimed a folder and an upload in it."""
    command = [sys.executable, "-c", SERVER, str(base)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_server_left_goes_and_a_living_servers_stays(tmp_path: Path) -> None:
    others = tmp_path / "0123abcd" / "clip.mp4"
    others.parent.mkdir()
    others.write_bytes(b"another program's")
    with server(tmp_path) as (_, living), server(tmp_path) as (killed, left):
        assert living != left
        killed.kill()
        killed.wait()
        assert (left / "abc" / "clip.mp4").exists()
        mine = UploadFolder.claim(tmp_path)
        assert not left.exists()
        assert (living / "abc" / "clip.mp4").read_bytes() == b"clip"
        assert others.exists()
        assert {path.suffix for path in tmp_path.iterdir() if path.is_file()} == {".lock"}
        assert len(list(tmp_path.glob("*.lock"))) == 2
        assert mine.path.stat().st_mode & 0o077 == 0, "others on the machine cannot read it"
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([others.parent, mine.path, mine.path.with_suffix(".lock")])


def test_a_released_folder_is_gone_and_so_is_its_lock(tmp_path: Path) -> None:
    folder = UploadFolder.claim(tmp_path / "made")
    (folder.path / "clip.mp4").write_bytes(b"clip")
    folder.release()
    assert list((tmp_path / "made").iterdir()) == []
